"""A caller of the HTTP API that costs as little as a client can in Python: httpx takes longer over a request than the server does.

One kept connection, one request at a time; the answer is cut out of the bytes and not parsed before somebody asks.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

LENGTH = b"content-length: "


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body."""

    status: int
    body: bytes

    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


class Caller(asyncio.Protocol):
    """`cookie` is a session's, "" for a visitor. Connects when there is something to ask, and anew once the server has hung up."""

    def __init__(self, url: str, cookie: str = "") -> None:
        address = urlsplit(url)
        assert address.hostname
        assert address.port
        self._address = (address.hostname, address.port)
        lines = [f"Host: {address.netloc}", "Content-Type: application/json", *([f"Cookie: {cookie}"] if cookie else [])]
        self._head = "".join(f"{line}\r\n" for line in lines)
        self._transport: asyncio.Transport | None = None
        self._waits: asyncio.Future[Answer] | None = None
        self._got = b""

    async def connect(self) -> asyncio.Transport:
        """The open connection."""
        if self._transport is None:
            self._transport, _ = await asyncio.get_running_loop().create_connection(lambda: self, *self._address)
        return self._transport

    async def post(self, path: str, body: str = "{}") -> Answer:
        """A POST under a fresh idempotency key; the whole answer."""
        transport = self._transport or await self.connect()
        self._waits = asyncio.get_running_loop().create_future()
        key = f"Idempotency-Key: {secrets.token_hex(8)}\r\nContent-Length: {len(body)}\r\n\r\n"
        transport.write(f"POST {path} HTTP/1.1\r\n{self._head}{key}{body}".encode())
        return await self._waits

    def close(self) -> None:
        """Hangs up."""
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, blank, body = self._got.partition(b"\r\n\r\n")
        if not blank:
            return
        _, named, rest = head.lower().partition(LENGTH)
        if named and len(body) < int(rest.split(b"\r", 1)[0]):
            return
        self._got = b""
        if self._waits is not None and not self._waits.done():
            self._waits.set_result(Answer(int(head[9:12]), body))

    def connection_lost(self, why: Exception | None) -> None:
        self._transport = None
        if self._waits is not None and not self._waits.done():
            self._waits.set_exception(why or ConnectionResetError("the server hung up"))
