"""When the server or its store is away: every screen says so and how old it is, loses nothing, and recovers by itself."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.screens import CONSOLE, KIOSK, PHONE, TV, Screens
from tests.browser.town import Guest, Place, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
COMES_BACK = 30_000  # ms; a screen tries again at least every ten seconds
LOST = re.compile(r"Sambungan terputus\. Data dari \d+ (detik|menit) lalu\.")


@dataclass
class House:
    """Every kind of screen of one office, open through all that happens here. C001 waits on the phone; ani sits at counter 2."""

    visitor: Guest
    ani: Guest
    tv: Page
    kiosk: Page
    phone: Page
    officer: Page
    desk: Page
    supervisor: Page

    def all(self) -> list[Page]:
        return [self.tv, self.kiosk, self.phone, self.officer, self.desk, self.supervisor]


async def opened(place: Place, screens: Screens) -> House:
    """Every screen, live."""
    ani, visitor = await place.opened("ani", 2), place.guest()
    taken = await visitor.takes("C")
    shown = House(
        visitor,
        ani,
        tv=await screens.open(f"/{place.office}/tv", TV),
        kiosk=await screens.open(f"/{place.office}/kiosk", KIOSK),
        phone=await screens.open(f"/t#{taken['secret']}", PHONE),
        officer=await screens.open("/officer", CONSOLE, staff=ani),
        desk=await screens.open(f"/{place.office}/desk", CONSOLE, staff=await place.staff("citra", "receptionist")),
        supervisor=await screens.open("/supervisor", CONSOLE, staff=await place.staff("sari", "supervisor")),
    )
    await expect(shown.phone.locator("#headline")).to_have_text("Anda yang berikutnya")
    await expect(shown.phone.locator("#sound")).to_be_visible()
    await expect(shown.kiosk.locator("#services .many-text").nth(2)).to_have_text("1 menunggu")
    for page, row in ((shown.tv, ".row"), (shown.desk, ".room .row"), (shown.supervisor, ".line .row")):
        await expect(page.locator(f"{row} .number")).to_have_text("C001")  # or its data would have no age when the server goes
    await expect(shown.officer.locator(".lamp").last).to_have_text("Tersambung")
    return shown


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def shown(browser: Browser, board: Town) -> AsyncIterator[House]:
    place, screens = board.place(), Screens(browser, board.url)
    screens.refusals = True
    yield await opened(place, screens)
    assert await screens.away() == []
    await place.empties()


async def all_say_that_they_are_cut_off(shown: House) -> None:
    for page in shown.all():
        if page is not shown.kiosk:
            await expect(page.locator(".connection")).to_have_text(LOST, timeout=COMES_BACK)
    await expect(shown.kiosk.locator("#news-text")).to_have_text(re.compile("tidak terhubung|tidak dapat diberikan"), timeout=COMES_BACK)
    for button in await shown.kiosk.locator("#services .service").all():
        await expect(button).to_have_attribute("aria-disabled", "true")
    await expect(shown.officer.locator("#main")).to_have_attribute("aria-disabled", "true")
    await expect(shown.officer.locator(".lamp").last).to_contain_text("Terputus")
    await expect(shown.phone.locator("#number")).to_have_text("C001")
    await expect(shown.phone.locator("#ring-value")).to_have_text(re.compile("4[345]"))


async def all_show_what_happens_now(shown: House) -> None:
    """The next visitor appears on every screen, is served, and is gone from every screen."""
    number = (await shown.visitor.takes("D"))["ticket"]["number"]
    await expect(shown.tv.locator(".row .number")).to_have_text(["C001", number], timeout=COMES_BACK)
    await expect(shown.officer.locator(".visitor-number")).to_have_text(number, timeout=COMES_BACK)
    await expect(shown.officer.locator("#main")).to_have_attribute("aria-disabled", "false")
    await expect(shown.desk.locator(".room .row .number")).to_have_text(["C001", number], timeout=COMES_BACK)
    await expect(shown.supervisor.locator(".line .row .number")).to_have_text(["C001", number], timeout=COMES_BACK)
    await expect(shown.kiosk.locator("#services .many-text").nth(3)).to_have_text("1 menunggu", timeout=COMES_BACK)
    await expect(shown.kiosk.locator("body")).to_have_attribute("data-face", "open", timeout=COMES_BACK)
    await expect(shown.phone.locator(".connection")).to_be_hidden(timeout=COMES_BACK)
    for page in shown.all():
        await expect(page.locator(".connection")).not_to_be_visible()
    await shown.ani.serves(2)
    for row in (shown.tv.locator(".row"), shown.desk.locator(".room .row"), shown.supervisor.locator(".line .row")):
        await expect(row).to_have_count(1)
    await expect(shown.officer.locator(".visitor-word")).to_have_text("Belum ada yang menunggu")


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_all_screens_say_that_the_server_is_away_and_recover_by_themselves(board: Town, shown: House, end: str) -> None:
    board.process.stop() if end == "stop" else board.process.kill()
    await all_say_that_they_are_cut_off(shown)
    board.comes_back()
    await all_show_what_happens_now(shown)


async def test_all_screens_say_that_the_store_stands_still_and_recover_by_themselves(board: Town, shown: House) -> None:
    with board.store_hangs():
        await all_say_that_they_are_cut_off(shown)
    await all_show_what_happens_now(shown)


async def test_a_press_at_the_kiosk_while_the_store_is_killed_still_gets_its_one_number(board: Town, shown: House) -> None:
    os.kill(board.store_pid(), signal.SIGKILL)
    await shown.kiosk.locator(".service").nth(1).click()
    await expect(shown.kiosk.locator("#sheet-number")).to_have_text("B001", timeout=COMES_BACK)
    await expect(shown.tv.locator(".row .number")).to_have_text(["C001", "B001"], timeout=COMES_BACK)
    await shown.kiosk.locator("#sheet-done").click()
