"""Moments and clocks, also where clocks are put forward and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from board.times import Millis, millis, on_clock, when_clock_shows

MAKASSAR, BERLIN = ZoneInfo("Asia/Makassar"), ZoneInfo("Europe/Berlin")


def test_a_moment_is_the_same_for_every_clock() -> None:
    assert millis(datetime(1970, 1, 1, 8, 0, 1, tzinfo=MAKASSAR)) == 1000
    assert millis(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)) == 1000


def test_what_is_finer_than_a_millisecond_is_cut_off_also_before_1970() -> None:
    assert millis(datetime(1970, 1, 1, 0, 0, 0, 1999, tzinfo=UTC)) == 1
    assert millis(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1


def test_the_clock_of_tanjung_selor_is_eight_hours_ahead_of_utc() -> None:
    noon = Millis(1_795_492_800_000)
    assert on_clock(noon, MAKASSAR).isoformat() == "2026-11-24T12:00:00+08:00"
    assert when_clock_shows(date(2026, 11, 24), time(12), MAKASSAR) == noon


def test_a_time_that_the_clock_leaves_out_is_the_moment_of_the_change() -> None:
    change = millis(datetime(2026, 3, 29, 1, tzinfo=UTC))
    left_out = [when_clock_shows(date(2026, 3, 29), clock, BERLIN) for clock in (time(2), time(2, 30), time(2, 59, 59), time(3))]
    assert left_out == [change] * 4
    assert when_clock_shows(date(2026, 3, 29), time(1, 59, 59), BERLIN) == change - 1000


def test_of_a_time_that_the_clock_shows_twice_it_is_the_first() -> None:
    assert when_clock_shows(date(2026, 10, 25), time(2, 30), BERLIN) == millis(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
