"""Who listens to which office, and what each is sent. One room an office; a frame is built once for each view and codec."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from board.events import Event
from board.fold import Board
from board.office import OfficeId
from board.times import Millis
from server import frames
from server.frames import Codec, Frame, Reconnect, View

SNAPSHOT_FRESH = 0.25  # s a built snapshot is shared: a stampede builds four a second, and `now` in it is no older than that

KINDS = [(view, codec) for view in View for codec in Codec]


class Listener(Protocol):
    """One open socket. `send` never waits: a listener that cannot take more is cut off, alone."""

    view: View
    codec: Codec
    session: str | None
    account: str | None

    def send(self, frame: Frame) -> None: ...

    def close(self, code: int, last: Frame | None = None) -> None: ...


class Room:
    """The listeners of one office, and the stream they are sent."""

    def __init__(self, office: OfficeId, now: Callable[[], Millis]) -> None:
        self.office = office
        self._now = now
        self._listeners: dict[tuple[View, Codec], set[Listener]] = {kind: set() for kind in KINDS}
        self._snapshots: dict[tuple[View, Codec], tuple[float, Board, Frame]] = {}
        self._last_sent = time.monotonic()

    def join(self, listener: Listener, board: Board, missed: Sequence[Event] | None, since: int) -> None:
        """Gives the listener its first frame and everything after it; nothing can slip between the two, since nothing here waits.

        `missed` are the events after `since`, or None when they are not all known: then it gets the whole board.
        """
        if missed is None:
            listener.send(self._snapshot(listener.view, listener.codec, board))
        else:
            gap = frames.delta(board.epoch, since, missed, listener.view, self._now())
            listener.send(frames.encode(listener.codec, gap))
        self._listeners[listener.view, listener.codec].add(listener)

    def leave(self, listener: Listener) -> None:
        """The socket has gone."""
        self._listeners[listener.view, listener.codec].discard(listener)

    def tell(self, epoch: str, prev: int, events: Sequence[Event]) -> None:
        """A change, to everybody."""
        now = self._now()
        self._send_all(lambda view: frames.delta(epoch, prev, events, view, now))

    def restart(self, board: Board) -> None:
        """The numbering has begun anew: everybody gets the whole board."""
        self._snapshots.clear()
        for view, codec in KINDS:
            if listeners := self._listeners[view, codec]:
                frame = self._snapshot(view, codec, board)
                for listener in tuple(listeners):
                    listener.send(frame)
        self._last_sent = time.monotonic()

    def beat_if_silent(self, board: Board, after: float) -> None:
        """A beat to everybody when nothing was sent for `after` seconds."""
        if time.monotonic() - self._last_sent >= after:
            now = self._now()
            self._send_all(lambda _: frames.beat(board.epoch, board.offset, now))

    def cut(self, match: Callable[[Listener], bool], code: int, reconnect: Reconnect, after_ms: int = 0) -> int:
        """Says `bye` to the listeners that match and closes them; how many they were."""
        chosen = [listener for listeners in self._listeners.values() for listener in listeners if match(listener)]
        for listener in chosen:
            listener.close(code, frames.encode(listener.codec, frames.bye(reconnect, after_ms)))
        return len(chosen)

    def count(self, view: View) -> int:
        """How many listen to this view."""
        return sum(len(self._listeners[view, codec]) for codec in Codec)

    def _snapshot(self, view: View, codec: Codec, board: Board) -> Frame:
        built = self._snapshots.get((view, codec))
        if built is None or built[1] is not board or time.monotonic() - built[0] > SNAPSHOT_FRESH:
            frame = frames.encode(codec, frames.snapshot(board, view, self._now()))
            built = self._snapshots[view, codec] = (time.monotonic(), board, frame)
        return built[2]

    def _send_all(self, build: Callable[[View], dict[str, Any]]) -> None:
        for view in View:
            kinds = [codec for codec in Codec if self._listeners[view, codec]]
            if not kinds:
                continue
            built = build(view)
            for codec in kinds:
                frame = frames.encode(codec, built)
                for listener in tuple(self._listeners[view, codec]):
                    listener.send(frame)
        self._last_sent = time.monotonic()
