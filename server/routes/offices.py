"""What everybody may know of an office: its plan, whether numbers are given now, its board."""

from __future__ import annotations

from typing import Any

from board.calendar import DayPlan, day_at, taking
from board.errors import StoreUnavailable
from board.office import Office
from board.times import Millis
from server.edge import Call, Operation, Reply
from server.routes import models
from server.routes.rooms import Rooms

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def plan_of(plan: DayPlan | None) -> dict[str, Any] | None:
    """A day's hours as clock times of the office's zone; None when it is closed."""
    if plan is None:
        return None
    breaks = [[f"{b.start:%H:%M}", f"{b.end:%H:%M}"] for b in plan.breaks]
    return {"opens": f"{plan.opens:%H:%M}", "closes": f"{plan.closes:%H:%M}", "breaks": breaks}


def info(office: Office, now: Millis, public_url: str) -> dict[str, Any]:
    """The office as the public API describes it."""
    hours = office.hours
    found = taking(hours, now)
    return {
        "id": office.id,
        "name": office.name,
        "time_zone": hours.zone,
        "services": [{"code": s.code, "name": dict(s.name), "standard_minutes": s.standard_minutes} for s in office.services],
        "counters": [{"counter": c.counter, "kind": c.kind.value, "services": list(c.services)} for c in office.counters],
        "hours": {
            "zone": hours.zone,
            "week": {name: plan_of(hours.week.get(n)) for n, name in enumerate(WEEKDAYS)},
            "today": plan_of(hours.plan(day_at(hours, now).day)),
        },
        "guarantee": {"seconds": office.guarantee.seconds, "warn_seconds": list(office.guarantee.warn_seconds)},
        "open": found.open,
        "now": now,
        "taking": {"open": found.open, "until": found.until, "next": found.next, "reason": found.reason},
        "always_open": hours.always_open,
        "head_start_ms": office.head_start_seconds * 1000,
        "languages": list(office.languages),
        "phone_taking": office.phone_taking,
        "public_url": public_url,
        "escalation": {"accept_seconds": office.escalation.accept_seconds, "call_seconds": office.escalation.call_seconds},
    }


def operations(rooms: Rooms) -> list[Operation]:
    """The calls about offices."""

    async def listed(call: Call) -> Reply:
        return Reply([{"id": r.office.id, "name": r.office.name} for r in rooms.relays.values()])

    async def shown(call: Call) -> Reply:
        relay = rooms.relays[call.named("office")]
        return Reply(info(relay.office, relay.now(), rooms.address(call)))

    async def board(call: Call) -> Reply:
        relay = rooms.relays[call.named("office")]
        await relay.catch_up()  # who has just changed something sees it here
        return Reply(relay.board.view(False, relay.now()))

    return [
        Operation("GET", "/api/v1/offices", "offices", "The offices of this deployment", listed, models.Offices),
        Operation("GET", "/api/v1/offices/{office}", "office", "One office's plan, and whether it gives numbers now", shown, models.Office),
        Operation(
            "GET",
            "/api/v1/offices/{office}/board",
            "board",
            "The public board at this moment",
            board,
            models.Board,
            refuses=(StoreUnavailable,),
        ),
    ]
