"""Offices that give no numbers at this moment, one for each reason: their hours are laid around the moment at which the tests are
collected, wide enough for a run that takes an hour and a half to come to them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def zone_where_it_is(hour: int) -> str:
    """There it is past this hour now, whenever this is asked; at noon the hours around now lie within one day."""
    behind = datetime.now(ZoneInfo("UTC")).hour - hour
    behind -= 24 if behind > 12 else 0
    return f"Etc/GMT{behind:+d}" if behind else "Etc/GMT"  # POSIX counts the other way round: Etc/GMT-8 is eight hours ahead


ZONE = zone_where_it_is(12)
NOW = datetime.now(ZoneInfo(ZONE))


def clock(minutes: int) -> str:
    """So many minutes from now on the office's clock."""
    return f"{NOW + timedelta(minutes=minutes):%H:%M}"


def day(opens: int, closes: int, *pause: int) -> str:
    breaks = f'[["{clock(pause[0])}", "{clock(pause[1])}"]]' if pause else "[]"
    return f'{{ opens = "{clock(opens)}", closes = "{clock(closes)}", breaks = {breaks} }}'


def file(office: str, hours: str, days: tuple[str, ...] = WEEK, more: str = "", last: int = 30, before: int = 30) -> str:
    """An office file with these hours on these days; `last` number so many minutes before closing, and `before` a break."""
    week = "\n".join(f"{name} = {hours}" for name in days)
    return f"""
id = "{office}"
name = "KPPN {office}"
time_zone = "{ZONE}"
[hours]
last_number_minutes = {last}
last_number_before_break_minutes = {before}
{more}
[hours.week]
{week}
[[services]]
code = "A"
name = {{ id = "Gaji", en = "Salaries" }}
[[counters]]
number = 1
services = ["A"]
"""


TODAY = WEEK[NOW.weekday()]
OFFICES = {
    "open": file("open", day(-60, 120)),
    "later": file("later", day(60, 180)),
    "over": file("over", day(-180, -60)),
    "cutoff": file("cutoff", day(-120, 120), last=150),
    "break": file("break", day(-120, 180, -10, 100)),
    "before-break": file("before-break", day(-120, 200, 120, 160), before=150),
    "rota": file("rota", day(-120, 180, -10, 100), more='break_mode = "rota"'),
    "no-day": file("no-day", day(-60, 120), tuple(name for name in WEEK if name != TODAY)),
    "holiday": file("holiday", day(-60, 120), more=f'[hours.overrides]\n{NOW:%Y-%m-%d} = "closed"'),
    "never": file("never", '"closed"'),
}
# office: why, and in how many minutes from now, on the full minute, it gives numbers again
CLOSED: dict[str, tuple[str, int | None]] = {
    "later": ("closed", 60),
    "over": ("closed", 24 * 60 - 180),
    "cutoff": ("cutoff", 24 * 60 - 120),
    "break": ("break", 100),
    "before-break": ("cutoff", 160),
    "no-day": ("closed", 24 * 60 - 60),
    "holiday": ("closed", 24 * 60 - 60),
    "never": ("closed", None),
}


def opening(minutes: int) -> datetime:
    """The full minute in so many minutes, on the office's clock."""
    return (NOW + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
