"""Several workers behind one address, measured as one board: whichever of them is asked for its figures says those of all, each with the
number of its place. A worker tells the others over a socket of its own in a folder that only this board may enter."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import Metric, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

ANSWERS_WITHIN = 1.0  # s; the figures of a worker that hangs are missing, those of the others are not late


@dataclass(frozen=True, slots=True)
class Crew:
    """This worker among the others. `number`: its place, from 1. `welcomes`: whether the start waits for this one's words."""

    folder: Path
    number: int
    welcomes: bool

    @asynccontextmanager
    async def telling(self, figures: Callable[[], bytes]) -> AsyncIterator[None]:
        """For the block, tells whoever asks what `figures` says."""

        async def tell(_: asyncio.StreamReader, asks: asyncio.StreamWriter) -> None:
            with suppress(OSError):
                asks.write(figures())
                await asks.drain()
            asks.close()

        async with await asyncio.start_unix_server(tell, sock=self._door()):
            yield

    def _door(self) -> socket.socket:
        # Under its own name first: in a rolling restart the old worker of this place answers until the new one does, never both.
        door, mine = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM), self.folder / f"{self.number}.{os.getpid()}"
        door.bind(str(mine))
        door.listen()
        mine.rename(self.folder / f"{self.number}.figures")
        return door

    async def figures(self) -> bytes:
        """Of all workers that answer, as Prometheus reads them; each series has one label more, `worker`."""
        numbers = sorted(int(file.stem) for file in self.folder.glob("*.figures"))
        texts = await asyncio.gather(*(_heard(self.folder / f"{number}.figures") for number in numbers))
        return generate_latest(_Together(zip(numbers, texts, strict=True)))


async def _heard(door: Path) -> str:
    """What the worker behind this door tells; nothing when it has died and its place is still empty, or when it hangs."""
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(ANSWERS_WITHIN):
            reader, writer = await asyncio.open_unix_connection(str(door))
            try:
                return (await reader.read()).decode()
            finally:
                writer.close()
    return ""


class _Together(Collector):
    """The families of several workers, each family once. `told`: what each place says."""

    def __init__(self, told: Iterable[tuple[int, str]]) -> None:
        self._families: dict[str, Metric] = {}
        for number, text in told:
            for family in text_string_to_metric_families(text):
                self._add(family, {"worker": str(number)})

    def _add(self, family: Metric, label: dict[str, str]) -> None:
        ours = self._families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
        for sample in family.samples:
            ours.add_sample(sample.name, {**sample.labels, **label}, sample.value)

    def collect(self) -> Iterable[Metric]:
        return self._families.values()
