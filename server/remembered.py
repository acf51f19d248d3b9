"""Answers to commands that do not go through the queue's scripts, kept under their idempotency key: the same key acts once."""

from __future__ import annotations

import hashlib
import hmac
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from board.errors import KeyReused, StoreUnavailable

KEPT = 24 * 3600  # s, contract section 3
PENDING = 30  # s a command may take; one whose server died meanwhile may be sent again after that
PREFIX = "kayan:{staff}:remembered:"
AT_WORK = ":at-work"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a key. `uncertain`: an earlier request with it may have been carried out, its answer never came to be."""

    answered: bool
    body: Any = None
    uncertain: bool = False


class Remembered:
    """In the store, so that a repeat is known to every server and after a restart. What is compared is keyed, since a body may hold a
    password."""

    def __init__(self, client: Redis, secret: bytes) -> None:
        self._client, self._secret = client, secret

    async def before(self, key: str, about: str) -> Known:
        """What is known of this key; when nothing is, that is noted. Raises KeyReused, and StoreUnavailable also while another
        request with it is still at work: the caller may repeat."""
        place, mark = self._place(key), self._mark(about)
        try:
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.set(place, json.dumps([mark]), nx=True, ex=KEPT)
                pipe.get(place)
                pipe.set(place + AT_WORK, 1, nx=True, ex=PENDING)
                fresh, kept, mine = await pipe.execute()
        except (RedisError, OSError, TimeoutError) as why:
            raise StoreUnavailable from why
        first, *answer = json.loads(kept)
        if not hmac.compare_digest(first, mark):
            raise KeyReused
        if answer:
            return Known(answered=True, body=answer[0])
        if not mine:
            raise StoreUnavailable
        return Known(answered=False, uncertain=not fresh)

    async def after(self, key: str, about: str, body: Any) -> None:
        """The answer, for the next time."""
        await self._write(self._client.set(self._place(key), json.dumps([self._mark(about), body]), ex=KEPT))

    async def forget(self, key: str) -> None:
        """Nothing was done: the same key may be tried again."""
        await self._write(self._client.delete(self._place(key), self._place(key) + AT_WORK))

    async def leave(self, key: str) -> None:
        """Whether it was done is not known, and nobody is at work any more: the next one with this key has to see."""
        with suppress(StoreUnavailable):  # then the note of being at work runs out by itself
            await self._write(self._client.delete(self._place(key) + AT_WORK))

    async def _write(self, call: Any) -> None:
        try:
            await call
        except (RedisError, OSError, TimeoutError) as why:
            raise StoreUnavailable from why

    def _place(self, key: str) -> str:
        return PREFIX + self._mark(f"key|{key}")

    def _mark(self, text: str) -> str:
        return hmac.digest(self._secret, f"remembered|{text}".encode(), hashlib.sha256).hex()
