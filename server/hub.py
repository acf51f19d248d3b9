"""Who listens to which office, and what each is sent. One room an office; a frame is built once for each view and codec, and the same
bytes are written to every socket of both."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from board.events import Event
from board.fold import Board
from board.office import OfficeId
from board.times import Millis
from server import frames
from server.frames import Codec, Frame, Reconnect, View
from server.ticks import AT_ONCE, send_at, urgent

FRESH = 0.25  # s a built first frame is shared: a stampede builds four a second, and `now` in it is no older than that
KEPT_AT_ONCE = 64  # first frames; those who come back from one restart stood at a handful of offsets

Kind = tuple[View, Codec]
KINDS: list[Kind] = [(view, codec) for view in View for codec in Codec]


class Listener(Protocol):
    """One open socket. Nothing here waits: a listener that cannot take more is cut off, alone."""

    view: View
    codec: Codec
    session: str | None
    account: str | None

    @property
    def write(self) -> Callable[[Frame], object]:
        """Sends a frame; asked for once, when the listener joins, since it is called for every delivery."""

    @property
    def open(self) -> bool:
        """Whether it still listens."""

    def first(self, frame: Frame) -> None:
        """Sends its first frame, which may be larger than what it may lag behind later."""

    def pulse(self) -> None:
        """A turn of the beat: who has said nothing since the last one is cut off."""

    def close(self, code: int, last: Frame | None = None) -> None:
        """Closes it, after a last frame if there is one."""


class Room:
    """The listeners of one office, and the stream they are sent. `sent(deliveries, bytes)` is told of every frame."""

    def __init__(self, office: OfficeId, now: Callable[[], Millis], sent: Callable[[int, int], None]) -> None:
        self.office = office
        self._now, self._sent = now, sent
        # By kind: each listener and its `write`. A loop over the bound methods alone is what a delivery costs in Python.
        self._writes: dict[Kind, dict[Listener, Callable[[Frame], object]]] = {kind: {} for kind in KINDS}
        self._firsts: dict[tuple[View, Codec, int | None], tuple[float, Board, Frame]] = {}
        self._last_sent = time.monotonic() - AT_ONCE  # the first call need not wait either
        self._held: list[Event] = []
        self._held_after: tuple[str, int] = ("", 0)  # epoch and offset that the held events follow
        self._held_since = 0.0
        self._tick: asyncio.TimerHandle | None = None
        self._coming: list[tuple[Listener, Callable[[], None]]] = []

    def when_told(self, listener: Listener, enters: Callable[[], None]) -> None:
        """Lets the listener enter once everybody has been told what is held, so that each frame it gets follows the one before."""
        if self._held:
            self._coming.append((listener, enters))
        else:
            enters()

    def join(self, listener: Listener, board: Board, missed: Sequence[Event] | None, since: int) -> None:
        """Gives the listener its first frame and everything after it; nothing can slip between the two, since nothing here waits.

        `missed` are the events after `since`, or None when they are not all known: then it gets the whole board.
        """
        listener.first(self._first(listener.view, listener.codec, board, missed, since))
        self._writes[listener.view, listener.codec][listener] = listener.write

    def leave(self, listener: Listener) -> None:
        """The socket has gone, or is about to."""
        self._writes[listener.view, listener.codec].pop(listener, None)

    def tell(self, epoch: str, prev: int, events: Sequence[Event]) -> None:
        """A change, to everybody, at the end of the tick that it falls into."""
        now = time.monotonic()
        if not self._held:
            self._held_after, self._held_since = (epoch, prev), now
        self._held += events
        at = send_at(now, self._held_since, self._last_sent, urgent(self._held))
        if at <= now:
            self._flush()
        elif self._tick is None or urgent(events):
            self._end_tick()
            self._tick = asyncio.get_running_loop().call_later(at - now, self._flush)

    def restart(self, board: Board) -> None:
        """The numbering has begun anew: everybody gets the whole board, and what was held of the old numbering nobody."""
        self._end_tick()
        self._held = []
        self._firsts.clear()
        for view, codec in KINDS:
            if listeners := list(self._writes[view, codec]):
                frame = self._first(view, codec, board, None, 0)
                for listener in listeners:
                    listener.first(frame)
                self._sent(len(listeners), len(listeners) * len(frame))
        self._last_sent = time.monotonic()
        self._let_in()

    def beat_if_silent(self, board: Board, after: float) -> None:
        """A beat to everybody when nothing was sent for `after` seconds."""
        if not self._held and time.monotonic() - self._last_sent >= after:
            now = self._now()
            self._send_all(lambda _: frames.beat(board.epoch, board.offset, now))

    def cut(self, match: Callable[[Listener], bool], code: int, reconnect: Reconnect, after_ms: int = 0) -> int:
        """Says `bye` to the listeners that match, also to those about to enter, and closes them; how many they were."""
        chosen = [listener for listener in self.listeners() if match(listener)]
        for listener in chosen:
            listener.close(code, frames.encode(listener.codec, frames.bye(reconnect, after_ms)))
        return len(chosen)

    def listeners(self) -> list[Listener]:
        """Everybody who is here or about to enter, at this moment."""
        return [listener for writes in self._writes.values() for listener in writes] + [listener for listener, _ in self._coming]

    def count(self, view: View) -> int:
        """How many listen to this view."""
        return sum(len(self._writes[view, codec]) for codec in Codec)

    def send(self, view: View, codec: Codec, frame: Frame) -> None:
        """The same bytes to every listener of one kind."""
        writes = list(self._writes[view, codec].values())  # a write may end its own socket, which then leaves
        for write in writes:
            write(frame)
        self._sent(len(writes), len(writes) * len(frame))

    def _first(self, view: View, codec: Codec, board: Board, missed: Sequence[Event] | None, since: int) -> Frame:
        key, now = (view, codec, None if missed is None else since), time.monotonic()
        built = self._firsts.get(key)
        if built is None or built[1] is not board or now - built[0] > FRESH:
            if missed is None:
                frame = frames.snapshot(board, view, self._now())
            else:
                frame = frames.delta(board.epoch, since, missed, view, self._now())
            if len(self._firsts) >= KEPT_AT_ONCE:
                self._firsts.clear()
            built = self._firsts[key] = (now, board, frames.encode(codec, frame))
        return built[2]

    def _flush(self) -> None:
        """The tick is over: what is held is sent as one frame, and who waited for that enters."""
        self._end_tick()
        (epoch, prev), events, now = self._held_after, self._held, self._now()
        self._held = []
        self._send_all(lambda view: frames.delta(epoch, prev, events, view, now))
        self._let_in()

    def _let_in(self) -> None:
        coming, self._coming = self._coming, []
        for listener, enters in coming:
            if listener.open:
                enters()

    def _end_tick(self) -> None:
        if self._tick is not None:
            self._tick.cancel()
            self._tick = None

    def _send_all(self, build: Callable[[View], dict[str, Any]]) -> None:
        for view in View:
            kinds = [codec for codec in Codec if self._writes[view, codec]]
            if not kinds:
                continue
            built = build(view)
            for codec in kinds:
                self.send(view, codec, frames.encode(codec, built))
        self._last_sent = time.monotonic()
