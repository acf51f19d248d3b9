"""Tickets, counters and events for the tests of the pure rules; static/lib has the same words in tests/lib/visitors.js."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from board.counter import Counter, CounterState
from board.escalation import Escalation, EscalationId, EscalationState, Level
from board.events import Event, Kind
from board.office import CounterNumber, ServiceCode
from board.office import Kind as CounterKind
from board.ticket import State, Ticket, TicketId, TicketNumber
from board.times import Millis

TEN = Millis(1_795_485_600_000)  # 24 November 2026, 10.00 in Tanjung Selor
MINUTE = 60_000  # ms
PROMISE = 45 * MINUTE
ENDED = frozenset({State.DONE, State.SKIPPED, State.CANCELLED, State.EXPIRED})


def visitor(n: int, **facts: Any) -> Ticket:
    """A waiting visitor, the n-th of the day, who took a number n seconds after ten."""
    service = facts.pop("service", ServiceCode("A"))
    taken = facts.pop("taken_at", Millis(TEN + n * 1000))
    waiting = Ticket(
        id=TicketId(f"20261124-{n:05}"),
        number=TicketNumber(f"{service}{n:03}"),
        service=service,
        state=State.WAITING,
        taken_at=taken,
        deadline=Millis(taken + PROMISE),
        called_at=None,
        serving_at=None,
        ended_at=None,
        counter=None,
        priority=False,
        satker=None,
        via="phone",
        language="id",
        reason=None,
        verdict=None,
    )
    return replace(waiting, **facts)


def called(ticket: Ticket, at: int, counter: int = 1) -> Ticket:
    """The same visitor, called to a counter."""
    return replace(ticket, state=State.CALLED, called_at=Millis(at), counter=CounterNumber(counter))


def done(ticket: Ticket, at: int) -> Ticket:
    """The same visitor, after the service."""
    return replace(ticket, state=State.DONE, ended_at=Millis(at))


def counter(n: int, **facts: Any) -> Counter:
    """An open counter of the officer of the same number."""
    services = (ServiceCode("A"), ServiceCode("B"))
    return replace(Counter(CounterNumber(n), CounterState.OPEN, CounterKind.ORDINARY, services, None, f"officer-{n}"), **facts)


def escalation(ticket: Ticket, **facts: Any) -> Escalation:
    """The alert for this visitor, just raised."""
    raised = Escalation(
        id=EscalationId(f"e-{ticket.id}"),
        ticket=ticket.id,
        number=ticket.number,
        service=ticket.service,
        due_at=ticket.deadline,
        raised_at=ticket.deadline,
        level=Level.ON_DUTY,
        state=EscalationState.RAISED,
        accepted_by=None,
        accepted_at=None,
        counter=None,
        declined_by=(),
        answer_by=Millis(ticket.deadline + MINUTE),
    )
    return replace(raised, **facts)


def event(offset: int, kind: Kind, **carries: Any) -> Event:
    """An event of this kind; `carries` are ticket, counter, escalation, promise, or facts."""
    things = {name: carries.pop(name, None) for name in ("ticket", "counter", "escalation", "promise")}
    return Event(offset=offset, at=TEN, kind=kind, facts=carries, **things)


moments = st.integers(0, 5).map(lambda minute: Millis(TEN + minute * MINUTE))  # close together, so that ties are frequent


def _any_ticket(
    n: int, service: str, state: State, taken_at: Millis, called_at: Millis, ended_at: Millis, flags: tuple[bool, bool]
) -> Ticket:
    priority, left_uncalled = flags
    uncalled = state is State.WAITING or (state in {State.CANCELLED, State.EXPIRED} and left_uncalled)
    return visitor(
        n,
        service=ServiceCode(service),
        state=state,
        taken_at=taken_at,
        called_at=None if uncalled else called_at,
        ended_at=ended_at if state in ENDED else None,
        priority=priority,
    )


# Any ticket that could be on a board.
tickets = st.builds(
    _any_ticket,
    st.integers(1, 40),
    st.sampled_from("AB"),
    st.sampled_from(State),
    moments,
    moments,
    moments,
    st.tuples(st.booleans(), st.booleans()),
)
# Tickets of different visitors.
people = st.lists(tickets, max_size=20, unique_by=lambda t: t.id)
