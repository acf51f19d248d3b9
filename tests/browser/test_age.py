"""A screen that nothing reaches any more says so, with the running age of what it shows."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.screens import CONSOLE, KIOSK, PHONE, TV, Screens, stops
from tests.browser.town import Place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
SAID = {
    "id": ("Sambungan terputus. Data dari 12 detik lalu.", "Sambungan terputus. Data dari 2 menit lalu."),
    "en": ("Connection lost. This is from 12 seconds ago.", "Connection lost. This is from 2 minutes ago."),
}


async def opened(place: Place, screens: Screens, screen: str, language: str) -> tuple[Page, Locator]:
    """A live screen of this kind on a device whose time can be stopped, and its line about the connection."""
    path, size, ready = {
        "tv": (f"/{place.office}/tv", TV, ".row"),
        "kiosk": (f"/{place.office}/kiosk", KIOSK, ".many-text:not(:empty)"),
        "phone": ("/t#{secret}", PHONE, "#sound"),
        "watching phone": (f"/{place.office}", PHONE, "#services li"),
        "officer": ("/officer", CONSOLE, ".visitor-number"),
    }[screen]
    staff = await place.opened("ani", 1) if screen == "officer" else None
    taken = await place.guest().takes("A")
    page = await screens.open(path.format(secret=taken["secret"]), size, staff=staff, language=language, timed=True)
    await expect(page.locator(ready).first).to_be_visible()
    return page, page.locator("#news-age" if screen == "kiosk" else ".connection")


async def stands_still(page: Page, place: Place, screens: Screens) -> None:
    """The time of the page stops at the moment of its last frame."""
    await stops(page)
    async with screens.watch.streams[-1].expect_event("framereceived"):
        await place.guest().takes("B")
    await page.evaluate("0")  # behind the frame in the page's line of tasks


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("screen", ["tv", "phone", "watching phone", "officer"])
async def test_a_screen_that_is_cut_off_says_how_old_it_is_and_goes_on_saying_it(
    place: Place, screens: Screens, screen: str, language: str
) -> None:
    screens.refusals = True
    page, line = await opened(place, screens, screen, language)
    await stands_still(page, place, screens)
    await expect(line).to_be_hidden()
    await page.context.set_offline(True)
    await page.clock.run_for(12_499)  # drawn once a second, rounded
    await expect(line).to_have_text(SAID[language][0])
    await page.clock.run_for(120_000)
    await expect(line).to_have_text(SAID[language][1])
    await expect(line.get_by_role("status")).to_have_text(SAID[language][0].partition(".")[0] + ".")  # announced once, not each second


async def test_a_kiosk_that_is_cut_off_sends_visitors_to_the_desk_and_says_how_old_its_figures_are(place: Place, screens: Screens) -> None:
    screens.refusals = True
    page, line = await opened(place, screens, "kiosk", "id")
    await stands_still(page, place, screens)
    await expect(line).to_be_hidden()
    await page.context.set_offline(True)
    await page.clock.run_for(12_499)
    await expect(line).to_have_text("Data dari 12 detik lalu.")
    await expect(page.get_by_role("status")).to_have_text(re.compile("Kiosk sedang tidak terhubung.*meja resepsionis"))
    await page.clock.run_for(120_000)
    await expect(line).to_have_text("Data dari 2 menit lalu.")
