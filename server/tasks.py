"""Ending what runs in the background."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

AGAIN_AFTER = 0.2  # s; longer than any of our tasks takes to clean up


async def end(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancels the tasks and waits until they have ended, as often as it takes."""
    left = set(tasks)
    # Race: up to Python 3.11 `wait_for` loses a cancellation that comes just as what it waits for is done
    # (https://github.com/python/cpython/issues/86296), and redis-py sends every command through it. A watcher that never hears that
    # it is over would keep the server from ending.
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_AFTER)
