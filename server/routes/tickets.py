"""Taking a number, and what its holder may do with it."""

from __future__ import annotations

from dataclasses import replace

from board.errors import KeyReused, OfficeClosed, StoreUnavailable, TooMany, UnknownService, UnknownTicket, WrongState
from board.office import ServiceCode
from board.roles import Action, may
from board.ticket import TicketId
from server.edge import Call, Operation, Reply
from server.refusals import BadSecret, NotAllowed, NotSignedIn, PhoneTakingOff
from server.routes import models
from server.routes.offices import info
from server.routes.rooms import Rooms


def operations(rooms: Rooms) -> list[Operation]:
    """The calls about tickets."""

    def holder(call: Call) -> tuple[str, TicketId]:
        scheme, _, secret = call.request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise BadSecret
        office, ticket = rooms.seal.open(secret.strip())
        if office not in rooms.relays:
            raise BadSecret
        return office, ticket

    def at_desk(call: Call, office: str) -> bool:
        """Staff give numbers without a limit: a person at the desk can always help (domain.md, section 6)."""
        return call.session is not None and may(call.session.role, call.session.offices, office, Action.GIVE_NUMBERS)

    async def take(call: Call) -> Reply:
        office, body = call.named("office"), call.body
        assert isinstance(body, models.TakeBody)
        desk = at_desk(call, office)
        if (body.priority or body.via == "desk") and not desk:
            raise NotSignedIn if call.session is None else NotAllowed
        queue, asks = rooms.queue(office), call.asks()
        if not (desk or queue.office.phone_taking or body.via == "kiosk"):
            raise PhoneTakingOff
        # Who repeats a request whose answer was lost takes no further number, and is not to be sent away without the first one.
        if not (desk or await queue.answered(asks)):
            await rooms.limits.take(queue.keys, call.address)
        taken = await queue.take(
            ServiceCode(body.service), asks, satker=body.satker, language=body.language, priority=body.priority, via=body.via
        )
        assert taken.ticket is not None
        secret = rooms.seal.secret(office, taken.ticket.id)
        url = f"{rooms.public_url or call.origin}/t#{secret}"
        return Reply({"ticket": taken.ticket.public(), "secret": secret, "url": url, "ahead": taken.ahead})

    async def shown(call: Call) -> Reply:
        office, mine = holder(call)
        try:
            ticket, ahead, now = await rooms.queue(office).look(mine)
        except UnknownTicket:  # its day is over; no hint whether it ever was
            raise BadSecret from None
        about = info(rooms.relays[office].office, now, rooms.address(call))
        return Reply({"ticket": ticket.public(), "ahead": ahead, "deadline": ticket.deadline, "now": now, "office": about})

    async def cancel(call: Call) -> Reply:
        office, mine = holder(call)
        try:
            asks = call.asks()
            # Keys of two holders are two keys, as those of two accounts are: who holds the other ticket must not hear of this one.
            cancelled = await rooms.queue(office).cancel(mine, replace(asks, key=f"{mine}|{asks.key}"))
        except UnknownTicket:
            raise BadSecret from None
        assert cancelled.ticket is not None
        return Reply({"ticket": cancelled.ticket.public()})

    return [
        Operation(
            "POST",
            "/api/v1/offices/{office}/tickets",
            "take",
            "Take a number",
            take,
            models.Taken,
            models.TakeBody,
            201,
            refuses=(UnknownService, OfficeClosed, NotSignedIn, NotAllowed, PhoneTakingOff, TooMany, KeyReused, StoreUnavailable),
        ),
        Operation(
            "GET",
            "/api/v1/ticket",
            "ticket",
            "The ticket that the bearer's secret opens",
            shown,
            models.MyTicket,
            refuses=(BadSecret, StoreUnavailable),
        ),
        Operation(
            "POST",
            "/api/v1/ticket/cancel",
            "cancel",
            "Give the number back",
            cancel,
            models.TicketOnly,
            models.Nothing,
            refuses=(BadSecret, WrongState, KeyReused, StoreUnavailable),
        ),
    ]
