"""The office's vocabulary for tests of the store: visitors take numbers, officers press buttons, days come and go.

The store and its scripts are the real ones. What a test shortens is the promise, which an office file counts in whole seconds;
what it writes is the calendar, so that a day opens and ends without waiting for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis

from board import office
from board.calendar import Day, Hours
from board.counter import Counter
from board.escalation import Escalation
from board.events import Event, Kind
from board.fold import Board, empty, fold
from board.office import CounterNumber, CounterPlan, EscalationPlan, Guarantee, OfficeId, Service, ServiceCode
from board.store.queue import Queue
from board.store.request import Outcome, Request, Watched
from board.ticket import Ticket, TicketId, TicketNumber
from board.times import Millis
from tests.stores import comes

A, B, C = ServiceCode("A"), ServiceCode("B"), ServiceCode("C")
ALWAYS = Hours("Asia/Makassar", {}, {}, "rota", 0, 0, 0, always_open=True)
RESERVE = 4  # the reserve counter; 1 to 3 are ordinary ones
TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)


def _service(code: ServiceCode) -> Service:
    return Service(code, {"id": f"Layanan {code}", "en": f"Service {code}"}, None)


def _counter(number: int, kind: office.Kind, *services: ServiceCode) -> CounterPlan:
    return CounterPlan(CounterNumber(number), kind, services)


FILE = office.Office(
    id=OfficeId("tanjung-selor"),
    name="KPPN Tanjung Selor",
    services=(_service(A), _service(B), _service(C)),
    counters=(
        _counter(1, office.Kind.ORDINARY, A, B),
        _counter(2, office.Kind.ORDINARY, A),
        _counter(3, office.Kind.ORDINARY, B, C),
        _counter(RESERVE, office.Kind.RESERVE, A, B),
    ),
    hours=ALWAYS,
    guarantee=Guarantee(2700, (1800, 2400)),
    escalation=EscalationPlan(10, 60, 180),
    head_start_seconds=600,
    languages=("id", "en"),
    phone_taking=True,
)


def officer(counter: int) -> str:
    """Who sits at that counter unless a test says otherwise."""
    return f"officer-{counter}"


class Dated(Queue):
    """A queue whose calendar the test writes; with no `days` written it is the office file's. `plan` are times that replace those of
    the office file, in ms: guarantee_ms, warn_ms, accept_ms, call_ms, head_start_ms."""

    def __init__(self, client: Redis, file: office.Office = FILE, **plan: Any) -> None:
        super().__init__(client, file)
        self.days: Sequence[Day] = ()
        always: dict[str, Any] = dict(self._always)
        self._always = {**always, "plan": {**always["plan"], **plan}}

    def _days(self) -> list[dict[str, Any]]:
        return [{**asdict(day), "day": day.day.isoformat()} for day in self.days] or super()._days()


def day(now: Millis, name: date = TUESDAY, opens: int = -60, closes: int = 60, expires: int | None = None) -> Day:
    """A day that seen from `now` opens, stops giving numbers and closes, and expires after so many seconds; `opens` and the others are
    negative for what is over. It lies within two hours around them."""
    at = [Millis(now + s * 1000) for s in (opens, closes, closes if expires is None else expires)]
    return Day(name, Millis(at[0] - 3_600_000), Millis(at[2] + 3_600_000), at[0], at[1], at[2], ((at[0], at[1]),))


class Office:
    """The people of one office, who all share one queue. Each officer has the name of the counter."""

    def __init__(self, queue: Dated, client: Redis) -> None:
        self.queue, self.client, self.file = queue, client, queue.office

    async def takes(self, service: ServiceCode = A, **facts: Any) -> Ticket:
        """A visitor takes a number."""
        taken = (await self.queue.take(service, Request.fresh(), **facts)).ticket
        assert taken is not None
        return taken

    async def take(self, *services: ServiceCode) -> list[Ticket]:
        """Visitors take numbers, one after the other."""
        return [await self.takes(service) for service in services]

    async def opens(self, counter: int = 1, *services: ServiceCode, by: str | None = None, over: bool = False) -> Counter:
        """An officer opens a counter."""
        opened = (await self.queue.open(counter, Request.fresh(by or officer(counter)), services or None, over)).counter
        assert opened is not None
        return opened

    async def does(self, verb: str, counter: int = 1, *named: Any, by: str | None = None) -> Outcome:
        """An officer presses a button: `does("hold", 1, "salinan")`."""
        act = getattr(self.queue, {"return": "return_"}.get(verb, verb))
        done: Outcome = await act(counter, *named, Request.fresh(by or officer(counter)))
        return done

    async def at(self, verb: str, counter: int = 1, *named: Any) -> Ticket:
        """The ticket after that button."""
        ticket = (await self.does(verb, counter, *named)).ticket
        assert ticket is not None
        return ticket

    async def calls(self, counter: int = 1) -> Ticket:
        """An officer calls the next visitor."""
        return await self.at("call_next", counter)

    async def serves(self, counter: int = 1) -> Ticket:
        """An officer calls the next visitor, who comes."""
        await self.calls(counter)
        return await self.at("serve", counter)

    async def cancels(self, ticket: Ticket) -> Ticket:
        """The visitor gives the number back."""
        cancelled = (await self.queue.cancel(ticket.id, Request.fresh())).ticket
        assert cancelled is not None
        return cancelled

    async def watches(self, limit: int = 200) -> Watched:
        """One step of a watcher."""
        return await self.queue.watch(limit)

    async def it_is(self, name: date, opens: int = -60, closes: int = 60, expires: int | None = None) -> Day:
        """Writes the calendar; see `day`. Nothing is done yet: that takes a visitor or a watcher."""
        today = day(await self.queue.now(), name, opens, closes, expires)
        self.queue.days = [today]
        return today

    async def now_is(self, ticket: Ticket) -> Ticket:
        """The ticket as it is now."""
        return (await self.queue.look(ticket.id))[0]

    async def board(self) -> Board:
        """The store's own snapshot."""
        return (await self.queue.snapshot())[0]

    async def journal(self, *kinds: Kind) -> list[Event]:
        """Every event, or those of these kinds, in order; asserts that no number is missing."""
        entries = (await self.queue.read(1, 100_000)).entries
        assert [entry.offset for entry in entries] == list(range(1, len(entries) + 1))
        events = [entry.event() for entry in entries]
        return [event for event in events if not kinds or event.kind in kinds]

    async def kinds(self) -> list[str]:
        """What happened, by name."""
        return [event.kind.value for event in await self.journal()]

    async def folded(self) -> Board:
        """The board that follows from the journal alone."""
        reading = await self.queue.read(1, 100_000)
        board = empty(self.file, reading.epoch)
        for entry in reading.entries:
            board = fold(board, entry.event())
        return board

    async def line(self, service: ServiceCode = A) -> list[TicketId]:
        """Who is in the service's waiting set, in its order."""
        members: list[Any] = await self.client.zrange(f"kayan:{{{self.file.id}}}:waiting:{service}", 0, -1)
        return [TicketId(member.decode()) for member in members]

    async def all_kept(self) -> dict[bytes, bytes | None]:
        """Everything in the store but the answers kept under their keys, byte for byte."""
        found = [key async for key in self.client.scan_iter(count=1000) if b":answer:" not in key]
        return {key: await self.client.dump(key) for key in sorted(found)}


