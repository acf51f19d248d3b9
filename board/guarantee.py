"""The promise: when it falls due, what it asks for at a moment, and how it ended.

The store's scripts keep the same rules in Lua; `tests/vectors/promise.json` holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from board.office import Guarantee
from board.ticket import State, Ticket, Verdict
from board.times import Millis


class Due(StrEnum):
    """What a waiting ticket asks for."""

    WARN = "warn"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class Promise:
    """The day's account: how many promises were kept, broken, excused."""

    kept: int = 0
    broken: int = 0
    excused: int = 0

    def public(self) -> dict[str, int]:
        """As the board shows it."""
        return {"kept": self.kept, "broken": self.broken, "excused": self.excused}


def deadline(taken_at: Millis, guarantee: Guarantee) -> Millis:
    """The last moment at which serving keeps the promise."""
    return Millis(taken_at + guarantee.seconds * 1000)


def due(ticket: Ticket, guarantee: Guarantee, now: Millis) -> Due | None:
    """What the promise asks for at `now`; a ticket that has been called asks for nothing."""
    if ticket.state is not State.WAITING:
        return None
    if now >= ticket.deadline:
        return Due.ESCALATE
    return Due.WARN if any(now >= ticket.taken_at + warn * 1000 for warn in guarantee.warn_seconds) else None


def verdict(happened: State, at: Millis, due_at: Millis) -> Verdict | None:
    """How the promise ends when `happened` comes first of all that can settle it, `at` ms, for a promise due at `due_at`.

    Served in time is kept. What the visitor caused in time (no-show, hold, cancellation) is excused and never kept; after the
    deadline it is broken, since the office was late first. A number that the day's end took away unserved is broken.
    For a no-show `at` is the time of the call, for everything else the time it happened. Other states settle nothing.
    """
    in_time = at <= due_at
    match happened:
        case State.SERVING:
            return Verdict.KEPT if in_time else Verdict.BROKEN
        case State.SKIPPED | State.HELD | State.CANCELLED:
            return Verdict.EXCUSED if in_time else Verdict.BROKEN
        case State.EXPIRED:
            return Verdict.BROKEN
        case _:
            return None
