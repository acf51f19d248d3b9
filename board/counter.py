"""A counter: who holds it, what it serves, whom it has called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from board.office import CounterNumber, CounterPlan, Kind, ServiceCode
from board.ticket import TicketId


class CounterState(StrEnum):
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Counter:
    """`officer` is the account that opened it, for staff only; None when closed."""

    counter: CounterNumber
    state: CounterState
    kind: Kind
    services: tuple[ServiceCode, ...]
    ticket: TicketId | None
    officer: str | None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Counter:
        """From the store's form."""
        return cls(
            counter=kept["counter"],
            state=CounterState(kept["state"]),
            kind=Kind(kept["kind"]),
            services=tuple(kept["services"]),
            ticket=kept["ticket"],
            officer=kept["officer"],
        )

    @classmethod
    def planned(cls, plan: CounterPlan) -> Counter:
        """As the office file names it, before anybody opened it."""
        return cls(plan.counter, CounterState.CLOSED, plan.kind, plan.services, None, None)

    def public(self) -> dict[str, Any]:
        """As everybody sees it."""
        return {
            "counter": self.counter,
            "state": self.state.value,
            "kind": self.kind.value,
            "services": list(self.services),
            "ticket": self.ticket,
        }

    def staff(self) -> dict[str, Any]:
        """As logged-in staff see it."""
        return {**self.public(), "officer": self.officer}
