"""What the simulated people share: the office, how fast its time passes, who is there, and the board on the wall."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from board.office import CounterNumber, Office, ServiceCode
from server.simulation.day import Visit, visit
from server.simulation.people import Person

REMEMBERED = 500  # visitors; those whom a human called away are forgotten in the end
GLANCES = (0.3, 3.0)  # s between two looks at the board, at least and at most, whatever the speed
GLANCE = 20.0  # s of the office


@dataclass
class Play:
    """`speed`: seconds of the office in a real one. `kitchen`: only one officer rests at a time. `deserted`: services that nobody
    serves for a while, so that nobody comes for them."""

    office: Office
    speed: float
    rng: random.Random
    visits: dict[str, Visit] = field(default_factory=dict)
    kitchen: asyncio.Lock = field(default_factory=asyncio.Lock)
    deserted: frozenset[ServiceCode] = frozenset()

    @property
    def api(self) -> str:
        """Where the office's calls begin."""
        return f"/api/v1/offices/{self.office.id}"

    @property
    def services(self) -> list[ServiceCode]:
        """The codes, in the office file's order."""
        return [service.code for service in self.office.services]

    async def lasts(self, seconds: float) -> None:
        """So long in the office."""
        await asyncio.sleep(seconds / self.speed)

    async def glance(self) -> None:
        """The moment between two looks at the board."""
        shortest, longest = GLANCES
        await asyncio.sleep(min(longest, max(shortest, GLANCE / self.speed)))

    def remember(self, ticket: str, who: Visit) -> None:
        """This visitor holds that ticket."""
        self.visits[ticket] = who
        for oldest in list(self.visits)[:-REMEMBERED]:
            del self.visits[oldest]

    def holder(self, ticket: str, service: ServiceCode) -> Visit:
        """Who holds the ticket; a human's is somebody we make up, as long as the human lets us."""
        if ticket not in self.visits:
            self.remember(ticket, visit(self.rng, self.services, service))
        return self.visits[ticket]

    async def look(self, who: Person) -> Seen:
        """The public board now."""
        return Seen(await who.get(f"{self.api}/board"))


class Seen:
    """A board, read."""

    def __init__(self, board: dict[str, Any]) -> None:
        self.now = int(board["now"])
        self._tickets: dict[str, dict[str, Any]] = {ticket["id"]: ticket for ticket in board["tickets"]}
        self._counters: dict[int, dict[str, Any]] = {counter["counter"]: counter for counter in board["counters"]}
        self.escalations: list[dict[str, Any]] = board["escalations"]

    def waiting(self, services: Iterable[ServiceCode] | None = None) -> int:
        """How many wait for these services; None: for any."""
        wanted = None if services is None else set(services)
        return sum(t["state"] == "waiting" and (wanted is None or t["service"] in wanted) for t in self._tickets.values())

    def open_counters(self, service: ServiceCode | None = None) -> int:
        """How many counters are open that serve this service; None: any."""
        return sum(c["state"] == "open" and (service is None or service in c["services"]) for c in self._counters.values())

    def waits(self, ticket: str) -> bool:
        """Whether this one waits still."""
        return ticket in self._tickets and self._tickets[ticket]["state"] == "waiting"

    def state(self, counter: CounterNumber) -> str:
        """open, paused or closed."""
        return str(self._counters[counter]["state"]) if counter in self._counters else "closed"

    def visitor(self, counter: CounterNumber) -> dict[str, Any] | None:
        """The ticket at this counter."""
        return self._tickets.get(self._counters.get(counter, {}).get("ticket") or "")
