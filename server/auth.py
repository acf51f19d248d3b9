"""Who is asking: the session behind a cookie, known in this process for a moment, forgotten at once when it is revoked anywhere."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from board.errors import StoreUnavailable
from board.store.staff import HINT, Session, Staff
from server.tasks import end

COOKIE = "kayan_session"
KNOWN_FOR = 5.0  # s a session is believed without asking the store; a revocation is heard at once, this is for a deaf moment
KNOWN_AT_ONCE = 10_000
PING_EVERY = 1.0  # s of silence; a connection that died without a word is given up after SILENT of them
SILENT = 3
AGAIN_AFTER = 0.25  # s between two tries to listen
LOOK_EVERY = 60.0  # s between two looks for sessions that ended without a word: those that expired

Revoked = Callable[[str | None, str | None], None]  # (account, session id): either is None


class Doorkeeper:
    """Sessions by token. While the word of revocations cannot be heard, every request asks the store."""

    def __init__(self, staff: Staff, look_every: float = LOOK_EVERY) -> None:
        self._staff, self._look_every = staff, look_every
        self._known: dict[str, tuple[float, Session]] = {}
        self._let_in: dict[str, Session] = {}  # by id: whoever may still have a socket open
        self._tell: list[Revoked] = []
        self._heard = 0  # grows with every word of a revocation
        self._doubt = asyncio.Event()  # words may have been missed
        self.hears = False

    async def session(self, token: str | None) -> Session | None:
        """Who this is; None for nobody. Raises StoreUnavailable."""
        if not token:
            return None
        known = self._known.get(token)
        if known is not None and self.hears and time.monotonic() - known[0] < KNOWN_FOR:
            return known[1]
        session = await self._asked(token)
        if session is None:
            self._known.pop(token, None)
            return None
        if len(self._known) >= KNOWN_AT_ONCE:
            self._known.clear()
        self._known[token] = (time.monotonic(), session)
        self._let_in[session.id] = session
        return session

    async def _asked(self, token: str) -> Session | None:
        while True:
            heard = self._heard
            session = await self._staff.session(token)
            # Race: the store answered, then the session was revoked, and the word of it came first. Whoever is let in on the old
            # answer would be told of by nobody any more.
            if heard == self._heard:
                return session

    def on_revoked(self, tell: Revoked) -> None:
        """`tell` is called when an account or a session has been revoked, in whatever process, or a session has expired."""
        self._tell.append(tell)

    def revoked(self, account: str | None, session: str | None) -> None:
        """Forgets, and tells."""

        def other(known: Session) -> bool:
            return known.name != account and known.id != session

        self._heard += 1
        self._known = {token: known for token, known in self._known.items() if other(known[1])}
        self._let_in = {session_id: known for session_id, known in self._let_in.items() if other(known)}
        for tell in self._tell:
            tell(account, session)

    def deaf(self) -> None:
        """Revocations may have been missed."""
        self.hears = False
        self._known.clear()

    async def listen(self, client: Redis) -> None:
        """Until cancelled: hears of revocations."""
        while True:
            with suppress(RedisError, OSError):
                async with client.pubsub() as subscription:
                    await subscription.subscribe(HINT)
                    await self._hear(subscription)
            self.deaf()
            await asyncio.sleep(AGAIN_AFTER)

    async def _hear(self, subscription: PubSub) -> None:
        """Until the other side has been silent for too long."""
        silent = 0
        while silent < SILENT:
            message = await subscription.get_message(timeout=PING_EVERY)
            if message is None:
                silent += 1
                await subscription.ping()
                continue
            silent = 0
            if message["type"] == "subscribe":  # the first time, and whenever the client has connected anew by itself
                self.deaf()
                self.hears = True
                self._doubt.set()
            elif message["type"] == "message":
                self._told(json.loads(message["data"]))

    def _told(self, said: Mapping[str, Any]) -> None:
        self.revoked(said.get("account"), said.get("session"))

    async def look(self) -> None:
        """Until cancelled: puts out those whose session has ended without a word, or with one that was missed."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_every):
                    await self._doubt.wait()
            self._doubt.clear()
            let_in = set(self._let_in)
            try:
                alive = await self._staff.alive(let_in)
            except StoreUnavailable:
                self._doubt.set()
                await asyncio.sleep(AGAIN_AFTER)
                continue
            for session_id in let_in - alive:
                self.revoked(None, session_id)


@asynccontextmanager
async def doorkeeper(staff: Staff, listening: Redis, look_every: float = LOOK_EVERY) -> AsyncIterator[Doorkeeper]:
    """A doorkeeper who listens for the block."""
    door = Doorkeeper(staff, look_every)
    async with asyncio.TaskGroup() as tasks:
        mine = [
            tasks.create_task(door.listen(listening), name="doorkeeper.listen"),
            tasks.create_task(door.look(), name="doorkeeper.look"),
        ]
        try:
            yield door
        finally:
            await end(mine)


def session_cookie(token: str, secure: bool, max_age: int) -> str:
    """The Set-Cookie line that logs in. Lax: a link from another site still opens the console, a form there cannot act."""
    return f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{'; Secure' if secure else ''}"


def clear_cookie(secure: bool) -> str:
    """The Set-Cookie line that logs out."""
    return session_cookie("", secure, 0)


def same_origin(headers: Mapping[str, str], allowed: Collection[str]) -> bool:
    """Whether a browser says that this comes from our own pages. `allowed` are origins beside the request's own host. Programs
    (SELOR, curl) send neither header, and carry no cookie that a page could make them send."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "none") in ("same-origin", "none")
    host = headers.get("host")
    # Both schemes: behind a proxy that ends TLS we see http where the browser sees https.
    return origin in allowed or (bool(host) and origin in (f"http://{host}", f"https://{host}"))
