"""The live stream with thousands of screens: a call's way to the last of them, connecting, coming back, the slow ones, and memory."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from board.office import ServiceCode
from board.store.request import Request
from tests.bench.caller import Caller
from tests.bench.cores import Spent, resident
from tests.bench.offices import FIRST, Bench, bench, officer_at, queue_at, signed_in
from tests.bench.screens import Screens, screens
from tests.bench.table import Cell, Table, quantile

OFFICE = "kantor-siaran"
CALLS_A_SECOND, SECONDS = 20, 10
CALLS = CALLS_A_SECOND * SECONDS
DESKS = 40  # counters that call in turn
AIMS = {200: "", 2_000: "50", 10_000: "250"}  # sockets: ms at p99


@asynccontextmanager
async def called_at(board: Bench) -> AsyncIterator[list[Caller]]:
    """Enough visitors for one row of calls, and a connection for each counter that is open."""
    place = board.place(OFFICE)
    officer = await officer_at(place)
    for n in range(DESKS):
        await officer.does(FIRST + n, "open")
    desks = [signed_in(board.town.url, officer) for _ in range(DESKS)]
    yield desks
    for desk in desks:
        desk.close()
    await place.empties()


async def fill(board: Bench, many: int) -> None:
    """So many more wait."""
    async with queue_at(board.town.store, board.office(OFFICE)) as queue:
        for _ in range(many):
            await queue.take(ServiceCode("A"), Request.fresh())


async def call_on(desks: Sequence[Caller], calls: int = CALLS) -> dict[str, int]:
    """A call every 50 ms, each visitor is skipped half a second later; when each number's call was begun (CLOCK_MONOTONIC, ns)."""
    began: dict[str, int] = {}

    async def one(n: int) -> None:
        desk, counter = desks[n % len(desks)], FIRST + n % len(desks)
        at = time.monotonic_ns()
        answer = await desk.post(f"/api/v1/offices/{OFFICE}/counters/{counter}/call-next")
        assert answer.status == 200, answer.body
        began[str(answer.json()["ticket"]["number"])] = at
        await asyncio.sleep(0.5)
        assert (await desk.post(f"/api/v1/offices/{OFFICE}/counters/{counter}/skip")).status == 200

    free = [asyncio.Lock() for _ in desks]  # an officer does one thing after the other, also where the server is late

    async def in_turn(n: int) -> None:
        async with free[n % len(desks)]:
            await one(n)

    started, tasks = time.monotonic(), []
    for n in range(calls):
        await asyncio.sleep(max(0.0, started + n / CALLS_A_SECOND - time.monotonic()))
        tasks.append(asyncio.create_task(in_turn(n)))
    await asyncio.gather(*tasks)
    return began


def delays(shown: Screens, began: dict[str, int]) -> list[float]:
    """ms from the POST's beginning to each screen's hearing of it."""
    return [(at - began[number]) / 1e6 for number, at in shown.heard]


async def calling(board: Bench, desks: Sequence[Caller], many: int, deaf: int = 0) -> tuple[Screens, list[float], Spent]:
    """One row of calls before so many screens."""
    await fill(board, CALLS)
    with tempfile.TemporaryDirectory(prefix="kayan-bench-") as folder:
        async with screens(board.town.url, OFFICE, many, deaf, o=str(Path(folder) / "heard"), a=500) as shown:
            with Spent(server=board.server, caller=os.getpid()) as spent:
                began = await call_on(desks)
            await asyncio.sleep(1.0)  # the last frames are on their way
    return shown, delays(shown, began), spent


async def call() -> Table:
    """From the officer's POST to the frame in every socket: POST, script, fsync, relay, frame."""
    columns = ("sockets", "heard", "p50, ms", "p99", "most", "aim, p99", "server µs a delivery", "server busy", "screens busy")
    table = Table(f"From POST to screen, {CALLS_A_SECOND} calls a second", columns)
    with bench(OFFICE, KAYAN_LIMITS="off", KAYAN_ALWAYS_OPEN="true") as board:
        async with called_at(board) as desks:
            for many, aim in AIMS.items():
                shown, ms, spent = await calling(board, desks, many)
                table.rows.append((many, whole(ms, many), *tail(ms), aim, *spendings(shown, spent)))
    table.notes = [
        f"{CALLS} calls, and as many visitors skipped half a second later: twice as many changes. `heard`: of all deliveries of a call.",
        "`server µs a delivery`: all that the server did in that time, commands too, by frames delivered.",
    ]
    return table


def whole(ms: Sequence[float], many: int) -> str:
    """How much of what was to be heard was heard."""
    return f"{len(ms) / (CALLS * many):.2%}"


