"""Staff in the store: accounts and sessions. Nothing is kept from which a password or a session could be read."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from board.errors import (
    AccountExists,
    BadAccount,
    BadFirstToken,
    KeyReused,
    LastAdministrator,
    StoreUnavailable,
    UnknownAccount,
    WrongPassword,
)
from board.roles import Action, Role, may
from board.store.attempts import Attempts
from board.store.passwords import Passwords, rule_broken
from board.times import Millis

PREFIX = "kayan:{staff}:"
ACCOUNTS, FIRST, HINT = PREFIX + "accounts", PREFIX + "first", PREFIX + "changes"
SESSION, SESSIONS, ANSWERS = PREFIX + "session:", PREFIX + "sessions:", PREFIX + "answer:"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
FIRST_KEPT = 24 * 3600  # s the first link opens; the next start prints a fresh one
KEY_KEPT = 24 * 3600  # s, contract section 3
SEEN_EVERY = 60_000  # ms between two writes of "was here"
TOKEN_MAX = 100  # characters; ours have 64 at most
WAIT_AOF_MS = 5000  # as board/store/queue.py

FOLDER = Path(__file__).parent / "scripts" / "staff"
SHARED = (FOLDER / "shared.lua").read_text(encoding="utf-8")
SCRIPTS = {name: SHARED + (FOLDER / f"{name}.lua").read_text(encoding="utf-8") for name in ("add", "change", "begin", "leave")}


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

    @property
    def governs(self) -> bool:
        """Whether whoever has it can open and close accounts."""
        return not self.disabled and may(self.role, self.offices, None, Action.MANAGE_ACCOUNTS)


class Staff:
    """Accounts and sessions. Every call raises StoreUnavailable when the store does not answer.

    `wait_aof`: a change counts only when the store says that it is on disk."""

    def __init__(
        self,
        client: Redis,
        secret: bytes,
        idle_s: int,
        absolute_s: int,
        passwords: Passwords | None = None,
        attempts: Attempts | None = None,
        wait_aof: bool = False,
    ) -> None:
        self._client, self._secret, self._wait = client, secret, wait_aof
        self._idle, self._absolute = idle_s * 1000, absolute_s * 1000
        self._seen_every = min(SEEN_EVERY, self._idle // 4)  # never so seldom that somebody at work is taken for idle
        self._passwords = passwords or Passwords()
        self._attempts = attempts or Attempts(client, secret)

    async def add(self, name: str, password: str, role: Role, offices: Sequence[str] | None = None) -> Account:
        """A new account; `offices` None: all. Raises BadAccount, AccountExists."""
        return await self._add(name, password, role, offices, "")

    async def made_so(self, name: str, password: str, role: Role, offices: Sequence[str] | None = None) -> Account | None:
        """The account of this name if it is just as `add` would have made it, else None."""
        kept = await self._kept(name.strip().lower())
        if kept is None or not await self._passwords.fits(kept["hash"], password):
            return None
        account = _account(kept)
        return account if account == Account(account.name, role, None if offices is None else tuple(offices), disabled=False) else None

    async def first_link_token(self) -> str | None:
        """A fresh one-time token for the first administrator; None when there is one who can log in. An older token stops working."""
        if any(account.governs for account in await self.list()):
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
        return await self._add(name, password, Role.ADMINISTRATOR, None, mark)

    async def list(self) -> list[Account]:
        """Every account, by name."""
        kept = await self._do(self._client.hvals(ACCOUNTS))
        return sorted((_account(json.loads(text)) for text in kept), key=lambda account: account.name)

    async def disable(self, name: str) -> Account:
        """The account cannot log in, and is out at once. Raises UnknownAccount, LastAdministrator."""
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
        password gives the same session again, and begins no other one even if it has ended meanwhile."""
        name = name.strip().lower()
        await self._attempts.one_more(name, address)
        account = await self._kept(name)
        fits = await self._passwords.fits(account["hash"] if account else None, password)
        if account is None or not fits or account["disabled"]:
            raise KeyReused if not fits and key is not None and await self._do(self._client.exists(self._place(key))) else WrongPassword
        # A repeat must get the same token, which is kept nowhere; so it is made again from what only its sender and this store know.
        token = secrets.token_urlsafe(32) if key is None else self._mark("session", f"{key}\n{name}\n{account['hash']}")
        session = await self._begin(token, account, key)
        await self._attempts.succeeded(name, address)
        return token, session

    async def repeated(self, key: str, name: str, password: str) -> bool:
        """Whether somebody has logged in with this key, name and password before."""
        account = await self._kept(name.strip().lower())
        answer = await self._do(self._client.get(self._place(key)))
        if account is None or answer is None or json.loads(answer)["mark"] != self._request(account):
            return False
        return await self._passwords.fits(account["hash"], password)

    async def session(self, token: str | None) -> Session | None:
        """Who this token is; None when it is nobody (any more)."""
        if not token or len(token) > TOKEN_MAX:
            return None
        session_id = _hash(token)
        kept = await self._do(self._client.get(SESSION + session_id))
        if kept is None:
            return None
        begun = json.loads(kept)
        account, now = await self._account_and_now(begun["name"])
        if account is None or account["disabled"] or now >= begun["until"]:
            return None
        if now - begun["seen"] >= self._seen_every:
            begun["seen"] = now
            left = max(1, min(self._idle, begun["until"] - now))
            # XX: a session revoked this moment does not come back to life.
            await self._do(self._client.set(SESSION + session_id, json.dumps(begun), px=left, xx=True))
        return _session(session_id, account, begun["until"])

    async def alive(self, sessions: Collection[str]) -> set[str]:
        """Those of these session ids that have not ended. To look is not to use: it keeps none of them from being idle."""
        if not sessions:
            return set()
        ids = list(sessions)
        kept = await self._do(self._client.mget([SESSION + session_id for session_id in ids]))
        return {session_id for session_id, found in zip(ids, kept, strict=True) if found is not None}

    async def logout(self, token: str) -> None:
        """The session ends, here and in every other process."""
        session_id = _hash(token)
        await self._script("leave", [SESSION + session_id], session_id, SESSIONS, HINT)

    async def _add(self, name: str, password: str, role: Role, offices: Sequence[str] | None, first: str) -> Account:
        name = name.strip().lower()
        if not NAME.fullmatch(name):
            raise BadAccount("name", NAME.pattern)
        _must_be_good(password)
        if offices is not None and not (offices and all(offices)):  # an empty list would be kept, and read again, as all
            raise ValueError("an account of no office can do nothing; None stands for all")
        written = "" if offices is None else ",".join(offices)
        account = {"name": name, "role": role.value, "offices": written, "disabled": False, "hash": await self._passwords.make(password)}
        done = await self._script("add", [ACCOUNTS, FIRST], name, json.dumps(account), first)
        if done == b"token":
            raise BadFirstToken
        if done == b"exists":
            raise AccountExists(name)
        return _account(account)

    async def _change(self, name: str, changed: dict[str, Any], revoke: bool) -> Account:
        name = name.strip().lower()
        done = await self._script("change", [ACCOUNTS, SESSIONS + name], name, json.dumps(changed), SESSION, HINT, str(int(revoke)))
        if done == b"unknown":
            raise UnknownAccount(name[:64])
        if done == b"last":
            raise LastAdministrator(name)
        return _account(json.loads(done))

    async def _begin(self, token: str, account: dict[str, Any], key: str | None) -> Session:
        name, session_id = account["name"], _hash(token)
        places = [ACCOUNTS, SESSION + session_id, SESSIONS + name, self._place(key or "")]
        mark = "" if key is None else self._request(account)
        about = (name, account["hash"], session_id, str(self._idle), str(self._absolute), mark, str(KEY_KEPT * 1000))
        word, until = await self._script("begin", places, *about)
        if word == b"gone":
            raise WrongPassword
        if word == b"reused":
            raise KeyReused
        return _session(session_id, account, int(until))

    async def _kept(self, name: str) -> dict[str, Any] | None:
        if not NAME.fullmatch(name):
            return None
        kept = await self._do(self._client.hget(ACCOUNTS, name))
        account: dict[str, Any] | None = json.loads(kept) if kept else None
        return account

    async def _account_and_now(self, name: str) -> tuple[dict[str, Any] | None, Millis]:
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.hget(ACCOUNTS, name)
            pipe.time()
            kept, (seconds, micros) = await self._do(pipe.execute())
        return (json.loads(kept) if kept else None), Millis(seconds * 1000 + micros // 1000)

    async def _script(self, name: str, places: Sequence[str], *arguments: str) -> Any:
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.eval(SCRIPTS[name], len(places), *places, *arguments)
            if self._wait:
                pipe.waitaof(1, 0, WAIT_AOF_MS)
            reply, *synced = await self._do(pipe.execute())
        if synced and synced[0][0] < 1:
            raise StoreUnavailable
        return reply

    def _place(self, key: str) -> str:
        return ANSWERS + self._mark("key", key)

    def _request(self, account: dict[str, Any]) -> str:
        # Attack: whoever reads the store may find the secret in it, too, and could then try passwords on a keyed hash of one, a
        # million times faster than on argon2's. So the request is known by the slow hash that its password fitted.
        return self._mark("login", f"{account['name']}\n{account['hash']}")

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
