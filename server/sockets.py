"""`GET /live/{office}`: who may watch, what, and from where. The answer is a listener in the office's room; then the endpoint is done."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from board.errors import StoreUnavailable
from board.roles import Action, may
from server.asgi_socket import AsgiSocket
from server.auth import COOKIE, Doorkeeper, same_origin
from server.frames import COME_BACK_WITHIN, NOT_ALLOWED, RESTART, RESUME_REFUSED, Codec, Frame, Reconnect, View, bye, encode
from server.handover import HANDOVER
from server.hub import Listener
from server.live import LiveSocket
from server.relay import Relay, Resume

RESUME = re.compile(r"([0-9A-Za-z_-]{1,64}):([0-9]{1,15})")
COME_BACK_LATER = {"Retry-After": "2"}  # s
AT_ONCE = 50  # screens that are sent away together before a restart; an office on one small computer is told in one go
EVERY, OVER = 0.1, 2.0  # s between two such slices, and for all; a screen told last is still back before it is three seconds old


@dataclass(frozen=True, slots=True)
class Visit:
    """What a screen asks for, after the door. `refused`: the close code for a screen that gets no board, with its last frame."""

    view: View
    codec: Codec
    session: str | None = None
    account: str | None = None
    resume: Resume | None = None
    refused: tuple[int, Frame] | None = None


class Sockets:
    """The live stream's door. `sharing`: transports are handed over to the hub; else frames go through the ASGI server's `send`."""

    def __init__(self, relays: Mapping[str, Relay], doorkeeper: Doorkeeper, hosts: tuple[str, ...], sharing: bool) -> None:
        self._relays, self._doorkeeper, self._hosts, self.sharing = relays, doorkeeper, hosts, sharing
        self._gate = asyncio.Lock()
        self._closing = False

    def everybody(self) -> list[Listener]:
        """Who has a socket open, in every office."""
        return [listener for relay in self._relays.values() for listener in relay.room.listeners()]

    async def goodbye(self) -> None:
        """Tells every screen that we are about to restart, a slice at a time: those told first are elsewhere before the last ones
        knock there."""
        self._closing = True
        leaving = self.everybody()
        slice_ = max(AT_ONCE, int(len(leaving) * EVERY / OVER))
        for n in range(0, len(leaving), slice_):
            for listener in leaving[n : n + slice_]:
                listener.close(RESTART, encode(listener.codec, bye(Reconnect.SOON, COME_BACK_WITHIN)))
            await asyncio.sleep(EVERY)

    async def live(self, websocket: WebSocket) -> None:
        """The endpoint. What is wrong before the hand-shake is an HTTP answer; what is wrong with the view or the resume a close code,
        since a browser sees nothing else."""
        relay = self._relays.get(websocket.path_params["office"])
        if relay is None:
            return await websocket.send_denial_response(Response("unknown office", 404))
        if not same_origin(websocket.headers, self._hosts):
            return await websocket.send_denial_response(Response("another origin", 403))
        asked = websocket.scope.get("subprotocols", [])
        codec = next((c for c in Codec if c.value in asked), None)
        if asked and codec is None:
            return await websocket.send_denial_response(Response(f"subprotocols: {', '.join(Codec)}", 400))
        # A stampede: after a restart all screens knock in the same second. One is let in each turn of the loop, so that between two of
        # them everything else has its turn: commands, and what is told to those already inside.
        async with self._gate:
            await asyncio.sleep(0)
        try:
            visit = await self._visit(websocket, relay, codec or Codec.MSGPACK)
            if visit.resume and relay.lags(visit.resume):
                await relay.catch_up()  # another server was faster: without a look this client would be sent back in time
        except StoreUnavailable:
            visit = None
        if visit is None or self._closing or relay.behind:
            return await websocket.send_denial_response(Response("not ready", 503, COME_BACK_LATER))
        try:
            await websocket.accept(subprotocol=codec.value if codec else None)
            await self._serve(websocket, relay, visit)
        except (WebSocketDisconnect, ConnectionError):
            return None  # the client did not wait

    async def _visit(self, websocket: WebSocket, relay: Relay, codec: Codec) -> Visit:
        """Raises StoreUnavailable."""
        query = websocket.query_params
        not_allowed = (NOT_ALLOWED, encode(codec, bye(Reconnect.NEVER, 0)))
        asked, wanted = query.get("view", View.PUBLIC.value), query.get("resume")
        if asked not in list(View):
            return Visit(View.PUBLIC, codec, refused=not_allowed)
        resume = RESUME.fullmatch(wanted) if wanted is not None else None
        if wanted is not None and resume is None:
            return Visit(View(asked), codec, refused=(RESUME_REFUSED, encode(codec, bye(Reconnect.SOON, 0))))
        since = Resume(resume[1], int(resume[2])) if resume else None
        if asked == View.PUBLIC:
            return Visit(View.PUBLIC, codec, resume=since)
        session = await self._doorkeeper.session(websocket.cookies.get(COOKIE))
        if session is None or not may(session.role, session.offices, relay.office.id, Action.SEE_STAFF_VIEW):
            return Visit(View.STAFF, codec, refused=not_allowed)
        return Visit(View.STAFF, codec, session.id, session.name, since)

    async def _serve(self, websocket: WebSocket, relay: Relay, visit: Visit) -> None:
        hand_over = websocket.scope.get("extensions", {}).get(HANDOVER) if self.sharing else None
        if hand_over is not None:
            live = LiveSocket(relay, visit.view, visit.codec, visit.session, visit.account)
            hand_over(live)
            begin(relay, live, visit)
            return
        socket = AsgiSocket(websocket, visit.view, visit.codec, visit.session, visit.account)
        begin(relay, socket, visit)
        code = await socket.run()
        relay.leaves(socket)
        relay.gone(socket, code)


def begin(relay: Relay, socket: LiveSocket | AsgiSocket, visit: Visit) -> None:
    """Into the room, or out of the door. Nothing here waits: a session that is revoked from now on finds its socket."""
    if visit.refused is not None:
        socket.close(*visit.refused)
    else:
        relay.enter(socket, visit.resume)