def tail(ms: Sequence[float]) -> tuple[Cell, Cell, Cell]:
    """p50, p99, most."""
    return quantile(ms, 0.5), quantile(ms, 0.99), max(ms)


def spendings(shown: Screens, spent: Spent) -> tuple[Cell, Cell, Cell]:
    """The server's µs a delivery, and how busy server and screens were."""
    frames = max(1, shown.ended["frames"])
    return spent.of["server"] * 1e6 / frames, f"{spent.of['server'] / spent.wall:.0%}", f"{shown.ended['busy']:.0%}"


async def slow() -> Table:
    """200 that never read among 2,000 that do: nobody else may notice, and memory must not grow."""
    columns = ("never read", "p50, ms", "p99", "most", "cut off (4008)", "server, MiB before", "after")
    table = Table("Slow readers among 2,000", columns)
    with bench(OFFICE, KAYAN_LIMITS="off", KAYAN_ALWAYS_OPEN="true") as board:
        async with called_at(board) as desks:
            for deaf in (0, 200, 0, 200):
                before, cut = resident(board.server), await closes(board, "4008")
                _, ms, _ = await calling(board, desks, 2_000, deaf)
                table.rows.append((deaf, *tail(ms), int(await closes(board, "4008") - cut), before, resident(board.server)))
    table.notes = ["Who never reads is cut off when its buffers are full, or when it has not answered the ping of its round (20 s)."]
    return table


async def closes(board: Bench, code: str) -> float:
    """How many sockets the server closed with this code."""
    place = board.place(OFFICE)
    text = (await place.guest().http.get("/metrics")).text
    await place.empties()
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(f'kayan_closes_total{{code="{code}"}}'))


async def connecting() -> Table:
    """2,000 cold clients at once, and the same coming back after a restart within a second, while officers go on calling."""
    columns = ("clients", "how", "opened", "first SYN to last snapshot, s", "own wait p50, ms", "p99", "calls meanwhile p50, ms", "most")
    table = Table("Connecting", columns)
    for how, options in (("cold, all at once", {}), ("cold, 64 at once", {"a": 64}), ("coming back within a second", {"w": 1000})):
        with bench(OFFICE, KAYAN_LIMITS="off", KAYAN_ALWAYS_OPEN="true") as board:
            async with called_at(board) as desks:
                table.rows.append((2_000, how, *await arriving(board, desks, options)))
    table.notes = ["Aim: 2,000 cold within 3 s; no call is answered a second late. `calls meanwhile`: POST to answer."]
    return table


async def arriving(board: Bench, desks: Sequence[Caller], options: dict[str, Any]) -> list[Cell]:
    """The columns of one way to arrive."""
    await fill(board, 200)
    taken: list[float] = []
    over = asyncio.Event()

    async def officers() -> None:
        n = 0
        while not over.is_set():
            began = time.monotonic()
            answer = await desks[n % DESKS].post(f"/api/v1/offices/{OFFICE}/counters/{FIRST + n % DESKS}/call-next")
            taken.append((time.monotonic() - began) * 1e3)
            assert answer.status == 200, answer.body
            await desks[n % DESKS].post(f"/api/v1/offices/{OFFICE}/counters/{FIRST + n % DESKS}/skip")
            n += 1
            await asyncio.sleep(0.05)

    work = asyncio.create_task(officers())
    async with screens(board.town.url, OFFICE, 2_000, **options) as shown:
        over.set()
        await work
    first = shown.opened
    return [first["opened"], first["seconds"], first["first_p50_ms"], first["first_p99_ms"], quantile(taken, 0.5), max(taken)]


async def idle() -> Table:
    """Memory of one idle socket: the server's growth from 1,000 to 10,000."""
    table = Table("Memory of one idle socket", ("from", "to", "way", "KiB a socket", "aim"))
    for way, setting in (("shared frame", "on"), ("the ASGI server's own send", "off")):
        with bench(OFFICE, KAYAN_LIMITS="off", KAYAN_ALWAYS_OPEN="true", KAYAN_SHARED_FRAME=setting) as board:
            async with screens(board.town.url, OFFICE, 1_000, a=64):
                few = resident(board.server)
                async with screens(board.town.url, OFFICE, 9_000, a=64):
                    many = resident(board.server)
        table.rows.append((1_000, 10_000, way, (many - few) * 1024 / 9_000, "8" if setting == "on" else ""))
    table.notes = ["Resident memory of the server process; the kernel's socket buffers are not in it. The second row is the fallback."]
    return table
