"""What a set of stickers says, and where it is printed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from board.errors import UnknownPlace
from board.office import Office
from board.place import Place, unprintable
from server.refusals import NotPrintable
from server.stickers.sheets import Sheet

AT_ONCE = 60  # places in one document: about a second's work


class Press:
    """Prints one document at a time, beside the server's loop. `fonts`: the folder with our letters."""

    def __init__(self, fonts: Path) -> None:
        self._fonts, self._free = fonts, asyncio.Lock()

    async def prints(self, office: Office, places: Sequence[Place], base: str, sheet: Sheet) -> bytes:
        """The PDF for these places, at least one. Raises NotPrintable."""
        async with self._free:
            return await asyncio.to_thread(printed, office, places, base, sheet, self._fonts)


def printed(office: Office, places: Sequence[Place], base: str, sheet: Sheet, fonts: Path) -> bytes:
    """The PDF for these places, at least one; `base` is scheme, host and port of the pages. Raises NotPrintable."""
    # Not at the top: reportlab and its friends cost a small computer a third of its start, and stickers are printed once a year.
    from server.stickers.document import document
    from server.stickers.sticker import Sticker

    if letter := unprintable(office.name):
        raise NotPrintable(office.id, letter)
    address = f"{base.partition('://')[2]}/{office.id}"
    stickers = [Sticker(office.name, place.name, url_of(base, office, place), address, office.phone_taking) for place in places]
    return document(stickers, sheet, fonts)


def url_of(base: str, office: Office, place: Place) -> str:
    """What the place's code opens: the office's own page, whatever becomes of the place."""
    return f"{base}/{quote(office.id)}?s={place.code}"


def chosen(places: Sequence[Place], codes: Sequence[str]) -> list[Place]:
    """Those with these codes, in this order; without codes all. Retired ones are never printed. Raises UnknownPlace."""
    by_code = {place.code: place for place in places if not place.retired}
    for code in codes:
        if code not in by_code:
            raise UnknownPlace(code[:16])
    return [by_code[code] for code in dict.fromkeys(codes)] if codes else list(by_code.values())