class Alarmed(Office):
    """An office where promises fall due at once."""

    async def alert(self, service: ServiceCode = A) -> Escalation:
        """The alert for a visitor whose promise has just fallen due."""
        before = len(await self.alerts())
        await self.takes(service)

        async def raised() -> bool:
            await self.watches()
            return len(await self.alerts()) > before

        await comes(raised)
        return (await self.alerts())[-1]

    async def alerts(self, *kinds: Kind) -> list[Escalation]:
        """The alert in each of these events."""
        return [e.escalation for e in await self.journal(*(kinds or (Kind.ESCALATION_RAISED,))) if e.escalation]

    async def accepts(self, alert: Escalation, by: str, counter: int | None = None) -> Outcome:
        """An officer comes."""
        return await self.queue.accept(alert.id, Request.fresh(by), counter)

    async def declines(self, alert: Escalation, by: str) -> Outcome:
        """An officer cannot come."""
        return await self.queue.decline(alert.id, Request.fresh(by))

    async def steps_until(self, how_many: int, kind: Kind) -> list[Escalation]:
        """Takes a watcher's steps until so many of these have happened."""

        async def there() -> bool:
            await self.watches()
            return len(await self.alerts(kind)) >= how_many

        await comes(there)
        return await self.alerts(kind)


@asynccontextmanager
async def office_at(url: str, file: office.Office = FILE, **plan: Any) -> AsyncIterator[Office]:
    """An office on that store for the block; `plan` as for Dated."""
    client = Redis.from_pool(BlockingConnectionPool.from_url(url, max_connections=32))
    try:
        yield Office(Dated(client, file, **plan), client)
    finally:
        await client.aclose()


def without(file: office.Office, service: ServiceCode) -> office.Office:
    """The office file after this service was taken out of it."""
    counters = tuple(replace(plan, services=tuple(code for code in plan.services if code != service)) for plan in file.counters)
    return replace(file, services=tuple(s for s in file.services if s.code != service), counters=counters)


def numbers(tickets: Sequence[Ticket]) -> list[TicketNumber]:
    """What their tickets say."""
    return [ticket.number for ticket in tickets]
