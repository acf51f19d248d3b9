"""An office's hours on the line of time: the examples are Tanjung Selor's, a Tuesday unless said otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from board.calendar import Break, Day, DayPlan, Hours, Taking, day_at, day_of, days_around, taking
from board.times import Millis, millis, on_clock

WITA = ZoneInfo("Asia/Makassar")
HOUR = 3_600_000  # ms
LUNCH = Break(time(12), time(13))
USUAL = DayPlan(time(8), time(15), (LUNCH,))
FRIDAY = DayPlan(time(8), time(15), (Break(time(11, 30), time(13)),))
RAMADAN = DayPlan(time(8), time(14, 30), (Break(time(12), time(12, 30)),))
OFFICE = Hours(
    zone="Asia/Makassar",
    week={0: USUAL, 1: USUAL, 2: USUAL, 3: USUAL, 4: FRIDAY, 6: None},
    overrides={
        date(2026, 12, 24): None,
        date(2026, 12, 25): None,
        date(2027, 2, 9): RAMADAN,
        date(2026, 12, 12): DayPlan(time(9), time(12)),
    },
    break_mode="closed",
    last_number_minutes=30,
    last_number_before_break_minutes=30,
    grace_minutes=60,
    always_open=False,
)
TUESDAY = date(2026, 11, 24)


def at(moment: str) -> Millis:
    """`2026-11-24 08:00`, or `08:00` of the Tuesday, by the office's clock."""
    words = moment if " " in moment else f"{TUESDAY} {moment}"
    return millis(datetime.fromisoformat(words).replace(tzinfo=WITA))


def clock(moment: Millis | None) -> str | None:
    """What the office's clock shows."""
    return None if moment is None else f"{on_clock(moment, WITA):%Y-%m-%d %H:%M}"


def windows(day: Day) -> list[str]:
    """When numbers are given that day."""
    return [f"{on_clock(begins, WITA):%H:%M}-{on_clock(ends, WITA):%H:%M}" for begins, ends in day.takes]


def on_tuesday(plan: DayPlan, office: Hours = OFFICE) -> Hours:
    """The office with another plan for the Tuesday."""
    return replace(office, overrides={**office.overrides, TUESDAY: plan})


def test_on_an_ordinary_day_numbers_are_given_before_and_after_the_break() -> None:
    day = day_of(OFFICE, TUESDAY)
    assert windows(day) == ["08:00-11:30", "13:00-14:30"]
    assert (day.opens_at, day.closes_at, day.expires_at) == (at("08:00"), at("15:00"), at("16:00"))
    assert (day.starts, day.ends) == (at("2026-11-24 00:00"), at("2026-11-25 00:00"))


def test_on_friday_the_break_begins_earlier() -> None:
    assert windows(day_of(OFFICE, date(2026, 11, 27))) == ["08:00-11:00", "13:00-14:30"]


@pytest.mark.parametrize("day", [date(2026, 11, 28), date(2026, 11, 29), date(2026, 12, 25)], ids=["not in the week", "None", "holiday"])
def test_a_closed_day_has_midnights_and_nothing_else(day: date) -> None:
    closed = day_of(OFFICE, day)
    assert closed.ends - closed.starts == 24 * HOUR
    assert (closed.opens_at, closed.closes_at, closed.expires_at, closed.takes) == (None, None, None, ())


def test_in_ramadan_the_plan_of_the_date_replaces_the_plan_of_the_week() -> None:
    assert windows(day_of(OFFICE, date(2027, 2, 9))) == ["08:00-11:30", "12:30-14:00"]


def test_a_date_can_open_an_office_on_a_saturday() -> None:
    assert windows(day_of(OFFICE, date(2026, 12, 12))) == ["09:00-11:30"]


