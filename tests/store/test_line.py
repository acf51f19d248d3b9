"""Numbers as they are given, and the order in which counters call them, on a real store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from board.errors import NobodyWaiting
from board.events import Kind
from board.order import waiting
from board.store.request import Request
from board.ticket import State, TicketNumber
from tests.office import RESERVE, TUESDAY, WEDNESDAY, A, B, C, Dated, Office, day, numbers, office_at


@pytest.fixture
async def office(store_url: str) -> AsyncIterator[Office]:
    async with office_at(store_url) as office:
        yield office


async def test_each_service_counts_its_own_numbers_from_001(office: Office) -> None:
    taken = await office.take(A, A, B, A, C, B)
    assert numbers(taken) == ["A001", "A002", "B001", "A003", "C001", "B002"]
    assert [t.id[-5:] for t in taken] == ["00001", "00002", "00003", "00004", "00005", "00006"]


async def test_after_a999_comes_a1000_and_it_stands_behind(office: Office) -> None:
    await office.takes(A)
    await office.client.hset("kayan:{tanjung-selor}:numbers", mapping={"of:A": 998, "taken": 998})
    assert numbers(await office.take(A, A, A)) == ["A999", "A1000", "A1001"]
    await office.opens()
    assert await called_one_after_the_other(office, 4) == ["A001", "A999", "A1000", "A1001"]
    assert (await office.at("return", 1, "A1001")).number == "A1001"


async def called_one_after_the_other(office: Office, how_many: int) -> list[TicketNumber]:
    """Whom counter 1 calls when everybody is a no-show."""
    found = []
    for _ in range(how_many):
        found.append((await office.calls()).number)
        await office.does("skip")
    return found


async def test_numbers_begin_anew_the_next_day_and_go_on_the_same_day(office: Office) -> None:
    now = await office.queue.now()
    office.queue.days = [day(now, TUESDAY)]
    assert numbers(await office.take(A, B, A)) == ["A001", "B001", "A002"]
    office.queue.days = [day(now, TUESDAY, -200, -100)]
    await office.watches()
    office.queue.days = [day(now, TUESDAY)]
    again = await office.takes(A)
    assert (again.number, again.id) == ("A003", "20261124-00004")
    office.queue.days = [day(now, WEDNESDAY)]
    tomorrow = await office.takes(A)
    assert (tomorrow.number, tomorrow.id) == ("A001", "20261125-00001")


async def test_a_number_says_how_many_are_called_before_it(office: Office) -> None:
    found = [(await office.queue.take(service, Request.fresh())).ahead for service in (A, A, B, A)]
    assert found == [0, 1, 0, 2]
    first = (await office.queue.take(A, Request.fresh(), priority=True)).ahead
    assert first == 0


async def test_look_says_how_many_are_ahead_as_the_line_moves(office: Office) -> None:
    await office.opens()
    first, second, third = await office.take(A, A, A)
    assert [(await office.queue.look(t.id))[1] for t in (first, second, third)] == [0, 1, 2]
    await office.calls()
    assert [(await office.queue.look(t.id))[1] for t in (first, second, third)] == [0, 0, 1]
    await office.cancels(second)
    ticket, ahead, now = await office.queue.look(third.id)
    assert (ticket.state, ahead) == (State.WAITING, 0)
    assert ticket.taken_at <= now


async def test_a_counter_calls_the_oldest_of_all_its_services_and_nobody_else(office: Office) -> None:
    await office.opens(1)
    await office.opens(3)
    await office.take(C, B, A, B, A)
    assert await called_one_after_the_other(office, 4) == ["B001", "A001", "B002", "A002"]
    assert (await office.calls(3)).number == "C001"
    with pytest.raises(NobodyWaiting):
        await office.calls(1)


async def test_priority_is_called_before_who_came_within_the_head_start(store_url: str) -> None:
    async with office_at(store_url) as office:
        await office.opens()
        await office.take(A, A)
        await office.takes(A, priority=True)
        await office.takes(A)
        board = await office.board()
        expected = numbers(waiting(board.tickets.values(), None, 600_000))
        assert expected == ["A003", "A001", "A002", "A004"]
        assert [board.tickets[found].number for found in await office.line()] == expected
        assert (await office.calls()).number == "A003"


async def test_without_a_head_start_priority_passes_nobody(store_url: str) -> None:
    async with office_at(store_url, head_start_ms=0) as office:
        await office.opens()
        await office.takes(A)
        await office.takes(A, priority=True)
        assert (await office.calls()).number == "A001"


async def test_a_head_start_changed_during_the_day_does_not_move_who_waits_already(store_url: str) -> None:
    async with office_at(store_url) as office:
        await office.opens()
        await office.take(A)
        preferred = await office.takes(A, priority=True)
        changed = Office(Dated(office.client, head_start_ms=0), office.client)
        await changed.takes(A)
        assert (await changed.calls()).id == preferred.id
        await changed.does("skip")
        assert (await changed.at("return", 1, preferred.number)).id == (await office.line())[0]


async def test_counters_that_call_at_once_never_get_the_same_number_and_skip_none(office: Office) -> None:
    taken = await office.take(*[A] * 30)
    queues = [Office(Dated(office.client, office.file), office.client) for _ in range(3)]
    for counter in (1, 2, RESERVE):
        await office.opens(counter)

    async def calls_until_nobody_waits(people: Office, counter: int) -> list[str]:
        found: list[str] = []
        while True:
            try:
                found.append((await people.calls(counter)).number)
            except NobodyWaiting:
                return found
            await people.does("skip", counter)

    each = await asyncio.gather(*(calls_until_nobody_waits(*who) for who in zip(queues, (1, 2, RESERVE), strict=True)))
    assert sorted(number for found in each for number in found) == numbers(taken)
    assert all(found == sorted(found) for found in each)
    assert [e.ticket.number for e in await office.journal(Kind.TICKET_CALLED) if e.ticket] == numbers(taken)


async def test_visitors_who_take_at_once_get_different_numbers_without_a_gap(office: Office) -> None:
    taken = await asyncio.gather(*(office.takes(A) for _ in range(40)))
    assert sorted(numbers(taken)) == [f"A{n:03}" for n in range(1, 41)]
    assert [t.id for t in sorted(taken, key=lambda t: t.id)] == await office.line()
