"""When an office is open, gives numbers and ends its day: hours as an office file says them, laid on the line of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from board.times import Millis, on_clock, when_clock_shows

MINUTE = 60_000  # ms
ONE_DAY = timedelta(days=1)
LOOK_AHEAD = 400  # days: more than a year, so that an office open on a single date of the year finds it

Window = tuple[Millis, Millis]  # half-open: the second moment is the first one outside
Reason = Literal["closed", "break", "cutoff"]


@dataclass(frozen=True, slots=True)
class Break:
    """A break, by the office's clock."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A day's hours, by the office's clock. The breaks lie within them, one after another; hours do not pass midnight."""

    opens: time
    closes: time
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """When an office serves and gives numbers. `zone` is an IANA name.

    `week` has 0 for Monday; a day that is missing or None is closed. A date in `overrides` replaces the week's plan, None being a
    holiday. In a `closed` break no numbers are given, nor in the minutes before it; in a `rota` break some counters stay and numbers
    go on. After closing those with numbers are served for `grace_minutes`, then what still waits expires.
    `always_open` ignores all of this: the day is the calendar's, midnight to midnight.
    """

    zone: str
    week: Mapping[int, DayPlan | None]
    overrides: Mapping[date, DayPlan | None]
    break_mode: Literal["closed", "rota"]
    last_number_minutes: int
    last_number_before_break_minutes: int
    grace_minutes: int
    always_open: bool

    def plan(self, day: date) -> DayPlan | None:
        """The hours of that date, None when it has none."""
        return self.overrides[day] if day in self.overrides else self.week.get(day.weekday())


@dataclass(frozen=True, slots=True)
class Day:
    """One office day as moments. Numbers are given within `takes`; `opens_at`, `closes_at` and `expires_at` are None when closed."""

    day: date
    starts: Millis
    ends: Millis
    opens_at: Millis | None
    closes_at: Millis | None
    expires_at: Millis | None
    takes: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Taking:
    """Whether numbers are given: `until` is the end of the window now open, `next` when the next one opens, None when none does
    within LOOK_AHEAD days; `reason` says why no numbers are given now."""

    open: bool
    until: Millis | None
    next: Millis | None
    reason: Reason | None


def day_of(hours: Hours, day: date) -> Day:
    """That date at the office."""
    starts, ends = _moment(hours, day, time.min), _moment(hours, day + ONE_DAY, time.min)
    opens, closes = (starts, ends) if hours.always_open else _opening(hours, day)
    if opens >= closes:
        return Day(day, starts, ends, None, None, None, ())
    expires = min(Millis(closes + hours.grace_minutes * MINUTE), ends)
    return Day(day, starts, ends, opens, closes, expires, _takes(hours, day, opens, closes))


def day_at(hours: Hours, now: Millis) -> Day:
    """The office's day that contains `now`."""
    day = day_of(hours, on_clock(now, ZoneInfo(hours.zone)).date())
    # A clock put back over midnight shows the old date once more, but the new day has begun.
    return day if now < day.ends else day_of(hours, day.day + ONE_DAY)


def days_around(hours: Hours, now: Millis) -> tuple[Day, Day, Day]:
    """Yesterday, today and tomorrow."""
    today = day_at(hours, now)
    return day_of(hours, today.day - ONE_DAY), today, day_of(hours, today.day + ONE_DAY)


def taking(hours: Hours, now: Millis) -> Taking:
    """Are numbers given at `now`, until when, and when again?"""
    today = day_at(hours, now)
    coming = (window for window in _windows_from(hours, today.day) if now < window[1])
    begins, until = next(coming, (None, None))
    if begins is None or now < begins:
        return Taking(False, None, begins, _why_not(hours, today, now))
    return Taking(True, until, next(coming, (None, None))[0], None)


def _moment(hours: Hours, day: date, clock: time) -> Millis:
    return when_clock_shows(day, clock, ZoneInfo(hours.zone))


def _opening(hours: Hours, day: date) -> Window:
    """From opening to closing; an empty window when the office is closed."""
    plan = hours.plan(day) or DayPlan(time.min, time.min)
    return _moment(hours, day, plan.opens), _moment(hours, day, plan.closes)


def _breaks(hours: Hours, day: date) -> list[Window]:
    """The breaks in which no numbers are given."""
    plan = hours.plan(day)
    if plan is None or hours.always_open or hours.break_mode == "rota":
        return []
    return [(_moment(hours, day, pause.start), _moment(hours, day, pause.end)) for pause in plan.breaks]


def _takes(hours: Hours, day: date, opens: Millis, closes: Millis) -> tuple[Window, ...]:
    """From opening, or the end of a break, to the cut-off before the next break and before closing."""
    if hours.always_open:
        return ((opens, closes),)
    breaks = _breaks(hours, day)
    last = closes - hours.last_number_minutes * MINUTE
    begins = [opens, *(end for _, end in breaks)]
    stops = [*(min(start - hours.last_number_before_break_minutes * MINUTE, last) for start, _ in breaks), last]
    return tuple((begin, Millis(stop)) for begin, stop in zip(begins, stops, strict=True) if begin < stop)


def _windows_from(hours: Hours, today: date) -> Iterator[Window]:
    """The windows from that day on; days without hours are passed over without working out their moments."""
    for ahead in range(LOOK_AHEAD + 1):
        day = today + ahead * ONE_DAY
        if hours.always_open or hours.plan(day):
            yield from day_of(hours, day).takes


def _why_not(hours: Hours, today: Day, now: Millis) -> Reason:
    opens, closes = today.opens_at, today.closes_at
    if opens is None or closes is None or not opens <= now < closes:
        return "closed"
    return "break" if any(start <= now < end for start, end in _breaks(hours, today.day)) else "cutoff"
