"""An escalation: the alert that a promise has fallen due, from the first bell until somebody has called the ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any, NewType

from board.office import CounterNumber, ServiceCode
from board.ticket import TicketId, TicketNumber
from board.times import Millis

EscalationId = NewType("EscalationId", str)


class EscalationState(StrEnum):
    RAISED = "raised"
    ACCEPTED = "accepted"
    LAPSED = "lapsed"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


class Level(IntEnum):
    """Who is told. The last level is repeated until somebody answers: an alert never ends with nobody being told."""

    ON_DUTY = 1
    RESERVE = 2
    SUPERVISOR = 3


OPEN = frozenset({EscalationState.RAISED, EscalationState.ACCEPTED})
PUBLIC = ("id", "ticket", "number", "service", "due_at", "raised_at", "level", "state")


@dataclass(frozen=True, slots=True)
class Escalation:
    """`due_at` is the promise's deadline, `raised_at` when this level was told, `answer_by` when the present state lapses (ms)."""

    id: EscalationId
    ticket: TicketId
    number: TicketNumber
    service: ServiceCode
    due_at: Millis
    raised_at: Millis
    level: Level
    state: EscalationState
    accepted_by: str | None
    accepted_at: Millis | None
    counter: CounterNumber | None
    declined_by: tuple[str, ...]
    answer_by: Millis | None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Escalation:
        """From the store's form, where the names of those who declined are one string (Lua's JSON has no empty list)."""
        same = {name: kept[name] for name in (*PUBLIC, "accepted_by", "accepted_at", "counter", "answer_by")}
        declined = tuple(name for name in kept["declined_by"].split(",") if name)
        return cls(**{**same, "level": Level(kept["level"]), "state": EscalationState(kept["state"]), "declined_by": declined})

    def public(self) -> dict[str, Any]:
        """As everybody sees it: that somebody comes, not who."""
        return {name: getattr(self, name) for name in PUBLIC}

    def staff(self) -> dict[str, Any]:
        """As logged-in staff see it."""
        return {
            **self.public(),
            "accepted_by": self.accepted_by,
            "accepted_at": self.accepted_at,
            "counter": self.counter,
            "declined_by": list(self.declined_by),
            "answer_by": self.answer_by,
        }
