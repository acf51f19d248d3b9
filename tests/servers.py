"""Several server processes on one store, which a test stops, kills and starts again; each test has an office of its own on them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any, TypeVar

import httpx
from redis.asyncio import Redis

from tests.browser.town import Guest, Place
from tests.driver import Process, start
from tests.staff import client_of
from tests.stores import comes

T = TypeVar("T")
Event = dict[str, Any]


@dataclass
class Servers:
    """`processes` stay in their order and keep their ports, also when they end and start again."""

    store: str
    data: Path
    settings: Mapping[str, str]
    processes: list[Process] = field(default_factory=list)

    @asynccontextmanager
    async def office(self, name: str) -> AsyncIterator[list[Place]]:
        """This office as each of the servers shows it; at the end everybody goes home."""
        places = [Place(process.url, self.store, name) for process in self.processes]
        try:
            yield places
        finally:
            for place in places:
                await place.empties()

    def start(self, *numbers: int) -> None:
        """These start again, at once."""
        with ThreadPoolExecutor() as pool:
            for n, process in zip(numbers, pool.map(self._start, (self.processes[n].port for n in numbers)), strict=True):
                self.processes[n] = process

    def _start(self, port: int) -> Process:
        return start(self.data, **{**self.settings, "KAYAN_PORT": str(port)})


@contextmanager
def servers(n: int, store: str, folder: Path, offices: Mapping[str, str], **settings: str) -> Iterator[Servers]:
    """So many servers of these offices (id: the file's text) on this store, for the block."""
    files = folder / "offices"
    files.mkdir()
    for name, text in offices.items():
        (files / f"{name}.toml").write_text(text, "utf-8")
    ours = Servers(store, folder / "data", {"KAYAN_STORE_URL": store, "KAYAN_OFFICES": str(files), **settings})
    try:
        with ThreadPoolExecutor() as pool:
            ours.processes += pool.map(ours._start, [0] * n)
        yield ours
    finally:
        for process in ours.processes:
            if process.popen.poll() is None:
                process.stop()


async def at_once(*acts: Awaitable[T]) -> list[T]:
    """All of these in the same moment; what each gave."""
    return list(await asyncio.gather(*acts))


def spread(places: Sequence[Place], how_many: int) -> list[Guest]:
    """Visitors, each with a connection of his own, as many at each server."""
    return [place.guest() for place in islice(cycle(places), how_many)]


def statuses(answers: Sequence[httpx.Response]) -> list[int]:
    """How these were answered, lowest first."""
    return sorted(answer.status_code for answer in answers)


def of(events: Sequence[Event], *kinds: str) -> list[Event]:
    """The events of these kinds, in order."""
    return [event for event in events if event["kind"] in kinds]


async def has_happened(person: Guest, how_many: int, *kinds: str) -> list[Event]:
    """Waits until the journal holds so many events of these kinds; all of them."""
    found: list[Event] = []

    async def there() -> bool:
        found[:] = of(await person.journal(), *kinds)
        return len(found) >= how_many

    await comes(there)
    return found


async def is_past(store: str, moment: int) -> None:
    """Waits until the store's clock has passed this moment (ms)."""
    async with client_of(store) as client:
        await comes(lambda: _after(client, moment))


async def _after(client: Redis, moment: int) -> bool:
    seconds, micros = await client.time()
    return bool(seconds * 1000 + micros / 1000 > moment)
