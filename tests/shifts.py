"""Officers who work through a restart: each command is repeated with its key until it is answered, as the consoles do."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.driver import API, Person
from tests.stores import comes

AGAIN_AFTER = 0.1  # s; nothing tells when somebody answers again
AWAY = (502, 503, 504)


class Shift:
    """One officer at a counter, over connections that are kept alive. `done` counts commands that were answered, by the event that each
    must leave in the journal; `repeated` those that had to be sent more than once."""

    def __init__(self, person: Person, counter: int) -> None:
        self._person, self._counter = person, counter
        self.done: Counter[str] = Counter()
        self.repeated = 0
        self.over = False

    async def work(self) -> None:
        """Serves one visitor after the other until the shift is over."""
        await self._sure(f"{API}/counters/{self._counter}/open", "counter.opened")
        while not self.over:
            await self._sure(f"{API}/tickets", "ticket.taken", {"service": "A"})
            for verb, kind in (("call-next", "ticket.called"), ("serve", "ticket.serving"), ("finish", "ticket.done")):
                await self._sure(f"{API}/counters/{self._counter}/{verb}", kind)

    async def _sure(self, path: str, kind: str, body: Mapping[str, Any] | None = None) -> None:
        key, tries = str(uuid.uuid4()), 0
        while True:
            tries += 1
            try:
                answer = await self._person.post(path, body, key)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code not in AWAY:
                assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
                self.done[kind] += 1
                self.repeated += tries > 1
                return
            await asyncio.sleep(AGAIN_AFTER)


@asynccontextmanager
async def shifts(officers: Sequence[Person]) -> AsyncIterator[list[Shift]]:
    """All of these at work for the block, each at a counter; at its end the last visitors have been served."""
    working = [Shift(person, n + 1) for n, person in enumerate(officers)]
    async with asyncio.TaskGroup() as tasks:
        for shift in working:
            tasks.create_task(shift.work())
        try:
            await served(working, 1)
            yield working
        finally:
            for shift in working:
                shift.over = True


async def served(working: Sequence[Shift], more: int) -> None:
    """Waits until each officer has served so many more visitors."""
    goals = [shift.done["ticket.done"] + more for shift in working]
    await comes(lambda: all(shift.done["ticket.done"] >= goal for shift, goal in zip(working, goals, strict=True)))


def each_acted_once(working: Sequence[Shift], journal: Sequence[Mapping[str, Any]]) -> None:
    """Every command that was answered is in the journal, and nothing else is."""
    answered: Counter[str] = sum((shift.done for shift in working), Counter())
    happened = Counter(event["kind"] for event in journal if event["kind"] != "day.opened")
    assert happened == answered
    finished = [event["ticket"]["id"] for event in journal if event["kind"] == "ticket.done"]
    assert len(set(finished)) == len(finished)
