"""Histories of an office and the ways in which frames may bring them, made from bytes so that hypothesis draws thousands in seconds and
still finds the smallest that goes wrong: fewer bytes are fewer things that happen, a zero is the plainest of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from board.counter import CounterState
from board.escalation import EscalationState, Level
from board.events import STAFF_ONLY, Event, Kind
from board.fold import LAST_CALLED, Board, empty, fold
from board.guarantee import Promise
from board.office import ServiceCode
from board.ticket import State, Ticket
from board.times import Millis
from server import frames
from server.frames import View
from tests.office import FILE
from tests.visitors import ENDED, MINUTE, TEN, called, counter, done, escalation, event, visitor

Thing = TypeVar("Thing")
EPOCH = "e1"
# How an office moves its visitors on: what happens, from where, to where.
MOVES = (
    (Kind.TICKET_CALLED, State.WAITING, State.CALLED),
    (Kind.TICKET_SERVING, State.CALLED, State.SERVING),
    (Kind.TICKET_DONE, State.SERVING, State.DONE),
    (Kind.TICKET_RECALLED, State.CALLED, State.CALLED),
    (Kind.TICKET_SKIPPED, State.CALLED, State.SKIPPED),
    (Kind.TICKET_RETURNED, State.SKIPPED, State.WAITING),
    (Kind.TICKET_HELD, State.SERVING, State.HELD),
    (Kind.TICKET_RESUMED, State.HELD, State.SERVING),
    (Kind.TICKET_TRANSFERRED, State.SERVING, State.WAITING),
    (Kind.TICKET_CANCELLED, State.WAITING, State.CANCELLED),
    (Kind.TICKET_EXPIRED, State.WAITING, State.EXPIRED),
)
ALERTS = {
    Kind.ESCALATION_RAISED: EscalationState.RAISED,
    Kind.ESCALATION_ACCEPTED: EscalationState.ACCEPTED,
    Kind.ESCALATION_LAPSED: EscalationState.LAPSED,
    Kind.ESCALATION_RESOLVED: EscalationState.RESOLVED,
    Kind.ESCALATION_WITHDRAWN: EscalationState.WITHDRAWN,
}
ODD = [kind for kind in Kind if kind not in STAFF_ONLY]  # may carry anything; what a view hides must change nothing there


class Dice:
    """Choices out of bytes; when they are used up, every choice is the first."""

    def __init__(self, data: bytes) -> None:
        self._rolls = iter(data)
        self.left = len(data)

    def more(self) -> bool:
        """Whether anything else happens; nothing does when this is a zero."""
        return self.left > 0 and self.roll(256) > 0

    def roll(self, sides: int) -> int:
        self.left -= 1
        return next(self._rolls, 0) % sides

    def pick(self, things: Sequence[Thing]) -> Thing:
        return things[self.roll(len(things))]


class Unheard(Event):
    """An event of a kind that only a later version knows; it carries things that would change an older board."""

    __slots__ = ()

    def _view(self, names: tuple[str, ...], view: str) -> dict[str, Any]:
        return {**super()._view(names, view), "kind": "visitor.thanked", "thanks": ["terima", "kasih"]}


@dataclass
class History:
    """What happened: `events[n - 1]` has offset n, and `boards[n]` is the board after it."""

    events: list[Event]
    boards: list[Board]


def history(data: bytes) -> History:
    """An office's history: mostly as an office goes, sometimes as none would."""
    dice = Dice(data)
    board = replace(empty(FILE, EPOCH), day="2026-11-24", tickets=_have_left(dice.roll(3) * (LAST_CALLED // 2)))
    told = History([], [board])
    while dice.more():
        found = _happens(told.boards[-1], len(told.boards), dice)
        if found is None:
            continue
        before = told.boards[-1]
        told.events.append(found)
        told.boards.append(replace(before, offset=found.offset) if isinstance(found, Unheard) else fold(before, found))
    return told


def _have_left(many: int) -> dict[Any, Ticket]:
    return {t.id: t for t in (done(called(visitor(n), TEN + n // 2), TEN + n) for n in range(60, 60 + many))}


def _happens(board: Board, offset: int, dice: Dice) -> Event | None:
    """What comes next, or nothing."""
    what = dice.roll(16)
    if what < 4:
        return event(offset, Kind.TICKET_TAKEN, ticket=_newcomer(dice))
    if what < 10:
        return _moves(board, offset, dice)
    if what == 10:
        states = {
            Kind.COUNTER_OPENED: CounterState.OPEN,
            Kind.COUNTER_PAUSED: CounterState.PAUSED,
            Kind.COUNTER_CLOSED: CounterState.CLOSED,
        }
        kind = dice.pick(list(states))
        return event(offset, kind, counter=counter(dice.roll(6) + 1, state=states[kind]))
    if what == 11:
        return _alerts(board, offset, dice)
    if what == 12:
        return _declines(board, offset, dice)
    if what == 13:
        kind = dice.pick((Kind.GUARANTEE_WARNED, Kind.DAY_CLOSED, Kind.DAY_OPENED))
        return event(offset, kind, **({} if kind is Kind.GUARANTEE_WARNED else {"day": f"2026-11-{dice.roll(6) + 24}"}))
    odd = event(offset, dice.pick(ODD), **_anything(dice), day="2026-11-30", reason="wind")
    return odd if what == 14 else Unheard(odd.offset, odd.at, odd.kind, odd.ticket, odd.counter, odd.escalation, odd.promise, odd.facts)


def _newcomer(dice: Dice) -> Ticket:
    facts = {"service": ServiceCode(dice.pick("ABCD")), "priority": dice.roll(4) == 3, "satker": dice.pick((None, "527010"))}
    return visitor(dice.roll(40) + 1, **facts)


def _moves(board: Board, offset: int, dice: Dice) -> Event | None:
    kind, before, after = dice.pick(MOVES)
    there = [t for key in sorted(board.tickets) if (t := board.tickets[key]).state is before]
    if not there:
        return None
    ticket = _moved(dice.pick(there), after, Millis(TEN + offset // 3 * 1000), dice.roll(5) + 1)
    at_counter = ticket.id if after in {State.CALLED, State.SERVING} else None
    where = counter(dice.roll(5) + 1, ticket=at_counter)
    return event(offset, kind, ticket=ticket, counter=where, promise=_promise(dice) if after in ENDED else None)


def _moved(ticket: Ticket, to: State, at: Millis, counter_number: int) -> Ticket:
    if to is State.CALLED:
        ticket = called(ticket, at, counter_number)
    if to is State.SERVING:
        ticket = replace(ticket, serving_at=ticket.serving_at or at)
    if to is State.WAITING:
        ticket = replace(ticket, called_at=None, counter=None, service=ServiceCode("B"))
    return replace(ticket, state=to, ended_at=at if to in ENDED else None)


def _alerts(board: Board, offset: int, dice: Dice) -> Event | None:
    if not board.tickets:
        return None
    kind = dice.pick(list(ALERTS))
    ticket = board.tickets[dice.pick(sorted(board.tickets))]
    level = dice.pick(list(Level))
    alert = escalation(ticket, state=ALERTS[kind], level=level, raised_at=Millis(ticket.deadline + dice.roll(4) * MINUTE))
    return event(offset, kind, escalation=alert, by="officer-1")


def _declines(board: Board, offset: int, dice: Dice) -> Event | None:
    """Between colleagues: in the public view nothing changes."""
    if not board.escalations:
        return None
    alert = board.escalations[dice.pick(sorted(board.escalations))]
    return event(offset, Kind.ESCALATION_DECLINED, escalation=replace(alert, declined_by=(*alert.declined_by, f"officer-{dice.roll(5)}")))


def _promise(dice: Dice) -> Promise:
    return Promise(dice.roll(9), dice.roll(3), dice.roll(3))


def _anything(dice: Dice) -> dict[str, Any]:
    ticket = _moved(_newcomer(dice), dice.pick(list(State)), Millis(TEN + dice.roll(5) * 1000), 1)
    if dice.roll(2):
        ticket = replace(ticket, called_at=None if ticket.called_at else TEN)
    things = {
        "ticket": ticket,
        "counter": counter(dice.roll(6) + 1, state=dice.pick(list(CounterState)), ticket=dice.pick((None, ticket.id))),
        "escalation": escalation(ticket, state=dice.pick(list(EscalationState))),
        "promise": _promise(dice),
    }
    return {name: thing for name, thing in things.items() if dice.roll(3) < 2}


@dataclass(frozen=True)
class Piece:
    """One frame on its way: a snapshot of the board at `to`, a delta from `prev` to `to`, a beat at `to`, or one of a later version."""

    t: str
    to: int = 0
    prev: int = 0
    epoch: str = EPOCH

    def frame(self, told: History, view: View) -> dict[str, Any]:
        """As the server builds it."""
        match self.t:
            case "snapshot":
                return frames.snapshot(told.boards[self.to], view, TEN)
            case "delta":
                return frames.delta(self.epoch, self.prev, told.events[self.prev : self.to], view, TEN)
            case "beat":
                return frames.beat(self.epoch, self.to, TEN)
            case _:
                return {"t": self.t, "epoch": self.epoch, "offset": self.to, "now": TEN}

    def does(self, at: int | None) -> str:
        """What the contract says that it does to a client at this offset (None: that has nothing yet)."""
        if self.t == "snapshot":
            return "show"
        if self.t not in ("delta", "beat"):
            return "ignore"
        if at is None or self.epoch != EPOCH:
            return "afresh"
        if self.t == "beat":
            return "ignore" if self.to == at else "resume"
        return "ignore" if self.to <= at else "resume" if self.prev > at else "show"


def delivery(told: History, data: bytes) -> list[Piece]:
    """Frames that bring a history, split and merged anywhere: some overlap, some come twice, some are missing."""
    dice, at, pieces = Dice(data), 0, [Piece("snapshot")]
    top = len(told.events)
    while dice.more():
        what = dice.roll(16)
        if what < 9:  # what follows, and perhaps some of what was seen before it
            prev = max(0, at - (dice.roll(4) if what > 4 else 0))
            piece = Piece("delta", min(top, at + dice.roll(6) + 1), prev)
        elif what < 11:  # anything: often seen before, or with a hole in front
            prev = dice.roll(top + 1)
            piece = Piece("delta", min(top, prev + dice.roll(6)), prev)
        elif what < 13:
            piece = Piece("snapshot", dice.roll(top + 1))
        elif what == 13:
            piece = Piece("beat", dice.pick((at, at, dice.roll(top + 1))), epoch=dice.pick((EPOCH, EPOCH, "e0")))
        elif what == 14:
            piece = Piece("delta", top, at, "e0")
        else:
            piece = Piece("hologram", top)
        pieces.append(piece)
        at = piece.to if piece.does(at) == "show" else at
    return pieces if len(data) % 8 else pieces[1:]  # some clients have nothing when their first frame comes


def outcome(told: History, pieces: Sequence[Piece], view: View) -> dict[str, Any]:
    """What a client that keeps to the contract has done at each frame (with the offset it then stands at, and those of the events that
    it told its page), and what it shows in the end."""
    at: int | None = None
    did: list[list[Any]] = []
    for piece in pieces:
        does = piece.does(at)
        fresh = told.events[at or 0 : piece.to] if does == "show" and piece.t == "delta" else []
        at = piece.to if does == "show" else at
        did.append([does, at, [e.offset for e in fresh if view is View.STAFF or e.kind not in STAFF_ONLY]])
    shown = None if at is None else told.boards[at].view(view is View.STAFF, TEN)
    if shown:
        shown.pop("now")
    return {"did": did, "board": shown}
