"""`take` and `call-next` through HTTP against the bare script through redis-py, in the same run, with 1, 16 and 64 callers."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from board.office import ServiceCode
from board.store.queue import Queue
from board.store.request import Request
from tests.bench.cores import SERVER, Spent, keep_on
from tests.bench.offices import ACCOUNT, COUNTERS, FIRST, Bench, bench, officer_at, offices_in, queue_at, signed_in, store_in, written
from tests.bench.table import Table, middle
from tests.stores import embedded_store

OFFICE = "kantor-perintah"
CALLERS = (1, 16, 64)
A_ROUND = 192  # visitors: each takes a number, is called and is skipped
ROUNDS = 7

Act = Callable[[], Awaitable[Any]]


@dataclass
class Side:
    """One way to the queue: what each of the callers does to take a number, and to call and skip a visitor."""

    takes: Sequence[Act]
    calls: Sequence[Act]
    pids: dict[str, int]
    seconds: dict[tuple[str, int], list[float]] = field(default_factory=dict)  # wall clock a command, by what and callers
    spent: dict[tuple[str, int], list[dict[str, float]]] = field(default_factory=dict)  # processor seconds a command

    async def round(self, what: str, acts: Sequence[Act], times: int, commands: int) -> None:
        """All callers at once, each one thing after the other."""

        async def goes_on(act: Act) -> None:
            for _ in range(times // len(acts)):
                await act()

        with Spent(**self.pids) as spent:
            await asyncio.gather(*(goes_on(act) for act in acts))
        kind = (what, len(acts))
        self.seconds.setdefault(kind, []).append(spent.wall / commands)
        self.spent.setdefault(kind, []).append({name: s / commands for name, s in spent.of.items()})

    async def lives(self, callers: int) -> None:
        """One round: the same visitors take, are called, and are skipped since nobody came."""
        await self.round("take", self.takes[:callers], A_ROUND, A_ROUND)
        await self.round("call-next, skip", self.calls[:callers], A_ROUND, 2 * A_ROUND)

    def micros(self, kind: tuple[str, int], name: str) -> float:
        """Processor time a command, µs."""
        return middle([spent[name] for spent in self.spent[kind]]) * 1e6


async def commands() -> Table:
    """The figure."""
    with ExitStack() as stack:
        board = stack.enter_context(bench(OFFICE))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kayan-bench-")))
        url = stack.enter_context(embedded_store(folder / "data"))
        keep_on(store_in(folder / "data"), SERVER)  # so the bare script's process has a core to itself, as the server has
        async with over_http(board) as http, bare(url, folder) as script:
            for many in CALLERS:
                for side in (http, script) * ROUNDS:  # in turn, so that what else the machine does meets both
                    await side.lives(many)
    return shown(http, script)


def shown(http: Side, script: Side) -> Table:
    """One line a command and number of callers."""
    columns = (
        "command",
        "callers",
        "HTTP, a second",
        "bare script",
        "HTTP / bare",
        "server µs",
        "store µs",
        "client µs",
        "client busy",
        "bare µs",
    )
    table = Table("Commands through HTTP against the bare script", columns)
    for kind, seconds in http.seconds.items():
        ratios = [b / h for h, b in zip(seconds, script.seconds[kind], strict=True)]
        client = http.micros(kind, "client")
        rates = (1 / middle(seconds), 1 / middle(script.seconds[kind]), middle(ratios))
        busy = f"{client / (middle(seconds) * 1e6):.0%}"
        table.rows.append(
            (*kind, *rates, http.micros(kind, "server"), http.micros(kind, "store"), client, busy, script.micros(kind, "client"))
        )
    table.notes = [
        f"Aim: HTTP / bare at least 0.5. Medians of {ROUNDS} pairs of rounds; every command durable (appendfsync always). µs: processor",
        "time a command; `bare µs` is that of the process that calls the bare script. The client does not set the pace: see how much of",
        "its core it has used (`client busy`).",
    ]
    return table


@asynccontextmanager
async def over_http(board: Bench) -> AsyncIterator[Side]:
    """Kept connections of one officer; each caller has a counter."""
    place = board.place(OFFICE)
    officer = await officer_at(place)
    async with queue_at(board.town.store, board.office(OFFICE)) as queue:
        await open_counters(queue, officer.name)
    them = [signed_in(board.town.url, officer) for _ in range(COUNTERS)]

    def take(n: int) -> Act:
        async def act() -> None:
            answer = await them[n].post(f"{officer.api}/tickets", '{"service":"A"}')
            assert answer.status == 201, answer.body

        return act

    def call(n: int) -> Act:
        async def act() -> None:
            for verb in ("call-next", "skip"):
                answer = await them[n].post(f"{officer.api}/counters/{FIRST + n}/{verb}")
                assert answer.status == 200, answer.body

        return act

    pids = {"server": board.server, "store": board.store, "client": os.getpid()}
    yield Side([take(n) for n in range(COUNTERS)], [call(n) for n in range(COUNTERS)], pids)
    for caller in them:
        caller.close()
    await place.empties()


@asynccontextmanager
async def bare(url: str, folder: Path) -> AsyncIterator[Side]:
    """The same scripts on a store of the same kind, straight from this process."""
    office = offices_in(written(folder, (OFFICE,)), folder)[0]
    async with queue_at(url, office) as queue:
        await open_counters(queue, ACCOUNT)

        def take(_: int) -> Act:
            return lambda: queue.take(ServiceCode("A"), Request.fresh())

        def call(n: int) -> Act:
            async def act() -> None:
                await queue.call_next(FIRST + n, Request.fresh(ACCOUNT))
                await queue.skip(FIRST + n, Request.fresh(ACCOUNT))

            return act

        yield Side([take(n) for n in range(COUNTERS)], [call(n) for n in range(COUNTERS)], {"client": os.getpid()})


async def open_counters(queue: Queue, officer: str) -> None:
    """All of them, by one officer."""
    for n in range(COUNTERS):
        await queue.open(FIRST + n, Request.fresh(officer))
