"""Who answers an alert, who cannot come, and the reserve counter that is opened for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from board.counter import CounterState
from board.errors import (
    CounterTaken,
    EscalationAnswered,
    NobodyWaiting,
    NotReserve,
    Refusal,
    ServiceNotHere,
    UnknownCounter,
    UnknownEscalation,
)
from board.escalation import EscalationState
from board.events import Kind
from board.office import ServiceCode
from board.store.request import Outcome, Request
from tests.office import RESERVE, A, Alarmed, B, C, Dated, office_at


@pytest.fixture
async def office(store_url: str) -> AsyncIterator[Alarmed]:
    async with office_at(store_url, guarantee_ms=1, warn_ms=[]) as office:
        await office.opens(1)
        yield Alarmed(office.queue, office.client)


async def folds_to_what_is_kept(office: Alarmed) -> None:
    assert await office.folded() == await office.board()


# Answers


async def test_an_officer_accepts_and_is_noted_with_the_time(office: Alarmed) -> None:
    alert = await office.alert()
    accepted = (await office.accepts(alert, "siti")).escalation
    assert accepted is not None
    assert (accepted.state, accepted.accepted_by, accepted.counter, accepted.level) == (EscalationState.ACCEPTED, "siti", None, 1)
    assert accepted.accepted_at
    assert accepted.answer_by == accepted.accepted_at + 180_000
    assert (await office.board()).escalations == {alert.id: accepted}


async def test_of_two_who_accept_at_once_the_first_wins_and_the_other_hears_who(office: Alarmed) -> None:
    alert = await office.alert()
    answers = await asyncio.gather(office.accepts(alert, "siti"), office.accepts(alert, "budi"), return_exceptions=True)
    (won,) = [a.escalation for a in answers if isinstance(a, Outcome)]
    (late,) = [a for a in answers if isinstance(a, EscalationAnswered)]
    assert won is not None
    assert late.facts() == {"escalation": alert.id, "state": "accepted", "accepted_by": won.accepted_by}
    assert len(await office.journal(Kind.ESCALATION_ACCEPTED)) == 1


async def test_after_somebody_accepted_nobody_can_decline(office: Alarmed) -> None:
    alert = await office.alert()
    await office.accepts(alert, "siti")
    with pytest.raises(EscalationAnswered):
        await office.declines(alert, "siti")


@pytest.mark.parametrize("id_", ["e-20261124-99999", "x", "", "e-", "zz{ticket}", "{ticket}"])
async def test_an_alert_that_was_never_raised_cannot_be_answered(office: Alarmed, id_: str) -> None:
    alert = await office.alert()
    for answer in (office.queue.accept, office.queue.decline):
        with pytest.raises(UnknownEscalation):
            await answer(id_.format(ticket=alert.ticket), Request.fresh("siti"))


async def test_a_colleague_who_cannot_come_is_noted_and_the_others_are_still_asked(office: Alarmed) -> None:
    await office.opens(2)
    alert = await office.alert()
    for _ in range(2):
        declined = (await office.declines(alert, "officer-1")).escalation
        assert declined is not None
        assert (declined.state, declined.level, declined.declined_by) == (EscalationState.RAISED, 1, ("officer-1",))
    assert all(event.public() is None for event in await office.journal(Kind.ESCALATION_DECLINED))
    assert (await office.accepts(alert, "officer-1")).escalation is not None, "he can after all"


async def test_when_everybody_on_duty_has_declined_the_next_level_is_told_at_once(office: Alarmed) -> None:
    await office.opens(2)
    await office.does("pause", 2)
    alert = await office.alert()
    await office.declines(alert, "officer-2")
    told = (await office.declines(alert, "officer-1")).escalation
    assert told is not None
    assert (told.level, told.state, told.declined_by) == (2, EscalationState.RAISED, ())
    (lapsed,) = await office.journal(Kind.ESCALATION_LAPSED)
    assert (lapsed.facts["reason"], lapsed.escalation and lapsed.escalation.level) == ("declined", 1)
    await folds_to_what_is_kept(office)


async def test_with_nobody_on_duty_one_who_declines_passes_it_on(office: Alarmed) -> None:
    await office.does("close")
    told = (await office.declines(await office.alert(), "siti")).escalation
    assert told is not None
    assert told.level == 2


# With a reserve counter


async def test_accepting_with_a_reserve_counter_opens_it_in_the_same_step(office: Alarmed) -> None:
    alert = await office.alert()
    accepted = await office.accepts(alert, "siti", RESERVE)
    assert accepted.counter is not None
    assert accepted.escalation is not None
    assert (accepted.counter.state, accepted.counter.officer, accepted.counter.services) == ("open", "siti", (A, B))
    assert accepted.escalation.counter == RESERVE
    assert (await office.kinds())[-2:] == ["counter.opened", "escalation.accepted"]
    assert (await office.queue.call_next(RESERVE, Request.fresh("siti"))).ticket is not None
    await folds_to_what_is_kept(office)


@pytest.mark.parametrize("before", ["open", "paused", "serving"])
async def test_accepting_with_ones_own_reserve_counter_takes_it_as_it_is(office: Alarmed, before: str) -> None:
    await office.opens(RESERVE)
    if before == "serving":
        await office.takes(B)
        await office.serves(RESERVE)
    if before == "paused":
        await office.does("pause", RESERVE)
    opened = len(await office.journal(Kind.COUNTER_OPENED))
    accepted = await office.accepts(await office.alert(), "officer-4", RESERVE)
    assert accepted.counter is not None
    assert accepted.counter.state is CounterState.OPEN
    assert len(await office.journal(Kind.COUNTER_OPENED)) - opened == (before == "paused")


@pytest.mark.parametrize(
    ("service", "counter", "refused"),
    [(A, 1, NotReserve), (A, RESERVE, CounterTaken), (A, 99, UnknownCounter)],
)
async def test_an_acceptance_with_a_counter_that_does_not_do_changes_nothing(
    office: Alarmed, service: ServiceCode, counter: int, refused: type[Refusal]
) -> None:
    await office.opens(RESERVE)
    alert = await office.alert(service)
    kept = await office.all_kept()
    with pytest.raises(refused):
        await office.accepts(alert, "siti", counter)
    assert await office.all_kept() == kept


@pytest.mark.parametrize("opened", [False, True])
async def test_a_reserve_counter_that_does_not_serve_the_alerts_service_is_refused(office: Alarmed, opened: bool) -> None:
    if opened:
        await office.opens(RESERVE, B)
    alert = await office.alert(A if opened else C)
    with pytest.raises(ServiceNotHere) as refused:
        await office.accepts(alert, "officer-4", RESERVE)
    assert refused.value.facts() == {"counter": RESERVE, "service": A if opened else C, "state": "open" if opened else "closed"}
    assert (await office.accepts(alert, "officer-4")).escalation is not None


async def test_a_reserve_counter_calls_the_overdue_first_longest_due_first(store_url: str) -> None:
    async with office_at(store_url, warn_ms=[]) as office:
        await office.opens(1)
        await office.opens(RESERVE)
        patient = await office.takes(A)
        hurried = Alarmed(Dated(office.client, guarantee_ms=1, warn_ms=[]), office.client)
        first, second, third = [await hurried.alert(service) for service in (B, A, B)]
        assert (await office.calls(RESERVE)).id == first.ticket
        assert (await office.calls(1)).id == patient.id, "an ordinary counter keeps to the order of taking"
        await office.does("skip", RESERVE)
        assert (await office.calls(RESERVE)).id == second.ticket
        await office.does("skip", RESERVE)
        assert (await office.calls(RESERVE)).id == third.ticket
        await office.does("skip", RESERVE)
        await office.takes(A)
        assert (await office.calls(RESERVE)).number == "A003", "with nobody overdue it calls like any other"


@pytest.mark.parametrize("way", ["transfer", "return"])
async def test_who_comes_back_into_the_line_after_the_deadline_is_overdue_there(office: Alarmed, way: str) -> None:
    await office.opens(RESERVE)
    first = await office.alert(A)
    await office.calls(1)
    second = await office.alert(B)
    if way == "transfer":
        await office.does("transfer", 1, B)
    else:
        await office.does("skip", 1)
        await office.at("return", 1, first.number)
    assert (await office.calls(RESERVE)).id == first.ticket, "longest due first, also when no alert is open for it any more"
    await office.does("skip", RESERVE)
    assert (await office.calls(RESERVE)).id == second.ticket


async def test_a_reserve_counter_leaves_the_overdue_of_other_services_where_they_are(office: Alarmed) -> None:
    await office.opens(RESERVE)
    await office.alert(C)
    with pytest.raises(NobodyWaiting):
        await office.calls(RESERVE)
