"""From the journal to the room: reads every entry once, in order, folds it into the board and hands it on.

The hint only says "there is more"; the relay also looks every second, and so survives a hint that was lost. Each look begins with
the entry it saw last: when that is not there any more, byte for byte, the store was lost, restored or failed over with a lost
tail, and the numbering begins anew.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from redis.asyncio import Redis
from redis.exceptions import RedisError

from board.errors import StoreUnavailable
from board.events import Event
from board.fold import Board, empty, fold
from board.office import Office
from board.store.journal import Entry, Reading
from board.store.queue import Queue
from board.times import Millis
from server.frames import COME_BACK_WITHIN, RESTART, Reconnect
from server.hub import Listener, Room
from server.metrics import Metrics

log = logging.getLogger("kayan.relay")

LOOK_EVERY = 1.0  # s without a hint before the relay looks by itself; a lost hint costs no more than this
BEHIND_AFTER = 2.0  # s without the store after which the board is not shown as live any more
HISTORY = 5000  # events kept for clients that were away: more than a busy day of one office
BEAT_AFTER = 25.0  # s; proxies may drop a flow that is idle for 30. static/lib/socket.js waits twice as long


@dataclass(frozen=True, slots=True)
class Resume:
    """Where a client that was away stood."""

    epoch: str
    offset: int


class Relay:
    """The board of one office in this process, as new as the last entry read."""

    def __init__(self, queue: Queue, metrics: Metrics) -> None:
        self.queue = queue
        self.office: Office = queue.office
        self.room = Room(queue.office.id, self.now, metrics.sent)
        self._metrics = metrics
        self.board: Board = empty(queue.office)
        self.behind_since: float | None = time.monotonic()  # monotonic s since when the store does not answer; None: it does
        self._last: Entry | None = None
        self._history: deque[Event] = deque(maxlen=HISTORY)
        self._hint = asyncio.Event()
        self._reading = asyncio.Lock()
        self._skew = time.time() * 1000 - time.monotonic() * 1000

    def now(self) -> Millis:
        """The store's clock, as last read and carried on by this computer's monotonic one."""
        return Millis(int(time.monotonic() * 1000 + self._skew))

    @property
    def behind(self) -> bool:
        """Whether the store has been away for so long that the board may be wrong."""
        return self.behind_since is not None and time.monotonic() - self.behind_since > BEHIND_AFTER

    def hinted(self) -> None:
        """There is more in the journal."""
        self._hint.set()

    def since(self, epoch: str, offset: int) -> Sequence[Event] | None:
        """Every event after `offset`, or None when they are not all known: another epoch, too long ago, or ahead of us."""
        oldest = self._history[0].offset if self._history else self.board.offset + 1
        if epoch != self.board.epoch or not oldest - 1 <= offset <= self.board.offset:
            return None
        return [event for event in self._history if event.offset > offset]

    def lags(self, resume: Resume) -> bool:
        """Whether a client has seen more of this numbering than we have read."""
        return resume.epoch == self.board.epoch and resume.offset > self.board.offset

    def enter(self, listener: Listener, resume: Resume | None) -> None:
        """Gives a listener all that it missed or the whole board, and from then on every change."""
        self.room.when_told(listener, lambda: self._admit(listener, resume))

    def leaves(self, listener: Listener) -> None:
        """It is told nothing more."""
        self.room.leave(listener)

    def gone(self, listener: Listener, code: int) -> None:
        """Its socket is closed."""
        self._metrics.closed(code)

    def _admit(self, listener: Listener, resume: Resume | None) -> None:
        missed = self.since(resume.epoch, resume.offset) if resume else None
        self._metrics.joined("fresh" if resume is None else "snapshot" if missed is None else "gap")
        self.room.join(listener, self.board, missed, resume.offset if resume else 0)

    async def begin(self) -> None:
        """Reads the whole board. Raises StoreUnavailable."""
        await self.queue.new_epoch("")
        await self._reload()

    async def follow(self) -> None:
        """Until cancelled: reads what comes, tells the room, and says `beat` into silence."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._hint.wait()
            self._hint.clear()
            started = time.monotonic()
            try:
                async with asyncio.timeout(BEHIND_AFTER):  # a store that hangs is away, too, long before its connection says so
                    await self.catch_up()
            except (StoreUnavailable, TimeoutError):
                if self.behind_since is None:
                    self.behind_since = started
                    log.warning("the store does not answer; the board of %s stands still", self.office.id)
                if self.behind:
                    # A screen that stays connected would show an old board as a live one. Cut off, it says how old it is.
                    self.room.cut(lambda _: True, RESTART, Reconnect.SOON, COME_BACK_WITHIN)
                await asyncio.sleep(0.1)
                self._hint.set()  # not a second later, but as soon as the store is back
                continue
            if self.behind_since is not None:
                self.behind_since = None
                log.info("the board of %s is up to date at offset %d", self.office.id, self.board.offset)
            self.room.beat_if_silent(self.board, BEAT_AFTER)

    async def catch_up(self) -> None:
        """Reads what the journal has beyond the board. Raises StoreUnavailable."""
        async with self._reading:  # one reader at a time, so that no entry is told twice
            await self._read_on()

    async def _read_on(self) -> None:
        while True:
            seen = self.board.offset
            started = time.monotonic()
            reading = await self.queue.read(max(seen, 1))
            self._keep_time(reading.now, started)
            fresh = self._continues(reading)
            if fresh is None:
                log.error("the journal of %s is not the one that was read: a new epoch begins", self.office.id)
                await self.queue.new_epoch(self.board.epoch)
                await self._reload()
                self.room.restart(self.board)
                return
            if fresh:
                self._tell(seen, fresh)
            if self.board.offset >= reading.top:
                return

    def _continues(self, reading: Reading) -> Sequence[Entry] | None:
        """The entries after the one seen last; None when the journal no longer holds that one, or has a hole."""
        entries = reading.entries
        if reading.epoch != self.board.epoch:
            return None
        if self._last is not None:
            if not entries or entries[0] != self._last:
                return None
            entries = entries[1:]
        expected = range(self.board.offset + 1, self.board.offset + 1 + len(entries))
        return entries if all(e.offset == n for e, n in zip(entries, expected, strict=True)) else None

    def _tell(self, seen: int, entries: Sequence[Entry]) -> None:
        events = [entry.event() for entry in entries]
        for event in events:
            self.board = fold(self.board, event)
        self._history.extend(events)
        self._last = entries[-1]
        self.room.tell(self.board.epoch, seen, events)

    async def _reload(self) -> None:
        started = time.monotonic()
        board, now = await self.queue.snapshot()
        self._keep_time(now, started)
        first = max(1, board.offset - HISTORY + 1)
        reading = await self.queue.read(first, HISTORY)
        known = [entry for entry in reading.entries if entry.offset <= board.offset]
        self._history = deque((entry.event() for entry in known), HISTORY)
        self._last = known[-1] if known else None
        # Before the first event the script has no epoch to say; the one just begun holds.
        self.board = board if board.epoch else replace(board, epoch=reading.epoch)
        self.behind_since = None

    def _keep_time(self, store_now: Millis, started: float) -> None:
        middle = (started + time.monotonic()) / 2
        self._skew = store_now - middle * 1000


async def listen_for_hints(client: Redis, relays: Mapping[str, Relay]) -> None:
    """Until cancelled: one subscription for all offices; `relays` by the name of the hint's channel. The client is this
    coroutine's own, without a socket timeout: a quiet office says nothing for hours."""
    while True:
        try:
            async with client.pubsub(ignore_subscribe_messages=True) as subscription:
                await subscription.subscribe(*relays)
                for relay in relays.values():
                    relay.hinted()
                async for message in subscription.listen():
                    if (hinted := relays.get(message["channel"].decode())) is not None:
                        hinted.hinted()
        except (RedisError, OSError) as why:
            log.warning("no hints from the store (%s); looking every %.0f s meanwhile", type(why).__name__, LOOK_EVERY)
            await asyncio.sleep(0.25)
