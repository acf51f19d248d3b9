"""Answering an alert."""

from __future__ import annotations

import re

from board import errors
from board.roles import Action
from board.store.request import Outcome
from server.edge import Call, Operation, Reply
from server.routes import models
from server.routes.rooms import Rooms

REFUSES = (errors.UnknownEscalation, errors.EscalationAnswered, errors.KeyReused, errors.StoreUnavailable)


ID = re.compile(r"e-[0-9]{8}-[0-9]{5,9}")


def _named(call: Call) -> str:
    """The escalation that the path names. Raises UnknownEscalation."""
    name = call.named("escalation")
    if ID.fullmatch(name) is None:
        raise errors.UnknownEscalation(name[:64])
    return name


def _shown(outcome: Outcome) -> Reply:
    assert outcome.escalation is not None
    return Reply({"escalation": outcome.escalation.staff(), "counter": outcome.counter.staff() if outcome.counter else None})


def operations(rooms: Rooms) -> list[Operation]:
    """The calls about escalations."""

    async def accept(call: Call) -> Reply:
        return _shown(await rooms.queue(call.named("office")).accept(_named(call), call.asks(), call.body.counter))

    async def decline(call: Call) -> Reply:
        return _shown(await rooms.queue(call.named("office")).decline(_named(call), call.asks()))

    path = "/api/v1/offices/{office}/escalations/{escalation}"
    return [
        Operation(
            "POST",
            f"{path}/accept",
            "accept",
            "Come, and open a reserve counter in the same step",
            accept,
            models.Escalated,
            models.AcceptBody,
            200,
            Action.ANSWER_ESCALATIONS,
            (*REFUSES, errors.UnknownCounter, errors.NotReserve, errors.CounterTaken, errors.ServiceNotHere),
        ),
        Operation(
            "POST",
            f"{path}/decline",
            "decline",
            "Cannot come",
            decline,
            models.Escalated,
            models.Nothing,
            200,
            Action.ANSWER_ESCALATIONS,
            REFUSES,
        ),
    ]
