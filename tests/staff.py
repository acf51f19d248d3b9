"""Staff for tests: a store's client, and passwords that cost next to nothing and can be watched or held up."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from argon2 import PasswordHasher
from redis.asyncio import Redis

from board.roles import Role
from board.store.attempts import Attempts, Rules
from board.store.passwords import Passwords
from board.store.staff import Staff

SECRET = b"a secret of the tests, 32 bytes and more"
PASSWORD = "sirih-pinang-selor"
OTHER_PASSWORD = "kapur-gambir-selor"
DESK = "192.0.2.10"  # the officer's computer
HOUR, DAY = 3600, 24 * 3600


class CheapHasher(PasswordHasher):
    """argon2id of the smallest cost. `verified` are the hashes that were looked at; while `go` is clear, looking takes long."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified: list[str | bytes] = []
        self.looking, self.go = threading.Event(), threading.Event()
        self.go.set()

    def verify(self, hash: str | bytes, password: str | bytes) -> Any:  # noqa: A002  (argon2's own name)
        self.verified.append(hash)
        self.looking.set()
        assert self.go.wait(20)
        return super().verify(hash, password)


def staff_of(
    client: Redis, idle_s: int = HOUR, absolute_s: int = DAY, rules: Rules | None = None, hasher: PasswordHasher | None = None
) -> Staff:
    """The staff of this store, as one process sees it."""
    return Staff(client, SECRET, idle_s, absolute_s, Passwords(hasher or CheapHasher()), Attempts(client, SECRET, rules))


async def siti(staff: Staff) -> None:
    """An officer of this name and of PASSWORD."""
    await staff.add("siti", PASSWORD, Role.OFFICER, ["tanjung-selor"])


@asynccontextmanager
async def client_of(url: str) -> AsyncIterator[Redis]:
    """A client for the block."""
    client = Redis.from_url(url)
    try:
        yield client
    finally:
        await client.aclose()


async def all_that_is_kept(client: Redis) -> bytes:
    """Every key and value of the store in one text."""
    found: list[Any] = []
    async for key in client.scan_iter(count=1000):
        kind = await client.type(key)
        if kind == b"string":
            found += [key, await client.get(key)]
        elif kind == b"hash":
            found += [key, *(part for pair in (await client.hgetall(key)).items() for part in pair)]
        elif kind == b"set":
            found += [key, *await client.smembers(key)]
        else:
            raise AssertionError(f"{key!r} is a {kind!r}: teach this test to read it")
    return b"\n".join(found)
