"""All screens come back in the same second after a restart: each gets what it missed, or the whole board, and nobody's command waits."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from board.store.embedded import running as embedded_url
from tests.driver import Person, Process, start
from tests.house import STAFF, House, hire, sign_in
from tests.rawsocket import complaints, counted
from tests.wire import Mirror, mirrors, until

Comes = Callable[..., Person]
CROWD = 500
AWAY_LONG = 50  # of these, who stood in a numbering that is no more


def free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return int(any_port.getsockname()[1])


async def opens(data: Path, port: int, tokens: dict[str, str] | None = None, **settings: str) -> House:
    """A server on this port, with its staff; started again it has the tokens of before."""
    process: Process = await asyncio.to_thread(start, data, KAYAN_PORT=str(port), **settings)
    store = await embedded_url(data)
    assert store
    if tokens is None:
        await hire(store, STAFF)
        tokens = await asyncio.to_thread(sign_in, process.url, *STAFF)
    return House(process, store, tokens)


@pytest.mark.parametrize("way", ["on", "off"], ids=["shared frame", "fallback"])
@pytest.mark.timeout(150)
async def test_five_hundred_that_come_back_at_once_get_all_that_they_missed_while_an_officer_goes_on(
    tmp_path: Path, people: Comes, way: str
) -> None:
    port = free_port()
    office = await opens(tmp_path, port, KAYAN_SHARED_FRAME=way)
    try:
        crowd = [Mirror() for _ in range(CROWD)]
        visitor = people(office)
        await works(people(office, "ani"), visitor, 10, opening=True)
        async with AsyncExitStack() as stack:
            screens = await asyncio.gather(*(stack.enter_async_context(visitor.watches(codec="kayan.v1")) for _ in crowd))
            # They stand at different offsets when the power fails.
            for n, (screen, mirror) in enumerate(zip(screens, crowd, strict=True)):
                if n % 50 == 0:
                    await works(people(office, "ani"), visitor, 1)
                await until(screen, mirror, lambda seen: seen.offset > 0)
            office.process.kill()
        office = await opens(tmp_path, port, dict(office.tokens), KAYAN_SHARED_FRAME=way)
        for mirror in crowd[:AWAY_LONG]:
            mirror.epoch = "another"
        visitor, ani = people(office), people(office, "ani")
        working = asyncio.create_task(works(ani, visitor, 40))
        await asyncio.gather(*(comes_back(visitor, mirror, working) for mirror in crowd))
        assert [mirror.snapshots for mirror in crowd] == [2] * AWAY_LONG + [1] * (CROWD - AWAY_LONG)
        said = (await visitor.http.get("/metrics")).text
        assert counted(said, "kayan_joins_total", how="gap") == CROWD - AWAY_LONG
        assert counted(said, "kayan_joins_total", how="snapshot") == AWAY_LONG
        assert complaints(office.process.said) == []
    finally:
        if office.process.popen.poll() is None:
            await asyncio.to_thread(office.process.stop)


async def works(officer: Person, visitor: Person, calls: int, opening: bool = False) -> None:
    """An officer calls and serves; every command is answered."""
    if opening:
        await officer.does(1, "open")
    for _ in range(calls):
        await visitor.takes()
        for verb in ("call-next", "serve", "finish"):
            await officer.does(1, verb)


async def comes_back(visitor: Person, mirror: Mirror, working: asyncio.Task[None]) -> None:
    """Goes on from where it stood, and follows until the officer rests and all of it is seen."""
    async with visitor.watches(f"?{mirror.resume}", codec="kayan.v1") as screen:
        mirror.take(await screen.frame(60))
        while not working.done():
            try:
                mirror.take(await screen.frame(0.5))
            except TimeoutError:  # nothing happens any more, or nothing yet
                continue
        await working
        while not await mirrors(mirror, visitor):
            mirror.take(await screen.frame(60))
