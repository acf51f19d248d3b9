"""How often one address may ask. Counted in the store, so that several servers count together; addresses are kept hashed, for a minute."""

from __future__ import annotations

import hashlib
import hmac

from redis.asyncio import Redis
from redis.exceptions import RedisError

from board.errors import StoreUnavailable, TooMany
from board.store.attempts import network
from board.store.keys import Keys

WINDOW = 60  # s
# A waiting room behind one address takes far fewer; a script that drains the numbers takes more.
# Who sits behind a busy address is given a number at the desk, which has no limit.
TAKES = 30  # numbers per address and window


class Limits:
    """The door's patience. `on=False` (KAYAN_LIMITS=off) lets everything pass, for load tests."""

    def __init__(self, client: Redis, secret: bytes, on: bool) -> None:
        self._client, self._secret, self.on = client, secret, on

    async def take(self, keys: Keys, address: str) -> None:
        """One more number for this address. Raises TooMany."""
        if not self.on:
            return
        who = hmac.digest(self._secret, f"address|{network(address)}".encode(), hashlib.sha256).hex()[:24]
        key = keys.limit("take", who)
        try:
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.incr(key)
                pipe.expire(key, WINDOW, nx=True)
                pipe.ttl(key)
                count, _, left = await pipe.execute()
        except (RedisError, OSError, TimeoutError) as why:
            raise StoreUnavailable from why
        if count > TAKES:
            raise TooMany(max(1, left))
