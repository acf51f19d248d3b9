"""What happens to an alert that nobody answers, and how every alert ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest

from board.errors import EscalationAnswered
from board.escalation import Escalation, EscalationState
from board.events import Kind
from board.store.request import Request
from board.ticket import Ticket
from tests.office import RESERVE, TUESDAY, Alarmed, B, Dated, office_at
from tests.stores import comes


@pytest.fixture
async def office(store_url: str) -> AsyncIterator[Alarmed]:
    async with office_at(store_url, guarantee_ms=1, warn_ms=[]) as office:
        await office.opens(1)
        yield Alarmed(office.queue, office.client)


def impatient(office: Alarmed, **plan: Any) -> Alarmed:
    """The same office, where an alert is answered within the time given."""
    return Alarmed(Dated(office.client, guarantee_ms=1, warn_ms=[], **plan), office.client)


async def folds_to_what_is_kept(office: Alarmed) -> None:
    assert await office.folded() == await office.board()


# Without an answer


async def test_an_alert_that_nobody_answers_goes_up_level_by_level_and_the_last_is_repeated(office: Alarmed) -> None:
    hurried = impatient(office, accept_ms=1)
    await hurried.alert()
    raised = await hurried.steps_until(5, Kind.ESCALATION_RAISED)
    lapsed = await hurried.alerts(Kind.ESCALATION_LAPSED)
    assert [e.level for e in raised[:5]] == [1, 2, 3, 3, 3]
    assert [e.level for e in lapsed[:4]] == [1, 2, 3, 3]
    assert {e.id for e in raised + lapsed} == {raised[0].id}
    assert {e.due_at for e in raised} == {raised[0].due_at}
    assert all(e.raised_at >= then.raised_at + 1 for then, e in pairwise(raised))
    assert {e.facts["reason"] for e in await hurried.journal(Kind.ESCALATION_LAPSED)} == {"unanswered"}
    await folds_to_what_is_kept(hurried)


async def test_who_accepted_and_did_not_call_is_not_waited_for_for_ever(office: Alarmed) -> None:
    hurried = impatient(office, call_ms=1)
    alert = await hurried.alert()
    await hurried.accepts(alert, "siti", RESERVE)
    again = (await hurried.steps_until(2, Kind.ESCALATION_RAISED))[-1]
    assert (again.id, again.level, again.state) == (alert.id, 2, EscalationState.RAISED)
    assert (again.accepted_by, again.accepted_at, again.counter, again.declined_by) == (None, None, None, ())
    (lapsed,) = await hurried.journal(Kind.ESCALATION_LAPSED)
    assert lapsed.facts["reason"] == "not_called"
    assert lapsed.escalation is not None
    assert lapsed.escalation.accepted_by == "siti"
    assert (await office.accepts(alert, "budi")).escalation is not None


async def test_several_watchers_take_an_alert_up_one_level_and_not_two(office: Alarmed) -> None:
    hurried = impatient(office, accept_ms=1)
    await hurried.alert()
    patient = [Alarmed(Dated(office.client), office.client) for _ in range(8)]

    async def lapsed() -> int:
        await asyncio.gather(*(one.watches() for one in patient))
        return len(await office.alerts(Kind.ESCALATION_LAPSED))

    await comes(lapsed)
    assert [e.level for e in await office.alerts()] == [1, 2]


# The end


@pytest.mark.parametrize("accepted", [False, True])
async def test_an_alert_is_resolved_when_its_visitor_is_called(office: Alarmed, accepted: bool) -> None:
    alert = await office.alert()
    if accepted:
        await office.accepts(alert, "siti")
    await office.calls(1)
    (resolved,) = await office.alerts(Kind.ESCALATION_RESOLVED)
    assert (resolved.state, resolved.answer_by, resolved.accepted_by) == ("resolved", None, "siti" if accepted else None)
    await over(office, alert)


async def test_an_alert_is_withdrawn_when_the_visitor_leaves(office: Alarmed) -> None:
    alert = await office.alert()
    await office.queue.cancel(alert.ticket, Request.fresh())
    assert [e.state for e in await office.alerts(Kind.ESCALATION_WITHDRAWN)] == ["withdrawn"]
    await over(office, alert)


async def test_an_alert_is_withdrawn_when_the_day_ends(office: Alarmed) -> None:
    await office.it_is(TUESDAY)
    alert = await office.alert()
    await office.it_is(TUESDAY, -300, -200, -100)
    await office.watches()
    assert [e.state for e in await office.alerts(Kind.ESCALATION_WITHDRAWN)] == ["withdrawn"]
    await over(office, alert)


async def over(office: Alarmed, alert: Escalation) -> None:
    """Nothing of the alert is left that could ring again, and nobody can answer it."""
    assert (await office.board()).escalations == {}
    for name in ("deadlines", "answers_due", f"overdue:{alert.service}"):
        assert await office.client.exists(f"kayan:{{tanjung-selor}}:{name}") == 0
    for answer in (office.accepts, office.declines):
        with pytest.raises(EscalationAnswered):
            await answer(alert, "budi")
    await folds_to_what_is_kept(office)


async def test_a_visitor_with_an_alert_who_returns_or_is_sent_on_raises_no_second_one(office: Alarmed) -> None:
    alert = await office.alert()
    await office.calls(1)
    await office.does("skip")
    back: Ticket = await office.at("return", 1, alert.number)
    await office.watches()
    await office.calls(1)
    await office.does("transfer", 1, B)
    await office.watches()
    assert [e.ticket for e in await office.alerts()] == [back.id]
