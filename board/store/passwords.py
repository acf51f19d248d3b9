"""Passwords: argon2id, a few at a time, and the same work for a name that does not exist."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2  # each takes 64 MiB and a tenth of a second: a flood of log-ins waits in line and does not take the memory
SHORTEST, LONGEST = 10, 200  # characters
TOO_EASY = frozenset({"1234567890", "passwordpassword", "qwertyuiop", "katasandi123", "kppnkppnkppn", "tanjungselor", "administrator"})


class Passwords:
    """Makes and checks hashes without stopping the loop."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._line = asyncio.Semaphore(AT_ONCE)
        self._nobody: str | None = None

    async def make(self, password: str) -> str:
        """The hash to keep."""
        async with self._line:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, kept: str | None, password: str) -> bool:
        """Whether the password made this hash. None (no such account) costs as much as a wrong password: the time tells nothing."""
        if self._nobody is None:  # made by the first log-in, whoever it names: its time must tell nothing either
            self._nobody = await self.make("nobody has this password")
        fits = await self._verify(kept or self._nobody, password)
        return fits and kept is not None

    async def _verify(self, kept: str, password: str) -> bool:
        async with self._line:
            try:
                return await asyncio.to_thread(self._hasher.verify, kept, password)
            except (VerificationError, InvalidHashError):
                return False


def rule_broken(password: str) -> str | None:
    """What is wrong with a new password, or None."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"{SHORTEST}-{LONGEST}"
    if password.lower() in TOO_EASY or len(set(password)) < 4:
        return "easy"
    return None
