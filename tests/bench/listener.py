"""A screen that costs as little as one can in Python: it shakes hands, and notes when bytes come that hold a word. Nothing is unpacked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

HELLO = (
    "GET /live/{office} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: kayan.v1\r\n\r\n"
)


class Crowd:
    """Listeners of one office, and when each heard the word: a kind of event as it stands in the frame, say `ticket.called`."""

    def __init__(self, word: bytes) -> None:
        self.word = word
        self.listeners: list[Listener] = []
        self.heard: list[float] = []
        self._all = asyncio.Event()

    def listens(self) -> None:
        """From now on."""
        self.heard.clear()
        self._all.clear()

    def hears(self) -> None:
        """One of them has."""
        self.heard.append(time.perf_counter())
        if len(self.heard) == len(self.listeners):
            self._all.set()

    async def all_heard(self) -> list[float]:
        """When each of them did. Raises TimeoutError when somebody does not."""
        async with asyncio.timeout(30):
            await self._all.wait()
        return list(self.heard)


class Listener(asyncio.Protocol):
    """One socket."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._got = b""
        self.begun = asyncio.get_running_loop().create_future()  # done with the first frame

    def data_received(self, data: bytes) -> None:
        if self.begun.done():
            if self._crowd.word in data:  # a change's frame is small: it comes in one piece
                self._crowd.hears()
            return
        self._got += data
        _, blank, frame = self._got.partition(b"\r\n\r\n")
        assert self._got.startswith(b"HTTP/1.1 101"[: len(self._got)]), self._got
        if blank and frame:
            self.begun.set_result(None)

    def connection_lost(self, why: Exception | None) -> None:
        if not self.begun.done():
            self.begun.set_exception(why or ConnectionResetError("the server hung up"))


@asynccontextmanager
async def crowd(url: str, office: str, many: int, word: bytes) -> AsyncIterator[Crowd]:
    """So many sockets for the block, each with its first frame."""
    address, people, loop = urlsplit(url), Crowd(word), asyncio.get_running_loop()
    assert address.hostname
    assert address.port
    transports = []
    for _ in range(many):
        transport, listener = await loop.create_connection(lambda: Listener(people), address.hostname, address.port)
        transport.write(HELLO.format(office=office, host=address.netloc).encode())
        await listener.begun
        transports.append(transport)
        people.listeners.append(listener)
    try:
        yield people
    finally:
        for transport in transports:
            transport.abort()
