"""What can happen in an office: the journal's entries, parsed once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from board.counter import Counter
from board.escalation import Escalation
from board.guarantee import Promise
from board.ticket import Ticket
from board.times import Millis


class Kind(StrEnum):
    """Every kind of event that this version knows."""

    DAY_OPENED = "day.opened"
    DAY_CLOSED = "day.closed"
    TICKET_TAKEN = "ticket.taken"
    TICKET_CALLED = "ticket.called"
    TICKET_RECALLED = "ticket.recalled"
    TICKET_SERVING = "ticket.serving"
    TICKET_DONE = "ticket.done"
    TICKET_SKIPPED = "ticket.skipped"
    TICKET_RETURNED = "ticket.returned"
    TICKET_HELD = "ticket.held"
    TICKET_RESUMED = "ticket.resumed"
    TICKET_TRANSFERRED = "ticket.transferred"
    TICKET_CANCELLED = "ticket.cancelled"
    TICKET_EXPIRED = "ticket.expired"
    COUNTER_OPENED = "counter.opened"
    COUNTER_PAUSED = "counter.paused"
    COUNTER_CLOSED = "counter.closed"
    GUARANTEE_WARNED = "guarantee.warned"
    ESCALATION_RAISED = "escalation.raised"
    ESCALATION_ACCEPTED = "escalation.accepted"
    ESCALATION_DECLINED = "escalation.declined"
    ESCALATION_LAPSED = "escalation.lapsed"
    ESCALATION_RESOLVED = "escalation.resolved"
    ESCALATION_WITHDRAWN = "escalation.withdrawn"


# The public view changes nothing by these: who cannot come is between colleagues.
STAFF_ONLY = frozenset({Kind.ESCALATION_DECLINED})
# Facts beside the three things; an officer's name and the verdict on one ticket stay with staff.
PUBLIC_FACTS = ("day", "reason", "after", "from")
STAFF_FACTS = (*PUBLIC_FACTS, "by", "verdict")


@dataclass(frozen=True, slots=True)
class Event:
    """One entry: `offset` counts without a hole, `at` in ms; it carries everything that it changes, so that the fold only puts it in
    its place. `facts` are the kind's own: day, reason, after (seconds), from (service), by (account), verdict."""

    offset: int
    at: Millis
    kind: Kind
    ticket: Ticket | None
    counter: Counter | None
    escalation: Escalation | None
    promise: Promise | None
    facts: Mapping[str, Any]

    def public(self) -> dict[str, Any] | None:
        """As everybody sees it; None when it is hidden from that view."""
        if self.kind in STAFF_ONLY:
            return None
        return self._view(PUBLIC_FACTS, "public")

    def staff(self) -> dict[str, Any]:
        """As logged-in staff see it."""
        return self._view(STAFF_FACTS, "staff")

    def _view(self, names: tuple[str, ...], view: str) -> dict[str, Any]:
        shown: dict[str, Any] = {"offset": self.offset, "at": self.at, "kind": self.kind.value}
        shown |= {name: self.facts[name] for name in names if name in self.facts}
        for name, thing in (("ticket", self.ticket), ("counter", self.counter), ("escalation", self.escalation)):
            if thing is not None:
                shown[name] = getattr(thing, view)()
        if self.promise is not None:
            shown["promise"] = self.promise.public()
        return shown


def parse(offset: int, text: str | bytes) -> Event:
    """An entry of the journal as an event. Raises ValueError or KeyError when it is none: the store holds what we did not write."""
    kept = json.loads(text)
    return Event(
        offset=offset,
        at=Millis(kept["at"]),
        kind=Kind(kept["kind"]),
        ticket=Ticket.of(kept["ticket"]) if "ticket" in kept else None,
        counter=Counter.of(kept["counter"]) if "counter" in kept else None,
        escalation=Escalation.of(kept["escalation"]) if "escalation" in kept else None,
        promise=Promise(**kept["promise"]) if "promise" in kept else None,
        facts={name: kept[name] for name in STAFF_FACTS if kept.get(name) is not None},
    )
