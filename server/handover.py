"""Between uvicorn, which makes the hand-shake, and the hub: once a screen is accepted, its transport changes hands.

uvicorn keeps an ASGI task, its scope and two queues alive for as long as a socket lives, 24 KiB of it. Here the endpoint accepts and
returns, and the transport goes on with a protocol of ours. What this leans on inside uvicorn and websockets is asked for below when
this file is imported; where something is missing, the live stream goes through the ASGI server's own `send` (server/sockets.py),
slower and larger, and the start says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.frames import Frame
from websockets.http11 import Request
from websockets.protocol import Protocol

HANDOVER = "kayan.handover"  # the ASGI extension by which the endpoint finds it
FAREWELL = 1.0  # s for a socket that uvicorn gave up and whose last bytes nobody takes

HandOver = Callable[[asyncio.Protocol], None]


def missing() -> list[str]:
    """What the handover needs of the installed versions and does not find."""
    needs: list[tuple[type, tuple[str, ...]]] = [
        (WebSocketsSansIOProtocol, ("handle_connect", "run_asgi", "shutdown", "stop_keepalive", "keepalive_timeout", "connection_lost")),
        (HttpToolsProtocol, ("handle_websocket_upgrade", "on_message_begin", "on_message_complete", "on_headers_complete", "shutdown")),
        (Protocol, ("receive_data", "events_received", "data_to_send", "parse")),
        (Frame, ("serialize",)),
    ]
    return [
        f"{kind.__module__}.{kind.__name__}.{name}" for kind, names in needs for name in names if not callable(getattr(kind, name, None))
    ]


MISSING = missing()


class Nowhere:
    """In place of the transport that was handed on. uvicorn closes a connection when its endpoint returns, and this one lives on."""

    def close(self) -> None:
        """Nothing is left to close."""

    def is_closing(self) -> bool:
        """Yes, for uvicorn it is over."""
        return True


class Handshake(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol until the endpoint has accepted."""

    def handle_connect(self, event: Request) -> None:
        """Offers the endpoint the transport, for after its `accept`."""
        super().handle_connect(event)
        if self.handshake_initiated and not self.close_sent:
            cast(dict[str, Any], self.scope["extensions"])[HANDOVER] = self.hand_over

    def hand_over(self, protocol: asyncio.Protocol) -> None:
        """`protocol` goes on with the transport. Raises ConnectionError when the client has gone."""
        transport = self.transport
        if transport.is_closing() or not self.handshake_complete or self.close_sent:
            raise ConnectionError("the client has gone")
        self.stop_keepalive()
        self.connections.discard(self)
        self.transport = cast(asyncio.Transport, Nowhere())
        unread = bytes(self.conn.reader.buffer)
        protocol.connection_made(transport)
        transport.set_protocol(protocol)
        if self.read_paused:
            transport.resume_reading()
        self._fall_apart()
        if unread:
            protocol.data_received(unread)

    def _fall_apart(self) -> None:
        # Circles of references would keep all this alive until the garbage collector comes by: 20 KiB a socket, 2,000 times at once.
        self.conn.parser.close()
        cast(dict[str, Any], self.scope["extensions"]).clear()

    def shutdown(self) -> None:
        """The server stops."""
        # uvicorn raises InvalidState here for a client that has just said goodbye, in the middle of its loop over all connections:
        # those after it are never told, and the server's end hangs on them until its time-out.
        with suppress(InvalidState):
            super().shutdown()
        # uvicorn has answered for an endpoint that is still at work, which then fails with a page of log on its own answer.
        self.disconnected = True
        self.transport.close()

    def keepalive_timeout(self) -> None:
        """The client has not answered a ping."""
        # uvicorn then closes the transport once its buffer is empty, and with a client that is gone it never is: the connection
        # stays for good, and a later shutdown waits for it until its time-out.
        transport = self.transport
        super().keepalive_timeout()
        self.loop.call_later(FAREWELL, transport.abort)
