"""A restart that nobody notices: screens and officers go on while the processes that serve them are replaced one after another."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.crews import TWO, renewed, workers
from tests.house import house
from tests.screens import nobody_noticed, room
from tests.server.conftest import Comes
from tests.shifts import each_acted_once, served, shifts
from tests.stores import lives

SCREENS = 36


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
