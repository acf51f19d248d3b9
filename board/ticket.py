"""A ticket: one number, its state, and the moments that matter for the promise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NewType

from board.office import CounterNumber, ServiceCode
from board.times import Millis

TicketId = NewType("TicketId", str)
TicketNumber = NewType("TicketNumber", str)


class State(StrEnum):
    """Where a ticket stands. `skipped`, `done`, `cancelled` and `expired` are ends; a skipped visitor may come back."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    DONE = "done"
    SKIPPED = "skipped"
    HELD = "held"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Verdict(StrEnum):
    """How the promise to this ticket ended; set once."""

    KEPT = "kept"
    BROKEN = "broken"
    EXCUSED = "excused"


# What the world may see of a ticket; everything else is for staff (domain.md 6: the satker's code is never public).
PUBLIC = ("id", "number", "service", "state", "taken_at", "deadline", "called_at", "serving_at", "ended_at", "counter", "priority")
STAFF = (*PUBLIC, "satker", "via", "language", "reason")


@dataclass(frozen=True, slots=True)
class Ticket:
    """Times are ms since the epoch by the store's clock. `serving_at` is the first time it was served: a transfer does not
    take back a promise that was kept. `reason` is an officer's word on a hold, or why it expired."""

    id: TicketId
    number: TicketNumber
    service: ServiceCode
    state: State
    taken_at: Millis
    deadline: Millis
    called_at: Millis | None
    serving_at: Millis | None
    ended_at: Millis | None
    counter: CounterNumber | None
    priority: bool
    satker: str | None
    via: str
    language: str
    reason: str | None
    verdict: Verdict | None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Ticket:
        """From the store's form (the JSON that the scripts write)."""
        verdict = kept.get("verdict")
        values: dict[str, Any] = {name: kept.get(name) for name in STAFF}
        return cls(**{**values, "state": State(kept["state"]), "verdict": Verdict(verdict) if verdict else None})

    def public(self) -> dict[str, Any]:
        """As everybody sees it."""
        return {name: getattr(self, name) for name in PUBLIC}

    def staff(self) -> dict[str, Any]:
        """As logged-in staff see it."""
        return {name: getattr(self, name) for name in STAFF}


def called_order(ticket: Ticket) -> tuple[int, str]:
    """Sorts called tickets, oldest call first; the id decides between two calls in one millisecond, as in the store's sorted set."""
    return (ticket.called_at or 0, ticket.id)
