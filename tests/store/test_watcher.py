"""What falls due is done once, by whoever looks first: one step at a time, many watchers at once, many processes, and one killed."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial

import pytest
from redis.asyncio import Redis

from board.events import Kind
from board.store.request import Watched
from board.store.watcher import LONGEST_SLEEP, pause, watch
from board.ticket import Ticket
from board.times import Millis
from tests.clock import Clocked, set_clocks
from tests.office import TUESDAY, A, C, Dated, Office, office_at
from tests.stores import ROOT, comes
from tests.visitors import TEN

SOON = 60  # ms a promise lasts where watchers are at work beside the test
AT_ONCE = 1  # ms; where the test itself takes the watcher's steps
PROCESS = """
import asyncio, sys
from redis.asyncio import Redis
from board.store.watcher import watch
from tests.office import Dated
async def live():
    queue = Dated(Redis.from_url(sys.argv[1]))
    await watch(queue, lambda watched: print("looked", flush=True))
asyncio.run(live())
"""


@pytest.fixture
async def office(store_url: str) -> AsyncIterator[Office]:
    """An office whose promise falls due at once."""
    async with office_at(store_url, guarantee_ms=AT_ONCE, warn_ms=[]) as office:
        yield office


@pytest.fixture
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Watchers look at least every 50 ms, so that promises of that length are not slept over."""
    monkeypatch.setattr("board.store.watcher.LONGEST_SLEEP", 0.05)


async def is_due(office: Office, ticket: Ticket) -> None:
    """Until the promise has fallen due by the store's clock."""

    async def due() -> bool:
        return await office.queue.now() >= ticket.deadline

    await comes(due)


async def raised(office: Office) -> list[str]:
    """The tickets of the alerts raised so far."""
    return [e.escalation.ticket for e in await office.journal(Kind.ESCALATION_RAISED) if e.escalation]


@asynccontextmanager
async def watchers(url: str, how_many: int) -> AsyncIterator[list[int]]:
    """So many watchers, each with a connection of its own; how many steps each has taken."""
    steps = [0] * how_many

    def seen_by(n: int, _: Watched) -> None:
        steps[n] += 1

    clients = [Redis.from_url(url) for _ in range(how_many)]
    tasks = [asyncio.create_task(watch(Dated(client), partial(seen_by, n))) for n, client in enumerate(clients)]
    try:
        yield steps
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for client in clients:
            await client.aclose()


