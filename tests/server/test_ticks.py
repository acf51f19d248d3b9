"""When a change is sent on: never later than its tick; when somebody is called at once, but no two frames closer than a moment."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from board.events import Kind
from server.ticks import AT_ONCE, TICK, URGENT, send_at, urgent
from tests.visitors import event

seconds = st.floats(0, 1e6, allow_nan=False)
spans = st.floats(0, 1, allow_nan=False)


@settings(deadline=None)
@given(seconds, spans, spans, st.booleans())
def test_a_change_is_sent_no_later_than_the_end_of_its_tick_and_never_in_the_past(
    now: float, held: float, sent: float, hurry: bool
) -> None:
    at = send_at(now, now - held, now - sent, hurry)
    assert now <= at <= max(now, now - held + TICK)


@settings(deadline=None)
@given(seconds, spans, spans)
def test_a_call_is_sent_as_soon_as_the_frame_before_it_is_a_moment_old(now: float, held: float, sent: float) -> None:
    at = send_at(now, now - held, now - sent, hurry=True)
    assert at <= max(now, now - sent + AT_ONCE)
    assert at == now or at >= min(now - sent + AT_ONCE, now - held + TICK)


@settings(deadline=None)
@given(seconds, spans, spans)
def test_a_call_is_never_sent_later_than_a_change_that_can_wait(now: float, held: float, sent: float) -> None:
    assert send_at(now, now - held, now - sent, hurry=True) <= send_at(now, now - held, now - sent, hurry=False)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 0.2), st.sampled_from(Kind)), min_size=1, max_size=60))
def test_frames_go_out_in_order_and_whoever_is_called_is_told_within_a_moment(comes: list[tuple[float, Kind]]) -> None:
    """A day of changes through the rule as the room applies it."""
    now, last_sent, due = 0.0, -1.0, None
    held: list[tuple[float, int, Kind]] = []
    told: list[int] = []

    def send(at: float) -> None:
        for since, n, kind in held:
            assert at - since <= (AT_ONCE if kind in URGENT else TICK) + 1e-9
            told.append(n)
        held.clear()

    for n, (pause, kind) in enumerate(comes):
        if due is not None and due <= now + pause:
            send(due)
            last_sent, due = due, None
        now += pause
        held.append((now, n, kind))
        due = send_at(now, held[0][0], last_sent, any(k in URGENT for _, _, k in held))
        assert due >= last_sent
    assert due is not None
    send(due)
    assert told == list(range(len(comes)))


def test_whoever_is_called_or_alerted_is_in_a_hurry_and_nobody_else() -> None:
    for kind in Kind:
        hurry = kind in (Kind.TICKET_CALLED, Kind.TICKET_RECALLED) or kind.value.startswith("escalation.")
        assert urgent([event(1, Kind.TICKET_TAKEN), event(2, kind)]) is hurry
    assert not urgent([])
