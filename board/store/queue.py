"""An office's queue: the verbs, each one script in the store. There is no second way to change it."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from board import errors
from board.calendar import Day, days_around, taking
from board.counter import Counter
from board.escalation import Escalation
from board.fold import Board
from board.office import CounterNumber, CounterPlan, Kind, Office, ServiceCode
from board.store.journal import Reading, board_of, entries_of
from board.store.keys import Keys
from board.store.request import Outcome, Request, Watched
from board.store.verbs import run
from board.ticket import Ticket, TicketId, TicketNumber
from board.times import Millis

WAIT_AOF_MS = 5000  # a store with `appendfsync everysec` answers within about a second; five mean that its disk is in trouble

REFUSALS: dict[str, type[errors.Refusal]] = {
    "unknown_ticket": errors.UnknownTicket,
    "unknown_escalation": errors.UnknownEscalation,
    "unknown_counter": errors.UnknownCounter,
    "counter_not_open": errors.CounterNotOpen,
    "counter_already_open": errors.CounterAlreadyOpen,
    "counter_taken": errors.CounterTaken,
    "still_serving": errors.StillServing,
    "nobody_waiting": errors.NobodyWaiting,
    "nothing_called": errors.NothingCalled,
    "wrong_state": errors.WrongState,
    "same_service": errors.SameService,
    "not_reserve": errors.NotReserve,
    "service_not_here": errors.ServiceNotHere,
    "escalation_answered": errors.EscalationAnswered,
    "key_reused": errors.KeyReused,
}


class Queue:
    """One office's queue in the store. Every verb raises a Refusal that says what is so, StoreUnavailable when the store did not
    answer; then nothing is half done, and the same Request may be sent again."""

    def __init__(self, client: Redis, office: Office, wait_aof: bool = False) -> None:
        self.office = office
        self._client = client
        self._wait = WAIT_AOF_MS if wait_aof else 0
        self._skew = 0  # ms to add to this computer's clock to get the store's, once they were found a day apart
        self._days_kept: list[dict[str, Any]] = []
        self._days_until = Millis(0)
        codes = [s.code for s in office.services]
        self.keys = Keys(office.id, codes)
        self._always = {
            "services": codes,
            "hint": self.keys.hint,
            "plan": {
                "guarantee_ms": office.guarantee.seconds * 1000,
                "warn_ms": [s * 1000 for s in office.guarantee.warn_seconds],
                "head_start_ms": office.head_start_seconds * 1000,
                "accept_ms": office.escalation.accept_seconds * 1000,
                "call_ms": office.escalation.call_seconds * 1000,
            },
        }

    async def take(
        self,
        service: ServiceCode,
        request: Request,
        *,
        satker: str | None = None,
        language: str = "id",
        priority: bool = False,
        via: str = "phone",
    ) -> Outcome:
        """A number for a visitor. Raises UnknownService, OfficeClosed."""
        self._service(service)
        what = {"service": service, "satker": satker, "language": language, "priority": priority, "via": via}
        return await self._change("take", request, what, with_days=True)

    async def answered(self, request: Request) -> bool:
        """Whether this request's key has an answer already: it will act no more."""
        try:
            return bool(await self._client.exists(self.keys.answer(_mark(request.key))))
        except (RedisError, OSError, TimeoutError) as why:
            raise errors.StoreUnavailable from why

    async def cancel(self, ticket: TicketId, request: Request) -> Outcome:
        """The visitor gives the number back."""
        return await self._change("cancel", request, {"ticket": ticket})

    async def open(
        self, counter: int, request: Request, services: Sequence[ServiceCode] | None = None, may_take_over: bool = False
    ) -> Outcome:
        """The officer takes the counter, for the services named or those of the office file."""
        for code in services or ():
            self._service(code)
        return await self._at(counter, "open", request, serve=list(services) if services else None, may_take_over=may_take_over)

    async def close(self, counter: int, request: Request) -> Outcome:
        """The officer leaves the counter."""
        return await self._at(counter, "close", request)

    async def pause(self, counter: int, request: Request) -> Outcome:
        """A break; the counter stays the officer's."""
        return await self._at(counter, "pause", request)

    async def call_next(self, counter: int, request: Request) -> Outcome:
        """The oldest waiting ticket of the counter's services is called; a reserve counter takes overdue ones first."""
        return await self._at(counter, "call_next", request)

    async def recall(self, counter: int, request: Request) -> Outcome:
        """The called visitor is called once more."""
        return await self._at(counter, "recall", request)

    async def serve(self, counter: int, request: Request) -> Outcome:
        """The called visitor has come."""
        return await self._at(counter, "serve", request)

    async def finish(self, counter: int, request: Request) -> Outcome:
        """The visit is over."""
        return await self._at(counter, "finish", request)

    async def skip(self, counter: int, request: Request) -> Outcome:
        """The called visitor did not come."""
        return await self._at(counter, "skip", request)

    async def return_(self, counter: int, number: TicketNumber, request: Request) -> Outcome:
        """A skipped visitor goes back into the line, keeping the time of taking. Raises OfficeClosed when the day is over."""
        return await self._at(counter, "return", request, number=number)

    async def hold(self, counter: int, reason: str, request: Request) -> Outcome:
        """The visitor waits for a document."""
        return await self._at(counter, "hold", request, reason=reason)

    async def resume(self, counter: int, number: TicketNumber, request: Request) -> Outcome:
        """A held visitor is served on at this counter."""
        return await self._at(counter, "resume", request, number=number)

    async def transfer(self, counter: int, service: ServiceCode, request: Request) -> Outcome:
        """The visitor waits for another service, keeping the time of taking."""
        self._service(service)
        return await self._at(counter, "transfer", request, service=service)

    async def accept(self, escalation: str, request: Request, counter: int | None = None) -> Outcome:
        """An officer comes; a reserve counter that is named is opened in the same step."""
        plan = None if counter is None else self._plan(counter)
        return await self._change("accept", request, {"escalation": escalation, "counter": plan})

    async def decline(self, escalation: str, request: Request) -> Outcome:
        """An officer cannot come."""
        return await self._change("decline", request, {"escalation": escalation})

    async def watch(self, limit: int = 200) -> Watched:
        """One step of the watcher: everything that has fallen due is done. Any number of processes may take it at once."""
        kept = await self._run("watch", {"limit": limit}, None, with_days=True)
        return Watched(kept["now"], kept.get("next_at"), tuple(kept["late"] or ()), kept["lapsed"])

    async def look(self, ticket: TicketId) -> tuple[Ticket, int, Millis]:
        """A ticket, how many are called before it, and the store's time. Raises UnknownTicket."""
        kept = await self._run("look", {"ticket": ticket}, None)
        return Ticket.of(kept["ticket"]), kept["ahead"], kept["now"]

    async def snapshot(self) -> tuple[Board, Millis]:
        """The whole board at one moment, and that moment."""
        return board_of(self.office, await self._reply("snapshot", self._command({}), ""))

    async def read(self, first: int, limit: int = 1000) -> Reading:
        """The journal's entries from offset `first` on, with the epoch they belong to, read in one step."""
        try:
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.hmget(self.keys.meta, "epoch", "offset")
                pipe.xrange(self.keys.journal, f"{first}-0", "+", limit)
                pipe.time()
                (epoch, top), found, now = await pipe.execute()
        except (RedisError, OSError, TimeoutError) as why:
            raise errors.StoreUnavailable from why
        return Reading((epoch or b"").decode(), int(top or 0), millis(now), entries_of(found))

    async def new_epoch(self, expected: str) -> str:
        """A new epoch in place of `expected`; the epoch that now holds."""
        return str((await self._run("new_epoch", {"expected": expected}, None))["epoch"])

    async def now(self) -> Millis:
        """The store's clock."""
        try:
            return millis(await self._client.time())
        except (RedisError, OSError, TimeoutError) as why:
            raise errors.StoreUnavailable from why

    def _service(self, code: str) -> None:
        if self.office.service(code) is None:
            raise errors.UnknownService(code)

    def _plan(self, counter: int) -> dict[str, Any]:
        plan: CounterPlan | None = self.office.counter(CounterNumber(counter))
        if plan is None:  # one that the office file has lost may still be held: the script knows
            return {"counter": counter, "kind": Kind.ORDINARY.value, "services": [], "gone": True}
        return {"counter": plan.counter, "kind": plan.kind.value, "services": list(plan.services)}

    async def _at(self, counter: int, verb: str, request: Request, **what: Any) -> Outcome:
        return await self._change(verb, request, {"counter": self._plan(counter), **what})

    async def _change(self, verb: str, request: Request, what: dict[str, Any], with_days: bool = False) -> Outcome:
        kept = await self._run(verb, what, request, with_days)
        ticket, counter, escalation = kept.get("ticket"), kept.get("counter"), kept.get("escalation")
        return Outcome(
            Ticket.of(ticket) if ticket else None,
            Counter.of(counter) if counter else None,
            Escalation.of(escalation) if escalation else None,
            kept.get("ahead", 0),
        )

    async def _run(self, verb: str, what: dict[str, Any], request: Request | None, with_days: bool = False) -> dict[str, Any]:
        command, answer = self._command(what), ""
        if request is not None:
            answer = _mark(request.key)
            command["by"] = request.by
            command["fingerprint"] = _mark(f"{verb}\n{request.by}\n{request.about}")
        for _ in range(2):
            if with_days:
                command["days"] = self._days()
            kept: dict[str, Any] = json.loads(await self._reply(verb, command, answer))
            refused = kept.pop("refused", None)
            if refused is None:
                return kept
            if refused != "calendar_stale":
                raise self._refusal(refused, kept)
            await self._resynchronise()
        raise errors.StoreUnavailable

    def _command(self, what: dict[str, Any]) -> dict[str, Any]:
        return {**self._always, **what, "new_epoch": secrets.token_hex(6)}

    async def _reply(self, verb: str, command: dict[str, Any], answer: str) -> Any:
        wait = self._wait if answer else 0
        try:
            return await run(self._client, verb, self.keys.of_script(answer), json.dumps(command, separators=(",", ":")), wait)
        except (RedisError, OSError, TimeoutError) as why:
            raise errors.StoreUnavailable from why

    def _days(self) -> list[dict[str, Any]]:
        """The calendar's days around the store's now; the scripts decide by the store's clock which one it is."""
        now = self._local_now()
        if now >= self._days_until:
            days = days_around(self.office.hours, now)
            self._days_kept, self._days_until = [_plain(day) for day in days], days[1].ends
        return self._days_kept

    def _local_now(self) -> Millis:
        return Millis(int(time.time() * 1000) + self._skew)

    async def _resynchronise(self) -> None:
        """This computer's clock is a day or more away from the store's: ask the store what day it is."""
        self._skew += await self.now() - self._local_now()
        self._days_until = Millis(0)

    def _refusal(self, code: str, facts: dict[str, Any]) -> errors.Refusal:
        if code == "office_closed":
            found = taking(self.office.hours, facts["at"])
            return errors.OfficeClosed(found.reason or "closed", found.next)
        return REFUSALS[code](**facts)


def millis(time_reply: tuple[int, int]) -> Millis:
    """TIME's reply, seconds and microseconds, as ms."""
    return Millis(time_reply[0] * 1000 + time_reply[1] // 1000)


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(day: Day) -> dict[str, Any]:
    """A day as the scripts read it."""
    return {**asdict(day), "day": day.day.isoformat()}
