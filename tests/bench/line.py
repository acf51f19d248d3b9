"""What `call-next` costs with 10,000 waiting against 10, in two offices of one server, in turn."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass, field

from board.office import ServiceCode
from board.store.queue import Queue
from board.store.request import Request
from tests.bench.caller import Caller
from tests.bench.cores import Spent
from tests.bench.offices import FIRST, Bench, bench, officer_at, queue_at, signed_in
from tests.bench.table import Table, middle

SHORT, LONG = "kantor-sepi", "kantor-ramai"
WAITING = {SHORT: 10, LONG: 10_000}
AT_ONCE = 64  # who fill the line
BLOCK, BLOCKS = 32, 12  # times call, skip, take; the line stays as long as it is


@dataclass
class Line:
    """One office; times in s."""

    office: str
    caller: Caller
    calls: list[float] = field(default_factory=list)
    spent: list[dict[str, float]] = field(default_factory=list)

    async def block(self, **pids: int) -> None:
        """Somebody is called and does not come, another one takes a number; again and again."""
        with Spent(**pids) as spent:
            for _ in range(BLOCK):
                began = time.perf_counter()
                await self.does(f"counters/{FIRST}/call-next")
                self.calls.append(time.perf_counter() - began)
                await self.does(f"counters/{FIRST}/skip")
                await self.does("tickets", '{"service":"A"}')
        self.spent.append({name: seconds / (3 * BLOCK) for name, seconds in spent.of.items()})

    async def does(self, what: str, body: str = "{}") -> None:
        answer = await self.caller.post(f"/api/v1/offices/{self.office}/{what}", body)
        assert answer.status in (200, 201), answer.body

    def costs(self) -> tuple[float, float, float]:
        """ms until call-next is answered; µs of the server and of the store for a command."""
        server, store = (middle([spent[name] for spent in self.spent]) * 1e6 for name in ("server", "store"))
        return middle(self.calls) * 1e3, server, store


async def line() -> Table:
    """The figure."""
    table = Table("The cost of call-next in a long line", ("waiting", "call-next, ms", "server µs", "store µs"))
    with bench(SHORT, LONG) as board:
        lines = [await filled(board, office) for office in WAITING]
        for _ in range(BLOCKS):
            for each in lines:
                await each.block(server=board.server, store=board.store, client=os.getpid())
        costs = [each.costs() for each in lines]
    for each, cost in zip(lines, costs, strict=True):
        each.caller.close()
        table.rows.append((WAITING[each.office], *cost))
    table.rows.append(("10,000 / 10", *(long / short for short, long in zip(*costs, strict=True))))
    table.notes = [
        f"Aim: at most 1.5. Medians of {BLOCK * BLOCKS} calls by one officer through HTTP, the two offices in turn. µs: processor time a",
        "command (as many call-next as skip as take), the server's with all that it does to show the change.",
    ]
    return table


async def filled(board: Bench, office: str) -> Line:
    """The office with its line, an officer at the counter."""
    place = board.place(office)
    officer = await officer_at(place)
    await officer.does(FIRST, "open")
    async with queue_at(board.town.store, board.office(office)) as queue:
        await asyncio.gather(*(visitors(queue, share) for share in shares(WAITING[office])))
    await place.empties()
    return Line(office, signed_in(board.town.url, officer))


def shares(many: int) -> list[int]:
    """How many each of those who fill the line takes."""
    return [many // AT_ONCE + (n < many % AT_ONCE) for n in range(AT_ONCE)]


async def visitors(queue: Queue, many: int) -> None:
    for _ in range(many):
        await queue.take(ServiceCode("A"), Request.fresh())
