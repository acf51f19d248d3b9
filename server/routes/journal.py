"""The journal as staff read it: every event since a point, in order, and the point to go on from."""

from __future__ import annotations

import re

from board.errors import StoreUnavailable
from board.roles import Action
from server.edge import Call, Operation, Reply, wrong
from server.refusals import BadInput, EpochChanged
from server.routes import models
from server.routes.rooms import Rooms

POINT = re.compile(r"([0-9A-Za-z_-]{1,64}):([0-9]{1,15})")
LIMIT, LIMIT_MAX = 500, 5000


def _limit(text: str | None) -> int:
    if text is None:
        return LIMIT
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= LIMIT_MAX):
        wrong("limit", f"bilangan 1 sampai {LIMIT_MAX}", f"a number from 1 to {LIMIT_MAX}")
    return int(text)


def operations(rooms: Rooms) -> list[Operation]:
    """The call about the journal."""

    async def journal(call: Call) -> Reply:
        limit, after = _limit(call.request.query_params.get("limit")), call.request.query_params.get("after")
        point = POINT.fullmatch(after) if after is not None else None
        if after is not None and point is None:
            wrong("after", "bentuknya epoch:offset", "must have the form epoch:offset")
        offset = int(point[2]) if point else 0
        reading = await rooms.queue(call.named("office")).read(offset + 1, limit)
        if point is not None and point[1] != reading.epoch:
            raise EpochChanged(reading.epoch)
        events = [entry.event() for entry in reading.entries]
        last = events[-1].offset if events else offset
        return Reply({"events": [event.staff() for event in events], "next": f"{reading.epoch}:{last}"})

    return [
        Operation(
            "GET",
            "/api/v1/offices/{office}/journal",
            "journal",
            "The events after a point",
            journal,
            models.JournalPage,
            action=Action.READ_JOURNAL,
            refuses=(EpochChanged, BadInput, StoreUnavailable),
            queries=("after", "limit"),
        )
    ]
