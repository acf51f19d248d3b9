"""The board that is measured: a real server process with its embedded store on a folder of its own, its officers signed in."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from board.office import Office
from board.store.queue import Queue
from config.office import load_offices
from config.settings import load_settings
from server.auth import COOKIE
from server.store import connect
from tests.bench.caller import Caller
from tests.bench.cores import CLIENT, SERVER, keep_on
from tests.browser.town import USUAL, Guest, Place, Town, board_of, office_file
from tests.driver import environment

FIRST, COUNTERS = 6, 64  # beside the five of the usual office file
ACCOUNT = "ani"


def with_counters(office: str, promise: int = USUAL) -> str:
    """The usual office file with 64 counters more, all for service A."""
    more = [f'[[counters]]\nnumber = {FIRST + n}\nservices = ["A"]\n' for n in range(COUNTERS)]
    return "\n".join([office_file(office, promise), *more])


@dataclass
class Bench:
    """A board, and the folder of its office files."""

    town: Town
    files: Path

    @property
    def server(self) -> int:
        return self.town.process.popen.pid

    @property
    def store(self) -> int:
        return self.town.store_pid()

    def place(self, office: str) -> Place:
        return Place(self.town.url, self.town.store, office)

    def office(self, office: str) -> Office:
        """The office as the server reads it."""
        return next(o for o in offices_in(self.files, self.town.data) if o.id == office)


def offices_in(files: Path, data: Path) -> list[Office]:
    """The offices of a folder, with the settings that the server is given."""
    settings = load_settings(environment(data, KAYAN_OFFICES=str(files)))
    return list(load_offices(settings.offices, settings).values())


@contextmanager
def bench(*offices: str, promise: int = USUAL, **settings: str) -> Iterator[Bench]:
    """A board with these offices for the block. See `set_apart` for who has which core."""
    with tempfile.TemporaryDirectory(prefix="kayan-bench-") as name:
        files = written(Path(name), offices, promise)
        with board_of(files, Path(name) / "data", **settings) as town:
            set_apart(town.process.popen.pid, town.store_pid())
            yield Bench(town, files)


def written(folder: Path, offices: tuple[str, ...], promise: int = USUAL) -> Path:
    """A folder of office files."""
    files = folder / "offices"
    files.mkdir()
    for office in offices:
        (files / f"{office}.toml").write_text(with_counters(office, promise), "utf-8")
    return files


def set_apart(server: int, store: int) -> None:
    """A core for the server alone. The other one is for us, the client, and for the store, whose wake-ups would push aside whoever shares
    its core: the client has little to do, as its own column shows."""
    keep_on(server, SERVER)
    keep_on(store, CLIENT)
    keep_on(os.getpid(), CLIENT)


def store_in(data: Path) -> int:
    """The process of the store that a data folder holds."""
    return int((data / "store" / "valkey.lock").read_text().split()[0])


@asynccontextmanager
async def queue_at(url: str, office: Office) -> AsyncIterator[Queue]:
    """The bare script: the store's own queue, called from this process over as many connections as the server has."""
    client = connect(url)
    try:
        yield Queue(client, office)
    finally:
        await client.aclose()


async def officer_at(place: Place) -> Guest:
    """An officer of the place, signed in."""
    return await place.staff(ACCOUNT)


def signed_in(url: str, officer: Guest) -> Caller:
    """The same officer on a connection that costs less."""
    return Caller(url, f"{COOKIE}={officer.token}")
