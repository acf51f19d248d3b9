"""The simulated officers: one at each ordinary counter, and the reserve officer who comes when a promise falls due."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

from board.office import CounterPlan, ServiceCode
from server.simulation.day import MINUTE, Fate, Visit, breaks
from server.simulation.people import Person, Refused
from server.simulation.play import Play, Seen

SECOND_CALL = 1.5 * MINUTE  # after it nobody has come; as long again, and the number is passed over
HUMAN_FIRST = 12_000  # ms that a newcomer has for accepting an alert before the reserve officer does
COMES = 1.5 * MINUTE  # the reserve officer's way to the counter
STEPS_ASIDE = 5.0  # s before an officer looks again whether the counter that a human took is free
GONE = ("wrong-state", "unknown-ticket")
HOLD_REASON = "Menunggu dokumen"


@dataclass
class Absence:
    """A long break on request: `gone` once the officer has left, `over` when the officer may come back. Whoever waits for `first` is
    served before it."""

    first: frozenset[ServiceCode]
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Desk:
    """One officer's counter: what happens between calling a number and being free again. A refusal means that a human had a hand in it;
    then the officer looks at the board and goes on from there."""

    def __init__(self, play: Play, officer: Person, plan: CounterPlan, patient: bool = True) -> None:
        """`patient` False: every visitor is served to the end, since nobody sits here later."""
        self._play, self._officer, self._plan, self._patient = play, officer, plan, patient
        self._held: list[tuple[float, str]] = []  # when (loop time) whom to take back

    async def does(self, verb: str, **body: Any) -> dict[str, Any]:
        """A verb at this counter. Raises Refused."""
        return await self._officer.post(f"{self._play.api}/counters/{self._plan.counter}/{verb}", body)

    async def calls(self) -> None:
        """Calls the next visitor and serves. Raises Refused."""
        await self.receives((await self.does("call-next"))["ticket"])

    async def goes_on(self, ticket: dict[str, Any]) -> None:
        """With the visitor whom the board shows at this counter. Raises Refused."""
        await (self.receives(ticket) if ticket["state"] == "called" else self.serves(ticket))

    async def receives(self, ticket: dict[str, Any]) -> None:
        """A visitor who was called comes to the counter, or does not. Raises Refused."""
        visit = self._visit(ticket)
        if visit.fate is Fate.NO_SHOW:
            await self._play.lasts(SECOND_CALL)
            await self.does("recall")
            await self._play.lasts(SECOND_CALL)
            await self.does("skip")
            return
        await self._play.lasts(visit.walk)
        await self.does("serve")
        await self.serves(ticket)

    async def serves(self, ticket: dict[str, Any]) -> None:
        """A visitor at the counter, until the counter is free. Raises Refused."""
        visit = self._visit(ticket)
        onward = visit.onward if visit.onward not in self._play.deserted else None
        if visit.fate is Fate.HELD:
            await self._play.lasts(visit.serving / 2)
            await self.does("hold", reason=HOLD_REASON)
            self._play.remember(ticket["id"], replace(visit, fate=Fate.SERVED, serving=visit.serving / 2))
            self._held.append((asyncio.get_running_loop().time() + visit.errand / self._play.speed, ticket["number"]))
        elif visit.fate is Fate.SENT_ON and onward is not None:
            await self._play.lasts(visit.serving / 2)
            self._play.remember(ticket["id"], replace(visit, fate=Fate.SERVED, service=onward))
            await self.does("transfer", service=onward)
        else:
            await self._play.lasts(visit.serving)
            await self.does("finish")

    async def takes_back(self) -> bool:
        """Serves one who was held and has come back; whether there was one. Raises Refused."""
        due = next((held for held in self._held if held[0] <= asyncio.get_running_loop().time()), None)
        if due is None:
            return False
        try:
            resumed = await self.does("resume", number=due[1])
        except Refused as refused:
            if refused.code in GONE:  # a human took this visitor back, or the day has ended
                self._held.remove(due)
            raise
        self._held.remove(due)
        await self.serves(resumed["ticket"])
        return True

    def _visit(self, ticket: dict[str, Any]) -> Visit:
        visit = self._play.holder(ticket["id"], ticket["service"])
        return visit if self._patient else replace(visit, fate=Fate.SERVED)


class Officer:
    """Opens the counter, calls, serves, rests, all day."""

    def __init__(self, play: Play, officer: Person, plan: CounterPlan) -> None:
        self._play, self._officer, self.plan = play, officer, plan
        self._desk = Desk(play, officer, plan)
        self._breaks = breaks(play.rng)
        self._absence: Absence | None = None

    def leaves(self, first: frozenset[ServiceCode]) -> Absence:
        """Asks the officer to go away until further notice."""
        self._absence = Absence(first)
        return self._absence

    async def works(self) -> None:
        """For ever."""
        work, rest = next(self._breaks)
        tired = self._in(work)
        while True:
            try:
                seen = await self._play.look(self._officer)
                if self._absence is not None and not seen.waiting(self._absence.first) and seen.visitor(self.plan.counter) is None:
                    await self._is_away(seen, self._absence)
                elif self._now() > tired and not self._play.kitchen.locked() and self._is_free(seen):
                    await self._rests(rest)
                    work, rest = next(self._breaks)
                    tired = self._in(work)
                else:
                    await self._works_on(seen)
            except Refused as refused:  # somebody else was at it: a human, or the day's end
                await (asyncio.sleep(STEPS_ASIDE) if refused.code == "counter-taken" else self._play.glance())

    async def _works_on(self, seen: Seen) -> None:
        """The next thing to do."""
        visitor = seen.visitor(self.plan.counter)
        if seen.state(self.plan.counter) != "open":
            await self._desk.does("open")
        elif visitor is not None:
            await self._desk.goes_on(visitor)
        elif not await self._desk.takes_back():
            if seen.waiting(self.plan.services):
                await self._desk.calls()
            else:
                await self._play.glance()

    async def _rests(self, rest: float) -> None:
        async with self._play.kitchen:
            await self._desk.does("pause")
            await self._play.lasts(rest)

    async def _is_away(self, seen: Seen, absence: Absence) -> None:
        """Pauses until the absence is over. Where a human has the counter there is nothing to pause."""
        try:
            if seen.state(self.plan.counter) == "open":
                await self._desk.does("pause")
        finally:
            absence.gone.set()
        await absence.over.wait()
        self._absence = None

    def _is_free(self, seen: Seen) -> bool:
        return seen.state(self.plan.counter) == "open" and seen.visitor(self.plan.counter) is None

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _in(self, seconds: float) -> float:
        return self._now() + seconds / self._play.speed


class Reserve:
    """The reserve officer: lets a human be first, then accepts, opens the reserve counter, serves the late visitor and leaves."""

    def __init__(self, play: Play, officer: Person, plan: CounterPlan | None) -> None:
        self._play, self._officer, self._plan = play, officer, plan
        self._desk = Desk(play, officer, plan, patient=False) if plan else None
        self._mine: set[str] = set()  # alerts accepted

    async def stands_by(self) -> None:
        """For ever."""
        while True:
            try:
                seen = await self._play.look(self._officer)
                unanswered = [e for e in seen.escalations if e["state"] == "raised" and seen.now - e["raised_at"] >= HUMAN_FIRST]
                for escalation in unanswered:
                    await self._accepts(escalation)
                if not unanswered:
                    await self._helps(seen)
            except Refused:  # a human was quicker
                pass
            await self._play.glance()

    async def _accepts(self, escalation: dict[str, Any]) -> None:
        path = f"{self._play.api}/escalations/{escalation['id']}/accept"
        if self._plan is not None and escalation["service"] in self._plan.services:
            try:
                await self._officer.post(path, {"counter": self._plan.counter})
            except Refused as refused:
                if refused.code not in ("counter-taken", "service-not-here"):
                    raise
            else:
                self._mine.add(escalation["id"])
                return
        await self._officer.post(path)  # a human has the reserve counter; the officers at the others take the late one as the oldest

    async def _helps(self, seen: Seen) -> None:
        """Serves the late ones, then closes the counter."""
        if self._plan is None or self._desk is None or not self._mine:
            return
        desk, visitor = self._desk, seen.visitor(self._plan.counter)
        try:
            if visitor is not None:
                await desk.goes_on(visitor)
            elif self._mine & {escalation["id"] for escalation in seen.escalations if escalation["state"] == "accepted"}:
                await self._play.lasts(COMES)
                await desk.calls()
            else:
                await desk.does("close")
                self._mine.clear()
        except Refused as refused:
            if refused.code in ("counter-taken", "counter-not-open"):
                self._mine.clear()  # a human has the counter now
            raise
