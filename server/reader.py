"""What a client says on a live socket, parsed by websockets' own protocol. A reader lives only while a message is incomplete: 10,000
silent clients need none, and making one costs 20 µs."""

from __future__ import annotations

import logging

from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side

FRAME_MAX = 1024  # bytes a client may send in one message: it has nothing to say but pings
PIECES_MAX = 64  # frames of one message: empty ones are no way to keep a reader alive without end

# Attack: websockets tells of each connection that ends, so any stranger could fill the log.
SILENT = logging.getLogger("kayan.reader")
SILENT.setLevel(logging.CRITICAL)


class Reader(Protocol):
    """Bytes in, frames out. `broken` is the close code for a client that does not keep to the protocol, else None."""

    def __init__(self) -> None:
        super().__init__(Side.SERVER, max_size=FRAME_MAX, logger=SILENT)
        self._unread = 0  # bytes fed that no whole frame has accounted for yet
        self._pieces: list[bytes] = []
        self._is_text = False
        self.readable = True  # whether the last message, if text, was UTF-8

    def read(self, data: bytes) -> list[Frame]:
        """The frames that are complete with `data`."""
        self._unread += len(data)
        self.receive_data(data)
        found = [event for event in self.events_received() if isinstance(event, Frame)]
        self._unread -= sum(map(size, found))
        return found

    def message(self, frame: Frame) -> bytes | None:
        """The message that ends with this frame; None while it goes on, and for the protocol's own frames."""
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return None
        if frame.opcode is not Opcode.CONT:
            self._pieces, self._is_text = [], frame.opcode is Opcode.TEXT
        self._pieces.append(bytes(frame.data))
        if len(self._pieces) > PIECES_MAX:
            return b"".join(self._pieces)
        if not frame.fin:
            return None
        said = b"".join(self._pieces)
        self.readable = not self._is_text or is_utf8(said)
        return said

    @property
    def broken(self) -> int | None:
        """Why nothing more can be read, as a close code."""
        if self.parser_exc is None:
            return None
        return self.close_sent.code if self.close_sent is not None else 1006

    @property
    def rests(self) -> bool:
        """Whether it could be thrown away: everything said is complete."""
        return self._unread == 0 and self.current_size is None and self.parser_exc is None


def size(frame: Frame) -> int:
    """Bytes of a masked frame on the wire, written as short as it can be. One that a client wrote longer only keeps its reader alive."""
    length = len(frame.data)
    return 6 + length + (0 if length < 126 else 2 if length < 65536 else 8)


def is_utf8(said: bytes) -> bool:
    """Whether text is text."""
    try:
        said.decode()
    except UnicodeDecodeError:
        return False
    return True
