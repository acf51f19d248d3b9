"""What no single value of an office file shows: codes and numbers given twice, counters for services that are not there, hours in which
nobody gets a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from board.calendar import DayPlan, Hours, day_of
from config.findings import Finding, shown, suggestion

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
A_MONDAY = date(2026, 11, 23)


def across(data: Mapping[str, object]) -> Iterator[Finding]:
    """Findings between the tables. Works on what is readable, so that these are told together with all other mistakes."""
    services, counters = _rows(data, "services"), _rows(data, "counters")
    yield from _twice("services", "code", services)
    yield from _twice("counters", "number", counters)
    yield from _who_serves_what(services, counters)
    if counters and all(row.get("kind") == "reserve" for row in counters):
        yield Finding(("counters", 0, "kind"), '= "reserve": must be "ordinary" at one counter at least')


def _rows(data: Mapping[str, object], key: str) -> list[dict[str, object]]:
    rows = data.get(key)
    return [row if isinstance(row, dict) else {} for row in rows] if isinstance(rows, list) else []


def _twice(table: str, key: str, rows: list[dict[str, object]]) -> Iterator[Finding]:
    seen = []
    for place, value in enumerate(row.get(key) for row in rows):
        if value is not None and value in seen:
            yield Finding((table, place, key), f"= {shown(value)}: must be another one, it is in use above")
        seen.append(value)


def _who_serves_what(services: list[dict[str, object]], counters: list[dict[str, object]]) -> Iterator[Finding]:
    codes = {place: code for place, row in enumerate(services) if isinstance(code := row.get("code"), str)}
    served: dict[bool, set[str]] = {True: set(), False: set()}  # by ordinary counters, by reserve ones
    for place, row in enumerate(counters):
        here: set[str] = set()
        named = row.get("services")
        for inner, code in enumerate(named if isinstance(named, list) else []):
            steps = ("counters", place, "services", inner)
            if not isinstance(code, str):
                continue
            if code not in codes.values():
                yield Finding(steps, f"= {shown(code)}: must be the code of a service{suggestion(code, codes.values())}")
            if code in here:
                yield Finding(steps, f"= {shown(code)}: must be left out, this counter has it already")
            here.add(code)
        served[row.get("kind") != "reserve"] |= here
    for place, code in codes.items():
        if code not in served[True] | served[False]:
            says = f"= {shown(code)}: must be among the services of a counter, or its visitors are never called"
            yield Finding(("services", place, "code"), says)
        elif served[True] and code not in served[True]:
            says = f"= {shown(code)}: must be among the services of an ordinary counter, or its visitors wait until their promise is broken"
            yield Finding(("services", place, "code"), says)


def in_vain(hours: Hours) -> Iterator[Finding]:
    """The days on which an office opens and yet gives no number, for its cut-offs."""
    plans = [(("hours", "week", name), hours.week.get(number)) for number, name in enumerate(WEEK)]
    plans += [(("hours", "overrides", day.isoformat()), plan) for day, plan in hours.overrides.items()]
    for steps, plan in plans:
        if plan is not None and not _gives_numbers(hours, plan):
            says = f"= {_clock(plan)}: must be open for longer than {_cut_offs(hours, plan)}, or nobody gets a number that day"
            yield Finding(steps, says)


def _gives_numbers(hours: Hours, plan: DayPlan) -> bool:
    """By the clock alone, on a day as good as any other: the last date of the calendar has no day after it."""
    plain = replace(hours, zone="UTC", week={A_MONDAY.weekday(): plan}, overrides={}, always_open=False)
    return bool(day_of(plain, A_MONDAY).takes)


def _cut_offs(hours: Hours, plan: DayPlan) -> str:
    closing = f"last_number_minutes ({hours.last_number_minutes})"
    pauses = plan.breaks and hours.break_mode == "closed"
    return f"{closing} and last_number_before_break_minutes ({hours.last_number_before_break_minutes})" if pauses else closing


def _clock(plan: DayPlan) -> str:
    return f"{plan.opens:%H:%M} to {plan.closes:%H:%M}"
