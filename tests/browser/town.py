"""A running board with many fresh offices, so that each test has one to itself and shares the server with the others."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from board.store.embedded import running as embedded_url
from server.auth import COOKIE
from tests.driver import ROOT, Person, Process, start
from tests.house import hire
from tests.stores import hangs

USUAL = 45 * 60  # s; the promise of an ordinary office
TEMPLATE = (ROOT / "config" / "office.toml").read_text("utf-8")


def office_file(office: str, promise: int = USUAL, **lines: str) -> str:
    """The usual office under another id and promise (s); `lines` replace the line that begins with that word."""
    warned = "warn_seconds = [1800, 2400]" if promise == USUAL else f"warn_seconds = [{promise * 2 // 3}]"
    text = TEMPLATE.replace("seconds = 2700", f"seconds = {promise}").replace("warn_seconds = [1800, 2400]", warned)
    for word, line in {"id": f'id = "{office}"', **lines}.items():
        text, found = re.subn(rf"^{word} = .*$", line, text, count=1, flags=re.MULTILINE)
        assert found, word
    return text


class Guest(Person):
    """Somebody at one office: a visitor, or staff once signed in. What is done here goes over HTTP; pages show it."""

    def __init__(self, url: str, office: str, name: str = "") -> None:
        super().__init__(url, office)
        self.name = name

    @property
    def token(self) -> str:
        """The session's, for a browser that is to be signed in."""
        return str(self.http.cookies[COOKIE])

    async def accepts(self, ticket: Mapping[str, Any], **body: Any) -> httpx.Response:
        """Comes to help with this ticket's alert."""
        return await self.post(f"{self.api}/escalations/e-{ticket['ticket']['id']}/accept", body)

    async def gives_back(self, taken: Mapping[str, Any]) -> httpx.Response:
        """Cancels this number."""
        return await self.post("/api/v1/ticket/cancel", Authorization=f"Bearer {taken['secret']}")

    async def serves(self, counter: int) -> dict[str, Any]:
        """Calls the next one and serves from beginning to end; the ticket."""
        for verb in ("call-next", "serve", "finish"):
            answer = await self.does(counter, verb)
        return dict(answer["ticket"])


@dataclass
class Place:
    """One office nobody has been to. `guests` go home at the test's end."""

    url: str
    store: str
    office: str
    guests: list[Guest] = field(default_factory=list)

    def guest(self, name: str = "") -> Guest:
        """Somebody with a connection of his own."""
        self.guests.append(Guest(self.url, self.office, name))
        return self.guests[-1]

    async def staff(self, name: str, role: str = "officer") -> Guest:
        """An account of this office alone, signed in."""
        account = f"{name}-{self.office}"
        await hire(self.store, {account: role}, self.office)
        guest = self.guest(account)
        await guest.logs_in(account)
        return guest

    def same(self, guest: Guest) -> Guest:
        """The same person, with a second window here: a session is the store's, whichever server began it."""
        here = self.guest(guest.name)
        here.http.cookies.update(guest.http.cookies)
        return here

    async def empties(self) -> None:
        """Everybody goes home."""
        for guest in self.guests:
            await guest.close()

    async def opened(self, name: str, *counters: int) -> Guest:
        """An officer, signed in, who holds these counters."""
        officer = await self.staff(name)
        for counter in counters:
            await officer.does(counter, "open")
        return officer


@dataclass
class Town:
    """A server process and the offices on it that are still fresh, by their promise in seconds."""

    process: Process
    store: str
    data: Path
    settings: Mapping[str, str]
    fresh: dict[int, list[str]]

    @property
    def url(self) -> str:
        return self.process.url

    def place(self, promise: int = USUAL) -> Place:
        """An office for one test."""
        return Place(self.url, self.store, self.fresh[promise].pop())

    def comes_back(self) -> None:
        """The server that was stopped or killed starts again: same port, same data."""
        self.process = start(self.data, **{**self.settings, "KAYAN_PORT": str(self.process.port)})

    def store_pid(self) -> int:
        """The embedded store's process, as its own lock file says."""
        return int((self.data / "store" / "valkey.lock").read_text().split()[0])

    @contextmanager
    def store_hangs(self) -> Iterator[None]:
        """For the block the store's process stands still, as on a disk that does not answer."""
        with hangs(self.store_pid()):
            yield


@contextmanager
def town(folder: Path, offices: Mapping[int, int], **settings: str) -> Iterator[Town]:
    """A board for the block; `offices`: how many with which promise (s)."""
    files = folder / "offices"
    files.mkdir()
    fresh = {promise: [f"kantor-{promise}-{n:02}" for n in range(count)] for promise, count in offices.items()}
    for promise, names in fresh.items():
        for name in names:
            (files / f"{name}.toml").write_text(office_file(name, promise), "utf-8")
    with board_of(files, folder / "data", **settings) as running:
        running.fresh = fresh
        yield running


@contextmanager
def board_of(offices: Path, data: Path, **settings: str) -> Iterator[Town]:
    """A board of these office files (one, or a folder of them)."""
    settings = {"KAYAN_OFFICES": str(offices), **settings}
    process = start(data, **settings)
    board = Town(process, "", data, settings, {})
    try:
        with ThreadPoolExecutor(1) as aside:  # a loop of its own, since the test's may be running
            board.store = aside.submit(lambda: asyncio.run(embedded_url(data))).result() or ""
        assert board.store
        yield board
    finally:
        if board.process.popen.poll() is None:
            board.process.stop()
