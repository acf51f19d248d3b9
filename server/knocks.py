"""At the house's door: how long a caller may take to say what it wants, and how many callers one address may send."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address, ip_network
from typing import Any

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from board.store.attempts import network
from server.descriptors import Descriptors

PATIENCE = 10.0  # s for a whole request or hand-shake, a slow phone's included; who dribbles longer holds the door open
AT_ONCE = 3000  # connections that one address may open in a burst: a full waiting room behind one address that wakes together
A_SECOND = 200  # and how many more each second after that
# Bytes that the kernel takes for one connection beyond what is on its way: by its own measure it takes some 3 MiB for a client that does
# not read, before a byte of it counts against our cap (server/live.py).
UNSENT_MAX = 64 * 1024
DEAF = 30_000  # ms in which the other side takes nothing of what we have for it; uvicorn waits for ever for who does not read its answer
FULL = b"no room for another screen"
COME_BACK_LATER = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: %d\r\n\r\n%s" % (len(FULL), FULL)
)
ADDRESSES = 10_000  # remembered; then those who have not knocked for long are forgotten


class Knocks:
    """A token bucket for each address. `trusted`: proxies, in whose name many knock. `on=False` lets everybody pass for whom there
    is `room`."""

    def __init__(self, on: bool, trusted: str, told: Callable[[str], None], room: Descriptors) -> None:
        self.closing = False  # the server is about to stop: answers are the last of their connection
        self.told, self.room = told, room
        self._on = on
        self._trusted = [ip_network(part) for part in trusted.split(",") if part]
        self._left: dict[str, tuple[float, float]] = {}  # address: tokens, and when they were counted (s)

    def allowed(self, address: str, now: float) -> bool:
        """Whether one more connection of this address is let in at `now` (s, monotonic)."""
        if not self._on:
            return True
        who = network(address)
        kept, counted = self._left.get(who, (float(AT_ONCE), now))
        kept = min(float(AT_ONCE), kept + (now - counted) * A_SECOND)
        if kept < 1 and not self._is_trusted(address):
            self._left[who] = (kept, now)
            return False
        if len(self._left) >= ADDRESSES and who not in self._left:
            self._forget(now)
        self._left[who] = (kept - 1, now)
        return True

    def _is_trusted(self, address: str) -> bool:
        return any(ip_address(address) in network for network in self._trusted)

    def _forget(self, now: float) -> None:
        full = AT_ONCE / A_SECOND  # s after which a bucket is full again, and as good as forgotten
        self._left = {address: kept for address, kept in self._left.items() if now - kept[1] < full}
        if len(self._left) >= ADDRESSES:
            self._left.clear()  # an attack from everywhere is not stopped by addresses


class Connection(HttpToolsProtocol):
    """uvicorn's HTTP protocol, with the door's patience."""

    knocks: Knocks
    _number = 0  # of its descriptor
    _waits: asyncio.TimerHandle | None = None
    _answered: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn's own
        """Somebody knocks."""
        peer, tcp = transport.get_extra_info("peername"), transport.get_extra_info("socket")
        self._number = tcp.fileno() if tcp else 0  # none: the caller of a TLS hand-shake has gone already
        if isinstance(peer, tuple) and (why := self._unwelcome(str(peer[0]))):
            # Before anything is read: an answer would cost more than the flood itself.
            self.knocks.told(why)
            self.transport = transport
            transport.abort()
            return
        if isinstance(peer, tuple):
            keep_little(tcp)
        super().connection_made(transport)
        self._be_patient()

    def _unwelcome(self, address: str) -> str | None:
        if not self.knocks.allowed(address, time.monotonic()):
            return "flood"
        return None if self.knocks.room.admits(self._number) else "full"

    def connection_lost(self, exc: Exception | None) -> None:
        """The caller has gone."""
        self._waited()
        # uvicorn tells the last request of the connection, and not the one that is being answered when several came at once: its answer
        # then goes to a transport that is closed, and every such client leaves a page of log.
        if self._answered is not None:
            self._answered.disconnected = True
            self._answered.message_event.set()
        self.pipeline.clear()
        super().connection_lost(exc)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answered = cycle
        super()._start_asgi_task(cycle, app)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._be_patient()

    def on_headers_complete(self) -> None:
        """The request is known."""
        super().on_headers_complete()
        if self.knocks.closing and self.cycle is not None:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """It was all said."""
        self._waited()
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """The transport goes on with the hand-shake's protocol."""
        self._waited()
        if not self.knocks.room.admits_screen(self._number):
            self.knocks.told("full")
            self.transport.write(COME_BACK_LATER)
            self.transport.close()
            return
        super().handle_websocket_upgrade()
        asks: Any = self.transport.get_protocol()
        # Attack: what httptools takes for a request and websockets does not (a header of 9 KiB, 200 headers, a body in chunks) nobody
        # answers, and uvicorn would keep the connection for ever.
        if not getattr(asks, "handshake_initiated", True):
            self.knocks.told("garbled")
            self.send_400_response("no hand-shake that we understand")
        # Attack: a client that says goodbye right behind its hand-shake ends uvicorn's task with an error, a page of log for 200 bytes.
        # So it is heard after it was let in: uvicorn reads on once the endpoint has received `connect`, in the same step as the accept.
        elif hasattr(asks, "read_paused") and not self.transport.is_closing():
            asks.read_paused = True
            self.transport.pause_reading()

    def _be_patient(self) -> None:
        if self._waits is None:
            # Attack (slow loris): uvicorn waits for ever for the end of a request's head; some thousand of those and nobody gets in.
            self._waits = self.loop.call_later(PATIENCE, self._lose_patience)

    def _waited(self) -> None:
        if self._waits is not None:
            self._waits.cancel()
            self._waits = None

    def _lose_patience(self) -> None:
        self._waits = None
        self.knocks.told("slow")
        self.transport.abort()


def keep_little(tcp: socket.socket) -> None:
    """Asks the kernel not to hold much, nor for long, for one who does not read; where it knows how to."""
    for option, value in (("TCP_NOTSENT_LOWAT", UNSENT_MAX), ("TCP_USER_TIMEOUT", DEAF)):
        with suppress(AttributeError, OSError):  # no such option here, or the caller is gone already
            tcp.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def connection(knocks: Knocks) -> type[Connection]:
    """The protocol class for a server with these knocks."""
    return type("Connection", (Connection,), {"knocks": knocks})
