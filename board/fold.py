"""(board, event) -> board: the one way in which what happened becomes what is shown. The browser has the same fold in
static/lib/board.js; the store's snapshot follows the same rule; shared vectors and a whole day hold them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from board.counter import Counter
from board.escalation import OPEN, Escalation, EscalationId
from board.events import Event, Kind
from board.guarantee import Promise
from board.office import CounterNumber, Office, OfficeId
from board.ticket import Ticket, TicketId, called_order
from board.times import Millis

LAST_CALLED = 20  # contract, section 3: the board keeps the tickets that have not ended and the last 20 called


@dataclass(frozen=True, slots=True)
class Board:
    """What an office's queue looks like after the event number `offset` of `epoch`. `day` is None while the office's day is closed."""

    office: OfficeId
    epoch: str
    offset: int
    day: str | None = None
    promise: Promise = field(default_factory=Promise)
    tickets: Mapping[TicketId, Ticket] = field(default_factory=dict)
    counters: Mapping[CounterNumber, Counter] = field(default_factory=dict)
    escalations: Mapping[EscalationId, Escalation] = field(default_factory=dict)

    def view(self, staff: bool, now: Millis) -> dict[str, Any]:
        """The snapshot as the wire carries it, for staff or for everybody."""
        shown = "staff" if staff else "public"
        return {
            "epoch": self.epoch,
            "offset": self.offset,
            "now": now,
            "office": self.office,
            "day": self.day,
            "promise": self.promise.public(),
            "tickets": [getattr(self.tickets[key], shown)() for key in sorted(self.tickets)],
            "counters": [getattr(self.counters[number], shown)() for number in sorted(self.counters)],
            "escalations": [getattr(e, shown)() for e in sorted(self.escalations.values(), key=lambda e: (e.due_at, e.id))],
        }


def empty(office: Office, epoch: str = "") -> Board:
    """The board before the first event: every counter of the office file, closed."""
    return Board(office.id, epoch, 0, counters={plan.counter: Counter.planned(plan) for plan in office.counters})


def fold(board: Board, event: Event) -> Board:
    """The board after `event`. The caller sees to it that no event is missing or doubled."""
    match event.kind:
        case Kind.DAY_OPENED:
            return replace(board, offset=event.offset, day=event.facts["day"], promise=Promise(), tickets={}, escalations={})
        case Kind.DAY_CLOSED:
            return replace(board, offset=event.offset, day=None)
        case _:
            return _put(board, event)


def _put(board: Board, event: Event) -> Board:
    tickets, counters, escalations = board.tickets, board.counters, board.escalations
    if event.ticket is not None:
        tickets = _with(tickets, event.ticket)
    if event.counter is not None:
        counters = {**counters, event.counter.counter: event.counter}
    if event.escalation is not None:
        escalations = {**escalations, event.escalation.id: event.escalation}
        if event.escalation.state not in OPEN:
            del escalations[event.escalation.id]
    return Board(board.office, board.epoch, event.offset, board.day, event.promise or board.promise, tickets, counters, escalations)


def _with(tickets: Mapping[TicketId, Ticket], ticket: Ticket) -> Mapping[TicketId, Ticket]:
    """With this one, and without the ended ones that are no longer among the last called."""
    now = {**tickets, ticket.id: ticket}
    if ticket.called_at is None and ticket.ended_at is None:
        return now  # who takes a number or goes back into the line pushes nobody out
    # Measured (tests/bench/line.py): a line may be 10,000 long, and the board is folded by every server. So nothing is sorted or built
    # anew but the few who were called.
    ended = [t.id for t in now.values() if t.ended_at is not None]
    if ended:
        called = sorted([t for t in now.values() if t.called_at is not None], key=called_order)
        for old in set(ended).difference([t.id for t in called[-LAST_CALLED:]]):
            del now[old]
    return now
