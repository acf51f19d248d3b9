"""Staff in the store: accounts, sessions, and how often one may try. Nothing is kept from which a password or a session could be read."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from board.errors import AccountExists, BadAccount, BadFirstToken, KeyReused, StoreUnavailable, TooMany, UnknownAccount, WrongPassword
from board.roles import Role
from board.store.passwords import Passwords, rule_broken
from board.times import Millis

PREFIX = "kayan:{staff}:"
ACCOUNTS, FIRST, HINT = PREFIX + "accounts", PREFIX + "first", PREFIX + "changes"
SESSION, SESSIONS, FAILURES, ANSWERS = PREFIX + "session:", PREFIX + "sessions:", PREFIX + "failures:", PREFIX + "answer:"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
FIRST_KEPT = 24 * 3600  # s the first link opens; the next start prints a fresh one
KEY_KEPT = 24 * 3600  # s, contract section 3
WINDOW = 15 * 60  # s in which failures count together
# Failures in a window. One account from one address: a person who mistypes. One address: an office behind one router. One account from
# everywhere is softer than both, so that a stranger who knows a name cannot lock its owner out for long.
PER_BOTH, PER_ADDRESS, PER_ACCOUNT = 5, 20, 50
SEEN_EVERY = 60_000  # ms between two writes of "was here"

SCRIPTS = {path.stem: path.read_text(encoding="utf-8") for path in (Path(__file__).parent / "scripts" / "staff").glob("*.lua")}


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who has logged in. `id` is the hash of the token and opens nothing; `offices` None: all; `until` ms, the absolute end."""

    id: str
    name: str
    role: Role
    offices: tuple[str, ...] | None
    until: Millis


@dataclass(frozen=True, slots=True)
class Account:
    """An account without its password."""

    name: str
    role: Role
    offices: tuple[str, ...] | None
    disabled: bool


