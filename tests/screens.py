"""Screens that live through restarts as our pages do (static/lib/reconnect.js): they wait as long as the last `bye` asked and a random
while more, and go on from where they stood."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from server.tasks import end
from tests.driver import Person
from tests.stores import comes
from tests.wire import Mirror

FIRST_WAIT, LONGEST_WAIT, RESTART_SPREAD = 0.5, 10.0, 3.0  # s, as in static/lib/reconnect.js
RESTART = 1012
OLDEST = 3000  # ms that a screen's news may be old, also while what serves it is restarted


class Follower:
    """One screen. `farewells` are its close codes, each with the `bye` before it; `began` where its first board stood;
    `latest` the age in ms of the oldest news it showed."""

    def __init__(self, person: Person, view: str) -> None:
        self._person, self.view = person, view
        self.mirror = Mirror()
        self.farewells: list[tuple[int | None, dict[str, Any] | None]] = []
        self.latest, self.began = 0.0, 0
        self._failures = 0

    async def follow(self) -> None:
        """Until cancelled."""
        while True:
            bye, code = None, None
            resume = f"&resume={self.mirror.epoch}:{self.mirror.offset}" if self.mirror.epoch else ""
            try:
                async with self._person.watches(f"?view={self.view}{resume}") as screen:
                    while True:
                        frame = await screen.frame(60)
                        self._failures = 0
                        bye = frame if frame["t"] == "bye" else None
                        self._take(frame)
            except ConnectionClosed as closed:
                code = closed.rcvd.code if closed.rcvd else None
                self.farewells.append((code, bye))
            except (InvalidHandshake, OSError, EOFError, TimeoutError):
                pass
            await asyncio.sleep(self._wait(code, bye))

    def _take(self, frame: dict[str, Any]) -> None:
        known = len(self.mirror.events)
        self.mirror.take(frame)
        self.began = self.mirror.offset if frame["t"] == "snapshot" else self.began
        now = time.time() * 1000  # the store's clock is this computer's
        self.latest = max([self.latest, *(now - event["at"] for event in self.mirror.events[known:])])

    def _wait(self, code: int | None, bye: dict[str, Any] | None) -> float:
        spread = FIRST_WAIT if bye or code != RESTART else RESTART_SPREAD
        grown = min(LONGEST_WAIT, FIRST_WAIT * 2.0**self._failures)
        self._failures += 1
        at_least = float(bye["after"]) / 1000 if bye else 0.0
        return at_least + random.random() * max(spread, grown)  # noqa: S311


@asynccontextmanager
async def room(person: Person, staff: Person, size: int) -> AsyncIterator[list[Follower]]:
    """So many screens for the block, half of them of staff, all with the board before it begins."""
    followers = [Follower(*((staff, "staff") if n % 2 else (person, "public"))) for n in range(size)]
    tasks = [asyncio.create_task(follower.follow()) for follower in followers]
    try:
        await comes(lambda: all(follower.mirror.epoch for follower in followers))
        yield followers
        for task in tasks:
            assert not task.done(), task
    finally:
        await end(tasks)
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)


async def all_at(followers: Sequence[Follower], offset: int) -> None:
    """Waits until every screen has come so far."""
    await comes(lambda: all(follower.mirror.offset >= offset for follower in followers))


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
