"""When a change that was read is sent on: a burst travels as one frame, and a call waits for nobody. Decisions only, no timers."""

from __future__ import annotations

from collections.abc import Iterable

from board.events import Event, Kind

TICK = 0.050  # s a change may be held, so that what happens together travels together
AT_ONCE = 0.010  # s between two frames when somebody is called or an alert is told: five counters in one moment are one frame still

URGENT = frozenset(
    {
        Kind.TICKET_CALLED,
        Kind.TICKET_RECALLED,
        Kind.ESCALATION_RAISED,
        Kind.ESCALATION_ACCEPTED,
        Kind.ESCALATION_DECLINED,
        Kind.ESCALATION_LAPSED,
        Kind.ESCALATION_RESOLVED,
        Kind.ESCALATION_WITHDRAWN,
    }
)


def urgent(events: Iterable[Event]) -> bool:
    """Whether somebody is called or an alert is told among these events."""
    return any(event.kind in URGENT for event in events)


def send_at(now: float, held_since: float, last_sent: float, hurry: bool) -> float:
    """The moment (s, monotonic) to send what is held since `held_since`: the tick's end, or with `hurry` as soon as the frame before
    is AT_ONCE old. Never earlier than now."""
    return max(now, min(held_since + TICK, last_sent + AT_ONCE) if hurry else held_since + TICK)
