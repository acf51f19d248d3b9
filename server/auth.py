"""Who is asking: the session behind a cookie, known in this process for a moment, forgotten at once when it is revoked anywhere."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from redis.asyncio import Redis
from redis.exceptions import RedisError

from board.store.staff import HINT, Session, Staff

COOKIE = "kayan_session"
KNOWN_FOR = 5.0  # s a session is believed without asking the store; a revocation is heard at once, this is for a deaf moment
KNOWN_AT_ONCE = 10_000

Revoked = Callable[[str | None, str | None], None]  # (account, session id): either is None


class Doorkeeper:
    """Sessions by token. While the word of revocations cannot be heard, every request asks the store."""

    def __init__(self, staff: Staff) -> None:
        self._staff = staff
        self._known: dict[str, tuple[float, Session]] = {}
        self._tell: list[Revoked] = []
        self.hears = False

    async def session(self, token: str | None) -> Session | None:
        """Who this is; None for nobody. Raises StoreUnavailable."""
        if not token:
            return None
        known = self._known.get(token)
        if known is not None and self.hears and time.monotonic() - known[0] < KNOWN_FOR:
            return known[1]
        session = await self._staff.session(token)
        if session is None:
            self._known.pop(token, None)
            return None
        if len(self._known) >= KNOWN_AT_ONCE:
            self._known.clear()
        self._known[token] = (time.monotonic(), session)
        return session

    def on_revoked(self, tell: Revoked) -> None:
        """`tell` is called when an account or a session has been revoked, in whatever process."""
        self._tell.append(tell)

    def revoked(self, account: str | None, session: str | None) -> None:
        """Forgets, and tells."""
        self._known = {t: k for t, k in self._known.items() if k[1].name != account and k[1].id != session}
        for tell in self._tell:
            tell(account, session)

    def deaf(self) -> None:
        """Revocations may have been missed."""
        self.hears = False
        self._known.clear()

    async def listen(self, client: Redis) -> None:
        """Until cancelled: hears of revocations."""
        while True:
            try:
                async with client.pubsub() as subscription:
                    await subscription.subscribe(HINT)
                    async for message in subscription.listen():
                        self._known.clear()
                        if message["type"] == "subscribe":
                            self.hears = True
                        elif message["type"] == "message":
                            said = json.loads(message["data"])
                            self.revoked(said.get("account"), said.get("session"))
            except (RedisError, OSError):
                self.deaf()
                await asyncio.sleep(0.25)


@asynccontextmanager
async def doorkeeper(staff: Staff, listening: Redis) -> AsyncIterator[Doorkeeper]:
    """A doorkeeper who listens for the block."""
    door = Doorkeeper(staff)
    async with asyncio.TaskGroup() as tasks:
        ear = tasks.create_task(door.listen(listening), name="doorkeeper")
        try:
            yield door
        finally:
            ear.cancel()


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
    if origin in allowed:
        return True
    host = headers.get("host", "")
    return bool(host) and urlsplit(origin).netloc == host and origin.startswith(("http://", "https://"))
