"""A restart that nobody notices: screens and officers go on while the processes that serve them are replaced one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.crews import TWO, renewed, workers
from tests.driver import Person
from tests.house import house
from tests.screens import RESTART, Follower, all_at, room
from tests.server.conftest import Comes
from tests.shifts import each_acted_once, served, shifts
from tests.stores import lives

SCREENS = 36
OLDEST = 3000  # ms; issue 4, point 5


async def nobody_noticed(screens: Sequence[Follower], staff: Person) -> None:
    """Each screen was sent away with a word before and came back in time; nobody missed a thing or saw it twice."""
    journal = await staff.journal()
    await all_at(screens, journal[-1]["offset"])
    farewells = [farewell for screen in screens for farewell in screen.farewells]
    assert {code for code, _ in farewells} == {RESTART}
    assert all(bye is not None and bye["reconnect"] == "soon" for _, bye in farewells)
    assert max(screen.latest for screen in screens) <= OLDEST
    for screen in screens:
        seen = [event["offset"] for event in screen.mirror.events]
        assert screen.mirror.snapshots == 1
        assert seen == [event["offset"] for event in journal if event["offset"] > screen.began]
    await everybody_shows_the_board(screens, staff)


async def everybody_shows_the_board(screens: Sequence[Follower], staff: Person) -> None:
    public = await staff.board()
    public.pop("now")
    boards = {view: [screen.mirror.board() for screen in screens if screen.view == view] for view in ("public", "staff")}
    assert all(board == public for board in boards["public"])
    assert all(board == boards["staff"][0] for board in boards["staff"])


@pytest.mark.timeout(180)
async def test_a_rolling_restart_shows_no_screen_old_news_and_loses_no_command(tmp_path: Path, people: Comes) -> None:
    with house(tmp_path, words=TWO, staff={"ani": "officer", "budi": "officer", "sari": "supervisor"}) as board:
        officers = [people(board, name) for name in ("ani", "budi")]
        sari = people(board, "sari")
        before = workers(board.process)
        async with room(people(board), sari, SCREENS) as screens:
            async with shifts(officers) as working:
                await served(working, 2)
                await asyncio.to_thread(renewed, board.process)
                await served(working, 2)
            await nobody_noticed(screens, sari)
        after = workers(board.process)
        assert not set(before.values()) & set(after.values())
        assert not any(lives(pid) for pid in before.values())
        assert not any("ended with code" in line or "killed" in line for line in board.process.said)
        each_acted_once(working, await sari.journal())
        assert await asyncio.to_thread(board.process.stop, 30) == 0
