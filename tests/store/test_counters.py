"""Who may do what at a counter: it is held by the officer who opened it, and a supervisor may take it over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from board.counter import CounterState
from board.errors import (
    CounterAlreadyOpen,
    CounterNotOpen,
    CounterTaken,
    NobodyWaiting,
    NothingCalled,
    Refusal,
    StillServing,
    UnknownTicket,
)
from board.events import Kind
from board.office import CounterPlan
from board.office import Kind as CounterKind
from board.ticket import State
from tests.office import FILE, RESERVE, A, B, C, Dated, Office, office_at

REFUSED_AT_A_COUNTER: dict[str, tuple[list[Any], type[Refusal]]] = {
    # a button, what it names, and what an open, empty counter of an empty office says
    "call_next": ([], NobodyWaiting),
    "recall": ([], NothingCalled),
    "serve": ([], NothingCalled),
    "finish": ([], NothingCalled),
    "skip": ([], NothingCalled),
    "hold": (["menunggu salinan"], NothingCalled),
    "transfer": ([B], NothingCalled),
    "return": (["A009"], UnknownTicket),
    "resume": (["A009"], UnknownTicket),
}
BUTTONS = [(verb, named, free) for verb, (named, free) in REFUSED_AT_A_COUNTER.items()]


@pytest.fixture
async def office(store_url: str) -> AsyncIterator[Office]:
    async with office_at(store_url) as office:
        await office.take(C)  # the day is open; nobody waits for counters 1 and 2
        yield office


@pytest.mark.parametrize(("verb", "named", "free"), BUTTONS, ids=list(REFUSED_AT_A_COUNTER))
async def test_a_button_works_only_at_ones_own_open_counter(office: Office, verb: str, named: list[Any], free: type[Refusal]) -> None:
    kept = await office.all_kept()
    with pytest.raises(CounterNotOpen, match="closed"):
        await office.does(verb, 1, *named)
    assert await office.all_kept() == kept
    await office.opens(1)
    with pytest.raises(free):
        await office.does(verb, 1, *named)
    with pytest.raises(CounterTaken):
        await office.does(verb, 1, *named, by="somebody else")
    await office.does("pause")
    kept = await office.all_kept()
    with pytest.raises(CounterNotOpen, match="paused"):
        await office.does(verb, 1, *named)
    with pytest.raises(CounterTaken):
        await office.does(verb, 1, *named, by="somebody else")
    assert await office.all_kept() == kept


async def test_a_counter_opens_for_the_services_of_the_office_file_or_those_named(office: Office) -> None:
    opened = await office.opens(1)
    assert (opened.state, opened.kind, opened.services, opened.ticket, opened.officer) == ("open", "ordinary", (A, B), None, "officer-1")
    assert (await office.opens(3, C)).services == (C,)
    assert (await office.opens(RESERVE)).kind is CounterKind.RESERVE


async def test_a_counter_that_is_open_opens_again_only_for_other_services(office: Office) -> None:
    await office.opens(1)
    with pytest.raises(CounterAlreadyOpen):
        await office.opens(1)
    with pytest.raises(CounterAlreadyOpen):
        await office.opens(1, A, B)
    assert (await office.opens(1, C)).services == (C,)
    with pytest.raises(CounterAlreadyOpen):  # without services named, those it has stay
        await office.opens(1)
    assert (await office.calls(1)).service == C


async def test_services_may_change_while_a_visitor_is_served(office: Office) -> None:
    await office.opens(3)
    ticket = await office.serves(3)
    assert (await office.opens(3, B)).ticket == ticket.id
    assert (await office.at("finish", 3)).state is State.DONE
    await office.takes(C)
    with pytest.raises(NobodyWaiting):
        await office.calls(3)


async def test_a_break_keeps_the_counter_for_its_officer_and_its_services(office: Office) -> None:
    await office.opens(1, A)
    paused = (await office.does("pause")).counter
    assert paused is not None
    assert (paused.state, paused.officer, paused.services) == (CounterState.PAUSED, "officer-1", (A,))
    with pytest.raises(CounterTaken):
        await office.opens(1, by="siti")
    with pytest.raises(CounterNotOpen):
        await office.does("pause")
    again = await office.opens(1)
    assert (again.state, again.services) == (CounterState.OPEN, (A,))


async def test_a_counter_that_was_closed_has_the_services_of_the_office_file_again(office: Office) -> None:
    await office.opens(1, A)
    closed = (await office.does("close")).counter
    assert closed is not None
    assert (closed.state, closed.officer) == (CounterState.CLOSED, None)
    assert (await office.opens(1, by="siti")).services == (A, B)
    with pytest.raises(CounterTaken):
        await office.does("close")


async def test_a_counter_closes_from_a_break_but_not_twice(office: Office) -> None:
    await office.opens(1)
    await office.does("pause")
    await office.does("close")
    with pytest.raises(CounterNotOpen):
        await office.does("close")


@pytest.mark.parametrize("verb", ["pause", "close", "call_next"])
async def test_nobody_leaves_a_visitor_standing_at_the_counter(office: Office, verb: str) -> None:
    await office.opens(3)
    await office.calls(3)
    with pytest.raises(StillServing) as refused:
        await office.does(verb, 3)
    assert refused.value.facts() == {"counter": 3, "number": "C001", "state": "called"}


async def test_a_supervisor_takes_a_counter_over_with_the_visitor_at_it(office: Office) -> None:
    await office.opens(3)
    ticket = await office.serves(3)
    with pytest.raises(CounterTaken):
        await office.opens(3, by="kepala")
    taken = await office.opens(3, by="kepala", over=True)
    assert (taken.officer, taken.ticket, taken.services) == ("kepala", ticket.id, (B, C))
    with pytest.raises(CounterTaken):
        await office.does("finish", 3)
    assert (await office.does("finish", 3, by="kepala")).ticket is not None


async def test_a_supervisor_takes_over_a_counter_on_its_break(office: Office) -> None:
    await office.opens(1)
    await office.does("pause")
    assert (await office.opens(1, by="kepala", over=True)).state is CounterState.OPEN


async def test_the_right_to_take_over_does_not_open_ones_own_counter_twice(office: Office) -> None:
    await office.opens(1, by="kepala", over=True)
    with pytest.raises(CounterAlreadyOpen):
        await office.opens(1, by="kepala", over=True)


async def test_one_officer_may_hold_several_counters(office: Office) -> None:
    for counter in (1, 2, 3):
        assert (await office.opens(counter, by="siti")).officer == "siti"
    for counter in (1, 2, 3):
        await office.does("close", counter, by="siti")


async def test_of_two_officers_who_open_one_counter_the_first_has_it(office: Office) -> None:
    await office.opens(1, by="siti")
    with pytest.raises(CounterTaken):
        await office.opens(1, by="budi")
    (event,) = await office.journal(Kind.COUNTER_OPENED)
    assert event.facts["by"] == "siti"


async def test_a_counter_that_the_office_file_made_a_reserve_one_is_that_from_its_next_opening(store_url: str) -> None:
    async with office_at(store_url) as office:
        await office.opens(2)
        await office.does("close", 2)
        counters = tuple(CounterPlan(c.counter, CounterKind.RESERVE, (C,)) if c.counter == 2 else c for c in FILE.counters)
        changed = Office(Dated(office.client, replace(FILE, counters=counters)), office.client)
        opened = await changed.opens(2)
        assert (opened.kind, opened.services) == (CounterKind.RESERVE, (C,))


async def test_before_anybody_opens_a_counter_all_are_closed(store_url: str) -> None:
    async with office_at(store_url) as office:
        board = await office.board()
        assert {c.state for c in board.counters.values()} == {CounterState.CLOSED}
        assert len(board.counters) == len(FILE.counters)
