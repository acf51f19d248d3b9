"""From one day to the next, and what may change meanwhile: the services of the office, and the clock of the computer that runs a server."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from board.counter import CounterState
from board.errors import NobodyWaiting, OfficeClosed, StoreUnavailable, UnknownCounter, UnknownService, UnknownTicket
from board.events import Kind
from board.office import CounterNumber, OfficeId
from board.store.queue import Queue
from board.store.request import Request
from board.ticket import State
from board.times import Millis
from tests.office import FILE, TUESDAY, WEDNESDAY, A, B, C, Dated, Office, day, numbers, office_at, without

NEXT_TUESDAY = TUESDAY + timedelta(days=7)


@pytest.fixture
async def office(store_url: str) -> AsyncIterator[Office]:
    async with office_at(store_url) as office:
        office.queue.days = [day(await office.queue.now(), TUESDAY)]
        yield office


async def test_the_next_day_begins_with_001_an_empty_board_and_no_account(office: Office) -> None:
    await office.opens()
    await office.take(A, A)
    await office.serves()
    before = await office.board()
    await office.it_is(WEDNESDAY)
    taken = await office.takes()
    assert (taken.number, taken.id) == ("A001", "20261125-00001")
    board = await office.board()
    assert board == await office.folded()
    assert list(board.tickets) == [taken.id]
    assert (board.epoch, board.day, sum(board.promise.public().values())) == (before.epoch, "2026-11-25", 0)
    assert [e.facts["day"] for e in await office.journal(Kind.DAY_OPENED, Kind.DAY_CLOSED)] == ["2026-11-24"] * 2 + ["2026-11-25"]


async def test_a_number_of_the_day_before_opens_nothing_any_more(office: Office) -> None:
    await office.opens()
    taken = await office.take(A, A)
    await office.calls()
    await office.at("skip")
    await office.calls()
    await office.at("skip")
    await office.it_is(WEDNESDAY)
    await office.watches()
    await office.opens()
    for ticket in taken:
        with pytest.raises(UnknownTicket):
            await office.now_is(ticket)
        with pytest.raises(UnknownTicket):
            await office.does("return", 1, ticket.number)
        with pytest.raises(UnknownTicket):
            await office.cancels(ticket)


async def test_a_date_that_opens_once_more_goes_on_counting(office: Office) -> None:
    assert numbers(await office.take(A, A, C)) == ["A001", "A002", "C001"]
    await office.it_is(TUESDAY, -300, -200, -100)
    await office.watches()
    await office.it_is(TUESDAY)
    assert numbers(await office.take(A, C)) == ["A003", "C002"]
    assert await office.board() == await office.folded()


async def test_after_a_week_without_any_process_the_old_day_ends_before_the_new_one_opens(office: Office) -> None:
    await office.opens()
    await office.take(A, A)
    await office.calls()
    await office.it_is(NEXT_TUESDAY)
    assert (await office.takes()).id == "20261201-00001"
    assert (await office.kinds())[-6:] == [
        "ticket.expired", "ticket.expired", "counter.closed", "day.closed", "day.opened", "ticket.taken",
    ]  # fmt: skip
    assert await office.board() == await office.folded()


async def test_a_day_that_became_a_holiday_while_it_was_open_ends(office: Office) -> None:
    await office.takes()
    today = await office.it_is(TUESDAY)
    office.queue.days = [replace(today, opens_at=None, closes_at=None, expires_at=None, takes=())]
    await office.watches()
    assert (await office.kinds())[-2:] == ["ticket.expired", "day.closed"]
    await office.watches()
    assert (await office.board()).day is None


async def test_several_watchers_turn_the_day_once(office: Office) -> None:
    await office.takes()
    await office.it_is(WEDNESDAY)
    others = [Office(Dated(office.client), office.client) for _ in range(3)]
    for other in others:
        other.queue.days = office.queue.days
        await other.watches()
    assert (await office.kinds()).count("day.opened") == 2
    assert (await office.kinds()).count("day.closed") == 1


async def test_a_day_may_end_with_nobody_and_open_with_nobody(office: Office) -> None:
    for name in (TUESDAY, WEDNESDAY, NEXT_TUESDAY):
        await office.it_is(name)
        await office.watches()
    assert await office.kinds() == ["day.opened", "day.closed", "day.opened", "day.closed", "day.opened"]


# The office file changes


def restarted(office: Office, changed: bool = True) -> Office:
    """The office after a restart of its servers, without service C when changed."""
    after = Office(Dated(office.client, without(FILE, C) if changed else FILE), office.client)
    after.queue.days = office.queue.days
    return after


async def test_who_waits_for_a_service_that_was_taken_away_is_still_called_where_it_was_served(office: Office) -> None:
    await office.opens(3)
    ticket = await office.takes(C)
    after = restarted(office)
    with pytest.raises(UnknownService):
        await after.takes(C)
    assert (await after.queue.look(ticket.id))[1] == 0
    assert (await after.calls(3)).id == ticket.id
    assert (await after.at("transfer", 3, B)).service == B
    assert await office.line(C) == []


async def test_who_waits_for_a_service_that_was_taken_away_may_leave(office: Office) -> None:
    ticket = await office.takes(C)
    assert (await restarted(office).cancels(ticket)).state is State.CANCELLED
    assert await office.line(C) == []


async def test_who_waits_for_a_service_that_was_taken_away_expires_with_the_day(office: Office) -> None:
    await office.take(C, A)
    after = restarted(office)
    after.queue.days = [day(await office.queue.now(), TUESDAY, -300, -200, -100)]
    await after.watches()
    assert [e.ticket.number for e in await after.journal(Kind.TICKET_EXPIRED) if e.ticket] == ["C001", "A001"]
    assert await after.board() == await after.folded()


async def test_a_service_that_comes_back_begins_with_nobody_of_the_days_before(office: Office) -> None:
    await office.take(C)
    after = restarted(office)
    after.queue.days = [day(await office.queue.now(), WEDNESDAY)]
    await after.watches()
    office.queue.days = after.queue.days
    await office.opens(3)
    with pytest.raises(NobodyWaiting):
        await office.calls(3)
    taken = await office.queue.take(C, Request.fresh())
    assert (taken.ticket and taken.ticket.number, taken.ahead) == ("C001", 0)
    assert (await office.calls(3)).number == "C001"


async def test_an_alert_for_a_service_that_was_taken_away_is_raised_all_the_same(store_url: str) -> None:
    async with office_at(store_url, guarantee_ms=1) as office:
        ticket = await office.takes(C)
        after = Office(Dated(office.client, without(FILE, C)), office.client)
        while not (await after.watches()).late:
            pass
        (raised,) = await after.journal(Kind.ESCALATION_RAISED)
        assert raised.escalation is not None
        assert (raised.escalation.ticket, raised.escalation.service) == (ticket.id, C)


# The office file loses a counter


async def test_a_counter_that_was_taken_away_works_until_it_is_closed_and_strands_nobody(office: Office) -> None:
    await office.opens(1)
    ticket = await office.takes()
    await office.serves(1)
    fewer = replace(FILE, counters=tuple(plan for plan in FILE.counters if plan.counter != 1))
    after = Office(Dated(office.client, fewer), office.client)
    assert (await after.at("finish", 1)).id == ticket.id
    await after.does("close", 1)
    for verb in ("open", "close", "call_next", "pause"):
        with pytest.raises(UnknownCounter):
            await after.does(verb, 1)
    assert (await after.board()).counters[CounterNumber(1)].state is CounterState.CLOSED


# Clocks differ


async def test_a_day_that_a_clock_ahead_had_opened_ends_when_the_clock_is_put_right(office: Office) -> None:
    now = await office.queue.now()
    office.queue.days = [day(now, WEDNESDAY)]
    early = await office.takes()
    assert early.id.startswith("20261125")
    office.queue.days = [day(now, TUESDAY), day(Millis(now + 86_400_000), WEDNESDAY)]
    await office.watches()
    assert [event.facts["day"] for event in await office.journal(Kind.DAY_OPENED)] == ["2026-11-25", "2026-11-24"]
    assert [event.ticket.id for event in await office.journal(Kind.TICKET_EXPIRED) if event.ticket] == [early.id]
    assert (await office.takes()).id.startswith("20261124")


@pytest.mark.parametrize("days_off", [-400, -3, -1, 1, 3, 400])
async def test_a_server_whose_clock_is_days_away_gives_numbers_of_the_stores_day(
    store_url: str, monkeypatch: pytest.MonkeyPatch, days_off: int
) -> None:
    async with office_at(store_url) as office:
        right = await office.takes()
        real = time.time
        monkeypatch.setattr("board.store.queue.time.time", lambda: real() + days_off * 86_400)
        wrong = Office(Dated(office.client), office.client)
        assert [t.id[:8] for t in await wrong.take(A, A)] == [right.id[:8]] * 2
        assert (await wrong.watches()).next_at
        assert len(await office.journal(Kind.DAY_OPENED)) == 1


async def test_a_servers_clock_that_is_set_back_while_it_runs_does_no_harm(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.queue.days = []
    real = time.time
    monkeypatch.setattr("board.store.queue.time.time", lambda: real() + 5 * 86_400)
    await office.takes()
    monkeypatch.undo()
    await office.take(A, A)
    assert len(await office.journal(Kind.DAY_OPENED)) == 1


async def test_a_calendar_that_never_fits_is_no_answer_rather_than_a_wrong_one(office: Office) -> None:
    far = day(await office.queue.now(), TUESDAY, 10_000, 20_000)
    office.queue.days = [far]
    with pytest.raises(StoreUnavailable):
        await office.takes()
    with pytest.raises(StoreUnavailable):
        await office.watches()
    office.queue.days = [day(await office.queue.now(), TUESDAY)]
    request = Request("k1", "take A")
    office.queue.days = [far]
    with pytest.raises(StoreUnavailable):
        await office.queue.take(A, request)
    office.queue.days = [day(await office.queue.now(), TUESDAY)]
    assert (await office.queue.take(A, request)).ticket is not None, "that it had no calendar is not remembered"


async def test_two_offices_on_one_store_have_their_own_days(store_url: str) -> None:
    async with office_at(store_url) as one, office_at(store_url, replace(FILE, id=OfficeId("tarakan"))) as other:
        one.queue.days = [day(await one.queue.now(), TUESDAY)]
        other.queue.days = [day(await one.queue.now(), WEDNESDAY)]
        assert numbers([await one.takes(), await other.takes(), await one.takes()]) == ["A001", "A001", "A002"]
        one.queue.days = [day(await one.queue.now(), TUESDAY, -300, -200, -100)]
        with pytest.raises(OfficeClosed):
            await one.takes()
        assert (await other.takes()).id == "20261125-00002"
        assert isinstance(other.queue, Queue)