def test_a_leap_day_is_a_day_like_others_and_so_are_its_neighbours() -> None:
    yesterday, leap, tomorrow = days_around(OFFICE, at("2028-02-29 10:00"))
    assert [day.day.isoformat() for day in (yesterday, leap, tomorrow)] == ["2028-02-28", "2028-02-29", "2028-03-01"]
    assert windows(leap) == ["08:00-11:30", "13:00-14:30"]
    assert taking(OFFICE, at("2028-02-29 16:00")).next == at("2028-03-01 08:00")


def test_the_day_changes_at_the_offices_midnight() -> None:
    assert day_at(OFFICE, Millis(at("2026-11-25 00:00") - 1)).day == TUESDAY
    assert day_at(OFFICE, at("2026-11-25 00:00")).day == date(2026, 11, 25)


def test_what_waits_after_a_late_closing_expires_at_midnight() -> None:
    day = day_of(on_tuesday(DayPlan(time(20), time(23, 30))), TUESDAY)
    assert day.expires_at == day.ends == at("2026-11-25 00:00")


def test_with_a_rota_numbers_are_given_through_the_break() -> None:
    rota = replace(OFFICE, break_mode="rota")
    assert windows(day_of(rota, TUESDAY)) == ["08:00-14:30"]
    assert taking(rota, at("12:30")) == Taking(True, at("14:30"), at("2026-11-25 08:00"), None)


@pytest.mark.parametrize(
    ("moment", "reason", "again"),
    [
        ("00:00", "closed", "2026-11-24 08:00"),
        ("07:59:59.999", "closed", "2026-11-24 08:00"),
        ("11:30", "cutoff", "2026-11-24 13:00"),
        ("11:59:59.999", "cutoff", "2026-11-24 13:00"),
        ("12:00", "break", "2026-11-24 13:00"),
        ("12:59:59.999", "break", "2026-11-24 13:00"),
        ("14:30", "cutoff", "2026-11-25 08:00"),
        ("14:59:59.999", "cutoff", "2026-11-25 08:00"),
        ("15:00", "closed", "2026-11-25 08:00"),
        ("2026-11-27 14:30", "cutoff", "2026-11-30 08:00"),
        ("2026-11-28 10:00", "closed", "2026-11-30 08:00"),
        ("2026-12-23 15:00", "closed", "2026-12-28 08:00"),
    ],
)
def test_who_comes_when_no_numbers_are_given_is_told_why_and_when_they_are_again(moment: str, reason: str, again: str) -> None:
    found = taking(OFFICE, at(moment))
    assert (found.open, found.until, found.reason, clock(found.next)) == (False, None, reason, again)


@pytest.mark.parametrize(
    ("moment", "until", "again"),
    [
        ("08:00", "11:30", "13:00"),
        ("11:29:59.999", "11:30", "13:00"),
        ("13:00", "14:30", "2026-11-25 08:00"),
        ("14:29:59.999", "14:30", "2026-11-25 08:00"),
    ],
)
def test_who_comes_in_time_gets_a_number_up_to_the_last_moment_before_the_cut_off(moment: str, until: str, again: str) -> None:
    assert taking(OFFICE, at(moment)) == Taking(True, at(until), at(again), None)


def test_without_a_cut_off_numbers_are_given_up_to_the_last_second_before_closing() -> None:
    office = replace(OFFICE, last_number_minutes=0)
    assert taking(office, at("14:59:59.999")).open
    assert taking(office, at("15:00")).reason == "closed"


def test_an_hour_before_a_break_that_is_shorter_than_the_cut_off_gives_no_numbers() -> None:
    office = on_tuesday(DayPlan(time(8), time(15), (Break(time(8, 20), time(8, 40)), Break(time(9), time(9, 30)))))
    assert windows(day_of(office, TUESDAY)) == ["09:30-14:30"]
    assert [taking(office, at(moment)).reason for moment in ("08:10", "08:30", "08:40")] == ["cutoff", "break", "cutoff"]


