"""From the officer's POST to the frame in 200 sockets, against the same with one socket."""

from __future__ import annotations

import os
import time

from board.office import ServiceCode
from board.store.request import Request
from tests.bench.cores import Spent
from tests.bench.listener import Crowd, crowd
from tests.bench.offices import FIRST, Bench, bench, officer_at, queue_at, signed_in
from tests.bench.table import Cell, Table, quantile
from tests.browser.town import Guest

OFFICE = "kantor-layar"
SOCKETS = (1, 200)
CALLS = 200


async def screen() -> Table:
    """The figure."""
    columns = ("sockets", "answer p50, ms", "answer p99", "frame p50, ms", "frame p99", "last socket p50", "client busy")
    table = Table("From the officer's POST to the screens", columns)
    with bench(OFFICE) as board:
        place = board.place(OFFICE)
        officer = await officer_at(place)
        await officer.does(FIRST, "open")
        async with queue_at(board.town.store, board.office(OFFICE)) as queue:
            for _ in range(CALLS * len(SOCKETS)):
                await queue.take(ServiceCode("A"), Request.fresh())
        for many in SOCKETS:
            async with crowd(board.town.url, OFFICE, many, b"ticket.called") as people:
                table.rows.append((many, *await calls(board, officer, people)))
        await place.empties()
    table.notes = [
        f"{CALLS} calls, one after the other; every socket of every call counts. Times begin before the POST's first byte is written.",
        "`client busy`: the share of its core that this process, POST and all sockets, has used; the rest is the server's and the store's.",
    ]
    return table


async def calls(board: Bench, officer: Guest, people: Crowd) -> list[Cell]:
    """The columns of one number of sockets."""
    caller = signed_in(board.town.url, officer)
    answers: list[float] = []
    frames: list[float] = []
    last: list[float] = []
    with Spent(client=os.getpid()) as spent:
        for _ in range(CALLS):
            people.listens()
            began = time.perf_counter()
            answer = await caller.post(f"{officer.api}/counters/{FIRST}/call-next")
            answers.append((time.perf_counter() - began) * 1e3)
            assert answer.status == 200, answer.body
            heard = [(at - began) * 1e3 for at in await people.all_heard()]
            frames += heard
            last.append(max(heard))
            await caller.post(f"{officer.api}/counters/{FIRST}/skip")
    caller.close()
    shares = [quantile(values, share) for values in (answers, frames) for share in (0.5, 0.99)]
    return [*shares, quantile(last, 0.5), f"{spent.of['client'] / spent.wall:.0%}"]
