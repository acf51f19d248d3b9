"""A client of the live stream that knows no more than the contract says: what it builds from frames must be what GET /board answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from websockets.exceptions import WebSocketException

from tests.driver import Person, Screen

LAST_CALLED = 20
ENDS_AN_ALERT = ("resolved", "withdrawn")
Things = dict[Any, dict[str, Any]]


class Hole(AssertionError):
    """A delta that does not follow what was seen before."""


class Mirror:
    """One office as the frames tell it."""

    def __init__(self) -> None:
        self.epoch, self.offset = "", -1
        self.office = ""
        self.day: str | None = None
        self.promise: dict[str, int] = {}
        self.tickets: Things = {}
        self.counters: Things = {}
        self.escalations: Things = {}
        self.snapshots = 0
        self.events: list[dict[str, Any]] = []

    @property
    def resume(self) -> str:
        """The query that goes on from here."""
        return f"resume={self.epoch}:{self.offset}"

    def take(self, frame: Mapping[str, Any]) -> None:
        """The next frame. Raises Hole."""
        match frame["t"]:
            case "snapshot":
                self._begin(frame)
            case "delta":
                self._go_on(frame)
            case "beat" if (frame["epoch"], frame["offset"]) != (self.epoch, self.offset):
                raise Hole(frame)

    def board(self) -> dict[str, Any]:
        """As GET /board says it, but for `now`."""
        return {
            "epoch": self.epoch,
            "offset": self.offset,
            "office": self.office,
            "day": self.day,
            "promise": self.promise,
            "tickets": [self.tickets[key] for key in sorted(self.tickets)],
            "counters": [self.counters[key] for key in sorted(self.counters)],
            "escalations": sorted(self.escalations.values(), key=lambda e: (e["due_at"], e["id"])),
        }

    def _begin(self, frame: Mapping[str, Any]) -> None:
        board = frame["board"]
        assert (frame["epoch"], frame["offset"]) == (board["epoch"], board["offset"])
        self.epoch, self.offset, self.office, self.day = board["epoch"], board["offset"], board["office"], board["day"]
        self.promise = board["promise"]
        self.tickets = {ticket["id"]: ticket for ticket in board["tickets"]}
        self.counters = {counter["counter"]: counter for counter in board["counters"]}
        self.escalations = {escalation["id"]: escalation for escalation in board["escalations"]}
        self.snapshots += 1

    def _go_on(self, frame: Mapping[str, Any]) -> None:
        if frame["epoch"] == self.epoch and frame["offset"] <= self.offset:
            return
        if frame["epoch"] != self.epoch or frame["prev"] > self.offset:
            raise Hole(f"{frame['epoch']}:{frame['prev']} does not follow {self.epoch}:{self.offset}")
        offsets = [event["offset"] for event in frame["events"]]
        assert offsets == sorted(set(offsets))
        assert all(frame["prev"] < offset <= frame["offset"] for offset in offsets)
        for event in frame["events"]:
            if event["offset"] > self.offset:
                self._happens(event)
        self.offset = frame["offset"]

    def _happens(self, event: dict[str, Any]) -> None:
        self.events.append(event)
        if event["kind"] == "day.opened":
            self.day, self.tickets, self.escalations = event["day"], {}, {}
            self.promise = {"kept": 0, "broken": 0, "excused": 0}
        if event["kind"] == "day.closed":
            self.day = None
        self.promise = event.get("promise", self.promise)
        for name, key, known in (
            ("ticket", "id", self.tickets),
            ("counter", "counter", self.counters),
            ("escalation", "id", self.escalations),
        ):
            if name in event:
                known[event[name][key]] = event[name]
        self._forget()

    def _forget(self) -> None:
        called = [t for t in self.tickets.values() if t["called_at"] is not None]
        recent = {t["id"] for t in sorted(called, key=lambda t: (t["called_at"], t["id"]))[-LAST_CALLED:]}
        self.tickets = {key: t for key, t in self.tickets.items() if t["ended_at"] is None or key in recent}
        self.escalations = {key: e for key, e in self.escalations.items() if e["state"] not in ENDS_AN_ALERT}


async def until(screen: Screen, mirror: Mirror, reached: Callable[[Mirror], bool], within: float = 15.0) -> None:
    """Takes frames until the mirror has come so far."""
    async with asyncio.timeout(within):
        while not reached(mirror):
            mirror.take(await screen.frame(within))


async def follows(person: Person, mirror: Mirror, query: str = "", office: str | None = None) -> None:
    """Until cancelled: a screen that comes back by itself, going on from where it stood, as our pages do."""
    while True:
        resume = mirror.resume if mirror.epoch else ""
        try:
            async with person.watches(f"?{query}&{resume}", office=office) as screen:
                while True:
                    mirror.take(await screen.frame(60))
        except (WebSocketException, OSError):
            await asyncio.sleep(0.05)  # the server is away; nothing tells when it is back


async def mirrors(mirror: Mirror, person: Person) -> bool:
    """Whether the mirror now shows what the server says."""
    board = await person.board()
    board.pop("now")
    return mirror.board() == board