def test_a_long_cut_off_before_closing_holds_before_the_break_too() -> None:
    office = replace(OFFICE, last_number_minutes=240, last_number_before_break_minutes=0)
    assert windows(day_of(office, TUESDAY)) == ["08:00-11:00"]


def test_a_day_shorter_than_its_cut_off_is_open_without_numbers() -> None:
    office = on_tuesday(DayPlan(time(8), time(8, 30)))
    assert day_of(office, TUESDAY).opens_at == at("08:00")
    assert day_of(office, TUESDAY).takes == ()
    assert taking(office, at("08:15")) == Taking(False, None, at("2026-11-25 08:00"), "cutoff")


def test_hours_that_end_when_they_begin_are_a_closed_day() -> None:
    assert day_of(on_tuesday(DayPlan(time(8), time(8))), TUESDAY).opens_at is None


def test_breaks_that_touch_opening_closing_or_each_other_leave_no_empty_window() -> None:
    edges = (Break(time(8), time(9)), Break(time(12), time(12, 30)), Break(time(12, 30), time(13)), Break(time(14), time(15)))
    assert windows(day_of(on_tuesday(DayPlan(time(8), time(15), edges)), TUESDAY)) == ["09:00-11:30", "13:00-13:30"]


def test_an_office_that_is_always_open_gives_numbers_from_midnight_to_midnight_on_any_day() -> None:
    office = replace(OFFICE, always_open=True)
    christmas = day_of(office, date(2026, 12, 25))
    assert (christmas.opens_at, christmas.closes_at, christmas.expires_at) == (christmas.starts, christmas.ends, christmas.ends)
    assert christmas.takes == ((christmas.starts, christmas.ends),)
    assert taking(office, at("2026-12-25 12:30")).open


def test_an_office_without_hours_says_that_it_is_closed_and_names_no_opening() -> None:
    assert taking(replace(OFFICE, week={}, overrides={}), at("10:00")) == Taking(False, None, None, "closed")


@pytest.mark.parametrize(("ahead", "found"), [(400, True), (401, False)])
def test_the_next_opening_is_looked_for_400_days_ahead(ahead: int, found: bool) -> None:
    day = TUESDAY + timedelta(days=ahead)
    office = replace(OFFICE, week={}, overrides={day: USUAL})
    assert clock(taking(office, at("10:00")).next) == (f"{day} 08:00" if found else None)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
        ("Pacific/Apia", date(2011, 12, 30), 0),
    ],
    ids=["put forward", "put back", "by half an hour", "without a midnight", "a date left out"],
)
def test_where_clocks_change_the_day_has_the_length_it_has(zone: str, day: date, hours: float) -> None:
    changed = day_of(replace(OFFICE, zone=zone, always_open=True), day)
    assert changed.ends - changed.starts == hours * HOUR
    assert len(changed.takes) == (1 if hours else 0)


def test_where_midnight_is_left_out_the_day_begins_when_the_clock_comes_past_it() -> None:
    brazil = replace(OFFICE, zone="America/Sao_Paulo")
    assert on_clock(day_of(brazil, date(2018, 11, 4)).starts, ZoneInfo(brazil.zone)).isoformat() == "2018-11-04T01:00:00-02:00"


def test_where_the_old_date_is_shown_once_more_after_midnight_the_new_day_goes_on() -> None:
    newfoundland = replace(OFFICE, zone="America/St_Johns")
    again = millis(datetime(2010, 11, 6, 23, 30, fold=1, tzinfo=ZoneInfo(newfoundland.zone)))
    assert day_at(newfoundland, again).day == date(2010, 11, 7)


def test_hours_that_a_clock_put_forward_leaves_out_are_a_closed_day() -> None:
    berlin = replace(OFFICE, zone="Europe/Berlin", overrides={date(2026, 3, 29): DayPlan(time(2), time(3))})
    assert day_of(berlin, date(2026, 3, 29)).opens_at is None
