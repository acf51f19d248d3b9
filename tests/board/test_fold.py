"""The fold against its worked examples, which the browser's fold replays too, and against what must hold for every history."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from board.counter import CounterState
from board.escalation import OPEN, EscalationState, Level
from board.events import Event, Kind, parse
from board.fold import LAST_CALLED, Board, empty, fold
from board.guarantee import Promise
from board.office import CounterNumber, OfficeId
from board.ticket import called_order
from board.times import Millis
from tests.office import FILE
from tests.visitors import TEN, called, counter, done, escalation, event, tickets, visitor

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "fold.json").read_text("utf-8"))
HISTORIES = [pytest.param(v, id=f"{v['name']} ({v['view']})") for v in VECTORS if not v.get("browser_only")]
START = Board(OfficeId("tanjung-selor"), "e1", 0, day="2026-11-24")


def event_of(shown: dict[str, Any]) -> Event:
    """An event from the wire: what a view leaves out is filled with nothing."""
    kept = dict(shown)
    if "counter" in kept:
        kept["counter"] = {"officer": None, **kept["counter"]}
    if "escalation" in kept:
        kept["escalation"] = {"accepted_by": None, "accepted_at": None, "counter": None, "answer_by": None, **kept["escalation"]}
        kept["escalation"]["declined_by"] = ",".join(kept["escalation"].get("declined_by", []))
    return parse(kept.pop("offset"), json.dumps(kept))


def board_of(shown: dict[str, Any]) -> Board:
    """A board from the wire."""
    board = Board(shown["office"], shown["epoch"], shown["offset"], shown["day"], Promise(**shown["promise"]))
    as_events = [event_of({"offset": 1, "at": 0, "kind": "ticket.taken", name[:-1]: thing}) for name in NAMES for thing in shown[name]]
    return replace(
        board,
        tickets={e.ticket.id: e.ticket for e in as_events if e.ticket},
        counters={e.counter.counter: e.counter for e in as_events if e.counter},
        escalations={e.escalation.id: e.escalation for e in as_events if e.escalation},
    )


NAMES = ("tickets", "counters", "escalations")


@pytest.mark.parametrize("history", HISTORIES)
def test_a_history_folds_into_the_board_that_the_vectors_show(history: dict[str, Any]) -> None:
    board = board_of(history["before"])
    for shown in history["events"]:
        board = fold(board, event_of(shown))
    assert board.view(history["view"] == "staff", TEN) == {**history["after"], "now": TEN}


def test_the_vectors_show_every_kind_of_event() -> None:
    shown = {e["kind"] for history in VECTORS for e in history["events"]}
    assert {kind.value for kind in Kind} - shown == set()


def test_before_the_first_event_every_counter_of_the_office_file_is_closed() -> None:
    board = empty(FILE, "e1")
    assert {c.counter: (c.state, c.ticket, c.officer) for c in board.counters.values()} == {
        plan.counter: (CounterState.CLOSED, None, None) for plan in FILE.counters
    }
    assert (board.epoch, board.offset, board.day, board.tickets, board.promise) == ("e1", 0, None, {}, Promise())


def test_who_left_the_last_called_does_not_come_back_when_another_one_waits_again() -> None:
    board = START
    for n in range(1, 22):
        board = fold(board, event(n, Kind.TICKET_DONE, ticket=done(called(visitor(n), TEN + n), TEN + n)))
    assert visitor(1).id not in board.tickets
    board = fold(board, event(22, Kind.TICKET_RETURNED, ticket=visitor(21)))
    assert visitor(1).id not in board.tickets
    assert visitor(21).id in board.tickets


def test_a_board_shows_its_tickets_in_the_order_of_taking_and_its_alerts_longest_due_first() -> None:
    late, early = visitor(1, deadline=Millis(TEN + 2)), visitor(2, deadline=Millis(TEN + 1))
    board = START
    for n, ticket in enumerate((early, late), 1):
        board = fold(board, event(n, Kind.ESCALATION_RAISED, ticket=ticket, escalation=escalation(ticket), counter=counter(3 - n)))
    shown = board.view(False, TEN)
    assert [t["number"] for t in shown["tickets"]] == ["A001", "A002"]
    assert [e["number"] for e in shown["escalations"]] == ["A002", "A001"]
    assert [c["counter"] for c in shown["counters"]] == [1, 2]


def test_the_public_view_names_nobody() -> None:
    ticket = visitor(1, satker="527010", reason="menunggu salinan")
    alert = escalation(ticket, accepted_by="siti", declined_by=("budi",))
    board = fold(START, event(1, Kind.ESCALATION_ACCEPTED, ticket=ticket, counter=counter(1, officer="siti"), escalation=alert))
    public, staff = (json.dumps(board.view(who, TEN)) for who in (False, True))
    for secret in ("527010", "menunggu salinan", "siti", "budi"):
        assert secret not in public
        assert secret in staff


# What holds for every history.

LEFT = {t.id: t for t in (done(called(visitor(n), TEN + n), TEN + n) for n in range(41, 41 + LAST_CALLED - 2))}
promises = st.none() | st.builds(Promise, *[st.integers(0, 9)] * 3)
counters = st.none() | st.builds(counter, st.integers(1, 4), state=st.sampled_from(CounterState))
alerts = st.none() | st.builds(escalation, tickets, state=st.sampled_from(EscalationState), level=st.sampled_from(Level))
things = st.tuples(st.sampled_from(Kind), st.none() | tickets, counters, alerts, promises)


def _history(found: list[Any]) -> list[Event]:
    return [
        event(offset, kind, ticket=ticket, counter=where, escalation=alert, promise=promise, day="2026-11-25")
        for offset, (kind, ticket, where, alert, promise) in enumerate(found, 1)
    ]


# Any events in any order, sensible or not: the fold has to take what the journal holds.
histories = st.lists(things, max_size=15).map(_history)


def boards(events: list[Event]) -> list[Board]:
    """The board after each event."""
    found = [replace(START, tickets=LEFT)]
    for e in events:
        found.append(fold(found[-1], e))
    return found


@settings(max_examples=50, deadline=None)
@given(histories)
def test_after_any_history_the_board_stands_at_the_last_event_and_holds_no_more_than_it_shows(events: list[Event]) -> None:
    for before, e, board in zip(boards(events), events, boards(events)[1:], strict=False):
        assert (board.epoch, board.office, board.offset) == (before.epoch, before.office, e.offset)
        ended = [t for t in board.tickets.values() if t.ended_at is not None]
        assert len(ended) <= LAST_CALLED
        assert all(t.called_at is not None for t in ended)
        assert all(alert.state in OPEN for alert in board.escalations.values())
        assert all(key == t.id for key, t in board.tickets.items())
        assert set(board.counters) <= {CounterNumber(n) for n in range(1, 5)}


@settings(max_examples=50, deadline=None)
@given(histories)
def test_the_ended_on_a_board_are_among_its_twenty_last_called(events: list[Event]) -> None:
    board = boards(events)[-1]
    last = sorted((t for t in board.tickets.values() if t.called_at is not None), key=called_order)[-LAST_CALLED:]
    assert [t for t in board.tickets.values() if t.ended_at is not None and t not in last] == []


@settings(max_examples=50, deadline=None)
@given(histories, st.integers(0, 15))
def test_a_board_that_somebody_still_holds_does_not_change_when_more_happens(events: list[Event], at: int) -> None:
    held = boards(events[:at])[-1]
    before = copy.deepcopy(held)
    for e in events:
        fold(held, e)
    assert held == before


@settings(max_examples=50, deadline=None)
@given(histories)
def test_folding_twice_what_was_seen_twice_gives_the_same_board(events: list[Event]) -> None:
    for board, e in zip(boards(events)[1:], events, strict=True):
        assert fold(board, e) == board


@settings(max_examples=50, deadline=None)
@given(histories, st.integers(0, 15))
def test_going_on_from_a_snapshot_is_the_same_as_having_seen_everything(events: list[Event], cut: int) -> None:
    found = boards(events)
    cut = min(cut, len(events))
    board = board_of(found[cut].view(True, TEN))
    for e in events[cut:]:
        board = fold(board, e)
    assert board.view(True, TEN) == found[-1].view(True, TEN)
