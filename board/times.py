"""Moments are whole milliseconds since 1970 in UTC; what an office's clock shows at one is worked out here, and nowhere else."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NewType

Millis = NewType("Millis", int)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def millis(moment: datetime) -> Millis:
    """An aware datetime as a moment; what is finer than a millisecond is cut off."""
    return Millis((moment - EPOCH) // timedelta(milliseconds=1))


def on_clock(now: Millis, zone: tzinfo) -> datetime:
    """What the clock of `zone` shows at `now`."""
    return (EPOCH + timedelta(milliseconds=now)).astimezone(zone)


def when_clock_shows(day: date, clock: time, zone: tzinfo) -> Millis:
    """The first moment at which the clock of `zone` shows `clock` on `day`, or has come past it.

    So a time that a clock put forward leaves out is the moment of that change, and of the two on a clock put back it is the first.
    Moments keep the order of the times they come from.
    """
    shown = datetime.combine(day, clock, zone)
    latest = millis(shown)
    earliest = min(latest, millis(shown.replace(fold=1)))  # earlier only for a time left out: the change lies between the two
    wall = shown.replace(tzinfo=None)
    return Millis(earliest + bisect_left(range(earliest, latest), wall, key=lambda at: on_clock(Millis(at), zone).replace(tzinfo=None)))
