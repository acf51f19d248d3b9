"""The server ends when it is told to, whatever its tasks are doing at that moment."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from config.office import load_offices
from config.settings import load_settings
from server.app import house
from server.tasks import end
from tests.driver import environment


async def test_a_task_that_does_not_hear_the_first_cancellation_is_ended_all_the_same() -> None:
    heard = 0

    async def hard_of_hearing() -> None:
        nonlocal heard
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                heard += 1
                if heard == 3:
                    raise

    task = asyncio.create_task(hard_of_hearing())
    await asyncio.sleep(0)
    await end([task])
    assert (task.cancelled(), heard) == (True, 3)


@pytest.mark.parametrize("steps", [4, 16, 32])
async def test_a_house_that_has_just_been_opened_can_be_closed_at_every_step(tmp_path: Path, steps: int) -> None:
    settings = load_settings(environment(tmp_path / "data"))
    async with asyncio.timeout(10), house(settings, load_offices(settings.offices, settings)):
        for _ in range(steps):  # into the midst of the watcher's first look, of which one step lost the cancellation
            await asyncio.sleep(0)
