"""The watcher: a coroutine that looks at what has fallen due. Any number may run; the script does each thing once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from board.errors import StoreUnavailable
from board.store.queue import Queue
from board.store.request import Watched

log = logging.getLogger("kayan.watcher")

LONGEST_SLEEP = 1.0  # s: a number just taken with a short promise, or a clock that was set, is seen within this time
BETWEEN_TRIES = 0.25  # s: the store is away; it comes back sooner than a visitor notices


def pause(watched: Watched) -> float:
    """How long to sleep after this step, in seconds."""
    if watched.next_at is None:
        return LONGEST_SLEEP
    return min(LONGEST_SLEEP, max(0.0, (watched.next_at - watched.now) / 1000))


async def watch(queue: Queue, seen: Callable[[Watched], None]) -> None:
    """Watches one office until cancelled; `seen` is told of each step, for the metrics."""
    away = False
    while True:
        try:
            watched = await queue.watch()
        except StoreUnavailable:
            if not away:
                log.warning("the store does not answer; the watcher of %s tries on", queue.office.id)
            away = True
            await asyncio.sleep(BETWEEN_TRIES)
            continue
        if away:
            log.warning("the store answers again; the watcher of %s goes on", queue.office.id)
            away = False
        seen(watched)
        await asyncio.sleep(pause(watched))
