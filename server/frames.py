"""The frames of the live stream, as maps and as bytes. Each is encoded once for a view and a codec and shared by every socket of both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import msgpack

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
RESUME_REFUSED, TOO_SLOW, NOT_ALLOWED, NONSENSE, RESTART = 4001, 4008, 4401, 1008, 1012
COME_BACK_WITHIN = 2000  # ms; clients come back at a random moment in it, so that they do not all knock at once
GONE = 1006  # the other side or the network; never sent, only counted

Frame = bytes | str


def encode(codec: Codec, frame: dict[str, Any]) -> Frame:
    """Binary for msgpack, text for JSON: the type tells the socket which kind of message to send."""
    if codec is Codec.JSON:
        return json.dumps(frame, separators=(",", ":"), ensure_ascii=False)
    packed: bytes = msgpack.packb(frame)
    return packed


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
