"""The order of calling: the worked examples, which the browser and the store's scripts replay, and how far priority may reach."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.office import ServiceCode
from board.order import ahead, place, score, waiting
from board.ticket import State, Ticket
from tests.visitors import MINUTE, people, visitor

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "order.json").read_text("utf-8"))
EXAMPLES = [pytest.param(v, id=v["name"]) for v in VECTORS]
head_starts = st.integers(0, 5).map(lambda minutes: minutes * MINUTE)


def shown(example: dict[str, Any]) -> list[Ticket]:
    """The tickets of an example."""
    return [visitor(n, **{**facts, "state": State(facts["state"])}) for n, facts in enumerate(example["tickets"], 1)]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_line_is_in_the_order_that_the_vectors_show(example: dict[str, Any]) -> None:
    line = waiting(shown(example), example["services"], example["head_start_ms"])
    assert [t.number for t in line] == example["order"]


@pytest.mark.parametrize("example", EXAMPLES)
def test_as_many_are_ahead_as_the_vectors_show(example: dict[str, Any]) -> None:
    tickets = {t.id: t for t in shown(example)}
    found = {t.number: ahead(tickets, t, example["head_start_ms"]) for t in tickets.values() if t.number in example["ahead"]}
    assert found == example["ahead"]


@given(people, head_starts)
def test_priority_never_passes_an_ordinary_number_that_came_more_than_the_head_start_before(line: list[Ticket], head_start: int) -> None:
    for n, later in enumerate(called := waiting(line, None, head_start)):
        for earlier in called[:n]:
            assert earlier.taken_at - later.taken_at <= (head_start if earlier.priority and not later.priority else 0)


@given(people, head_starts)
def test_among_equals_who_came_first_is_called_first(line: list[Ticket], head_start: int) -> None:
    for priority in (True, False):
        alike = [t for t in waiting(line, None, head_start) if t.priority is priority]
        assert all((one.taken_at, one.id) < (other.taken_at, other.id) for one, other in pairwise(alike))


@given(people, head_starts, st.sampled_from([None, [], ["A"], ["B"], ["A", "B"]]))
def test_everybody_who_waits_for_the_counters_services_is_in_its_line_once(
    line: list[Ticket], head_start: int, services: list[ServiceCode] | None
) -> None:
    found = waiting(line, services, head_start)
    assert len(found) == len({t.id for t in found})
    assert {t.id for t in found} == {t.id for t in line if t.state is State.WAITING and (services is None or t.service in services)}
    assert found == waiting(reversed(line), services, head_start)


@given(people, head_starts)
def test_as_many_are_ahead_of_me_as_stand_before_me_in_my_line(line: list[Ticket], head_start: int) -> None:
    tickets = {t.id: t for t in line}
    for ticket in waiting(line, None, head_start):
        mine = waiting(line, [ticket.service], head_start)
        assert ahead(tickets, ticket, head_start) == mine.index(ticket)


@given(people, head_starts)
def test_no_two_tickets_have_the_same_place_and_only_priority_moves_one_forward(line: list[Ticket], head_start: int) -> None:
    assert len({place(t, head_start) for t in line}) == len(line)
    assert {t.taken_at - score(t, head_start) for t in line} <= {0, head_start}
    assert all(score(t, head_start) == t.taken_at for t in line if not t.priority)
