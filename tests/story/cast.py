"""Who lives through the day: visitors of one real day, four officers, one reserve officer."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.driver import API, OFFICE, Person

REAL_DAY = Path(__file__).parent.parent / "vectors" / "real-day.csv"
PROMISE = 2700.0  # s, of the real office


@dataclass(frozen=True)
class Row:
    """One customer of the real day; seconds. `served` None: left after `patience`."""

    arrives: float
    service: str
    served: float | None
    patience: float | None


def real_day() -> list[Row]:
    """Everybody who came that day, in order."""
    with REAL_DAY.open() as file:
        rows = list(csv.DictReader(file))
    seconds = [(r, float(r["service_s"]) if r["service_s"] else None, float(r["patience_s"]) if r["patience_s"] else None) for r in rows]
    return [Row(float(r["arrival_s"]), r["service"], served, patience) for r, served, patience in seconds]


class Day:
    """The day's clock, and what its people know of each other. `speed`: how many real seconds pass in one of the test's."""

    def __init__(self, url: str, speed: float) -> None:
        self.url, self.speed = url, speed
        self.rows: dict[str, Row] = {}  # by ticket id
        self.over = asyncio.Event()

    async def passes(self, seconds: float) -> None:
        """Lives through so many seconds of the real day."""
        await asyncio.sleep(seconds / self.speed)

    async def visitors(self, rows: list[Row]) -> None:
        """Each arrives at his time and takes a number; who loses patience gives it back."""
        async with asyncio.TaskGroup() as people:
            now = 0.0
            for row in rows:
                await self.passes(row.arrives - now)
                now = row.arrives
                people.create_task(self.visits(row))

    async def visits(self, row: Row) -> None:
        person = Person(self.url)
        try:
            taken = await person.takes(row.service)
            self.rows[taken["ticket"]["id"]] = row
            if row.patience is not None:
                await self.passes(row.patience)
                answer = await person.post("/api/v1/ticket/cancel", Authorization=f"Bearer {taken['secret']}")
                assert answer.status_code in (200, 409), answer.text  # 409: was called meanwhile
        finally:
            await person.close()

    async def officer(self, name: str, counter: int) -> None:
        """Opens, and calls and serves one after the other until the day is over."""
        person = await Person(self.url).logs_in(name)
        try:
            await person.does(counter, "open")
            while not self.over.is_set():
                await self.one_visit(person, counter)
            await person.does(counter, "close")
        finally:
            await person.close()

    async def one_visit(self, person: Person, counter: int) -> bool:
        """Calls the next and serves; a short breath when nobody waits. Whether there was somebody."""
        called = await person.at(counter, "call-next")
        if called.status_code == 409:
            assert called.json()["code"] == "nobody-waiting", called.text
            await asyncio.sleep(0.05)
            return False
        assert called.status_code == 200, called.text
        row = self.rows.get(called.json()["ticket"]["id"], Row(0, "A", 60.0, None))
        await self.passes(10)
        if row.served is None:  # lost patience just as he was called
            skipped = await person.at(counter, "skip")
            assert skipped.status_code in (200, 409), skipped.text  # 409: gave the number back at the same moment
            return True
        await person.does(counter, "serve")
        await self.passes(row.served)
        await person.does(counter, "finish")
        return True

    async def reserve(self, name: str, counter: int) -> None:
        """Accepts every alert, opening the reserve counter with the first, and calls who waited too long."""
        person = await Person(self.url).logs_in(name)
        try:
            async with person.watches("?view=staff") as screen:
                while not self.over.is_set():
                    for escalation in raised(await screen.frame(60)):
                        await self.comes(person, counter, escalation)
            if opened(await person.board(), counter):
                await person.does(counter, "close")
        finally:
            await person.close()

    async def comes(self, person: Person, counter: int, escalation: Mapping[str, Any]) -> None:
        accepted = await person.post(f"{API}/escalations/{escalation['id']}/accept", {"counter": counter})
        if accepted.status_code == 409:  # called by a colleague meanwhile
            return
        assert accepted.status_code == 200, accepted.text
        await self.one_visit(person, counter)


def raised(frame: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The alerts that this frame raises."""
    return [e["escalation"] for e in frame.get("events", []) if e["kind"] == "escalation.raised"]


def opened(board: Mapping[str, Any], counter: int) -> bool:
    """Whether somebody sits at the counter."""
    return any(c["counter"] == counter and c["state"] != "closed" for c in board["counters"])


__all__ = ["OFFICE", "PROMISE", "Day", "Row", "real_day"]
