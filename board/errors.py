"""What an office refuses, and the facts of each refusal. The server's one table turns these into answers.

Refusal
├── Unknown            UnknownOffice, UnknownService, UnknownCounter, UnknownTicket, UnknownEscalation, UnknownPlace
├── Conflict           OfficeClosed, CounterNotOpen, CounterAlreadyOpen, CounterTaken, StillServing, NobodyWaiting, NothingCalled,
│                      WrongState, SameService, NotReserve, ServiceNotHere, EscalationAnswered, PlaceExists, PlacesFull
├── KeyReused
└── StoreUnavailable
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(eq=False)  # not frozen: contextlib assigns __traceback__, and a frozen error dies there as another one
class Refusal(Exception):
    """The root: what the office does not do, said with its facts."""

    def facts(self) -> dict[str, object]:
        """The facts of this refusal by name, as the answer's extension members; those that are None are left out."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not None}

    def __str__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.facts().items())})"


@dataclass(eq=False)
class Unknown(Refusal):
    """What was named does not exist here."""


@dataclass(eq=False)
class UnknownOffice(Unknown):
    office: str


@dataclass(eq=False)
class UnknownService(Unknown):
    service: str


@dataclass(eq=False)
class UnknownCounter(Unknown):
    counter: str


@dataclass(eq=False)
class UnknownTicket(Unknown):
    number: str | None = None


@dataclass(eq=False)
class UnknownEscalation(Unknown):
    escalation: str


@dataclass(eq=False)
class Conflict(Refusal):
    """It exists, and its state does not allow this now."""


@dataclass(eq=False)
class OfficeClosed(Conflict):
    """No numbers are given now; `reason` is closed, break or cutoff; `opens_at` the next opening in ms, None when none is planned."""

    reason: str
    opens_at: int | None


@dataclass(eq=False)
class CounterNotOpen(Conflict):
    counter: int
    state: str


@dataclass(eq=False)
class CounterAlreadyOpen(Conflict):
    counter: int
    state: str


@dataclass(eq=False)
class CounterTaken(Conflict):
    """Another officer opened this counter and holds it."""

    counter: int
    state: str


@dataclass(eq=False)
class StillServing(Conflict):
    counter: int
    number: str
    state: str


@dataclass(eq=False)
class NobodyWaiting(Conflict):
    counter: int
    state: str


@dataclass(eq=False)
class NothingCalled(Conflict):
    """The verb is about the visitor at this counter, and there is none."""

    counter: int
    state: str


@dataclass(eq=False)
class WrongState(Conflict):
    number: str
    state: str


@dataclass(eq=False)
class SameService(Conflict):
    number: str
    service: str
    state: str


@dataclass(eq=False)
class NotReserve(Conflict):
    counter: int
    state: str


@dataclass(eq=False)
class ServiceNotHere(Conflict):
    """The counter named in an acceptance does not serve the ticket's service."""

    counter: int
    service: str
    state: str


@dataclass(eq=False)
class EscalationAnswered(Conflict):
    """Somebody was faster, or it is over. `accepted_by` is an account's name, for staff only."""

    escalation: str
    state: str
    accepted_by: str | None = None


@dataclass(eq=False)
class KeyReused(Refusal):
    """The same Idempotency-Key came with another request."""


@dataclass(eq=False)
class StoreUnavailable(Refusal):
    """The store did not answer, or could not promise to keep the change. Nothing is half done; the same key may be sent again."""


@dataclass(eq=False)
class UnknownAccount(Unknown):
    name: str


@dataclass(eq=False)
class AccountExists(Conflict):
    name: str


@dataclass(eq=False)
class LastAdministrator(Conflict):
    """Without this account nobody could open or close accounts any more."""

    name: str


@dataclass(eq=False)
class BadAccount(Refusal):
    """The name or the password cannot be used; `field` says which."""

    field: str
    rule: str


@dataclass(eq=False)
class WrongPassword(Refusal):
    """No account opens with this name and password; which of the two is wrong is not said."""


@dataclass(eq=False)
class BadFirstToken(Refusal):
    """The link for the first administrator was used, is too old, or there is an administrator already."""


@dataclass(eq=False)
class TooMany(Refusal):
    """Too often; wait `retry_after` seconds."""

    retry_after: int


@dataclass(eq=False)
class UnknownPlace(Unknown):
    place: str


@dataclass(eq=False)
class PlaceExists(Conflict):
    """Another place has this name, and is not retired."""

    name: str


@dataclass(eq=False)
class PlacesFull(Conflict):
    """An office keeps so many places, retired ones too: their stickers may still hang somewhere."""

    limit: int


@dataclass(eq=False)
class BadPlace(Refusal):
    """The name cannot be used; `rule` is empty, long or letter, and `letter` the one that no sticker can show."""

    field: str
    rule: str
    letter: str | None = None
