"""Answers to commands that do not go through the queue's scripts, kept under their idempotency key: the same key acts once."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from board.errors import KeyReused, StoreUnavailable

KEPT = 24 * 3600  # s, contract section 3
PENDING = 30  # s a command may take; one whose server died meanwhile may be sent again after that
PREFIX = "kayan:{staff}:remembered:"


class Remembered:
    """In the store, so that a repeat is known to every server and after a restart. What is compared is keyed, since a body may hold a
    password."""

    def __init__(self, client: Redis, secret: bytes) -> None:
        self._client, self._secret = client, secret

    async def before(self, key: str, about: str) -> Any | None:
        """The body of the first answer; None when this is the first time, which is noted. Raises KeyReused, and StoreUnavailable
        also while the first one is still at work: the caller may repeat."""
        place, mark = self._place(key), self._mark(about)
        try:
            if await self._client.set(place, json.dumps([mark]), nx=True, ex=PENDING):
                return None
            kept = await self._client.get(place)
        except (RedisError, OSError, TimeoutError) as why:
            raise StoreUnavailable from why
        if kept is None:
            raise StoreUnavailable
        first, *answer = json.loads(kept)
        if not hmac.compare_digest(first, mark):
            raise KeyReused
        if not answer:
            raise StoreUnavailable
        return answer[0]

    async def after(self, key: str, about: str, body: Any) -> None:
        """The answer, for the next time."""
        await self._write(self._client.set(self._place(key), json.dumps([self._mark(about), body]), ex=KEPT))

    async def forget(self, key: str) -> None:
        """Nothing was done: the same key may be tried again."""
        await self._write(self._client.delete(self._place(key)))

    async def _write(self, call: Any) -> None:
        try:
            await call
        except (RedisError, OSError, TimeoutError) as why:
            raise StoreUnavailable from why

    def _place(self, key: str) -> str:
        return PREFIX + self._mark(f"key|{key}")

    def _mark(self, text: str) -> str:
        return hmac.digest(self._secret, f"remembered|{text}".encode(), hashlib.sha256).hex()
