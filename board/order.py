"""The order of calling: by the time of taking, priority as a bounded head start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from board.office import ServiceCode
from board.ticket import State, Ticket, TicketId


def score(ticket: Ticket, head_start_ms: int) -> int:
    """The ticket's place in its service's sorted set, in ms. No ordinary ticket is passed for longer than the head start."""
    return ticket.taken_at - (head_start_ms if ticket.priority else 0)


def place(ticket: Ticket, head_start_ms: int) -> tuple[int, str]:
    """Score, then id: two numbers taken in one millisecond keep the order of taking, since ids count up."""
    return (score(ticket, head_start_ms), ticket.id)


def waiting(tickets: Iterable[Ticket], services: Sequence[ServiceCode] | None, head_start_ms: int) -> list[Ticket]:
    """Those who wait, in the order in which a counter for `services` (None: all) would call them."""
    here = (t for t in tickets if t.state is State.WAITING and (services is None or t.service in services))
    return sorted(here, key=lambda t: place(t, head_start_ms))


def ahead(tickets: Mapping[TicketId, Ticket], ticket: Ticket, head_start_ms: int) -> int:
    """How many of the same service are called before this one."""
    mine = place(ticket, head_start_ms)
    return sum(place(t, head_start_ms) < mine for t in waiting(tickets.values(), [ticket.service], head_start_ms))
