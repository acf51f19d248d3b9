"""`GET /live/{office}`: accepts a screen, gives it the board, and passes on what its room is told."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from board.roles import Action, may
from server.auth import COOKIE, Doorkeeper, same_origin
from server.frames import GONE, NONSENSE, NOT_ALLOWED, RESUME_REFUSED, TOO_SLOW, Codec, Frame, Reconnect, View, bye, encode
from server.metrics import Metrics
from server.relay import Relay

QUEUED = 256  # frames a socket may lag behind; a day's snapshot is smaller than that many deltas
CLOSE_WITHIN = 1.0  # s for the last frame of a socket that is cut off; after that its transport is dropped
FRAME_MAX = 1024  # bytes a client may send in one message: it has nothing to say but pings

RESUME = re.compile(r"([0-9A-Za-z_-]{1,64}):(\d{1,15})")


class Socket:
    """One listener: a bounded line of frames between the room, which never waits, and the network, which may."""

    def __init__(self, websocket: WebSocket, view: View, codec: Codec) -> None:
        self.view, self.codec = view, codec
        self.session: str | None = None
        self.account: str | None = None
        self._websocket = websocket
        self._frames: asyncio.Queue[Frame] = asyncio.Queue(QUEUED)
        self._closed: asyncio.Future[tuple[int, Frame | None]] = asyncio.get_running_loop().create_future()

    def send(self, frame: Frame) -> None:
        """Puts the frame in line; a socket whose line is full is cut off with 4008 and resumes later."""
        try:
            self._frames.put_nowait(frame)
        except asyncio.QueueFull:
            self.close(TOO_SLOW)

    def close(self, code: int, last: Frame | None = None) -> None:
        """Closes this socket alone, after a last frame if there is one."""
        if not self._closed.done():
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
        if not self._closed.done():
            return GONE
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
        if isinstance(frame, bytes):
            await self._websocket.send_bytes(frame)
        else:
            await self._websocket.send_text(frame)

    async def _read(self) -> None:
        while (message := await self._websocket.receive())["type"] != "websocket.disconnect":
            said = message.get("text") or message.get("bytes")
            if said not in ("ping", b"ping"):  # a browser cannot send the protocol's own pings
                self.close(NONSENSE)


class Sockets:
    """The live stream's door."""

    def __init__(self, relays: Mapping[str, Relay], doorkeeper: Doorkeeper, hosts: tuple[str, ...], metrics: Metrics) -> None:
        self._relays, self._doorkeeper, self._hosts, self._metrics = relays, doorkeeper, hosts, metrics
        self.closing = False

    async def live(self, websocket: WebSocket) -> None:
        """The endpoint. What is wrong before the hand-shake is an HTTP answer, what is wrong with the view or the resume a close code,
        since a browser sees nothing else."""
        relay = self._relays.get(websocket.path_params["office"])
        asked = websocket.scope.get("subprotocols", [])
        codec = next((c for c in Codec if c.value in asked), None)
        if relay is None:
            return await websocket.send_denial_response(Response("unknown office", 404))
        if not same_origin(websocket.headers, self._hosts):
            return await websocket.send_denial_response(Response("another origin", 403))
        if asked and codec is None:
            return await websocket.send_denial_response(Response(f"subprotocols: {', '.join(Codec)}", 400))
        if self.closing or relay.behind:
            return await websocket.send_denial_response(Response("not ready", 503, {"Retry-After": "2"}))
        await websocket.accept(subprotocol=codec.value if codec else None)
        codec = codec or Codec.MSGPACK
        view = View.STAFF if websocket.query_params.get("view") == View.STAFF.value else View.PUBLIC
        socket = Socket(websocket, view, codec)
        if view is View.STAFF:
            session = await self._doorkeeper.session(websocket.cookies.get(COOKIE))
            if session is None or not may(session.role, session.offices, relay.office.id, Action.SEE_STAFF_VIEW):
                socket.close(NOT_ALLOWED, encode(codec, bye(Reconnect.NEVER, 0)))
                await socket.run()
                return None
            socket.session, socket.account = session.id, session.name
        await self._serve(relay, socket, websocket.query_params.get("resume"))
        return None

    async def _serve(self, relay: Relay, socket: Socket, resume: str | None) -> None:
        missed, since = None, 0
        if resume is not None:
            wanted = RESUME.fullmatch(resume)
            if wanted is None:
                socket.close(RESUME_REFUSED, encode(socket.codec, bye(Reconnect.SOON, 0)))
                await socket.run()
                return
            since = int(wanted[2])
            missed = relay.since(wanted[1], since)
        self._metrics.joined(socket.view.value, "fresh" if resume is None else "snapshot" if missed is None else "gap")
        relay.room.join(socket, relay.board, missed, since)
        code = GONE
        try:
            code = await socket.run()
        finally:
            relay.room.leave(socket)
            self._metrics.left(socket.view.value, code)