class Staff:
    """Accounts and sessions. Every call raises StoreUnavailable when the store does not answer."""

    def __init__(self, client: Redis, secret: bytes, idle_s: int, absolute_s: int, passwords: Passwords | None = None) -> None:
        self._client, self._secret = client, secret
        self._idle, self._absolute = idle_s * 1000, absolute_s * 1000
        self._passwords = passwords or Passwords()

    async def add(self, name: str, password: str, role: Role, offices: Sequence[str] | None = None) -> Account:
        """A new account. Raises BadAccount, AccountExists."""
        account = await self._made(name, password, role, offices)
        if not await self._do(self._client.hsetnx(ACCOUNTS, account["name"], json.dumps(account))):
            raise AccountExists(account["name"])
        return _account(account)

    async def first_link_token(self) -> str | None:
        """A fresh one-time token for the first administrator; None when there is one. An older token stops working."""
        if any(a.role is Role.ADMINISTRATOR for a in await self.list()):
            return None
        token = secrets.token_urlsafe(24)
        await self._do(self._client.set(FIRST, self._mark("first", token), ex=FIRST_KEPT))
        return token

    async def first_administrator(self, token: str, name: str, password: str) -> Account:
        """The first administrator, once. Raises BadFirstToken, BadAccount, AccountExists."""
        mark = self._mark("first", token)
        kept = await self._do(self._client.get(FIRST))
        if kept is None or not hmac.compare_digest(kept, mark.encode()):
            raise BadFirstToken  # before the costly hash: a stranger with a guess makes no work
        account = await self._made(name, password, Role.ADMINISTRATOR, None)
        done = await self._do(self._client.eval(SCRIPTS["first"], 2, ACCOUNTS, FIRST, mark, account["name"], json.dumps(account)))
        if done == b"token":
            raise BadFirstToken
        if done == b"exists":
            raise AccountExists(account["name"])
        return _account(account)

    async def list(self) -> list[Account]:
        """Every account, by name."""
        kept = await self._do(self._client.hvals(ACCOUNTS))
        return sorted((_account(json.loads(text)) for text in kept), key=lambda account: account.name)

    async def disable(self, name: str) -> Account:
        """The account cannot log in, and is out at once."""
        return await self._change(name, {"disabled": True}, revoke=True)

    async def enable(self, name: str) -> Account:
        """The account can log in again."""
        return await self._change(name, {"disabled": False}, revoke=False)

    async def set_password(self, name: str, password: str) -> Account:
        """Another password; whoever was in with the old one is out. Raises BadAccount, UnknownAccount."""
        _must_be_good(password)
        return await self._change(name, {"hash": await self._passwords.make(password)}, revoke=True)

    async def login(self, name: str, password: str, address: str, key: str | None) -> tuple[str, Session]:
        """The session's token and the session. Raises WrongPassword, TooMany, KeyReused. The same key with the same name and
        password gives the same token again."""
        name = name.strip().lower()
        token = await self._token(key, name, password)
        both = [FAILURES + self._mark("failures", part) for part in (f"{name}|{address}", f"|{address}", f"{name}|")]
        await self._one_more_try(both)
        kept = await self._do(self._client.hget(ACCOUNTS, name)) if NAME.fullmatch(name) else None
        account = json.loads(kept) if kept else None
        fits = await self._passwords.fits(account["hash"] if account else None, password)
        if account is None or not fits or account["disabled"]:
            raise WrongPassword
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.delete(both[0])
            pipe.decr(both[1])
            pipe.decr(both[2])
            await self._do(pipe.execute())
        return token, await self._begin(token, account)

    async def repeated(self, key: str, name: str, password: str) -> bool:
        """Whether a log-in with this key, name and password was asked for before."""
        kept = await self._do(self._client.get(ANSWERS + self._mark("key", key)))
        return kept is not None and hmac.compare_digest(kept, self._mark("login", f"{name.strip().lower()}\n{password}").encode())

    async def session(self, token: str | None) -> Session | None:
        """Who this token is; None when it is nobody (any more)."""
        if not token or len(token) > 100:
            return None
        session_id = _hash(token)
        kept = await self._do(self._client.get(SESSION + session_id))
        if kept is None:
            return None
        begun = json.loads(kept)
        account_kept, now = await self._account_and_now(begun["name"])
        if account_kept is None or account_kept["disabled"] or now >= begun["until"]:
            return None
        if now - begun["seen"] >= SEEN_EVERY:
            begun["seen"] = now
            # XX: a session revoked this moment does not come back to life.
            await self._do(self._client.set(SESSION + session_id, json.dumps(begun), px=self._left(begun["until"], now), xx=True))
        return _session(session_id, account_kept, begun["until"])

    async def logout(self, token: str) -> None:
        """The session ends, here and in every other process."""
        session_id = _hash(token)
        kept = await self._do(self._client.get(SESSION + session_id))
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.delete(SESSION + session_id)
            if kept is not None:
                pipe.srem(SESSIONS + json.loads(kept)["name"], session_id)
            pipe.publish(HINT, json.dumps({"session": session_id}))
            await self._do(pipe.execute())

    async def _made(self, name: str, password: str, role: Role, offices: Sequence[str] | None) -> dict[str, Any]:
        name = name.strip().lower()
        if not NAME.fullmatch(name):
            raise BadAccount("name", NAME.pattern)
        _must_be_good(password)
        hashed = await self._passwords.make(password)
        return {"name": name, "role": role.value, "offices": ",".join(offices) if offices else "", "disabled": False, "hash": hashed}

    async def _change(self, name: str, changed: dict[str, Any], revoke: bool) -> Account:
        name = name.strip().lower()
        arguments = (name, json.dumps(changed), SESSION, HINT, int(revoke))
        if await self._do(self._client.eval(SCRIPTS["change"], 2, ACCOUNTS, SESSIONS + name, *map(str, arguments))) == b"unknown":
            raise UnknownAccount(name[:64])
        account, _ = await self._account_and_now(name)
        assert account is not None
        return _account(account)

    async def _token(self, key: str | None, name: str, password: str) -> str:
        if key is None:
            return secrets.token_urlsafe(32)
        # Attack: a plain hash of the body would let whoever reads the store try passwords on it; so it is keyed.
        mark = self._mark("login", f"{name}\n{password}")
        place = ANSWERS + self._mark("key", key)
        if not await self._do(self._client.set(place, mark, nx=True, ex=KEY_KEPT)):
            kept = await self._do(self._client.get(place))
            if kept is not None and not hmac.compare_digest(kept, mark.encode()):
                raise KeyReused
        return self._mark("session", f"{key}\n{mark}")

    async def _one_more_try(self, places: Sequence[str]) -> None:
        # Counted before the password is looked at, and taken back on success: a hundred tries at once are a hundred tries.
        async with self._client.pipeline(transaction=True) as pipe:
            for place in places:
                pipe.incr(place)
                pipe.expire(place, WINDOW, nx=True)
                pipe.ttl(place)
            told = await self._do(pipe.execute())
        waits = [told[3 * n + 2] for n, most in enumerate((PER_BOTH, PER_ADDRESS, PER_ACCOUNT)) if told[3 * n] > most]
        if waits:
            raise TooMany(max(1, *waits))

    async def _begin(self, token: str, account: dict[str, Any]) -> Session:
        session_id, now = _hash(token), await self._now()
        until = Millis(now + self._absolute)
        begun = {"name": account["name"], "until": until, "seen": now}
        async with self._client.pipeline(transaction=True) as pipe:
            pipe.set(SESSION + session_id, json.dumps(begun), px=self._left(until, now))
            pipe.sadd(SESSIONS + account["name"], session_id)
            pipe.pexpire(SESSIONS + account["name"], self._absolute)
            await self._do(pipe.execute())
        return _session(session_id, account, until)

    async def _account_and_now(self, name: str) -> tuple[dict[str, Any] | None, Millis]:
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.hget(ACCOUNTS, name)
            pipe.time()
            kept, (seconds, micros) = await self._do(pipe.execute())
        return (json.loads(kept) if kept else None), Millis(seconds * 1000 + micros // 1000)

    async def _now(self) -> Millis:
        seconds, micros = await self._do(self._client.time())
        return Millis(seconds * 1000 + micros // 1000)

    def _left(self, until: int, now: int) -> int:
        return max(1, min(self._idle, until - now))

    def _mark(self, what: str, text: str) -> str:
        return hmac.digest(self._secret, f"{what}|{text}".encode(), hashlib.sha256).hex()

    @staticmethod
    async def _do(call: Any) -> Any:
        try:
            return await call
        except (RedisError, OSError, TimeoutError) as why:
            raise StoreUnavailable from why


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _must_be_good(password: str) -> None:
    if (rule := rule_broken(password)) is not None:
        raise BadAccount("password", rule)


def _offices(kept: str) -> tuple[str, ...] | None:
    return tuple(kept.split(",")) if kept else None


def _account(kept: dict[str, Any]) -> Account:
    return Account(kept["name"], Role(kept["role"]), _offices(kept["offices"]), kept["disabled"])


def _session(session_id: str, account: dict[str, Any], until: int) -> Session:
    return Session(session_id, account["name"], Role(account["role"]), _offices(account["offices"]), Millis(until))
