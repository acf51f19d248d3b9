"""What is read from the journal, and what of it each view shows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.counter import Counter
from board.escalation import Escalation
from board.events import STAFF_ONLY, Event, Kind, parse
from board.guarantee import Promise
from board.ticket import Ticket, Verdict
from tests.visitors import TEN, called, counter, escalation, event, tickets, visitor

SECRETS = ("527010", "menunggu salinan", "siti", "budi", "verdict")


def kept(**carries: Any) -> str:
    """An entry as the scripts write it."""
    return json.dumps({"kind": "ticket.called", "at": TEN, **carries})


def everything(kind: Kind) -> Event:
    """An event that carries all it could, with a secret in every place where one fits."""
    ticket = visitor(1, satker="527010", reason="menunggu salinan", verdict=Verdict.EXCUSED)
    alert = escalation(ticket, accepted_by="siti", declined_by=("budi",))
    desk = counter(1, officer="siti")
    facts = {"by": "siti", "verdict": "excused", "day": "2026-11-24", "after": 1800, "from": "B"}
    return event(7, kind, ticket=ticket, counter=desk, escalation=alert, promise=Promise(1, 2, 3), **facts)


def test_an_entry_of_the_journal_becomes_an_event_with_its_number() -> None:
    found = parse(7, kept(by="siti", verdict="kept", promise={"kept": 1, "broken": 0, "excused": 0}))
    assert (found.offset, found.at, found.kind, found.promise) == (7, TEN, Kind.TICKET_CALLED, Promise(1, 0, 0))
    assert (found.ticket, found.counter, found.escalation) == (None, None, None)
    assert found.facts == {"by": "siti", "verdict": "kept"}


def test_a_visitor_who_acts_has_no_name_in_the_event() -> None:
    assert parse(7, kept(by=None)).facts == {}


@pytest.mark.parametrize(
    "text",
    ["", "[]x", "{}", '{"kind":"ticket.called"}', '{"at":1,"kind":"ticket.teleported"}', '{"at":1,"kind":"ticket.done","ticket":{}}'],
)
def test_what_we_did_not_write_is_no_event(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        parse(1, text)


@given(tickets)
def test_a_ticket_is_read_as_it_was_kept(ticket: Ticket) -> None:
    assert Ticket.of({**ticket.staff(), "verdict": ticket.verdict}) == ticket


def test_a_counter_and_an_alert_are_read_as_they_were_kept() -> None:
    one = escalation(visitor(1), accepted_by="siti", declined_by=("budi", "ani"))
    assert Counter.of(counter(2).staff()) == counter(2)
    assert Escalation.of({**one.staff(), "declined_by": "budi,ani"}) == one
    assert Escalation.of({**one.staff(), "declined_by": ""}).declined_by == ()


@pytest.mark.parametrize("kind", Kind)
def test_the_public_sees_no_name_no_satker_no_reason_and_no_verdict_on_one_ticket(kind: Kind) -> None:
    public = json.dumps(everything(kind).public())
    assert [secret for secret in SECRETS if secret in public] == []


@pytest.mark.parametrize("kind", Kind)
def test_staff_see_all_of_an_event(kind: Kind) -> None:
    staff = json.dumps(everything(kind).staff())
    assert [secret for secret in SECRETS if secret not in staff] == []


@pytest.mark.parametrize("kind", Kind)
def test_what_is_hidden_from_the_public_changes_nothing_that_it_sees(kind: Kind) -> None:
    shown = everything(kind).public()
    assert (shown is None) == (kind in STAFF_ONLY)
    if shown is not None:
        assert (shown["offset"], shown["at"], shown["kind"]) == (7, TEN, kind.value)


def test_an_event_shows_only_what_it_carries() -> None:
    assert event(3, Kind.DAY_CLOSED, day="2026-11-24").public() == {"offset": 3, "at": TEN, "kind": "day.closed", "day": "2026-11-24"}
    assert set(event(3, Kind.TICKET_CALLED, ticket=called(visitor(1), TEN), counter=counter(1)).staff()) == {
        "offset",
        "at",
        "kind",
        "ticket",
        "counter",
    }


@given(st.sampled_from(Kind), st.none() | tickets, st.booleans())
def test_every_view_can_be_sent(kind: Kind, ticket: Ticket | None, with_counter: bool) -> None:
    found = event(1, kind, ticket=ticket, counter=counter(1) if with_counter else None)
    assert json.loads(json.dumps(found.staff()))["kind"] == kind.value
