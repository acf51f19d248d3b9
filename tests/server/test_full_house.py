"""A house with room for a few hundred: screens fill all but a reserve, everybody else goes on, the log says so, and who left makes room."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from server.descriptors import FOR_COMMANDS, FOR_US
from tests.driver import OFFICE, Person
from tests.house import House, house
from tests.rawsocket import Caller, caller, counted, handshake
from tests.stores import comes

Comes = Callable[..., Person]
FILES = 512
OURS = 40  # descriptors of a board that nobody visits, and more
WAYS = {"shared frame": "on", "fallback": "off"}


@pytest.fixture(params=WAYS)
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """A board that may have FILES files open, and has half of them when it starts."""
    settings = {"KAYAN_SHARED_FRAME": WAYS[request.param]}
    with house(tmp_path, settings, staff={}, files=str(FILES)) as small:
        yield small


def said(house: House, what: str) -> list[str]:
    """The lines of its log with these words."""
    return [line for line in house.process.said if what in line]


async def asks(stack: AsyncExitStack, house: House) -> tuple[Caller, str]:
    """A screen that asks for the live stream, and the head of the answer."""
    screen = await stack.enter_async_context(caller(house.url))
    await screen.says(handshake())
    return screen, await screen.head()


async def turned_away(visitor: Person) -> float:
    return counted((await visitor.http.get("/metrics")).text, "kayan_turned_away_total", why="full")


async def lets_in(house: House) -> bool:
    """Whether fifty screens at once are let in."""
    async with AsyncExitStack() as stack:
        heads = await asyncio.gather(*(asks(stack, house) for _ in range(50)))
        return all(head.startswith("HTTP/1.1 101 ") for _, head in heads)


def highest_of(pid: int) -> int:
    """The highest number among a process's descriptors."""
    return max(int(file.name) for file in Path(f"/proc/{pid}/fd").iterdir())


async def goes_on(house: House) -> None:
    """Whoever comes anew is given a number, and the board is ready."""
    for _ in range(20):
        newcomer = Person(house.url, OFFICE)
        await newcomer.takes()
        assert (await newcomer.http.get("/readyz")).status_code == 200
        await newcomer.close()


async def test_screens_fill_all_but_the_reserve_and_numbers_are_given_on_and_who_leaves_makes_room(small: House, people: Comes) -> None:
    visitor = people(small)
    assert "there is room for 312 screens" in " ".join((await visitor.http.get("/readyz")).json()["notices"])
    async with AsyncExitStack() as stack:
        inside = 0
        while (head := (await asks(stack, small))[1]).startswith("HTTP/1.1 101 "):
            inside += 1
        assert FILES // 2 < FILES - FOR_COMMANDS - OURS < inside <= FILES - FOR_COMMANDS  # more than it had at its start
        assert head.startswith("HTTP/1.1 503 ")
        assert "retry-after: " in head
        for _ in range(30):
            assert (await asks(stack, small))[1].startswith("HTTP/1.1 503 ")
        await goes_on(small)
        assert await turned_away(visitor) == 31
        assert len(said(small, "screens are turned away")) == 1
    await comes(lambda: lets_in(small))
    assert [line for line in small.process.said if "ERROR" in line or "Traceback" in line] == []


async def test_callers_who_say_nothing_leave_room_for_the_store_and_are_seen_in_the_log(small: House, people: Comes) -> None:
    visitor = people(small)
    async with AsyncExitStack() as stack:
        for _ in range(FILES):
            await stack.enter_async_context(caller(small.url))
        await comes(lambda: said(small, "callers are dropped unheard"))
    await comes(lambda: lets_in(small))
    assert await turned_away(visitor) >= FOR_US
    await goes_on(small)


async def test_when_no_descriptor_is_left_at_all_the_log_says_so(small: House, people: Comes) -> None:
    pid = small.process.popen.pid
    await goes_on(small)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (highest_of(pid) + 1, FILES))  # as if a library of ours had taken the rest
    async with AsyncExitStack() as stack:
        for _ in range(OURS):
            await stack.enter_async_context(caller(small.url))
        await comes(lambda: said(small, "no descriptor is left"))
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (FILES, FILES))
    await comes(lambda: lets_in(small))
    await goes_on(small)
