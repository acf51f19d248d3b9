"""The places where stickers hang: for administrators, who name, print and retire them; and the scan, for everybody."""

from __future__ import annotations

from typing import Any

from board.errors import BadPlace, KeyReused, PlaceExists, PlacesFull, Refusal, StoreUnavailable, UnknownPlace
from board.place import Place, Scanned
from board.roles import Action
from board.store.places import Places
from server.edge import Call, Handler, Operation, Reply, wrong
from server.refusals import BadInput, NoAddress, NotPrintable
from server.routes import models
from server.routes.rooms import Rooms
from server.stickers.order import AT_ONCE, chosen, url_of
from server.stickers.sheets import SHEETS, Sheet

OFFICE = "/api/v1/offices/{office}"
PATH = f"{OFFICE}/places"
PDF = "application/pdf"


def shown(place: Place) -> dict[str, Any]:
    """A place as the administrator sees it."""
    return {"code": place.code, "name": place.name, "retired": place.retired}


def _sheet(call: Call) -> Sheet:
    name = call.request.query_params.get("sheet", "6")
    if name not in SHEETS:
        names = ", ".join(SHEETS)
        wrong("sheet", f"harus salah satu dari {names}", f"must be one of {names}")
    return SHEETS[name]


def operations(rooms: Rooms) -> list[Operation]:
    """The calls about places, stickers and scans."""

    def places(call: Call) -> Places:
        return rooms.places[call.named("office")]

    def counted(call: Call, scanned: Scanned) -> dict[str, Any]:
        place, base = scanned.place, rooms.printed_address(call)
        url = url_of(base, rooms.relays[call.named("office")].office, place) if base else None
        return {**shown(place), "url": url, "today": scanned.today, "month": scanned.month, "last": scanned.last}

    async def listed(call: Call) -> Reply:
        found = await places(call).scanned()
        address = rooms.printed_address(call)
        return Reply({"address": address or None, "lasting": bool(rooms.public_url), "places": [counted(call, each) for each in found]})

    async def add(call: Call) -> Reply:
        # The answer to this very request may have been lost on its way from the store: then the place is there already.
        made = places(call).named(call.body.name) if call.uncertain else places(call).add(call.body.name)
        return Reply(shown(await made))

    async def rename(call: Call) -> Reply:
        return Reply(shown(await places(call).rename(call.named("place"), call.body.name)))

    async def retire(call: Call) -> Reply:
        return Reply(shown(await places(call).retire(call.named("place"))))

    async def restore(call: Call) -> Reply:
        return Reply(shown(await places(call).restore(call.named("place"))))

    async def scan(call: Call) -> Reply:
        key = call.asks().key if call.key is not None else None
        return Reply({"counted": await places(call).scan(call.body.place, key, call.about)})

    async def stickers(call: Call) -> Reply:
        sheet, codes = _sheet(call), call.request.query_params.getlist("place")
        office, base = rooms.relays[call.named("office")].office, rooms.printed_address(call)
        wanted = chosen(await places(call).all(), codes)
        if not 1 <= len(wanted) <= AT_ONCE:
            wrong("place", f"1 sampai {AT_ONCE} tempat", f"1 to {AT_ONCE} places")
        if not base:
            raise NoAddress
        name = f"kayan-{office.id}-{sheet.name}.pdf"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
        return Reply(await rooms.press.prints(office, wanted, base, sheet), headers)

    manage = Action.MANAGE_PLACES
    known = (UnknownPlace, KeyReused, StoreUnavailable)

    def changing(verb: str, summary: str, act: Handler, takes: type[models.Body], *refuses: type[Refusal]) -> Operation:
        path = f"{PATH}/{{place}}/{verb}"
        return Operation("POST", path, f"{verb}-place", summary, act, models.Place, takes, 200, manage, (*known, *refuses), remembers=True)

    return [
        Operation(
            "GET",
            PATH,
            "places",
            "Where stickers hang, and how often each is scanned",
            listed,
            models.Places,
            action=manage,
            refuses=(StoreUnavailable,),
        ),
        Operation(
            "POST",
            PATH,
            "add-place",
            "A new place for a sticker",
            add,
            models.Place,
            models.PlaceBody,
            201,
            manage,
            (BadPlace, PlaceExists, PlacesFull, KeyReused, StoreUnavailable),
            remembers=True,
        ),
        changing("rename", "Another name; its sticker stays as it is", rename, models.PlaceBody, BadPlace, PlaceExists),
        changing("retire", "Its sticker is counted no more, and still opens the office's page", retire, models.Nothing),
        changing("restore", "A retired place is counted again", restore, models.Nothing, PlaceExists),
        Operation(
            "GET",
            f"{OFFICE}/stickers",
            "stickers",
            "A print-ready PDF of stickers: `sheet` 2, 6, 12 or a5; `place` a code, as often as wanted, without it all places",
            stickers,
            None,
            action=manage,
            refuses=(UnknownPlace, NoAddress, NotPrintable, BadInput, StoreUnavailable),
            queries=("sheet", "place"),
            kind=PDF,
        ),
        Operation(
            "POST",
            f"{OFFICE}/scans",
            "scan",
            "A sticker's address was opened: counted by place and day, nothing is kept of the phone",
            scan,
            models.Counted,
            models.ScanBody,
            refuses=(KeyReused, StoreUnavailable),
        ),
    ]
