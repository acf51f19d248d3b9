"""The office's journal as it is read: the snapshot to begin with, then every entry after it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from board.counter import Counter
from board.escalation import OPEN, Escalation
from board.events import Event, parse
from board.fold import Board, empty
from board.guarantee import Promise
from board.office import Office
from board.ticket import Ticket
from board.times import Millis


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the store holds it: `raw` is compared, byte for byte, to notice a store that was restored."""

    offset: int
    raw: bytes

    def event(self) -> Event:
        """The entry, parsed."""
        return parse(self.offset, self.raw)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a look at the journal found: the epoch, the newest offset, the store's time, and the entries from the one asked for on."""

    epoch: str
    top: int
    now: Millis
    entries: tuple[Entry, ...]


def entries_of(reply: Sequence[tuple[bytes, dict[bytes, bytes]]]) -> tuple[Entry, ...]:
    """XRANGE's reply as entries; an id is `{offset}-0`."""
    return tuple(Entry(int(key.split(b"-")[0]), fields[b"e"]) for key, fields in reply)


def board_of(office: Office, reply: Sequence[object]) -> tuple[Board, Millis]:
    """The board from the reply of snapshot.lua, by the same rule as the fold: those not ended and the last called."""
    now, meta, tickets, counters, escalations, called = reply
    assert isinstance(now, int)
    assert isinstance(meta, list)
    assert isinstance(tickets, list)
    assert isinstance(counters, list)
    assert isinstance(escalations, list)
    assert isinstance(called, list)
    known = dict(zip(meta[::2], meta[1::2], strict=True))
    recent = {member.decode() for member in called}
    all_tickets = [Ticket.of(json.loads(text)) for text in tickets]
    opened = [Counter.of(json.loads(text)) for text in counters]
    raised = [Escalation.of(json.loads(text)) for text in escalations]
    board = empty(office, known.get(b"epoch", b"").decode())
    day = known.get(b"day")
    return replace(
        board,
        offset=int(known.get(b"offset", 0)),
        day=day.decode() if day else None,
        promise=Promise(*(int(known.get(name, 0)) for name in (b"kept", b"broken", b"excused"))),
        tickets={t.id: t for t in all_tickets if t.ended_at is None or t.id in recent},
        counters={**board.counters, **{c.counter: c for c in opened}},
        escalations={e.id: e for e in raised if e.state in OPEN},
    ), Millis(now)
