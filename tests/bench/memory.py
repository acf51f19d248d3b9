"""Resident memory of the server and of its embedded store: at the start, with 500 sockets, and after a day of 500 tickets."""

from __future__ import annotations

from tests.bench.caller import Caller
from tests.bench.cores import resident
from tests.bench.listener import crowd
from tests.bench.offices import FIRST, bench, officer_at, signed_in
from tests.bench.table import Table

OFFICE = "kantor-ingatan"
SOCKETS, TICKETS = 500, 500
VISIT = ("call-next", "serve", "finish")


async def memory() -> Table:
    """The figure."""
    table = Table("Resident memory", ("moment", "server, MiB", "store, MiB"))
    with bench(OFFICE) as board:

        def weigh(moment: str) -> None:
            table.rows.append((moment, resident(board.server), resident(board.store)))

        place = board.place(OFFICE)
        officer = await officer_at(place)
        await officer.does(FIRST, "open")
        caller = signed_in(board.town.url, officer)
        await one_visit(caller, officer.api)
        weigh("started, one visit")
        async with crowd(board.town.url, OFFICE, SOCKETS, b"ticket.taken"):
            weigh(f"{SOCKETS} sockets")
            for _ in range(TICKETS):
                await one_visit(caller, officer.api)
            weigh(f"{SOCKETS} sockets, {TICKETS} tickets")
        caller.close()
        await place.empties()
    (_, before, _), (_, listening, _), _ = table.rows
    assert not isinstance(before, str)
    assert not isinstance(listening, str)
    table.notes = [f"A socket costs the server {(listening - before) * 1024 / SOCKETS:.1f} KiB, kernel buffers not counted."]
    return table


async def one_visit(caller: Caller, api: str) -> None:
    """From the number to the end of the service."""
    asked = [(f"{api}/tickets", '{"service":"A"}'), *((f"{api}/counters/{FIRST}/{verb}", "{}") for verb in VISIT)]
    for path, body in asked:
        answer = await caller.post(path, body)
        assert answer.status in (200, 201), answer.body
