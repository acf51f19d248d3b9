"""How the simulated office lives: who comes when, what for, how long it takes, who rests when. Pure: the same seed gives the same day.

Times are seconds of the simulated office, which are shorter in the real world by the demo's speed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from board.office import CounterNumber, CounterPlan, Kind, ServiceCode

MINUTE = 60.0
HOUR = 60 * MINUTE
# How many come by in each hour from opening, beside what the counters can serve: a full morning, a quiet noon, a second wave; then anew.
# Above one, since not all who come by stay.
BUSY = (1.5, 1.8, 1.6, 1.3, 1.0, 1.5, 1.3)
# People come in company: a car of one satker, a bus. Mean 1.55 (shared real days show gaps of seconds beside gaps of minutes).
GROUPS, GROUP_WEIGHTS = (1, 2, 3, 4), (65, 20, 10, 5)
GROUP_MEAN = sum(size * weight for size, weight in zip(GROUPS, GROUP_WEIGHTS, strict=True)) / sum(GROUP_WEIGHTS)
# Median minutes at the counter by the place of the service in the office file; service times have a long right tail (lognormal).
SERVING_MINUTES = (6.0, 4.0, 9.0, 6.0, 7.0)
SERVING_SPREAD = 0.6
SHORTEST, LONGEST = 1.5 * MINUTE, 25 * MINUTE
WALK = (1.0 * MINUTE, 2.5 * MINUTE)  # from the chair to the counter
VISIT_MEAN = 9.5 * MINUTE  # walk and service together: what a counter spends on a visitor
LOOKED_AT = 10  # how many visitors are drawn for each one who stands at the door, at most
QUEUE = 2  # who finds so many waiting for each open counter comes another time


class Fate(StrEnum):
    """What becomes of a visit."""

    SERVED = "served"
    NO_SHOW = "no-show"  # called, and not there
    HELD = "held"  # a document is missing, and comes later
    SENT_ON = "sent-on"  # needs another service
    GIVES_UP = "gives-up"  # cancels on the phone


FATES = {Fate.SERVED: 78, Fate.NO_SHOW: 6, Fate.HELD: 6, Fate.SENT_ON: 6, Fate.GIVES_UP: 4}


@dataclass(frozen=True, slots=True)
class Visit:
    """One visitor. `patience`: after this long one who gives up does so; `errand`: how long one who is held is away; `onward`: where
    one who is sent on goes."""

    service: ServiceCode
    fate: Fate
    priority: bool
    english: bool
    walk: float
    serving: float
    patience: float
    errand: float
    onward: ServiceCode | None


def visit(rng: random.Random, services: Sequence[ServiceCode], wanted: ServiceCode | None = None) -> Visit:
    """Somebody for `wanted`, or for any of `services` (in the office file's order; the first are asked for most)."""
    place = services.index(wanted) if wanted else rng.choices(range(len(services)), [max(2, 5 - n) for n in range(len(services))])[0]
    elsewhere = [code for code in services if code != services[place]]
    fate = rng.choices(list(FATES), list(FATES.values()))[0]
    return Visit(
        service=services[place],
        fate=fate if elsewhere or fate is not Fate.SENT_ON else Fate.SERVED,
        priority=rng.random() < 0.08,
        english=rng.random() < 0.1,
        walk=rng.uniform(*WALK),
        serving=serving_time(rng, place),
        patience=rng.uniform(4, 12) * MINUTE,
        errand=rng.uniform(8, 20) * MINUTE,
        onward=rng.choice(elsewhere) if elsewhere else None,
    )


def serving_time(rng: random.Random, place: int) -> float:
    """How long a visitor of the service at this place of the office file stays at the counter."""
    median = SERVING_MINUTES[place % len(SERVING_MINUTES)] * MINUTE
    return min(LONGEST, max(SHORTEST, median * rng.lognormvariate(0, SERVING_SPREAD)))


def arrivals(rng: random.Random, services: Sequence[ServiceCode], counters: int) -> Iterator[tuple[float, Visit]]:
    """For ever: the gap before the next visitor, and who it is; at a busyness of 1 they fill so many counters exactly."""
    gap_mean = VISIT_MEAN * GROUP_MEAN / counters
    clock = 0.0
    while True:
        gap = rng.expovariate(1 / gap_mean) / busy(clock)
        for _ in range(rng.choices(GROUPS, GROUP_WEIGHTS)[0]):
            clock += gap
            yield gap, visit(rng, services)
            gap = rng.uniform(5, 40)


def busy(clock: float) -> float:
    """How busy it is so long after the first opening."""
    return BUSY[int(clock / HOUR) % len(BUSY)]


def stays(waiting: int, counters: int, waiting_here: int, counters_here: int) -> bool:
    """Whether a visitor takes a number: so many wait for so many open counters, in all and `here`, for the visitor's own service.
    It keeps the promise within reach in the busiest hour, with officers on a break."""
    return waiting < QUEUE * counters and waiting_here < QUEUE * counters_here


def breaks(rng: random.Random) -> Iterator[tuple[float, float]]:
    """For ever: how long an officer works, and the short break after it."""
    while True:
        yield rng.uniform(50, 110) * MINUTE, rng.uniform(5, 9) * MINUTE


def scarce(counters: Sequence[CounterPlan]) -> tuple[ServiceCode, tuple[CounterNumber, ...]]:
    """The service that the fewest ordinary counters serve (of equals the last), and those counters: when they rest, its visitors wait."""
    keepers: dict[ServiceCode, tuple[CounterNumber, ...]] = {}
    for plan in counters:
        for code in plan.services if plan.kind is Kind.ORDINARY else ():
            keepers[code] = (*keepers.get(code, ()), plan.counter)
    return min(reversed(keepers.items()), key=lambda kept: len(kept[1]))


def staying(counters: Sequence[CounterPlan], away: Sequence[CounterNumber]) -> Counter[ServiceCode]:
    """How many ordinary counters serve each service while those counters are away."""
    ordinary = [plan for plan in counters if plan.kind is Kind.ORDINARY]
    return Counter({code: sum(code in plan.services and plan.counter not in away for plan in ordinary) for code in services_of(ordinary)})


def services_of(counters: Sequence[CounterPlan]) -> list[ServiceCode]:
    """Every service of these counters, once."""
    return list(dict.fromkeys(code for plan in counters for code in plan.services))


def line_at_the_door(coming: Iterator[tuple[float, Visit]], size: int, serving: Counter[ServiceCode]) -> list[Visit]:
    """Up to so many of those who come, standing there before the doors open; no more for a service than its counters can serve in time."""
    line: list[Visit] = []
    for _, who in islice(coming, LOOKED_AT * size):
        if len(line) < size and sum(w.service == who.service for w in line) < QUEUE * serving[who.service]:
            line.append(replace(who, fate=Fate.SERVED))
    return line
