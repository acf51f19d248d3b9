"""What a verb is asked with, and what it answers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from board.counter import Counter
from board.escalation import Escalation
from board.ticket import Ticket
from board.times import Millis


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, and under which idempotency key. `by` is an account's name or None for a visitor; `about` is everything that the
    same key must come with again: it is hashed, never kept readable."""

    key: str
    about: str
    by: str | None = None

    @classmethod
    def fresh(cls, by: str | None = None) -> Request:
        """A request of its own, for callers that send each command once."""
        return cls(secrets.token_urlsafe(16), "", by)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb changed."""

    ticket: Ticket | None = None
    counter: Counter | None = None
    escalation: Escalation | None = None
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watcher's step found: the store's time, when to look again (None: nothing planned), how late each alert was (ms)."""

    now: Millis
    next_at: Millis | None
    late: tuple[int, ...]
    lapsed: int
