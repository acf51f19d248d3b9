"""The office's day opens and ends by itself, as events of one unbroken journal: the calendar moves around the store's real clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from redis.asyncio import Redis

from board.calendar import DayPlan, Hours, day_of
from board.counter import CounterState
from board.errors import OfficeClosed
from board.events import Event, Kind
from board.store.queue import millis
from board.store.request import Request
from board.ticket import State
from board.times import Millis, on_clock
from tests.office import FILE, TUESDAY, WEDNESDAY, A, Dated, Office, office_at

ZONES = {n: ZoneInfo(f"Etc/GMT{-n:+d}") for n in range(-12, 13)}  # Etc names count westwards


@pytest.fixture
async def office(store_url: str) -> AsyncIterator[Office]:
    """An office on a Tuesday whose day has been open for a minute, and stays so for another one."""
    async with office_at(store_url) as office:
        await office.it_is(TUESDAY)
        yield office


async def since(office: Office, offset: int) -> list[Event]:
    """What happened after that."""
    return [event for event in await office.journal() if event.offset > offset]


# Opening


async def test_the_day_opens_with_the_first_step_of_a_watcher(office: Office) -> None:
    await office.watches()
    await office.watches()
    assert await office.kinds() == ["day.opened"]
    assert (await office.board()).day == "2026-11-24"


async def test_the_day_opens_for_a_visitor_who_is_faster_than_the_watcher(office: Office) -> None:
    assert (await office.takes()).id == "20261124-00001"
    assert await office.kinds() == ["day.opened", "ticket.taken"]


async def test_before_opening_nothing_happens_and_no_number_is_given(office: Office) -> None:
    await office.it_is(TUESDAY, opens=30)
    await office.watches()
    with pytest.raises(OfficeClosed):
        await office.takes()
    assert await office.journal() == []
    assert (await office.board()).day is None


async def test_an_officer_who_opens_before_the_office_does_is_there_when_it_opens(office: Office) -> None:
    await office.it_is(TUESDAY, opens=30)
    await office.opens()
    await office.it_is(TUESDAY)
    await office.takes()
    assert (await office.calls()).number == "A001"


def hours_around(now: Millis, **changes: DayPlan | None) -> Hours:
    """Hours in a zone where it is about noon: open every day from 8 to 16; `today` and `tomorrow` may have other plans."""
    zone = next(zone for n in range(-12, 13) if on_clock(now, (zone := ZONES[n])).hour == 12)
    today = on_clock(now, zone).date()
    usual = DayPlan(time(8), time(16))
    overrides = {today + timedelta(days=n): changes[name] for n, name in enumerate(("today", "tomorrow")) if name in changes}
    return Hours(zone.key, dict.fromkeys(range(7), usual), overrides, "rota", 0, 0, 0, always_open=False)


async def test_a_closed_office_says_when_it_opens_again(store_url: str) -> None:
    async with Redis.from_url(store_url) as client:
        now = millis(await client.time())
        hours = hours_around(now, today=None, tomorrow=DayPlan(time(9), time(12)))
        tomorrow = day_of(hours, on_clock(now, ZoneInfo(hours.zone)).date() + timedelta(days=1))
        closed = Office(Dated(client, replace(FILE, hours=hours)), client)
        with pytest.raises(OfficeClosed) as refused:
            await closed.takes()
        assert refused.value.facts() == {"reason": "closed", "opens_at": tomorrow.opens_at}


async def test_by_the_office_files_own_hours_an_open_office_gives_numbers(store_url: str) -> None:
    async with Redis.from_url(store_url) as client:
        now = millis(await client.time())
        hours = hours_around(now)
        opened = Office(Dated(client, replace(FILE, hours=hours)), client)
        today = on_clock(now, ZoneInfo(hours.zone)).date()
        assert (await opened.takes()).id == f"{today:%Y%m%d}-00001"


async def test_between_two_windows_no_number_is_given_and_who_waits_is_served(office: Office) -> None:
    waits = await office.takes()
    today = await office.it_is(TUESDAY)
    office.queue.days = [replace(today, takes=((today.starts, Millis(today.starts + 1)), (Millis(today.ends - 1), today.ends)))]
    await office.opens()
    with pytest.raises(OfficeClosed):
        await office.takes()
    assert (await office.calls()).id == waits.id


# Closing


async def test_after_closing_no_number_is_given_and_those_who_wait_are_served(office: Office) -> None:
    await office.opens()
    first, second = await office.take(A, A)
    await office.it_is(TUESDAY, closes=-10, expires=30)
    with pytest.raises(OfficeClosed):
        await office.takes()
    await office.watches()
    assert (await office.board()).day == "2026-11-24"
    assert [(await office.serves()).id, (await office.at("finish")).id] == [first.id, first.id]
    assert (await office.serves()).id == second.id


@pytest.mark.parametrize("last", ["finish", "skip", "cancel"])
async def test_once_nobody_is_left_after_closing_the_day_ends_at_once(office: Office, last: str) -> None:
    await office.opens()
    ticket = await office.takes()
    await office.it_is(TUESDAY, closes=-10, expires=30)
    await office.watches()
    assert (await office.board()).day == "2026-11-24"
    if last == "cancel":
        await office.cancels(ticket)
    else:
        await (office.serves() if last == "finish" else office.calls())
        await office.does(last)
    await office.watches()
    await office.watches()
    assert (await office.kinds())[-2:] == ["counter.closed", "day.closed"]
    assert (await office.board()).counters[1].state is CounterState.CLOSED  # type: ignore[index]  # a plain int in a test


async def test_who_waits_for_a_document_keeps_the_day_open(office: Office) -> None:
    await office.opens()
    await office.takes()
    await office.calls()
    held = await office.at("hold", 1, "menunggu salinan")
    await office.it_is(TUESDAY, closes=-10, expires=30)
    await office.watches()
    assert (await office.board()).day == "2026-11-24"
    await office.at("resume", 1, held.number)


async def test_at_the_end_of_the_grace_everybody_has_an_end_and_all_counters_are_closed(office: Office) -> None:
    await office.opens(1)
    await office.opens(2)
    await office.opens(3)
    await office.take(A, A, A, A)
    skipped = await office.calls(1)
    await office.does("skip", 1)
    serving = await office.serves(1)
    called = await office.calls(2)
    await office.does("pause", 3)
    (waits,) = await office.line()
    before = len(await office.journal())
    await office.it_is(TUESDAY, opens=-300, closes=-200, expires=-100)
    await office.watches()
    happened = await since(office, before)
    ends = {e.ticket.id: (e.kind, e.ticket.reason, e.facts.get("verdict")) for e in happened if e.ticket}
    assert ends == {
        serving.id: (Kind.TICKET_DONE, None, None),
        called.id: (Kind.TICKET_EXPIRED, "day_closed", "broken"),
        waits: (Kind.TICKET_EXPIRED, "day_closed", "broken"),
    }
    assert [e.kind for e in happened if not e.ticket] == [Kind.COUNTER_CLOSED] * 3 + [Kind.DAY_CLOSED]
    assert {e.facts.get("reason") for e in happened[:-1]} == {"day_closed"}
    board = await office.board()
    assert board == await office.folded()
    assert (board.day, board.promise.public()) == (None, {"kept": 1, "broken": 2, "excused": 1})
    assert {(c.state, c.ticket, c.officer) for c in board.counters.values()} == {(CounterState.CLOSED, None, None)}
    assert (await office.now_is(skipped)).state is State.SKIPPED


async def test_who_was_held_expires_and_stays_excused(office: Office) -> None:
    await office.opens()
    await office.takes()
    await office.calls()
    await office.does("hold", 1, "menunggu salinan")
    await office.it_is(TUESDAY, -300, -200, -100)
    await office.watches()
    (expired,) = await office.journal(Kind.TICKET_EXPIRED)
    assert expired.ticket is not None
    assert (expired.ticket.verdict, expired.ticket.reason, expired.promise) == ("excused", "day_closed", None)


async def test_who_comes_back_after_the_day_is_over_is_told_that_the_office_is_closed(office: Office) -> None:
    await office.opens()
    await office.takes()
    skipped = await office.calls()
    await office.does("skip")
    await office.it_is(TUESDAY, closes=-10, expires=30)
    await office.watches()
    await office.opens()
    with pytest.raises(OfficeClosed):
        await office.does("return", 1, skipped.number)
    await office.it_is(WEDNESDAY)
    await office.watches()
    assert (await office.board()).tickets == {}
    assert await office.folded() == await office.board()


async def test_no_officer_is_named_for_what_the_day_does_by_itself(office: Office) -> None:
    await office.takes()
    await office.it_is(TUESDAY, -300, -200, -100)
    with pytest.raises(OfficeClosed):
        await office.queue.take(A, Request.fresh("resepsionis"))
    assert {e.kind: e.facts.get("by") for e in await office.journal()} == {
        Kind.DAY_OPENED: None,
        Kind.TICKET_TAKEN: None,
        Kind.TICKET_EXPIRED: None,
        Kind.DAY_CLOSED: None,
    }


async def test_a_refused_number_still_turns_the_day_and_tells_everybody(office: Office) -> None:
    await office.takes()
    await office.it_is(TUESDAY, -300, -200, -100)
    async with office.client.pubsub(ignore_subscribe_messages=True) as hints:
        await hints.subscribe(office.queue.keys.hint)
        with pytest.raises(OfficeClosed):
            await office.takes()
        said = await hints.get_message(timeout=10)
        while said is None:
            said = await hints.get_message(timeout=10)
    board = await office.board()
    assert said["data"] == f"{board.epoch}:{board.offset}".encode()
