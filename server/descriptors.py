"""How many files this process may have open: every screen is one, and so are every command and every connection to the store."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import resource
import time
from contextlib import suppress

log = logging.getLogger("kayan.door")

MOST = 1_048_576  # more than any computer has screens for; an endless limit is not taken at its word
OPEN_MAX = 10_240  # macOS takes no more, whatever its hard limit says
ENOUGH = 4096  # below it a busy office and a flood together may fill the house
FOR_COMMANDS = 200  # kept from screens: HTTP's callers come and go within seconds, screens stay for hours
FOR_US = 100  # kept from all callers: 64 connections to the store, its subscriptions, files, what is told between workers
SAY_EVERY = 60.0  # s between two lines of log on the same trouble; a flood must not fill the log too
LOOK_EVERY = 1.0  # s
REMEDY = "raise the hard limit (LimitNOFILE=65536 in systemd's unit, or ulimit -Hn where the board is started)"


def allowed() -> int:
    """How many files a board that is started here may have open."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)


def raise_limit() -> int:
    """Takes as many as the system lets us have: the usual 1,024 are full with one flood of screens. How many there are now."""
    for wanted in (allowed(), OPEN_MAX):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            with suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return MOST if soft == resource.RLIM_INFINITY else soft


class Descriptors:
    """Who still finds room. The kernel gives a new descriptor the lowest free number, so a caller's own number says that as many are in
    use as are below it: nothing has to be counted, and what is not a socket counts too."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._screens = limit - min(FOR_COMMANDS, limit // 2)
        self._callers = limit - min(FOR_US, limit // 4)
        self._said: dict[str, float] = {}

    def admits(self, number: int) -> bool:
        """Whether there is room for this caller."""
        return self._fits(number, self._callers, "callers are dropped unheard")

    def admits_screen(self, number: int) -> bool:
        """Whether there is room for this caller to stay as a screen."""
        return self._fits(number, self._screens, "screens are turned away")

    @property
    def notices(self) -> list[str]:
        """What the operator should know at the start."""
        return [f"there is room for {self._screens} screens at most: {REMEDY}"] if self.limit < ENOUGH else []

    async def watch(self) -> None:
        """Until cancelled: says when none is left. Callers are then dropped by the event loop, which tells nobody."""
        while True:
            try:
                os.close(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
            except OSError as why:
                if why.errno in (errno.EMFILE, errno.ENFILE):
                    self._say(f"no descriptor is left ({why.strerror}), callers are dropped unseen")
            await asyncio.sleep(LOOK_EVERY)

    def _fits(self, number: int, below: int, otherwise: str) -> bool:
        if number < below:
            return True
        self._say(otherwise)
        return False

    def _say(self, what: str) -> None:
        now = time.monotonic()
        if now - self._said.get(what, -SAY_EVERY) >= SAY_EVERY:
            self._said[what] = now
            log.warning("the house is full, %s: it may have %d files open; %s", what, self.limit, REMEDY)
