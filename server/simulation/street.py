"""Where the simulated visitors come from, and the one who is forgotten so that the alert can be seen from start to end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from board.office import Kind
from server.simulation.day import LONGEST, MINUTE, Fate, Visit, arrivals, line_at_the_door, scarce, staying, stays, visit
from server.simulation.officers import Officer
from server.simulation.people import Person, Refused
from server.simulation.play import Play

BEGINS = 3 * MINUTE  # after opening: everybody has called somebody
EVERY = 180.0  # s between two forgotten visitors: often enough for a newcomer, rare enough to watch one to its end
# How long the officers may take to leave, and how long after the promise they come back though nobody called the forgotten one: s of the
# real world, in which a human acts, and of the office. Who takes longer has a human in the way; then it happens another time.
LEAVES_WITHIN = (60.0, 2 * LONGEST)
COMES_BACK_AFTER = (60.0, 5 * MINUTE)


class Street:
    """Visitors come in, take a number, and some lose their patience. `desk` is the receptionist, who alone gives priority."""

    def __init__(self, play: Play, visitor: Person, desk: Person) -> None:
        self._play, self._visitor, self._desk = play, visitor, desk
        ordinary = sum(plan.kind is Kind.ORDINARY for plan in play.office.counters)
        self._coming = arrivals(play.rng, play.services, ordinary)

    async def opens(self, size: int) -> None:
        """About so many have waited for the doors to open. None for the service that is about to be deserted."""
        counters = self._play.office.counters
        _, keepers = scarce(counters)
        for who in line_at_the_door(self._coming, size, staying(counters, keepers)):
            await self.takes(who)

    async def flows(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as impatient:
            for gap, who in self._coming:
                await self._play.lasts(gap)
                taken = await self._comes(who)
                if taken is not None and who.fate is Fate.GIVES_UP:
                    impatient.create_task(self._gives_up(who, taken["secret"]), name="demo.gives_up")

    async def _comes(self, who: Visit) -> dict[str, Any] | None:
        """Takes a number, or comes another time."""
        try:
            seen = await self._play.look(self._visitor)
        except Refused:
            return None
        here = seen.waiting([who.service]), seen.open_counters(who.service)
        if who.service in self._play.deserted or not stays(seen.waiting(), seen.open_counters(), *here):
            return None
        return await self.takes(who)

    async def takes(self, who: Visit) -> dict[str, Any] | None:
        """The answer with the number; None when the office gives none now."""
        from_desk = {"priority": who.priority, "via": "desk", "satker": f"{self._play.rng.randrange(10**6):06d}"}
        body = {"service": who.service, "language": "en" if who.english else "id", **(from_desk if who.priority else {"via": "kiosk"})}
        try:
            taken = await (self._desk if who.priority else self._visitor).post(f"{self._play.api}/tickets", body)
        except Refused:
            return None
        self._play.remember(taken["ticket"]["id"], who)
        return taken

    async def _gives_up(self, who: Visit, secret: str) -> None:
        await self._play.lasts(who.patience)
        try:
            await self._visitor.post("/api/v1/ticket/cancel", bearer=secret)
        except Refused:  # called in the meantime: it was worth waiting
            return


class Forgotten:
    """From time to time the officers of the rarest service rest too long, and one visitor runs into the end of the promise."""

    def __init__(self, play: Play, street: Street, visitor: Person, officers: Sequence[Officer]) -> None:
        self._play, self._street, self._visitor = play, street, visitor
        self._service, keepers = scarce(play.office.counters)
        self._keepers = [officer for officer in officers if officer.plan.counter in keepers]
        self._without = frozenset(code for code, counters in staying(play.office.counters, keepers).items() if not counters)

    async def happens(self) -> None:
        """For ever, the first time once the officers are at work."""
        await self._play.lasts(BEGINS)
        while True:
            async with self._play.kitchen:
                await self._once()
            await asyncio.sleep(every(self._play))

    async def _once(self) -> None:
        self._play.deserted = self._without
        absences = [keeper.leaves(self._without) for keeper in self._keepers]
        try:
            async with asyncio.timeout(self._in_both(LEAVES_WITHIN)):
                for absence in absences:
                    await absence.gone.wait()
            await self._waits_in_vain()
        except (TimeoutError, Refused):
            pass
        finally:
            for absence in absences:
                absence.over.set()
            self._play.deserted = frozenset()

    async def _waits_in_vain(self) -> None:
        """Until somebody calls the forgotten one, late."""
        who = visit(self._play.rng, self._play.services, self._service)
        taken = await self._street.takes(replace(who, fate=Fate.SERVED, priority=False, serving=max(who.serving, 4 * MINUTE)))
        if taken is None:
            return
        async with asyncio.timeout(self._play.office.guarantee.seconds + self._in_both(COMES_BACK_AFTER)):
            while (await self._play.look(self._visitor)).waits(taken["ticket"]["id"]):
                await self._play.glance()

    def _in_both(self, seconds: tuple[float, float]) -> float:
        real, office = seconds
        return real + office / self._play.speed


def every(play: Play) -> float:
    """Seconds between one forgotten visitor and the next."""
    return max(EVERY, 2.0 * play.office.guarantee.seconds)
