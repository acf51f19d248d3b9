"""Every button in every state of a visitor: what it makes of him, or the refusal; numbers, and the order of calling."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from board.errors import (
    NobodyWaiting,
    NothingCalled,
    Refusal,
    SameService,
    StillServing,
    UnknownCounter,
    UnknownService,
    UnknownTicket,
    WrongState,
)
from board.events import Kind
from board.office import ServiceCode
from board.store.request import Request
from board.ticket import State, Ticket, TicketId, TicketNumber
from tests.office import TUESDAY, A, B, Office, day, office_at

REASON = "menunggu salinan"


@pytest.fixture
async def office(store_url: str) -> AsyncIterator[Office]:
    async with office_at(store_url) as office:
        yield office


# How a visitor comes into each state at counter 1, by the buttons pressed after taking a number.
WAYS: dict[State, list[tuple[Any, ...]]] = {
    State.WAITING: [],
    State.CALLED: [("call_next",)],
    State.SERVING: [("call_next",), ("serve",)],
    State.DONE: [("call_next",), ("serve",), ("finish",)],
    State.SKIPPED: [("call_next",), ("skip",)],
    State.HELD: [("call_next",), ("hold", 1, REASON)],
}
STATES = list(State)
AWAY = [NothingCalled] * 5  # nobody is at the counter in the states done, skipped, held, cancelled, expired
# A button, and what comes of it in each state, in the order of STATES:
#            waiting         called            serving           done, skipped, held, cancelled, expired
TABLE: dict[str, list[State | type[Refusal]]] = {
    "call_next": [State.CALLED, StillServing, StillServing, *[NobodyWaiting] * 5],
    "recall": [NothingCalled, State.CALLED, WrongState, *AWAY],
    "serve": [NothingCalled, State.SERVING, WrongState, *AWAY],
    "finish": [NothingCalled, WrongState, State.DONE, *AWAY],
    "skip": [NothingCalled, State.SKIPPED, WrongState, *AWAY],
    "hold": [NothingCalled, State.HELD, State.HELD, *AWAY],
    "transfer": [NothingCalled, State.WAITING, State.WAITING, *AWAY],
    "return": [WrongState, WrongState, WrongState, WrongState, State.WAITING, WrongState, WrongState, WrongState],
    "resume": [WrongState, StillServing, StillServing, WrongState, WrongState, State.SERVING, WrongState, WrongState],
    "cancel": [State.CANCELLED, State.CANCELLED, WrongState, WrongState, WrongState, State.CANCELLED, WrongState, WrongState],
    "pause": [State.WAITING, StillServing, StillServing, State.DONE, State.SKIPPED, State.HELD, State.CANCELLED, State.EXPIRED],
    "close": [State.WAITING, StillServing, StillServing, State.DONE, State.SKIPPED, State.HELD, State.CANCELLED, State.EXPIRED],
}
CASES = [(verb, state, outcomes[n]) for verb, outcomes in TABLE.items() for n, state in enumerate(STATES)]
EVENTS = {"call_next": "called", "recall": "recalled", "serve": "serving", "finish": "done", "skip": "skipped", "hold": "held"}
EVENTS |= {"transfer": "transferred", "return": "returned", "resume": "resumed", "cancel": "cancelled"}


async def visitor_in(office: Office, state: State) -> Ticket:
    """The only visitor, brought into this state; counter 1 is open."""
    await office.opens()
    ticket = await office.takes()
    for verb in WAYS.get(state, []):
        ticket = await office.at(*verb)
    if state is State.CANCELLED:
        ticket = await office.cancels(ticket)
    if state is State.EXPIRED:  # the day ends, and the same date is opened once more
        now = await office.queue.now()
        office.queue.days = [day(now, TUESDAY, -200, -100)]
        await office.queue.watch()
        office.queue.days = [day(now)]
        await office.queue.watch()
        await office.opens()
        ticket = await office.now_is(ticket)
    assert ticket.state is state
    return ticket


async def press(office: Office, verb: str, ticket: Ticket) -> Any:
    """The button, with what it names."""
    if verb == "cancel":
        return await office.queue.cancel(ticket.id, Request.fresh())
    named = {"hold": REASON, "transfer": B, "return": ticket.number, "resume": ticket.number}
    return await office.does(verb, 1, *([named[verb]] if verb in named else []))


async def test_the_expired_visitor_of_the_table_was_taken_today(office: Office) -> None:
    now = await office.queue.now()
    office.queue.days = [day(now)]
    assert (await office.takes()).id == "20261124-00001"


@pytest.mark.parametrize(("verb", "state", "outcome"), CASES, ids=[f"{verb}-{state}" for verb, state, _ in CASES])
async def test_a_button_makes_of_a_visitor_what_the_table_says(
    office: Office, verb: str, state: State, outcome: State | type[Refusal]
) -> None:
    office.queue.days = [day(await office.queue.now())]
    before = await visitor_in(office, state)
    kept = await office.all_kept()
    if not isinstance(outcome, State):
        with pytest.raises(outcome) as refused:
            await press(office, verb, before)
        assert await office.all_kept() == kept, "a refusal has written nothing"
        assert refused.value.facts().get("state") in (state.value, "open")
        return
    answer = await press(office, verb, before)
    after = await office.now_is(before)
    assert after.state is outcome
    assert (after.id, after.number, after.taken_at, after.deadline) == (before.id, before.number, before.taken_at, before.deadline)
    last = (await office.journal())[-1]
    assert answer.ticket == (last.ticket if verb in EVENTS else None)
    assert last.counter in (answer.counter, None)
    if verb in EVENTS:
        assert (answer.ticket, last.kind) == (after, f"ticket.{EVENTS[verb]}")
    await agree(office)


async def agree(office: Office) -> None:
    """The journal, the snapshot and the counters tell the same."""
    board = await office.board()
    assert await office.folded() == board
    at_counters = {c.ticket: c.counter for c in board.counters.values() if c.ticket}
    assert at_counters == {t.id: t.counter for t in board.tickets.values() if t.state in (State.CALLED, State.SERVING)}


# What each verb leaves on the ticket


async def test_a_visit_leaves_its_moments_on_the_ticket(office: Office) -> None:
    await office.opens()
    taken = await office.takes(satker="527010", language="en", via="kiosk", priority=True)
    assert (taken.called_at, taken.serving_at, taken.ended_at, taken.counter, taken.verdict) == (None,) * 5
    assert (taken.satker, taken.language, taken.via, taken.priority) == ("527010", "en", "kiosk", True)
    assert taken.deadline == taken.taken_at + 2_700_000
    called = await office.calls()
    serving = await office.at("serve")
    done = await office.at("finish")
    assert called.called_at
    assert serving.serving_at
    assert done.ended_at
    assert taken.taken_at <= called.called_at <= serving.serving_at <= done.ended_at
    assert (done.called_at, done.serving_at, done.counter) == (called.called_at, serving.serving_at, 1)


async def test_who_was_called_elsewhere_keeps_that_counter_when_the_visit_ends(office: Office) -> None:
    await office.opens(2)
    await office.take(A)
    await office.serves(2)
    assert (await office.at("finish", 2)).counter == 2


async def test_a_no_show_who_returns_stands_where_the_number_was_taken(office: Office) -> None:
    await office.opens()
    first, *_ = await office.take(A, A, A)
    await office.calls()
    await office.does("skip")
    back = await office.at("return", 1, first.number)
    assert (back.taken_at, back.called_at, back.ended_at, back.counter) == (first.taken_at, None, None, None)
    assert (await office.line())[0] == first.id
    assert (await office.calls()).id == first.id


async def test_a_transfer_keeps_the_number_and_the_time_of_taking_and_stands_before_who_came_later(office: Office) -> None:
    await office.opens(1)
    await office.opens(3)
    moved, later = await office.take(A, B)
    await office.calls(1)
    waits = await office.at("transfer", 1, B)
    assert (waits.number, waits.service, waits.taken_at, waits.counter, waits.called_at) == ("A001", B, moved.taken_at, None, None)
    assert await office.line(B) == [moved.id, later.id]
    assert (await office.calls(3)).id == moved.id
    (event,) = await office.journal(Kind.TICKET_TRANSFERRED)
    assert event.facts["from"] == A


async def test_a_transfer_after_service_keeps_the_first_time_of_serving(office: Office) -> None:
    await office.opens(1)
    await office.takes()
    first = await office.serves()
    assert (await office.at("transfer", 1, B)).serving_at == first.serving_at
    assert (await office.serves()).serving_at == first.serving_at
    assert (await office.board()).promise.kept == 1


async def test_a_transfer_to_the_same_service_is_refused(office: Office) -> None:
    await office.opens()
    await office.takes()
    await office.calls()
    with pytest.raises(SameService) as refused:
        await office.does("transfer", 1, A)
    assert refused.value.facts() == {"number": "A001", "service": "A", "state": "called"}


async def test_a_held_visitor_is_served_on_at_any_counter_and_the_word_is_gone(office: Office) -> None:
    await office.opens(1)
    await office.opens(2)
    await office.takes()
    await office.calls(1)
    held = await office.at("hold", 1, REASON)
    assert (held.reason, held.counter) == (REASON, None)
    resumed = await office.at("resume", 2, held.number)
    assert (resumed.state, resumed.counter, resumed.reason) == (State.SERVING, 2, None)
    assert resumed.serving_at is not None


async def test_a_recall_changes_nothing_but_is_told(office: Office) -> None:
    await office.opens()
    await office.takes()
    called = await office.calls()
    before = await office.board()
    assert await office.at("recall") == called
    after = await office.board()
    assert (after.tickets, after.counters, after.offset) == (before.tickets, before.counters, before.offset + 1)


async def test_a_visitor_who_gives_up_after_the_call_frees_the_counter(office: Office) -> None:
    await office.opens()
    first, second = await office.take(A, A)
    await office.calls()
    await office.cancels(first)
    assert (await office.board()).counters[1].ticket is None  # type: ignore[index]  # a plain int in a test
    assert (await office.calls()).id == second.id


async def test_the_board_keeps_the_twenty_last_called_and_whoever_is_still_served(office: Office) -> None:
    await office.opens(1)
    await office.opens(2)
    slow, *others = await office.take(*[A] * 25)
    await office.serves(1)
    for _ in others:
        await office.calls(2)
        await office.does("skip", 2)
    assert sorted((await office.board()).tickets) == [t.id for t in (slow, *others[-20:])]
    await office.at("return", 2, others[-1].number)
    assert sorted((await office.board()).tickets) == [t.id for t in (slow, *others[-20:])]
    await office.at("finish", 1)
    assert sorted((await office.board()).tickets) == [t.id for t in (slow, *others[-20:])], "one of the twenty waits again"
    assert (await office.calls(2)).id == others[-1].id
    assert sorted((await office.board()).tickets) == [t.id for t in others[-20:]]
    assert await office.board() == await office.folded()


@pytest.mark.parametrize("verb", ["return", "resume"])
async def test_a_number_that_was_never_given_is_unknown(office: Office, verb: str) -> None:
    await office.opens()
    await office.takes()
    with pytest.raises(UnknownTicket):
        await office.does(verb, 1, TicketNumber("A002"))


async def test_what_the_office_does_not_have_is_unknown_before_anything_is_asked(office: Office) -> None:
    for refused in (office.takes(ServiceCode("Z")), office.opens(1, ServiceCode("Z")), office.does("transfer", 1, "Z")):
        with pytest.raises(UnknownService):
            await refused
    with pytest.raises(UnknownCounter):
        await office.opens(9)
    with pytest.raises(UnknownTicket):
        await office.queue.look(TicketId("20261124-00009"))
    with pytest.raises(UnknownTicket):
        await office.queue.cancel(TicketId("20261124-00009"), Request.fresh())
    assert await office.all_kept() == {}
