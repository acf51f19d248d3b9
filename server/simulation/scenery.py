"""The office as the demo shows it: its promise shortened by the speed, its alert kept long enough for a person, a counter more for whoever
wants to try. Pure."""

from __future__ import annotations

from dataclasses import replace

from board.office import CounterNumber, CounterPlan, EscalationPlan, Guarantee, Kind, Office
from server.simulation.day import scarce

# Seconds that a person needs, whatever the speed: to see an alert and press, to come and call.
HUMAN_CONFIRMS, HUMAN_ACCEPTS, HUMAN_CALLS = 5, 15, 30
SHORTEST_PROMISE = 3  # s; below it one look at a screen is longer than the promise


def hastened(office: Office, speed: float) -> Office:
    """Time runs `speed` times as fast for the promise, its warnings and the head start; an alert leaves a person the time to answer."""
    seconds = max(SHORTEST_PROMISE, round(office.guarantee.seconds / speed))
    warnings = {round(warn / speed) for warn in office.guarantee.warn_seconds}
    plan = office.escalation
    return replace(
        office,
        guarantee=Guarantee(seconds, tuple(sorted(warn for warn in warnings if 1 <= warn < seconds))),
        escalation=EscalationPlan(
            max(HUMAN_CONFIRMS, round(plan.confirm_seconds / speed)),
            max(HUMAN_ACCEPTS, round(plan.accept_seconds / speed)),
            max(HUMAN_CALLS, round(plan.call_seconds / speed)),
        ),
        head_start_seconds=round(office.head_start_seconds / speed),
        hours=replace(office.hours, always_open=True),
    )


def free_counter(office: Office) -> CounterPlan:
    """One more counter, where nobody simulated sits. It leaves the rarest service to the others, so that a newcomer at work does not
    keep the promise which is to be seen broken."""
    rare, _ = scarce(office.counters)
    services = tuple(service.code for service in office.services if service.code != rare)
    number = CounterNumber(max(plan.counter for plan in office.counters) + 1)
    return CounterPlan(number, Kind.ORDINARY, services or (rare,))


def with_counter(office: Office, plan: CounterPlan) -> Office:
    """The office with this counter, too."""
    return replace(office, counters=(*office.counters, plan))
