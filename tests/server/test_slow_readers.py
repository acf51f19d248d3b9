"""Clients that never read, and clients that never answer: each is cut off alone, and nobody else misses a frame."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from server.frames import TOO_SLOW, closing
from server.live import BUFFER_CAP
from server.pulse import EVERY
from tests.driver import Person
from tests.house import House, house
from tests.rawsocket import PING, PONG, Caller, caller, complaints, counted, live, masked
from tests.scribe import note
from tests.staff import client_of
from tests.stores import comes

Comes = Callable[..., Person]
SLOW, READ = 200, 100
WORDS, NOTES = "x" * 16_000, 60  # 1 MB for each client, several times what any buffer holds
LARGE = b"GET /static/vendor/inter/inter-latin-wght-normal.woff2 HTTP/1.1\r\nHost: kayan\r\n\r\n" * 40  # 2 MB of answers
SMALL = 4096  # bytes that the kernel keeps for a client that does not read
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("slow"), staff={}) as office:
        yield office


def resident(office: House) -> int:
    """Bytes of memory that the server has."""
    status = Path(f"/proc/{office.process.popen.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024


async def metrics(visitor: Person) -> str:
    return (await visitor.http.get("/metrics")).text


class Reads:
    """A client that reads all it is told, and answers pings."""

    def __init__(self, client: Caller) -> None:
        self.client = client
        self.offsets: list[tuple[int, int]] = []

    async def on_until(self, offset: int) -> None:
        while not self.offsets or self.offsets[-1][1] < offset:
            opcode, payload = await self.client.frame()
            if opcode == PING:
                await self.client.says(masked(PONG, payload))
                continue
            frame: dict[str, Any] = json.loads(payload)
            self.offsets.append((frame.get("prev", -1), frame["offset"]))


async def test_two_hundred_that_never_read_are_cut_off_alone_and_cost_nobody_a_frame(office: House, people: Comes) -> None:
    visitor = people(office)
    before = await metrics(visitor)
    async with AsyncExitStack() as stack, client_of(office.store) as store:
        slow = [await stack.enter_async_context(live(office.url, takes_in=SMALL)) for _ in range(SLOW)]
        readers = [Reads(await stack.enter_async_context(live(office.url))) for _ in range(READ)]
        had, most = resident(office), 0
        for _ in range(NOTES):
            offset = await note(store, WORDS)
            await asyncio.gather(*(reader.on_until(offset) for reader in readers))
            most = max(most, resident(office) - had)
        for reader in readers:
            ends = [offset for _, offset in reader.offsets]
            assert [prev for prev, _ in reader.offsets[1:]] == ends[:-1]  # each follows the one before, and none is missing

        async def only_the_readers_are_left() -> bool:
            return counted(await metrics(visitor), "kayan_sockets", view="public") == READ

        await comes(only_the_readers_are_left)
        after = await metrics(visitor)
        assert counted(after, "kayan_closes_total", code="4008") - counted(before, "kayan_closes_total", code="4008") == SLOW
        # What waits for the slow is the same bytes for all of them; a copy for each would be fifty times as much.
        assert most < 2 * BUFFER_CAP + 24 * MIB
        for one in slow[:5]:
            await one.gone()
        taken = await visitor.takes()
        await asyncio.gather(*(reader.on_until(offset + 1) for reader in readers))
        assert taken["ticket"]["number"] == "A001"


@pytest.mark.timeout(150)  # two rounds of the pulse, and as long as the kernel waits
async def test_who_never_answers_and_who_never_reads_its_answer_is_let_go(office: House, people: Comes) -> None:
    visitor = people(office)
    async with AsyncExitStack() as stack:
        well = await stack.enter_async_context(live(office.url))
        told = asyncio.create_task(next_change(well))
        before = open_files(office)
        deaf = await stack.enter_async_context(live(office.url))
        for _ in range(20):
            reader = await stack.enter_async_context(caller(office.url, takes_in=SMALL))
            await reader.says(LARGE)
        await comes(lambda: open_files(office) >= before + 21)
        said = b""
        async with asyncio.timeout(3 * EVERY):
            while not said.endswith(closing(TOO_SLOW)):
                said = await deaf.reader.read(65536)
        await comes(lambda: open_files(office) <= before + 1, 60)  # the visitor's own
        assert not told.done()
        number = (await visitor.takes())["ticket"]["number"].encode()
        assert number in await told


def open_files(office: House) -> int:
    """Sockets and files that the server holds."""
    return len(list(Path(f"/proc/{office.process.popen.pid}/fd").iterdir()))


async def next_change(client: Caller) -> bytes:
    """What the client is told next, while it answers pings as a browser does."""
    while True:
        opcode, payload = await client.frame(4 * EVERY)
        if opcode == PING:
            await client.says(masked(PONG, payload))
        elif payload.startswith(b'{"t":"delta"'):
            return payload


async def test_none_of_this_is_told_to_the_operator(office: House) -> None:
    assert complaints(office.process.said) == []
