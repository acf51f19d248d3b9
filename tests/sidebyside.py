"""A real store beside the model: the same buttons are pressed in both, and what the store keeps has to agree with itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import time
from itertools import count
from typing import TypeVar

from hypothesis.stateful import RuleBasedStateMachine, invariant
from redis.asyncio import Redis

from board import errors
from board.calendar import Break, DayPlan, Hours
from board.escalation import EscalationId, EscalationState
from board.events import Kind
from board.fold import Board, empty, fold
from board.office import OfficeId, ServiceCode
from board.store.queue import Queue
from board.store.request import Outcome, Request
from board.ticket import State, TicketId, TicketNumber
from board.times import Millis
from tests.clock import Clocked
from tests.model import AT_A_COUNTER, Model, Refused, score_of
from tests.office import FILE, officer
from tests.visitors import TEN

T = TypeVar("T")
USUAL = DayPlan(time(8), time(15), (Break(time(12), time(13)),))
HOURS = Hours("Asia/Makassar", dict.fromkeys(range(5), USUAL), {}, "closed", 30, 30, 60, always_open=False)
offices = count(1)


def said_by(model: Callable[[], object]) -> object:
    """What the model makes of it: a ticket, or the class of the refusal."""
    try:
        return model()
    except Refused as refused:
        return refused.kind


class SideBySide(RuleBasedStateMachine):
    """One office beside its model. Nothing that is drawn depends on what has happened, so that every example can be repeated."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.client = Redis.from_url(url)
        self.file = replace(FILE, id=OfficeId(f"model-{next(offices)}"), hours=HOURS)
        self.servers = [Clocked(self.client, self.file, TEN) for _ in range(2)]
        self.model = Model(self.file)
        self.board: Board = empty(self.file)
        self.alerts: set[TicketId] = set()
        self.sent: tuple[Callable[[Request], Awaitable[Outcome]], Request, object] | None = None
        self.model.now = TEN

    def teardown(self) -> None:
        self.runner.run(self.client.aclose())
        self.runner.close()

    def run(self, awaited: Awaitable[T]) -> T:
        async def settled() -> T:
            return await awaited

        return self.runner.run(settled())

    @property
    def server(self) -> Clocked:
        """The servers take turns."""
        self.servers.reverse()
        return self.servers[0]

    # How it is compared

    def who(self, counter: int, stranger: bool) -> str:
        return "kepala" if stranger else officer(counter)

    def opens(self, counter: int, named: tuple[ServiceCode, ...] | None, stranger: bool, over: bool) -> None:
        by, queue = self.who(counter, stranger), self.server
        self.same(lambda r: queue.open(counter, r, named, over), lambda: self.model.opens(counter, by, named, over), by)

    def takes(self, service: ServiceCode, priority: bool) -> None:
        queue = self.server
        self.same(lambda r: queue.take(service, r, priority=priority), lambda: self.model.takes(service, priority), None)

    def cancels(self, n: int) -> None:
        ticket, queue = self.some_ticket(n)[0], self.server
        self.same(lambda r: queue.cancel(ticket, r), lambda: self.model.cancels(ticket), None)

    def sends_again(self) -> None:
        """The last request, over the other server: the same answer, and nothing happens."""
        if self.sent is not None:
            act, request, answer = self.sent
            assert self.run(self.answer_to(act, request)) == answer

    def passes(self, ms: int) -> None:
        """Time."""
        self.model.now = Millis(self.model.now + ms)
        for server in self.servers:
            server.at = self.model.now

    def looks(self) -> None:
        """A watcher's step."""
        watched = self.run(self.server.watch())
        self.model.turns()
        self.reads_on()
        assert watched.next_at is None or watched.next_at > self.model.now
        for ticket in self.model.live():
            if ticket.state is State.WAITING and self.model.entered[ticket.id] < ticket.deadline <= self.model.now:
                assert ticket.id in self.alerts

    def same(self, act: Callable[[Request], Awaitable[Outcome]], expected: Callable[[], object], by: str | None) -> None:
        """The store gives the model's answer, and a refusal has written nothing but a day that turned by itself."""
        self.reads_on()
        self.model.alarmed = {e.ticket for e in self.board.escalations.values()}
        request = Request.fresh(by)
        answer = self.run(self.answer_to(act, request))
        self.sent = (act, request, answer)
        wanted = said_by(expected)
        if isinstance(answer, Outcome):
            assert answer.ticket == wanted
            assert answer.counter in (None, *self.model.desks.values())
        else:
            assert answer["refused"] is wanted

    async def answer_to(self, act: Callable[[Request], Awaitable[Outcome]], request: Request) -> Outcome | dict[str, object]:
        try:
            return await act(request)
        except errors.Refusal as refused:
            return {"refused": type(refused), **refused.facts()}

    def answers(self, n: int, act: Callable[[Queue, str, Request], Awaitable[Outcome]], by: str) -> None:
        """An answer to an alert: who is first, and what it opens, is read from what is told of it."""
        self.reads_on()
        alerts = [e.id for e in self.board.escalations.values()] or [EscalationId("e-20261124-99999")]
        queue, id_ = self.server, alerts[n % len(alerts)]
        request = Request.fresh(by)
        answer = self.run(self.answer_to(lambda r: act(queue, id_, r), request))
        self.sent = (lambda r: act(queue, id_, r), request, answer)
        if not isinstance(answer, Outcome):
            assert (answer["refused"] is errors.UnknownEscalation) == (not self.board.escalations)
            return
        assert answer.escalation is not None
        assert self.board.escalations[answer.escalation.id].state is EscalationState.RAISED
        if answer.counter is not None:
            self.model.desks[answer.counter.counter] = answer.counter

    def some_ticket(self, n: int, state: State | None = None) -> tuple[TicketId, TicketNumber]:
        """One of the day's tickets, if possible in that state."""
        found = [t for t in self.model.tickets.values() if t.state is state] or list(self.model.tickets.values())
        return (found[n % len(found)].id, found[n % len(found)].number) if found else (TicketId("20261124-99999"), TicketNumber("A999"))

    def key(self, name: str) -> str:
        return f"kayan:{{{self.file.id}}}:{name}"

    # What always holds

    @invariant()
    def all_agree(self) -> None:
        self.the_journal_folds_into_the_snapshot()
        self.the_model_tells_the_same()
        self.who_is_at_a_counter_is_there_alone_and_nowhere_else()
        self.every_set_holds_exactly_whom_it_should()

    def the_journal_folds_into_the_snapshot(self) -> None:
        self.reads_on()
        assert self.board == self.run(self.servers[0].snapshot())[0]

    def reads_on(self) -> None:
        """The journal goes on without a hole, in one epoch; each alert is raised once, and not before its time."""
        reading = self.run(self.servers[0].read(self.board.offset + 1))
        assert [e.offset for e in reading.entries] == list(range(self.board.offset + 1, reading.top + 1))
        assert self.board.epoch in ("", reading.epoch)
        self.board = replace(self.board, epoch=reading.epoch)
        for entry in reading.entries:
            self.board = fold(self.board, event := entry.event())
            if event.kind is Kind.DAY_OPENED:
                self.alerts.clear()
            if event.kind is Kind.ESCALATION_RAISED and event.escalation and event.escalation.level == 1:
                assert event.escalation.ticket not in self.alerts, "one alert in a ticket's life"
                assert event.escalation.due_at <= event.at
                self.alerts.add(event.escalation.ticket)

    def the_model_tells_the_same(self) -> None:
        assert self.board.day == (self.model.day.isoformat() if self.model.day else None)
        assert self.board.promise == self.model.promise
        assert self.board.counters == self.model.desks
        shown = {t.id: t for t in self.model.tickets.values() if t.ended_at is None or t.id in self.board.tickets}
        assert self.board.tickets == shown

    def who_is_at_a_counter_is_there_alone_and_nowhere_else(self) -> None:
        at_counters = {c.ticket: c.counter for c in self.board.counters.values() if c.ticket is not None}
        assert at_counters == {t.id: t.counter for t in self.board.tickets.values() if t.state in AT_A_COUNTER}
        assert len(at_counters) == sum(c.ticket is not None for c in self.board.counters.values())

    def every_set_holds_exactly_whom_it_should(self) -> None:
        waits = [t for t in self.model.live() if t.state is State.WAITING]
        alarmed = {e.ticket: e for e in self.board.escalations.values()}
        assert alarmed.keys() <= {t.id for t in waits}
        expected: dict[str, dict[str, int]] = {}
        for code in "ABC":
            expected[f"waiting:{code}"] = {t.id: score_of(self.file, t) for t in waits if t.service == code}
            late = [t for t in waits if t.id in alarmed or self.model.entered[t.id] >= t.deadline]
            expected[f"overdue:{code}"] = {t.id: t.deadline for t in late if t.service == code}
        expected["deadlines"] = {t.id: t.deadline for t in waits if self.model.entered[t.id] < t.deadline and t.id not in alarmed}
        expected["answers_due"] = {id_: e.answer_by or 0 for id_, e in alarmed.items()}
        expected["called"] = {t.id: t.called_at for t in self.board.tickets.values() if t.called_at is not None}
        sets, warnings, live = self.run(self.kept(list(expected)))
        assert sets == expected
        assert live == len(self.model.live())
        assert {member.split("|")[0] for member in warnings} <= {t.id for t in waits}

    async def kept(self, names: list[str]) -> tuple[dict[str, dict[str, int]], list[str], int]:
        """The sorted sets of these names, the warnings planned, and the count of those without an end."""
        async with self.client.pipeline() as pipe:
            for name in (*names, "warnings"):
                pipe.zrange(self.key(name), 0, -1, withscores=True)
            pipe.hget(self.key("meta"), "live")
            *found, live = await pipe.execute()
        sets = [{member.decode(): int(score) for member, score in members} for members in found]
        return dict(zip(names, sets[:-1], strict=True)), list(sets[-1]), int(live or 0)
