"""Opens the store: the embedded one, or the one that a setting names, after a look at whether it keeps what it acknowledges."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as NoConnection
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as NoAnswer

from board.store.durability import Durability, durability
from board.store.embedded import embedded
from board.store.unusable import StoreUnusable

CONNECTIONS = 64  # more callers than this wait for a connection; the store's fsync serves a group at once
ANSWER_WITHIN = 5.0  # s; WAITAOF and a slow disk fit, a hung store does not
# A connection that the store dropped is made anew; longer absence is the caller's 503, who may repeat with the same key. A store that
# hangs is not asked again: each try waits ANSWER_WITHIN, and its new connection once more, while somebody stands at the counter.
TRIES = 2
SEALED_WITH = "kayan:{staff}:secret"
T = TypeVar("T")


@dataclass(eq=False)
class StoreForgets(StoreUnusable):
    """The store may lose changes that it acknowledged."""

    reason: str

    def __str__(self) -> str:
        return f"{self.reason} To accept the risk of lost numbers instead, set KAYAN_STORE_MAY_FORGET=true."


@dataclass(eq=False)
class StoreAway(StoreUnusable):
    """Nothing answers at the store's address, or it refuses us."""

    why: str

    def __str__(self) -> str:
        return f"the store of KAYAN_STORE_URL does not answer ({self.why}): start it, or correct the address"


@dataclass(frozen=True, slots=True)
class Store:
    """`client` for commands, `listening` for subscriptions: it has no socket time-out, since a quiet office says nothing for hours."""

    client: Redis
    listening: Redis
    durability: Durability

    async def secret(self, given: str | None) -> bytes:
        """The key of the ticket secrets: the setting's, or one that all servers of this store share, made on the first start."""
        if given:
            return given.encode()
        await self.client.set(SEALED_WITH, secrets.token_hex(32), nx=True)
        kept = await self.client.get(SEALED_WITH)
        assert isinstance(kept, bytes)
        return kept


class AskOnce(Retry):
    """redis-py's, but for a store that hangs: a new connection that gets no answer to its first words comes as a NoConnection there, which
    is asked again, and every command but the first of a hang would take three times ANSWER_WITHIN. And a connection that has died this
    moment is one that the store dropped, not an error of ours."""

    async def call_with_retry(
        self,
        do: Callable[[], Awaitable[T]],
        fail: Callable[..., Any],
        is_retryable: Callable[[Exception], bool] | None = None,
        with_failure_count: bool = False,
    ) -> T:
        """As redis-py's. Raises NoAnswer, once the connection is closed, where a time-out is behind it."""

        async def asked() -> T:
            try:
                return await do()
            except NoConnection as why:
                if not isinstance(why.__cause__, NoAnswer | TimeoutError):
                    raise
                # Closed first: what it was told late would be taken for the answer to the next command.
                await (fail(why, 1) if with_failure_count else fail(why))
                raise NoAnswer(str(why)) from why
            except RuntimeError as why:
                # Race: the store died after its connection was found well and before it was written to. uvloop has no kinder word for that.
                if "handler is closed" not in str(why):
                    raise
                raise NoConnection(str(why)) from why

        return await super().call_with_retry(asked, fail, is_retryable, with_failure_count)


def connect(url: str, answer_within: float | None = ANSWER_WITHIN) -> Redis:
    """A client of the store at `url`."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=ANSWER_WITHIN,
        socket_timeout=answer_within,
        socket_connect_timeout=ANSWER_WITHIN,
        retry=AskOnce(ExponentialBackoff(cap=0.2, base=0.02), TRIES, supported_errors=(NoConnection,)),
    )
    return Redis.from_pool(pool)  # it owns the pool: closing the client closes every connection


@asynccontextmanager
async def open_store(url: str, data: Path, may_forget: bool) -> AsyncIterator[Store]:
    """The store for the block; `url` empty: the embedded one in `data`. Raises StoreUnusable."""
    async with AsyncExitStack() as stack:
        url = url or await stack.enter_async_context(embedded(data))
        client = connect(url)
        stack.push_async_callback(client.aclose)
        listening = connect(url, None)
        stack.push_async_callback(listening.aclose)
        try:
            async with asyncio.timeout(ANSWER_WITHIN * 2):
                found = await durability(client)
        except (NoConnection, NoAnswer, RedisError, OSError, TimeoutError) as why:
            raise StoreAway(str(why) or type(why).__name__) from why
        if not found.durable and not may_forget:
            raise StoreForgets(found.reason)
        yield Store(client, listening, found)
