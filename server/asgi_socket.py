"""A live socket that goes through the ASGI server's own `send`: the fallback for a uvicorn or websockets whose insides server/handover.py
does not know. It keeps the endpoint's task, a writer and a queue alive, and costs some eight times the memory of a LiveSocket."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from server.frames import GONE, NONSENSE, TOO_SLOW, Codec, Frame, View, message
from server.live import CLOSE_WITHIN

QUEUED = 256  # frames a socket may lag behind; a day's snapshot is smaller than that many deltas


class AsgiSocket:
    """One listener: a bounded line of frames between the room, which never waits, and the network, which may."""

    def __init__(self, websocket: WebSocket, view: View, codec: Codec, session: str | None = None, account: str | None = None) -> None:
        self.view, self.codec, self.session, self.account = view, codec, session, account
        self._websocket = websocket
        self._frames: asyncio.Queue[Frame] = asyncio.Queue(QUEUED)
        self._closed: asyncio.Future[tuple[int, Frame | None]] = asyncio.get_running_loop().create_future()

    @property
    def write(self) -> Callable[[Frame], object]:
        """Puts a frame in line."""
        return self.first

    @property
    def open(self) -> bool:
        """Whether we have not ended it."""
        return not self._closed.done()

    def first(self, frame: Frame) -> None:
        """Puts the frame in line; a socket whose line is full is cut off with 4008 and resumes later."""
        try:
            self._frames.put_nowait(frame)
        except asyncio.QueueFull:
            self.close(TOO_SLOW)

    def pulse(self) -> None:
        """The ASGI server sends pings of its own."""

    def close(self, code: int, last: Frame | None = None) -> None:
        """Closes this socket alone, after a last frame if there is one."""
        if self.open:
            self._closed.set_result((code, last))

    async def run(self) -> int:
        """Until either side closes; the code it was closed with."""
        writer = asyncio.create_task(self._write(), name="socket.write")
        reader = asyncio.create_task(self._read(), name="socket.read")
        ends: set[asyncio.Future[Any]] = {writer, reader, self._closed}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            writer.cancel()
            reader.cancel()
            await asyncio.gather(writer, reader, return_exceptions=True)
        if self.open:
            self.close(GONE)
            return reader.result() if reader.done() and not reader.cancelled() and reader.exception() is None else GONE
        code, last = self._closed.result()
        with contextlib.suppress(TimeoutError, RuntimeError, WebSocketDisconnect, OSError):
            async with asyncio.timeout(CLOSE_WITHIN):
                if last is not None:
                    await self._send_now(last)
                await self._websocket.close(code)
        return code

    async def _write(self) -> None:
        while True:
            await self._send_now(await self._frames.get())

    async def _send_now(self, frame: Frame) -> None:
        said = message(frame)
        if isinstance(said, bytes):
            await self._websocket.send_bytes(said)
        else:
            await self._websocket.send_text(said)

    async def _read(self) -> int:
        """Until the socket ends; the code that it was closed with."""
        while (heard := await self._websocket.receive())["type"] != "websocket.disconnect":
            said = heard.get("text") or heard.get("bytes")
            if said not in ("ping", b"ping"):  # a browser cannot send the protocol's own pings
                self.close(NONSENSE)
        return int(heard["code"])
