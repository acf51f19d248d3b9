"""An office as it should be, in plain Python and without a store: what each button makes of everybody, or which refusal it gets.

The tests press the same buttons here and in the real store, and compare.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any, NoReturn

from board import errors
from board.calendar import day_at, day_of
from board.counter import Counter, CounterState
from board.guarantee import Promise, deadline, verdict
from board.office import CounterNumber, Kind, Office, ServiceCode
from board.order import place, waiting
from board.ticket import State, Ticket, TicketId, TicketNumber
from board.times import Millis

AT_A_COUNTER = (State.CALLED, State.SERVING)


class Refused(Exception):
    """The button is refused; `kind` is the refusal's class."""

    def __init__(self, kind: type[errors.Refusal]) -> None:
        super().__init__(kind.__name__)
        self.kind = kind


def refuse(kind: type[errors.Refusal]) -> NoReturn:
    raise Refused(kind)


class Model:
    """`tickets` are those of the day, ended ones too. `entered` says when each last came into the line. `alarmed` has those who wait
    with an open alert, longest due first at a reserve counter: the test tells it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.now = Millis(0)
        self.day: date | None = None
        self.numbered: date | None = None
        self.promise = Promise()
        self.tickets: dict[TicketId, Ticket] = {}
        self.entered: dict[TicketId, Millis] = {}
        self.given: Tally[str] = Tally()
        self.desks = {int(plan.counter): Counter.planned(plan) for plan in office.counters}
        self.alarmed: Collection[TicketId] = ()

    def live(self) -> list[Ticket]:
        """Who has no end yet."""
        return [t for t in self.tickets.values() if t.ended_at is None]

    # The day

    def turns(self) -> None:
        """What a visitor or a watcher finds due to be opened or closed."""
        if self.day is not None:
            mine = day_of(self.office.hours, self.day)
            assert mine.expires_at is not None
            assert mine.closes_at is not None
            if self.now >= mine.expires_at or (self.now >= mine.closes_at and not self.live()):
                self._ends()
        today = day_at(self.office.hours, self.now)
        if self.day is None and today.opens_at is not None and today.closes_at is not None and today.opens_at <= self.now < today.closes_at:
            assert self.numbered != today.day, "the calendar of this model has one opening a day"
            self.day = self.numbered = today.day
            self.promise, self.tickets, self.entered, self.given = Promise(), {}, {}, Tally()

    def _ends(self) -> None:
        for ticket in self.live():
            state = State.DONE if ticket.state is State.SERVING else State.EXPIRED
            reason = ticket.reason if state is State.DONE else "day_closed"
            self._keep(replace(ticket, state=state, ended_at=self.now, reason=reason), state, self.now)
        for number, desk in self.desks.items():
            if desk.state is not CounterState.CLOSED:
                self.desks[number] = replace(desk, state=CounterState.CLOSED, ticket=None, officer=None)
        self.day = None

    # Visitors

    def takes(self, service: ServiceCode, priority: bool) -> Ticket:
        self.turns()
        today = day_at(self.office.hours, self.now)
        if not any(begins <= self.now < ends for begins, ends in today.takes):
            refuse(errors.OfficeClosed)
        self.given[service] += 1
        ticket = Ticket(
            id=TicketId(f"{today.day:%Y%m%d}-{len(self.tickets) + 1:05}"),
            number=TicketNumber(f"{service}{self.given[service]:03}"),
            service=service,
            state=State.WAITING,
            taken_at=self.now,
            deadline=deadline(self.now, self.office.guarantee),
            called_at=None,
            serving_at=None,
            ended_at=None,
            counter=None,
            priority=priority,
            satker=None,
            via="phone",
            language="id",
            reason=None,
            verdict=None,
        )
        return self._enters(ticket)

    def cancels(self, id_: TicketId) -> Ticket:
        ticket = self.tickets.get(id_) or refuse(errors.UnknownTicket)
        if ticket.state not in (State.WAITING, State.CALLED, State.HELD):
            refuse(errors.WrongState)
        if ticket.state is State.CALLED:
            assert ticket.counter is not None
            self._free(ticket.counter)
        return self._keep(replace(ticket, state=State.CANCELLED, ended_at=self.now), State.CANCELLED, self.now)

    # Officers

    def opens(self, counter: int, by: str, services: tuple[ServiceCode, ...] | None, over: bool) -> None:
        desk = self.desks[counter]
        closed = desk.state is CounterState.CLOSED
        plan = self.office.counter(counter)
        assert plan is not None
        if not closed and desk.officer != by and not over:
            refuse(errors.CounterTaken)
        if desk.state is CounterState.OPEN and desk.officer == by and services in (None, desk.services):
            refuse(errors.CounterAlreadyOpen)
        after = services or (plan.services if closed else desk.services)
        self.desks[counter] = replace(desk, state=CounterState.OPEN, officer=by, services=after)

    def presses(self, verb: str, counter: int, by: str, named: Any = None) -> Ticket | None:
        """Any other button at a counter; `named` is what hold, transfer, return and resume name."""
        desk = self._mine(counter, by, verb == "close")
        if verb in ("close", "pause", "call_next", "resume") and desk.ticket is not None:
            refuse(errors.StillServing)
        act = getattr(self, f"_{verb}")
        ticket: Ticket | None = act(desk) if named is None else act(desk, named)
        return ticket

    def _mine(self, counter: int, by: str, also_paused: bool) -> Counter:
        desk = self.desks[counter]
        if desk.state is CounterState.CLOSED:
            refuse(errors.CounterNotOpen)
        if desk.officer != by:
            refuse(errors.CounterTaken)
        if desk.state is CounterState.PAUSED and not also_paused:
            refuse(errors.CounterNotOpen)
        return desk

    def _close(self, desk: Counter) -> None:
        self.desks[desk.counter] = replace(desk, state=CounterState.CLOSED, officer=None)

    def _pause(self, desk: Counter) -> None:
        self.desks[desk.counter] = replace(desk, state=CounterState.PAUSED)

    def _call_next(self, desk: Counter) -> Ticket:
        line = waiting(self.tickets.values(), desk.services, self.office.head_start_seconds * 1000)
        overdue = [t for t in line if t.id in self.alarmed or self.entered[t.id] >= t.deadline] if desk.kind is Kind.RESERVE else []
        first = min(overdue, key=lambda t: (t.deadline, t.id)) if overdue else next(iter(line), None)
        if first is None:
            refuse(errors.NobodyWaiting)
        return self._comes(desk, replace(first, state=State.CALLED, called_at=self.now))

    def _recall(self, desk: Counter) -> Ticket:
        return self._visitor(desk, State.CALLED)

    def _serve(self, desk: Counter) -> Ticket:
        ticket = self._visitor(desk, State.CALLED)
        at = ticket.serving_at or self.now
        return self._keep(replace(ticket, state=State.SERVING, serving_at=at), State.SERVING, at)

    def _finish(self, desk: Counter) -> Ticket:
        ticket = self._visitor(desk, State.SERVING)
        return self._leaves(desk, replace(ticket, state=State.DONE, ended_at=self.now), self.now)

    def _skip(self, desk: Counter) -> Ticket:
        ticket = self._visitor(desk, State.CALLED)
        assert ticket.called_at is not None
        return self._leaves(desk, replace(ticket, state=State.SKIPPED, ended_at=self.now), ticket.called_at)

    def _hold(self, desk: Counter, reason: str) -> Ticket:
        ticket = self._visitor(desk, *AT_A_COUNTER)
        return self._leaves(desk, replace(ticket, state=State.HELD, counter=None, reason=reason), self.now)

    def _transfer(self, desk: Counter, service: ServiceCode) -> Ticket:
        ticket = self._visitor(desk, *AT_A_COUNTER)
        if ticket.service == service:
            refuse(errors.SameService)
        self._free(desk.counter)
        return self._enters(replace(ticket, service=service))

    def _return(self, desk: Counter, number: TicketNumber) -> Ticket:
        if self.day is None:
            refuse(errors.OfficeClosed)
        return self._enters(self._named(number, State.SKIPPED))

    def _resume(self, desk: Counter, number: TicketNumber) -> Ticket:
        ticket = self._named(number, State.HELD)
        return self._comes(desk, replace(ticket, state=State.SERVING, serving_at=ticket.serving_at or self.now, reason=None))

    # Parts of these

    def _visitor(self, desk: Counter, *states: State) -> Ticket:
        if desk.ticket is None:
            refuse(errors.NothingCalled)
        ticket = self.tickets[desk.ticket]
        return ticket if ticket.state in states else refuse(errors.WrongState)

    def _named(self, number: TicketNumber, state: State) -> Ticket:
        ticket = next((t for t in self.tickets.values() if t.number == number), None) or refuse(errors.UnknownTicket)
        return ticket if ticket.state is state else refuse(errors.WrongState)

    def _enters(self, ticket: Ticket) -> Ticket:
        self.entered[ticket.id] = self.now
        waits = replace(ticket, state=State.WAITING, called_at=None, ended_at=None, counter=None, reason=None)
        return self._keep(waits, State.WAITING, self.now)

    def _comes(self, desk: Counter, ticket: Ticket) -> Ticket:
        self.desks[desk.counter] = replace(desk, ticket=ticket.id)
        return self._keep(replace(ticket, counter=desk.counter), ticket.state, self.now)

    def _leaves(self, desk: Counter, ticket: Ticket, at: Millis) -> Ticket:
        self._free(desk.counter)
        return self._keep(ticket, ticket.state, at)

    def _free(self, counter: CounterNumber) -> None:
        self.desks[counter] = replace(self.desks[counter], ticket=None)

    def _keep(self, ticket: Ticket, happened: State, at: Millis) -> Ticket:
        """Keeps the ticket; the first verdict on it stands and is counted."""
        found = ticket.verdict or verdict(happened, at, ticket.deadline)
        if found is not None and ticket.verdict is None:
            self.promise = replace(self.promise, **{found.value: getattr(self.promise, found.value) + 1})
        self.tickets[ticket.id] = replace(ticket, verdict=found)
        return self.tickets[ticket.id]


def score_of(office: Office, ticket: Ticket) -> int:
    """The ticket's score in its service's waiting set."""
    return place(ticket, office.head_start_seconds * 1000)[0]
