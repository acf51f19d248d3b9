"""What holds for all hours, zones and moments, also on the days when clocks change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from board.calendar import LOOK_AHEAD, Break, Day, DayPlan, Hours, day_at, day_of, days_around, taking
from board.times import Millis, on_clock

MINUTE = 60_000  # ms
ONE_DAY = timedelta(days=1)
steadily = settings(deadline=None)  # a busy machine makes an example slow, not wrong
WITHOUT_CHANGES = ["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"]
CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("America/Sao_Paulo", date(2018, 11, 4)),  # no midnight
    ("America/Sao_Paulo", date(2018, 2, 18)),  # midnight comes twice
    ("America/St_Johns", date(2010, 11, 7)),  # at one minute past midnight, back to the day before
    ("Pacific/Apia", date(2011, 12, 30)),  # a date that was left out
    ("Asia/Makassar", date(2028, 2, 29)),
]


def clock(minute: int) -> time:
    """A minute of the day as a time."""
    return time(minute // 60, minute % 60)


@st.composite
def plans(draw: st.DrawFn) -> DayPlan:
    """Hours with up to three breaks, of any length down to a minute."""
    minutes = draw(st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=8, unique=True).filter(lambda found: len(found) % 2 == 0))
    opens, *edges, closes = (clock(minute) for minute in sorted(minutes))
    return DayPlan(opens, closes, tuple(Break(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)))


@st.composite
def offices(draw: st.DrawFn, zones: list[str] | None = None) -> tuple[Hours, date]:
    """An office and a date, often one with a change of clocks, with its own hours around that date."""
    quiet = st.tuples(st.sampled_from(zones or WITHOUT_CHANGES), st.dates(date(2000, 1, 1), date(2037, 12, 31)))
    zone, day = draw(quiet if zones else st.one_of(quiet, st.sampled_from(CHANGES)))
    near = st.integers(-2, 2).map(lambda days: day + days * ONE_DAY)
    cut_off = st.integers(0, 480)
    hours = Hours(
        zone=zone,
        week=draw(st.dictionaries(st.integers(0, 6), st.none() | plans(), max_size=7)),
        overrides=draw(st.dictionaries(near, st.none() | plans(), max_size=3)),
        break_mode=draw(st.sampled_from(["closed", "rota"])),
        last_number_minutes=draw(cut_off),
        last_number_before_break_minutes=draw(cut_off),
        grace_minutes=draw(cut_off),
        always_open=draw(st.sampled_from([False, False, False, True])),
    )
    return hours, day


@st.composite
def moments(draw: st.DrawFn) -> tuple[Hours, Millis]:
    """An office and a moment: anywhere within two days, or at an edge or the last millisecond before it."""
    hours, day = draw(offices())
    edges = [edge for found in _days(hours, day - ONE_DAY, 3) for edge in _edges(found)]
    anywhere = st.integers(min(edges), max(edges))
    return hours, Millis(draw(anywhere | st.sampled_from(edges)) - draw(st.integers(0, 1)))


def _days(hours: Hours, first: date, many: int) -> Iterator[Day]:
    return (day_of(hours, first + ahead * ONE_DAY) for ahead in range(many))


def _edges(day: Day) -> list[Millis]:
    named = [day.starts, day.ends, day.opens_at, day.closes_at, day.expires_at, *(edge for window in day.takes for edge in window)]
    return [edge for edge in named if edge is not None]


@steadily
@given(offices())
def test_days_follow_each_other_without_gap_or_overlap(case: tuple[Hours, date]) -> None:
    hours, day = case
    for before, after in pairwise(_days(hours, day - 3 * ONE_DAY, 7)):
        assert before.starts <= before.ends == after.starts


@steadily
@given(moments())
def test_every_moment_lies_in_its_day_and_the_days_around_touch_it(case: tuple[Hours, Millis]) -> None:
    hours, now = case
    yesterday, today, tomorrow = days_around(hours, now)
    assert today == day_at(hours, now)
    assert today.starts <= now < today.ends
    assert yesterday.ends == today.starts
    assert today.ends == tomorrow.starts


@steadily
@given(offices())
def test_windows_are_disjoint_in_order_and_within_the_hours(case: tuple[Hours, date]) -> None:
    day = day_of(*case)
    if day.opens_at is None or day.closes_at is None or day.expires_at is None:
        assert (day.opens_at, day.closes_at, day.expires_at, day.takes) == (None, None, None, ())
        return
    assert day.starts <= day.opens_at < day.closes_at <= day.expires_at <= day.ends
    edges = [day.opens_at, *(edge for window in day.takes for edge in window), day.closes_at]
    assert edges == sorted(edges)
    assert all(begins < ends for begins, ends in day.takes)


@steadily
@given(moments())
def test_numbers_are_given_exactly_within_the_windows_of_the_day(case: tuple[Hours, Millis]) -> None:
    hours, now = case
    found = taking(hours, now)
    around = [window for window in day_at(hours, now).takes if window[0] <= now < window[1]]
    assert found.open == bool(around)
    assert found.until == (around[0][1] if around else None)
    assert found.open == (found.reason is None)


@steadily
@given(moments())
def test_the_next_opening_is_the_first_moment_at_which_numbers_are_given_again(case: tuple[Hours, Millis]) -> None:
    hours, now = case
    found = taking(hours, now)
    today = day_at(hours, now).day
    if found.next is None:
        assert not any(begins > now for day in _days(hours, today, LOOK_AHEAD + 1) for begins, _ in day.takes)
        return
    between = (day_at(hours, found.next).day - today).days
    assert now < found.next
    assert taking(hours, found.next).open
    assert not any(now < begins < found.next for day in _days(hours, today, between + 1) for begins, _ in day.takes)


def given_by_the_clock(hours: Hours, shown: datetime) -> bool:
    """The rule as the receptionist would say it, by the clock on the wall alone."""
    minutes = shown.hour * 60 + shown.minute
    plan = hours.plan(shown.date())
    if hours.always_open or plan is None:
        return hours.always_open
    if not _minute(plan.opens) <= minutes < _minute(plan.closes) - hours.last_number_minutes:
        return False
    pauses = () if hours.break_mode == "rota" else plan.breaks
    return not any(_minute(p.start) - hours.last_number_before_break_minutes <= minutes < _minute(p.end) for p in pauses)


def _minute(shown: time) -> int:
    return shown.hour * 60 + shown.minute


@steadily
@given(offices(WITHOUT_CHANGES), st.integers(0, 24 * 60 - 1))
def test_in_a_zone_without_changes_the_windows_are_what_the_clock_on_the_wall_says(case: tuple[Hours, date], minute: int) -> None:
    hours, day = case
    now = Millis(day_of(hours, day).starts + minute * MINUTE)
    assert taking(hours, now).open == given_by_the_clock(hours, on_clock(now, ZoneInfo(hours.zone)))


@steadily
@given(offices())
def test_with_a_rota_numbers_are_given_whenever_they_are_without(case: tuple[Hours, date]) -> None:
    hours, day = case
    rota = day_of(replace(hours, break_mode="rota"), day).takes
    for begins, ends in day_of(replace(hours, break_mode="closed"), day).takes:
        assert any(earlier <= begins and ends <= later for earlier, later in rota)
