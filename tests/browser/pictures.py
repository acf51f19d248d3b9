"""Takes the README's pictures anew: `.venv/bin/python -P -m tests.browser.pictures [FOLDER]`, with PYTHONPATH=. (default: docs/screens).

A real board on a busy morning (busy.py), real pages in Chromium; compare what changed before you commit it.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect

from board.store.embedded import embedded
from board.ticket import TicketId
from board.times import Millis
from server.seal import Seal
from tests.browser.busy import AT_COUNTER, SELOR, lived, office_folder, office_of
from tests.browser.console import ready
from tests.browser.screens import CONSOLE, KIOSK, PHONE, TV, Screens, picture
from tests.browser.town import Guest, Town, board_of
from tests.chromium import chromium
from tests.driver import ROOT
from tests.house import hire

FOLDER = ROOT / "docs" / "screens"
KEY = "the-key-of-a-board-that-lives-for-a-minute"
AT_DESKS = {"citra.wulandari": "receptionist", "sari.utami": "supervisor"}
ADMINISTRATOR = {"wira.kusuma": "administrator"}  # of all offices
STAFF = {**dict.fromkeys((*AT_COUNTER.values(), "fitri.handayani"), "officer"), **AT_DESKS}
PATIENCE = 30_000  # ms
LIMIT = 1_500_000  # bytes, all pictures together
# The board lives where it is morning now; its visitors are in Tanjung Selor. Phones show letters of their own, which this computer has not:
# ours are closer to them than what it has.
HERE = """
const parts = Intl.DateTimeFormat.prototype.formatToParts;
Intl.DateTimeFormat.prototype.formatToParts = function (moment) {
  return parts.call(this, moment).map((part) => (part.type === "timeZoneName" ? { ...part, value: "WITA" } : part));
};
document.addEventListener("DOMContentLoaded", () => {
  if (!document.querySelector("link[href$='light-type.css']")) return;
  document.fonts.add(new FontFace("Inter", "url(/static/vendor/inter/inter-latin-wght-normal.woff2)", { weight: "100 900" }));
  document.documentElement.style.setProperty("--font-text", "Inter");
});
"""


@dataclass
class Photographer:
    """Goes from screen to screen. `sizes` replaces the fitting size of each by all of these, for a look at what breaks."""

    board: Town
    screens: Screens
    folder: Path
    sizes: Sequence[tuple[int, int]] = ()

    async def staff(self, name: str) -> Guest:
        """One of the staff, signed in."""
        guest = Guest(self.board.url, SELOR, name)
        await guest.logs_in(name)
        return guest

    async def opens(self, path: str, size: tuple[int, int], *seen: str, **device: Any) -> list[tuple[str, Page]]:
        """The page in each size, and what its picture's name ends with, once all of `seen` is on it."""
        pages = []
        for other in self.sizes or [size]:
            page = await self.screens.open(path, other, script=HERE, scale=2 if size == PHONE and not self.sizes else 1, **device)
            pages.append((f"-{other[0]}x{other[1]}" if self.sizes else "", page))
        for _, page in pages:
            for selector in seen:
                await expect(page.locator(selector).filter(visible=True).first).to_be_visible()
        return pages

    async def takes(self, name: str, pages: Sequence[tuple[str, Page]]) -> None:
        """The pictures, with letters and movements at rest; the pages are closed."""
        for ending, page in pages:
            await page.evaluate("document.fonts.ready")
            await page.evaluate("Promise.all(document.getAnimations().map((a) => a.effect.getTiming().iterations < 9 && a.finished))")
            await picture(page, self.folder / f"{name}{ending}.png")
            await page.context.close()
            self.screens.contexts.remove(page.context)


async def main(folder: Path, sizes: Sequence[tuple[int, int]] = ()) -> None:
    """All pictures into this folder, which is there."""
    expect.set_options(timeout=PATIENCE)
    with tempfile.TemporaryDirectory(prefix="kayan-pictures-") as place:
        files, data = office_folder(Path(place) / "offices"), Path(place) / "data"
        async with embedded(data) as store:
            await lived(store, office_of(files, data), Millis(time.time_ns() // 1_000_000))
        with board_of(files, data, KAYAN_ALWAYS_OPEN="false", KAYAN_SECRET=KEY) as board:
            await hire(board.store, STAFF, SELOR)
            await hire(board.store, ADMINISTRATOR)
            async with chromium() as browser:
                screens = Screens(browser, board.url)
                await tour(Photographer(board, screens, folder, sizes))
                assert await screens.away() == []


async def tour(by: Photographer) -> None:
    """From the officer who is about to call, to those who wait, to the offices."""
    budi, visitor = await by.staff(AT_COUNTER[2]), Guest(by.board.url, SELOR)
    console = await by.opens("/officer", CONSOLE, ".visitor-number", ".warned", staff=budi)
    called = (await budi.does(2, "call-next"))["ticket"]
    for _, page in console:
        await expect(page.locator(".visitor[data-state=called]")).to_be_visible()
    await by.takes("officer", console)
    waiting = [ticket for ticket in (await visitor.board())["tickets"] if ticket["state"] == "waiting"]
    await by.takes("tv", await by.opens(f"/{SELOR}/tv", TV, ".others .number", ".more"))
    first = min(waiting, key=lambda ticket: int(ticket["taken_at"]))
    for name, ticket in (("called", called), ("overdue", first), ("waiting", waiting_with(waiting, 27))):
        secret = Seal(KEY.encode()).secret(SELOR, TicketId(ticket["id"]))
        await by.takes(f"phone-{name}", await by.opens(f"/t#{secret}", PHONE, "#sentence:not(:empty)", "#coming, #sound"))
    await by.takes("phone-take", await by.opens(f"/{SELOR}", PHONE, "#services li", "#calls li"))
    await at_the_desks(by)
    for guest in (budi, visitor):
        await guest.close()


def waiting_with(tickets: Sequence[dict[str, Any]], minutes: int) -> dict[str, Any]:
    """Whose promise leaves so many minutes, or a few more."""
    now = time.time() * 1000
    return min((t for t in tickets if t["deadline"] > now + minutes * 60_000), key=lambda t: int(t["deadline"]))


async def at_the_desks(by: Photographer) -> None:
    """What the house works with."""
    citra, sari, wira = [await by.staff(name) for name in (*AT_DESKS, *ADMINISTRATOR)]
    await by.takes("kiosk", await by.opens(f"/{SELOR}/kiosk", KIOSK, ".many-text:not(:empty)"))
    await by.takes("supervisor", await by.opens("/supervisor", CONSOLE, ".alert-row", ".line .row", staff=sari))
    desk = await by.opens(f"/{SELOR}/desk", CONSOLE, ".room .row", staff=citra)
    for _, page in desk:
        await page.keyboard.type("2527010+")
        await ready(page.locator(".go"))
        await page.keyboard.press("Enter")
        await expect(page.locator(".given .qr")).to_be_visible()
    await by.takes("desk", desk)
    await by.takes("admin", await by.opens("/admin", CONSOLE, ".account", staff=wira))
    await by.takes("login", await by.opens("/login", CONSOLE, "form"))
    await by.takes("offices", await by.opens("/", CONSOLE, "li"))
    for guest in (citra, sari, wira):
        await guest.close()


if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    wanted = [(int(width), int(height)) for width, height in (size.split("x") for size in sys.argv[2:])]
    chosen.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(chosen, wanted))
    weight = sum(file.stat().st_size for file in chosen.glob("*.png"))
    assert wanted or weight <= LIMIT, weight
    print(f"{chosen}: {weight:,} bytes")
