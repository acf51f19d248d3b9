"""The officer's verbs. The only place that sees their bodies: each is parsed into what the queue is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import BaseModel

from board import errors
from board.errors import KeyReused, Refusal, StoreUnavailable, UnknownCounter
from board.office import ServiceCode
from board.roles import Action, may
from board.store.queue import Queue
from board.store.request import Outcome
from board.ticket import TicketNumber
from server.edge import Call, Operation, Reply
from server.routes import models
from server.routes.rooms import Rooms

Verb = Callable[[Queue, int, Call], Awaitable[Outcome]]
COUNTER_MAX = 999


def counter_number(text: str) -> int:
    """The counter that a path names. Raises UnknownCounter."""
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise UnknownCounter(text[:16])
    return int(text)


async def _open(queue: Queue, counter: int, call: Call) -> Outcome:
    session = call.session
    assert session is not None
    services = [ServiceCode(code) for code in dict.fromkeys(call.body.services)] if call.body.services else None  # each once
    over = may(session.role, session.offices, queue.office.id, Action.TAKE_OVER)
    return await queue.open(counter, call.asks(), services, may_take_over=over)


# verb: (what the queue does, the body, what it may refuse)
VERBS: dict[str, tuple[Verb, type[BaseModel], tuple[type[Refusal], ...], str]] = {
    "open": (_open, models.OpenBody, (errors.CounterAlreadyOpen, errors.UnknownService), "Take the counter, or come back from a break"),
    "close": (lambda q, c, call: q.close(c, call.asks()), models.Nothing, (errors.StillServing,), "Leave the counter"),
    "pause": (lambda q, c, call: q.pause(c, call.asks()), models.Nothing, (errors.StillServing,), "A break"),
    "call-next": (
        lambda q, c, call: q.call_next(c, call.asks()),
        models.Nothing,
        (errors.StillServing, errors.NobodyWaiting),
        "Call the next number",
    ),
    "recall": (lambda q, c, call: q.recall(c, call.asks()), models.Nothing, (errors.NothingCalled, errors.WrongState), "Call once more"),
    "serve": (
        lambda q, c, call: q.serve(c, call.asks()),
        models.Nothing,
        (errors.NothingCalled, errors.WrongState),
        "The visitor has come",
    ),
    "finish": (lambda q, c, call: q.finish(c, call.asks()), models.Nothing, (errors.NothingCalled, errors.WrongState), "The visit is over"),
    "skip": (
        lambda q, c, call: q.skip(c, call.asks()),
        models.Nothing,
        (errors.NothingCalled, errors.WrongState),
        "The visitor did not come",
    ),
    "return": (
        lambda q, c, call: q.return_(c, TicketNumber(call.body.number), call.asks()),
        models.NumberBody,
        (errors.UnknownTicket, errors.WrongState),
        "A skipped visitor goes back into the line",
    ),
    "hold": (
        lambda q, c, call: q.hold(c, call.body.reason, call.asks()),
        models.HoldBody,
        (errors.NothingCalled, errors.WrongState),
        "The visitor waits for a document",
    ),
    "resume": (
        lambda q, c, call: q.resume(c, TicketNumber(call.body.number), call.asks()),
        models.NumberBody,
        (errors.StillServing, errors.UnknownTicket, errors.WrongState),
        "A held visitor is served on here",
    ),
    "transfer": (
        lambda q, c, call: q.transfer(c, ServiceCode(call.body.service), call.asks()),
        models.TransferBody,
        (errors.UnknownService, errors.NothingCalled, errors.WrongState, errors.SameService),
        "The visitor waits for another service",
    ),
}
ALWAYS = (UnknownCounter, errors.CounterNotOpen, errors.CounterTaken, KeyReused, StoreUnavailable)


def shown(outcome: Outcome) -> dict[str, Any]:
    """The outcome as staff see it."""
    assert outcome.counter is not None
    return {"ticket": outcome.ticket.staff() if outcome.ticket else None, "counter": outcome.counter.staff()}


def operations(rooms: Rooms) -> list[Operation]:
    """One operation a verb."""

    def of(verb: str) -> Operation:
        act, takes, refuses, summary = VERBS[verb]

        async def handler(call: Call) -> Reply:
            return Reply(shown(await act(rooms.queue(call.named("office")), counter_number(call.named("counter")), call)))

        path = f"/api/v1/offices/{{office}}/counters/{{counter}}/{verb}"
        return Operation("POST", path, verb, summary, handler, models.AtCounter, takes, 200, Action.OPERATE_COUNTERS, (*ALWAYS, *refuses))

    return [of(verb) for verb in VERBS]
