"""Somebody with a browser: one who uses the public API like anyone else, and comes back when the board is away for a moment."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

AWAY = 2.0  # s before another try when the board does not answer or says that its store does not
ANSWERS_WITHIN = 15.0  # s
NOT_NOW = frozenset({429, 503})


class Refused(Exception):
    """The board said no. `code` is the problem's, as in /problems/{code}."""

    def __init__(self, status: int, code: str) -> None:
        self.status, self.code = status, code
        super().__init__(f"{status} {code}")


@dataclass(frozen=True, slots=True)
class Login:
    """An account's name and password."""

    name: str
    password: str


class Person:
    """A visitor, or with `login` a member of staff. Use it as `async with`; it has cookies of its own."""

    def __init__(self, url: str, login: Login | None = None) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=ANSWERS_WITHIN, trust_env=False)
        self._login = login

    async def __aenter__(self) -> Person:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def get(self, path: str) -> dict[str, Any]:
        """What is at `path`. Raises Refused."""
        return await self._answer("GET", path, None, {})

    async def post(self, path: str, body: Mapping[str, Any] | None = None, bearer: str = "") -> dict[str, Any]:
        """Does it once, however often it must be said. Raises Refused."""
        headers = {"Idempotency-Key": str(uuid.uuid4()), **({"Authorization": f"Bearer {bearer}"} if bearer else {})}
        return await self._answer("POST", path, dict(body or {}), headers)

    async def signs_in(self) -> None:
        """Opens a session; it is opened again by itself when it has ended. Raises Refused."""
        assert self._login is not None
        await self.post("/api/v1/session", {"name": self._login.name, "password": self._login.password})

    async def _answer(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> dict[str, Any]:
        signed_in_anew = self._login is None or path == "/api/v1/session"
        while True:
            answer = await self._asked(method, path, body, headers)
            if answer.is_success:
                return dict(answer.json()) if answer.content else {}
            code = _code(answer)
            if code == "not-signed-in" and not signed_in_anew:
                signed_in_anew = True
                await self.signs_in()
                continue
            raise Refused(answer.status_code, code)

    async def _asked(self, method: str, path: str, body: dict[str, Any] | None, headers: dict[str, str]) -> httpx.Response:
        """The first answer that is not "later"."""
        while True:
            try:
                answer = await self._http.request(method, path, json=body, headers=headers)
            except httpx.TransportError:
                await asyncio.sleep(AWAY)
                continue
            if answer.status_code not in NOT_NOW:
                return answer
            await asyncio.sleep(_seconds(answer.headers.get("retry-after", "")))


def _code(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return "unknown"


def _seconds(retry_after: str) -> float:
    return max(float(retry_after), 0.1) if retry_after.isdigit() else AWAY