@contextmanager
def watching_process(url: str) -> Iterator[subprocess.Popen[str]]:
    """A process that does nothing but watch; it has looked once."""
    with subprocess.Popen([sys.executable, "-c", PROCESS, url], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


# Alerts


@pytest.mark.usefixtures("brisk")
async def test_a_number_still_waiting_at_its_deadline_raises_one_alert_though_many_watch(store_url: str) -> None:
    async with office_at(store_url, guarantee_ms=SOON, warn_ms=[]) as office, watchers(store_url, 5) as steps:
        taken = await asyncio.gather(*(office.takes() for _ in range(20)))

        async def all_raised() -> bool:
            return len(await raised(office)) >= 20

        await comes(all_raised)
        before = list(steps)
        await office.takes()  # and they have all looked once more when this one is raised, too
        await comes(lambda: all(now > then for now, then in zip(steps, before, strict=True)))
        alerts = await raised(office)
        assert sorted(alerts[:20]) == sorted(t.id for t in taken)
        assert len(alerts) == len(set(alerts))


async def test_three_processes_watch_and_one_is_killed_at_that_moment_and_still_each_alert_is_raised_once(store_url: str) -> None:
    async with office_at(store_url, guarantee_ms=200, warn_ms=[]) as office:
        with watching_process(store_url) as one, watching_process(store_url) as two, watching_process(store_url) as three:
            for process in (one, two, three):
                assert process.stdout
                assert await asyncio.to_thread(process.stdout.readline) == "looked\n"
            taken = await asyncio.gather(*(office.takes() for _ in range(40)))

            async def first_raised() -> int:
                return len(await raised(office))

            await comes(first_raised)
            one.kill()

            async def all_raised() -> bool:
                return len(await raised(office)) >= 40

            await comes(all_raised)
        assert (await office.watches()).late == ()
        alerts = [e.escalation for e in await office.journal(Kind.ESCALATION_RAISED) if e.escalation]
        assert sorted((e.ticket, e.due_at) for e in alerts) == sorted((t.id, t.deadline) for t in taken)


async def test_an_alert_that_nobody_was_there_to_raise_carries_the_true_deadline(office: Office) -> None:
    ticket = await office.takes()
    await is_due(office, ticket)
    watched = await office.watches()
    (event,) = await office.journal(Kind.ESCALATION_RAISED)
    alert = event.escalation
    assert alert is not None
    assert (alert.id, alert.ticket, alert.number, alert.service) == (f"e-{ticket.id}", ticket.id, ticket.number, ticket.service)
    assert (alert.due_at, alert.raised_at, alert.level, alert.state) == (ticket.deadline, event.at, 1, "raised")
    assert alert.answer_by == event.at + 60_000
    assert watched.late == (event.at - ticket.deadline,)
    assert (await office.watches()).late == ()


async def test_an_officer_who_calls_before_any_watcher_has_looked_finds_the_alert_raised_all_the_same(office: Office) -> None:
    await office.opens()
    ticket = await office.takes()
    await is_due(office, ticket)
    await office.calls()
    events = (await office.journal())[-3:]
    assert [e.kind for e in events] == [Kind.ESCALATION_RAISED, Kind.TICKET_CALLED, Kind.ESCALATION_RESOLVED]
    assert [e.facts.get("by") for e in events] == [None, "officer-1", "officer-1"]
    assert (await office.watches()).late == ()
    assert (await office.board()).escalations == {}


async def test_a_visitor_who_leaves_late_is_counted_as_an_alert_too(office: Office) -> None:
    ticket = await office.takes()
    await is_due(office, ticket)
    await office.cancels(ticket)
    assert (await office.kinds())[-3:] == ["escalation.raised", "ticket.cancelled", "escalation.withdrawn"]
    assert (await office.watches()).late == ()


async def test_who_is_called_in_time_raises_no_alert(store_url: str) -> None:
    async with office_at(store_url, guarantee_ms=SOON, warn_ms=[]) as office:
        await office.opens()
        ticket = await office.takes()
        await office.calls()
        await is_due(office, ticket)
        assert (await office.watches()).late == ()
        await office.at("skip")
        await office.at("return", 1, ticket.number)
        assert (await office.watches()).late == (), "who comes back after the deadline did not wait at it"


async def test_a_thousand_due_at_once_are_raised_in_steps_and_the_watcher_does_not_sleep_between(office: Office) -> None:
    taken = await asyncio.gather(*(office.takes() for _ in range(1000)))
    await is_due(office, max(taken, key=lambda t: t.deadline))
    steps = [await office.watches(300) for _ in range(5)]
    assert [len(step.late) for step in steps] == [300, 300, 300, 100, 0]
    assert [pause(step) == 0 for step in steps] == [True, True, True, False, False]
    assert sorted(await raised(office)) == sorted(t.id for t in taken)
    assert len((await office.board()).escalations) == 1000


# Early warnings


async def warned(office: Office) -> list[tuple[str, float]]:
    """Who was warned for, and after how many seconds."""
    return [(e.ticket.number, e.facts["after"]) for e in await office.journal(Kind.GUARANTEE_WARNED) if e.ticket]


@pytest.mark.usefixtures("brisk")
async def test_each_warning_is_given_once_though_many_watch(store_url: str) -> None:
    async with office_at(store_url, warn_ms=[20, 40]) as office, watchers(store_url, 3) as steps:
        await asyncio.gather(*(office.takes() for _ in range(5)))

        async def all_warned() -> bool:
            return len(await warned(office)) >= 10

        await comes(all_warned)
        before = list(steps)
        await comes(lambda: all(now > then for now, then in zip(steps, before, strict=True)))
        assert sorted(await warned(office)) == [(f"A{n:03}", after) for n in range(1, 6) for after in (0.02, 0.04)]


async def test_after_the_deadline_nobody_is_warned_any_more(store_url: str) -> None:
    async with office_at(store_url, guarantee_ms=3, warn_ms=[1, 2]) as office:
        await is_due(office, await office.takes())
        await office.watches()
        assert (await warned(office), len(await raised(office))) == ([], 1)


async def test_who_was_called_is_warned_for_no_more_also_when_the_office_file_had_other_warnings(store_url: str) -> None:
    async with office_at(store_url, warn_ms=[30]) as office:
        await office.opens()
        ticket = await office.takes()
        restarted = Office(Dated(office.client, warn_ms=[50]), office.client)
        await restarted.calls()

        async def warning_was_due() -> bool:
            return await office.queue.now() >= ticket.taken_at + 50

        await comes(warning_was_due)
        await office.watches()
        assert await warned(office) == []


async def test_a_no_show_who_returns_in_time_is_warned_for_once(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_clocks(monkeypatch)
    async with Redis.from_url(store_url) as client:
        queue = Clocked(client, at=TEN, warn_ms=[40_000])
        office = Office(queue, client)
        await office.opens()
        ticket = await office.takes()
        await office.calls()
        await office.does("skip")
        queue.at = Millis(TEN + 39_999)
        await office.at("return", 1, ticket.number)
        for _ in range(3):
            queue.at = Millis(queue.at + 1)
            await office.watches()
        assert await warned(office) == [("A001", 40)]


# The watcher itself


@pytest.mark.parametrize(
    ("next_at", "seconds"), [(None, LONGEST_SLEEP), (1000, 0), (400, 0), (1250, 0.25), (2000, 1), (9000, LONGEST_SLEEP)]
)
def test_a_watcher_sleeps_until_the_next_thing_falls_due_but_never_long(next_at: int | None, seconds: float) -> None:
    assert pause(Watched(Millis(1000), None if next_at is None else Millis(next_at), (), 0)) == seconds


async def test_a_step_says_when_the_next_thing_falls_due(store_url: str) -> None:
    async with office_at(store_url, warn_ms=[1_000_000], accept_ms=500) as office:
        today = await office.it_is(TUESDAY, closes=7200)
        assert (await office.watches()).next_at == today.closes_at
        ticket = await office.takes(C)
        assert (await office.watches()).next_at == ticket.taken_at + 1_000_000
        soon = Office(Dated(office.client, guarantee_ms=5000, warn_ms=[]), office.client)
        soon.queue.days = office.queue.days
        other = await soon.takes(A)
        assert (await office.watches()).next_at == other.deadline


@pytest.mark.usefixtures("brisk")
async def test_a_watcher_outlives_a_store_that_refuses_it_for_a_while(store_url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "kayan.watcher")
    async with office_at(store_url, guarantee_ms=SOON, warn_ms=[]) as office, watchers(store_url, 1):
        await office.client.acl_setuser("default", enabled=True, commands=["-evalsha"])
        try:
            await comes(lambda: "tries on" in caplog.text)
        finally:
            await office.client.acl_setuser("default", enabled=True, commands=["+evalsha"])
        await comes(lambda: "goes on" in caplog.text)
        await office.takes()

        async def alarmed() -> list[str]:
            return await raised(office)

        await comes(alarmed)
        assert caplog.text.count("tries on") == 1
