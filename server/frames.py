"""The frames of the live stream, as maps and as the bytes of the wire. Each is encoded once for a view and a codec, WebSocket header
and all, and every socket of both is written the same bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import msgpack
from websockets.frames import Close, Opcode
from websockets.frames import Frame as WireFrame

from board.events import Event
from board.fold import Board
from board.times import Millis


class View(StrEnum):
    """What a listener may see."""

    PUBLIC = "public"
    STAFF = "staff"


class Codec(StrEnum):
    """How a frame is written; the value is the WebSocket subprotocol that asks for it."""

    MSGPACK = "kayan.v1"
    JSON = "kayan.v1.json"


class Reconnect(StrEnum):
    """What `bye` tells the client to do."""

    SOON = "soon"
    LATER = "later"
    NEVER = "never"


# Close codes, contract section 4.
RESUME_REFUSED, TOO_SLOW, NOT_ALLOWED, RESTART = 4001, 4008, 4401, 1012
NONSENSE, NOT_TEXT = 1008, 1007  # RFC 6455, section 7.4.1
COME_BACK_WITHIN = 1000  # ms; clients come back at a random moment in it, so that they do not all knock at once
GONE = 1006  # the other side or the network; never sent, only counted

Frame = bytes  # as it is on the wire: header and payload, unmasked, in one piece
PING: Frame = WireFrame(Opcode.PING, b"").serialize(mask=False)


def encode(codec: Codec, frame: dict[str, Any]) -> Frame:
    """A binary message for msgpack, a text message for JSON."""
    if codec is Codec.JSON:
        text = json.dumps(frame, separators=(",", ":"), ensure_ascii=False).encode()
        return WireFrame(Opcode.TEXT, text).serialize(mask=False)
    return WireFrame(Opcode.BINARY, msgpack.packb(frame)).serialize(mask=False)


def closing(code: int) -> Frame:
    """The protocol's own last word."""
    return WireFrame(Opcode.CLOSE, Close(code, "").serialize()).serialize(mask=False)


def message(frame: Frame) -> bytes | str:
    """The payload of a frame that `encode` made, for a server that writes headers of its own: bytes if binary, else text."""
    header = 2 + {126: 2, 127: 8}.get(frame[1], 0)
    payload = frame[header:]
    return payload.decode() if frame[0] & 0x0F == Opcode.TEXT else payload


def snapshot(board: Board, view: View, now: Millis) -> dict[str, Any]:
    """The whole board."""
    shown = board.view(view is View.STAFF, now)
    return {"t": "snapshot", "epoch": board.epoch, "offset": board.offset, "now": now, "board": shown}


def delta(epoch: str, prev: int, events: Sequence[Event], view: View, now: Millis) -> dict[str, Any]:
    """The events after `prev`. Those hidden from the view are left out, and `offset` still counts them: no hole is mistaken."""
    shown = [e.staff() for e in events] if view is View.STAFF else [p for e in events if (p := e.public()) is not None]
    return {"t": "delta", "epoch": epoch, "prev": prev, "offset": events[-1].offset if events else prev, "now": now, "events": shown}


def beat(epoch: str, offset: int, now: Millis) -> dict[str, Any]:
    """Nothing has happened, and the line stands."""
    return {"t": "beat", "epoch": epoch, "offset": offset, "now": now}


def bye(reconnect: Reconnect, after_ms: int) -> dict[str, Any]:
    """The server is about to close; `after` in ms."""
    return {"t": "bye", "reconnect": reconnect.value, "after": after_ms}
