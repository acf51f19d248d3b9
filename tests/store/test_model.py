"""Any buttons in any order, at any time of several days: the real store does what the model does, and what it keeps agrees with itself."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test

from board.calendar import taking
from board.office import ServiceCode
from board.store.queue import Queue
from board.store.request import Outcome, Request
from board.ticket import State
from tests.clock import set_clocks
from tests.office import RESERVE, A, B, C, officer
from tests.sidebyside import HOURS, SideBySide

SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000
PROMISE = 45 * MINUTE
PASSES = [0, 1, SECOND, MINUTE, 10 * MINUTE, 30 * MINUTE, PROMISE - 1, PROMISE, 2 * HOUR]
BUTTONS = ["call_next", "call_next", "serve", "finish", "skip", "hold", "transfer", "return", "resume", "recall", "pause", "close"]
VISITS = [
    ["call_next"],
    ["call_next", "serve", "finish"],
    ["call_next", "recall", "skip"],
    ["call_next", "skip", "return"],
    ["call_next", "hold"],
    ["resume", "finish"],
    ["call_next", "serve", "hold", "resume"],
    ["call_next", "transfer"],
    ["call_next", "serve", "transfer", "call_next"],
]

counters = st.sampled_from([1, 1, 1, 2, 3, RESERVE])
services = st.sampled_from([A, A, B, C])
nth = st.integers(0, 40)
strangers = st.sampled_from([False, False, False, False, True])  # whether somebody else presses
answers = st.tuples(st.booleans(), nth, st.sampled_from([None, 1, RESERVE, RESERVE]), counters)


async def accepts(queue: Queue, alert: str, request: Request, counter: int | None) -> Outcome:
    return await queue.accept(alert, request, counter)


async def declines(queue: Queue, alert: str, request: Request) -> Outcome:
    return await queue.decline(alert, request)


class Day(SideBySide):
    """Days of one office. Nothing that is drawn depends on what has happened, so that every example can be repeated."""

    @initialize()
    def the_office_opens(self) -> None:
        self.opens_and_fills()

    @rule(service=services, priority=st.booleans())
    def a_visitor_takes_a_number(self, service: ServiceCode, priority: bool) -> None:
        self.takes(service, priority)

    @rule(verb=st.sampled_from(BUTTONS), counter=counters, n=nth, service=services, stranger=strangers)
    def an_officer_presses(self, verb: str, counter: int, n: int, service: ServiceCode, stranger: bool) -> None:
        self.presses(verb, counter, n, service, stranger)

    @rule(visits=st.lists(st.tuples(counters, st.sampled_from(VISITS)), min_size=1, max_size=8), n=nth, service=services)
    def visitors_come_one_after_the_other(self, visits: list[tuple[int, list[str]]], n: int, service: ServiceCode) -> None:
        for counter, verbs in visits:
            for verb in verbs:
                self.presses(verb, counter, n, service, False)

    @rule(counter=counters, named=st.sampled_from([None, None, (A,), (B, C)]), stranger=strangers, over=st.booleans())
    def an_officer_opens(self, counter: int, named: tuple[ServiceCode, ...] | None, stranger: bool, over: bool) -> None:
        self.opens(counter, named, stranger, over)

    @rule(service=services, tries=st.lists(answers, max_size=4), ms=st.sampled_from([0, MINUTE - 1, MINUTE, 3 * MINUTE]))
    def a_promise_falls_due(self, service: ServiceCode, tries: list[tuple[bool, int, int | None, int]], ms: int) -> None:
        self.takes(service, False)
        self.passes(PROMISE)
        self.looks()
        for comes, n, counter, by in tries:
            self.answers(n, partial(accepts, counter=counter) if comes else declines, officer(by))
        self.passes(ms)
        self.looks()

    @rule(n=nth)
    def a_visitor_gives_the_number_back(self, n: int) -> None:
        self.cancels(n)

    @rule(ms=st.sampled_from(PASSES), looks=st.booleans())
    def time_passes(self, ms: int, looks: bool) -> None:
        self.passes(ms)
        if looks:
            self.looks()

    @rule(looks=st.booleans(), later=st.sampled_from([0, HOUR, 72 * HOUR]))
    def another_day_begins(self, looks: bool, later: int) -> None:
        self.passes(12 * HOUR + later)
        if looks:
            self.looks()
        coming = taking(HOURS, self.model.now)
        if not coming.open and coming.next is not None:
            self.passes(coming.next - self.model.now)
        self.opens_and_fills()

    @rule()
    def the_last_request_comes_once_more(self) -> None:
        self.sends_again()

    def opens_and_fills(self) -> None:
        for counter in (1, 3, RESERVE):
            self.opens(counter, None, False, False)
        for service in (A, A, B, C, A):
            self.takes(service, False)

    def presses(self, verb: str, counter: int, n: int, service: ServiceCode, stranger: bool) -> None:
        named: dict[str, list[Any]] = {"hold": ["menunggu salinan"], "transfer": [service]}
        named |= {"return": [self.some_ticket(n, State.SKIPPED)[1]], "resume": [self.some_ticket(n, State.HELD)[1]]}
        by, what = self.who(counter, stranger), named.get(verb, [])
        button = getattr(self.server, {"return": "return_"}.get(verb, verb))
        self.same(lambda r: button(counter, *what, r), lambda: self.model.presses(verb, counter, by, *what), by)


STEADY = settings(
    max_examples=12,
    stateful_step_count=50,
    deadline=None,
    database=None,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def test_whatever_is_pressed_the_store_does_what_the_model_does(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clocks(monkeypatch)

    class Here(Day):
        def __init__(self) -> None:
            super().__init__(store_url)

    run_state_machine_as_test(Here, settings=STEADY)
