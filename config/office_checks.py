"""What no single value of an office file shows: codes and numbers given twice, counters for services that are not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from config.findings import Finding, shown, suggestion


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
    served = set()
    for place, row in enumerate(counters):
        named = row.get("services")
        for inner, code in enumerate(named if isinstance(named, list) else []):
            if isinstance(code, str) and code not in codes.values():
                says = f"= {shown(code)}: must be the code of a service{suggestion(code, codes.values())}"
                yield Finding(("counters", place, "services", inner), says)
            served.add(str(code))
    for place, code in codes.items():
        if code not in served:
            says = f"= {shown(code)}: must be among the services of a counter, or its visitors are never called"
            yield Finding(("services", place, "code"), says)
