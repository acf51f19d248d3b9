"""The promise: the worked examples, which the store's scripts are held to as well (tests/store/test_vectors.py), and what always holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.guarantee import Due, Promise, deadline, due, verdict
from board.office import Guarantee
from board.ticket import State, Verdict
from board.times import Millis
from tests.visitors import PROMISE, TEN, visitor

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "promise.json").read_text("utf-8"))
OURS = Guarantee(VECTORS["guarantee_seconds"], tuple(VECTORS["warn_seconds"]))
moments = st.integers(0, 3 * PROMISE).map(lambda ms: Millis(TEN + ms))


def named(vectors: list[dict[str, Any]]) -> list[Any]:
    """The vectors as cases whose ids are sentences."""
    return [pytest.param(v, id=v["name"]) for v in vectors]


def accounted(happened: list[tuple[State, Millis]], due_at: Millis) -> Verdict | None:
    """The first verdict of a ticket's life: that one stands."""
    return next((found for state, at in happened if (found := verdict(state, at, due_at))), None)


@pytest.mark.parametrize("example", named(VECTORS["verdicts"]))
def test_a_promise_ends_as_the_vectors_show(example: dict[str, Any]) -> None:
    happened = [(State(h["state"]), Millis(h["at"])) for h in example["happened"]]
    assert accounted(happened, example["deadline"]) == example["verdict"]


@pytest.mark.parametrize("example", named(VECTORS["due"]))
def test_a_promise_asks_for_what_the_vectors_show(example: dict[str, Any]) -> None:
    assert due(visitor(1, state=State(example["state"]), taken_at=TEN), OURS, Millis(TEN + example["after"])) == example["due"]


def test_the_vectors_tell_of_every_state() -> None:
    assert {h["state"] for v in VECTORS["verdicts"] for h in v["happened"]} == {state.value for state in State}


@given(st.integers(1, 86_400), moments)
def test_the_deadline_is_the_promise_after_the_time_of_taking(seconds: int, taken_at: Millis) -> None:
    assert deadline(taken_at, Guarantee(seconds, ())) - taken_at == seconds * 1000


@given(moments, moments)
def test_a_promise_once_due_stays_due_for_as_long_as_the_visitor_waits(one: Millis, other: Millis) -> None:
    earlier, later = sorted((one, other))
    order = [None, Due.WARN, Due.ESCALATE]
    ticket = visitor(1, taken_at=TEN)
    assert order.index(due(ticket, OURS, earlier)) <= order.index(due(ticket, OURS, later))


@given(st.sampled_from([state for state in State if state is not State.WAITING]), moments)
def test_nobody_is_alarmed_for_a_visitor_who_does_not_wait(state: State, now: Millis) -> None:
    assert due(visitor(1, state=state), OURS, now) is None


@given(st.sampled_from(State), moments, moments)
def test_only_being_served_in_time_keeps_a_promise(happened: State, at: Millis, due_at: Millis) -> None:
    assert (verdict(happened, at, due_at) is Verdict.KEPT) == (happened is State.SERVING and at <= due_at)


@given(st.sampled_from(State), moments, moments)
def test_after_the_deadline_nothing_is_excused(happened: State, at: Millis, due_at: Millis) -> None:
    found = verdict(happened, at, due_at)
    assert found in ((Verdict.BROKEN, None) if at > due_at else (Verdict.KEPT, Verdict.EXCUSED, Verdict.BROKEN, None))


@given(st.lists(st.tuples(st.sampled_from(State), moments)), st.lists(st.tuples(st.sampled_from(State), moments)), moments)
def test_what_comes_later_does_not_change_how_a_promise_ended(
    first: list[tuple[State, Millis]], later: list[tuple[State, Millis]], due_at: Millis
) -> None:
    settled = accounted(first, due_at)
    assert settled is None or accounted(first + later, due_at) == settled


def test_the_account_of_the_day_is_shown_by_its_three_names() -> None:
    assert Promise(3, 1, 2).public() == {"kept": 3, "broken": 1, "excused": 2}
