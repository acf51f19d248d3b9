"""A live socket after its hand-shake: the transport's own protocol. No task, no queue, no parser while the client is silent: an idle
one costs 2 KiB (tests/bench), where an endpoint left running costs 24."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol as Interface
from typing import cast

from websockets.frames import Frame as WireFrame
from websockets.frames import Opcode

from server.frames import GONE, NONSENSE, NOT_TEXT, PING, TOO_SLOW, Codec, Frame, View, closing
from server.reader import Reader

BUFFER_CAP = 256 * 1024  # bytes unsent; beyond it a snapshot is smaller than the backlog
CLOSE_WITHIN = 1.0  # s for the last frame of a socket that is cut off, and for the client's answer; then its transport is dropped
SAY_MAX = 1000  # frames a client may send between two pulses; it has nothing to say but pings
PONG = bytes([0x80 | Opcode.PONG, 0x80])  # how a pong without payload begins; four bytes of mask follow


class Home(Interface):
    """Where a socket belongs: told when it leaves, and when it has gone. `code`: how it was closed, by us or by the client."""

    def leaves(self, listener: LiveSocket) -> None: ...

    def gone(self, listener: LiveSocket, code: int) -> None: ...


class LiveSocket(asyncio.Protocol):
    """One listener. `session` and `account` are staff's."""

    __slots__ = ("_code", "_heard", "_home", "_reader", "_said", "_timer", "_transport", "account", "codec", "session", "view")

    def __init__(self, home: Home, view: View, codec: Codec, session: str | None = None, account: str | None = None) -> None:
        self.view, self.codec, self.session, self.account = view, codec, session, account
        self._home = home
        self._transport: asyncio.Transport | None = None
        self._reader: Reader | None = None
        self._code: int | None = None  # once it is closed by us or by the client
        self._heard, self._said = True, 0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def write(self) -> Callable[[Frame], object]:
        """Straight to the transport, which sends or keeps the shared bytes."""
        return self._open_transport().write

    @property
    def open(self) -> bool:
        """Whether neither side has ended it."""
        return self._code is None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The hand-shake is over and the transport is ours."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=BUFFER_CAP)

    def first(self, frame: Frame) -> None:
        """The cap counts what comes after the first frame: a board of thousands is larger than it."""
        transport = self._open_transport()
        transport.set_write_buffer_limits(high=BUFFER_CAP + len(frame))
        transport.write(frame)

    def pause_writing(self) -> None:
        """The buffer is over its cap: this client is cut off, before it holds memory or others up."""
        self.close(TOO_SLOW)

    def pulse(self) -> None:
        """Cuts off who has not answered the last ping, and sends the next."""
        if not self._heard:
            self.close(TOO_SLOW)
        elif self.open:
            self._heard, self._said = False, 0
            self._open_transport().write(PING)

    def close(self, code: int, last: Frame | None = None) -> None:
        """Says the last frame and why, and waits a moment for the client's answer."""
        if self.open:
            self._end(code, (last or b"") + closing(code))

    def data_received(self, data: bytes) -> None:
        """What the client says: pongs, pings, its goodbye. Everything else closes it."""
        self._heard = True
        # What nearly all clients ever say is the answer to our ping, and 10,000 of them say it every few seconds: 0.3 µs instead of 30.
        if self._reader is None and len(data) == 6 and data.startswith(PONG):
            return
        reader = self._reader or Reader()
        for frame in reader.read(data):
            self._hear(reader, frame)
        if self.open and reader.broken is not None:
            self._end(reader.broken, b"".join(reader.data_to_send()))
        elif self.open and (answer := b"".join(reader.data_to_send())):
            self._open_transport().write(answer)
        self._reader = None if reader.rests else reader

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone, however it went."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        code, self._code = self._code, self._code or GONE
        self._home.leaves(self)
        self._home.gone(self, code or GONE)
        self._transport = self._reader = None

    def _hear(self, reader: Reader, frame: WireFrame) -> None:
        if frame.opcode is Opcode.CLOSE:
            if self.open:
                assert reader.close_rcvd is not None
                self._end(reader.close_rcvd.code, b"".join(reader.data_to_send()))
            self._open_transport().close()
        if not self.open:
            return
        self._said += 1
        if self._said > SAY_MAX:
            self.close(NONSENSE)
        said = reader.message(frame)
        if said is not None and said != b"ping":  # a browser cannot send the protocol's own pings
            self.close(NONSENSE if reader.readable else NOT_TEXT)

    def _end(self, code: int, last_words: Frame) -> None:
        """Nothing more is sent, and what is still said is not listened to, until the client hangs up or the moment is over."""
        self._code = code
        self._home.leaves(self)
        transport = self._open_transport()
        if last_words and not transport.is_closing():
            transport.write(last_words)
        self._timer = asyncio.get_running_loop().call_later(CLOSE_WITHIN, transport.abort)

    def _open_transport(self) -> asyncio.Transport:
        assert self._transport is not None
        return self._transport
