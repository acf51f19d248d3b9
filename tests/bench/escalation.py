"""A thousand promises fall due within ten seconds: how many alerts, and how late, with one server process and with three."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from board.escalation import Escalation
from board.events import Kind
from board.store.queue import Queue
from tests.bench.caller import Caller
from tests.bench.offices import offices_in, queue_at, written
from tests.bench.table import Cell, Table, quantile
from tests.driver import running
from tests.stores import comes, embedded_store

OFFICE = "kantor-janji"
TICKETS, WITHIN = 1000, 10.0  # s
PROMISE = 20  # s, so that all are taken before the first falls due
PROCESSES = (1, 3)


async def escalation() -> Table:
    """The figure."""
    columns = ("processes", "tickets", "raised", "due within, s", "late p50, ms", "p99", "most")
    table = Table(f"{TICKETS:,} promises fall due within ten seconds", columns)
    for many in PROCESSES:
        with tempfile.TemporaryDirectory(prefix="kayan-bench-") as folder:
            table.rows.append((many, *await falls_due(many, Path(folder))))
    table.notes = [
        "Aim: each raised exactly once, p99 under 100 ms. `raised` counts the journal's alerts of the first level; late is raised_at",
        "- due_at by the store's clock, so that no client is in the measurement. Nothing is pinned: the processes share all cores.",
    ]
    return table


async def falls_due(many: int, folder: Path) -> list[Cell]:
    """The columns of one number of processes."""
    files, data = written(folder, (OFFICE,), PROMISE), folder / "data"
    with embedded_store(folder / "store") as url, ExitStack() as stack:
        settings = {"KAYAN_OFFICES": str(files), "KAYAN_STORE_URL": url}
        servers = [stack.enter_context(running(data, **settings)) for _ in range(many)]
        await taken([server.url for server in servers])
        async with queue_at(url, offices_in(files, data)[0]) as queue:
            alerts = await raised(queue)
    late = [alert.raised_at - alert.due_at for alert in alerts]
    due = [alert.due_at for alert in alerts]
    assert len({alert.ticket for alert in alerts}) == len(alerts)
    return [TICKETS, len(alerts), (max(due) - min(due)) / 1000, quantile(late, 0.5), quantile(late, 0.99), max(late)]


async def taken(urls: Sequence[str]) -> None:
    """Visitors take numbers at an even pace, through all servers in turn."""
    loop, callers = asyncio.get_running_loop(), [Caller(url) for url in urls]
    began = loop.time()
    for n in range(TICKETS):
        await asyncio.sleep(began + n * WITHIN / TICKETS - loop.time())
        answer = await callers[n % len(callers)].post(f"/api/v1/offices/{OFFICE}/tickets", '{"service":"A"}')
        assert answer.status == 201, answer.body
    for caller in callers:
        caller.close()


async def raised(queue: Queue) -> list[Escalation]:
    """The alerts once the last promise is a second overdue."""
    last = max([t.deadline for t in (await queue.snapshot())[0].tickets.values()])

    async def over() -> bool:
        return await queue.now() > last + 1000

    await asyncio.sleep(max(0, last - await queue.now()) / 1000)
    await comes(over)
    events = [entry.event() for entry in (await queue.read(1, 100_000)).entries]
    return [e.escalation for e in events if e.kind is Kind.ESCALATION_RAISED and e.escalation and e.escalation.level == 1]
