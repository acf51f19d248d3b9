"""What an office is: its services, counters, promise and hours, as the office file says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from board.calendar import Hours

OfficeId = NewType("OfficeId", str)
ServiceCode = NewType("ServiceCode", str)
CounterNumber = NewType("CounterNumber", int)


class Kind(StrEnum):
    """An ordinary counter serves all day; a reserve one is opened when a promise falls due."""

    ORDINARY = "ordinary"
    RESERVE = "reserve"


@dataclass(frozen=True, slots=True)
class Service:
    """One line of work: `code` is the letter on the number, `name` has the keys `id` and `en`, `standard_minutes` is the
    published processing time (not the waiting promise; the two are never mixed)."""

    code: ServiceCode
    name: Mapping[str, str]
    standard_minutes: int | None


@dataclass(frozen=True, slots=True)
class CounterPlan:
    """A counter as the office file names it, before anybody sits there."""

    counter: CounterNumber
    kind: Kind
    services: tuple[ServiceCode, ...]


@dataclass(frozen=True, slots=True)
class Guarantee:
    """The promise: served within `seconds` of taking a number; early warnings after each of `warn_seconds`."""

    seconds: int
    warn_seconds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EscalationPlan:
    """How long an alert may go unheard, unanswered, and accepted but not called, in seconds."""

    confirm_seconds: int
    accept_seconds: int
    call_seconds: int


@dataclass(frozen=True, slots=True)
class Office:
    """Everything the office file says. `head_start_seconds` bounds what priority may gain over an ordinary ticket;
    `phone_taking` says whether visitors may take a number on their own phone."""

    id: OfficeId
    name: str
    services: tuple[Service, ...]
    counters: tuple[CounterPlan, ...]
    hours: Hours
    guarantee: Guarantee
    escalation: EscalationPlan
    head_start_seconds: int
    languages: tuple[str, ...]
    phone_taking: bool

    def service(self, code: str) -> Service | None:
        """The service with this letter, or None."""
        return next((s for s in self.services if s.code == code), None)

    def counter(self, number: int) -> CounterPlan | None:
        """The counter with this number, or None."""
        return next((c for c in self.counters if c.counter == number), None)
