"""The kiosk in the hall: one press, one number, and a code that takes it along; for hurried fingers, keyboards and screen readers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.browser.accessible import barriers
from tests.browser.qr import decoded
from tests.browser.screens import KIOSK, PHONE, Screens, hold, picture, scrolls, stops, words_cut_off
from tests.browser.town import Place, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def kiosk_of(place: Place, screens: Screens, size: tuple[int, int] = KIOSK) -> Page:
    """A kiosk that is ready for the next visitor; its time goes on by itself, and can be put on."""
    page = await screens.open(f"/{place.office}/kiosk", size, timed=True)
    await expect(page.locator("#services .many-text").first).not_to_be_empty()
    return page


def tile(page: Page, service: str = "Gaji") -> Locator:
    return page.get_by_role("button", name=service)


def sheet(page: Page) -> Locator:
    return page.get_by_role("dialog")


async def numbers(place: Place) -> list[str]:
    return [ticket["number"] for ticket in (await place.guest().board())["tickets"]]


async def test_one_press_gives_a_number_and_a_code_that_opens_it_on_a_phone(place: Place, screens: Screens, tmp_path: Path) -> None:
    await place.guest().takes("B")
    page = await kiosk_of(place, screens)
    await tile(page).click()
    await expect(page.get_by_role("dialog", name="Nomor antrean Anda B002")).to_be_visible()
    await expect(sheet(page)).to_contain_text("Gaji")
    await expect(sheet(page)).to_contain_text(re.compile(r"Dijamin dilayani sebelum \d\d\.\d\d"))
    await expect(sheet(page)).to_contain_text("1 orang di depan Anda")
    assert await scrolls(page) == {"right": 0, "down": 0}
    assert await words_cut_off(page) == []
    [address] = decoded(await picture(page, tmp_path / "kiosk.png"))
    phone = await screens.open(address.removeprefix(place.url), PHONE)
    await expect(phone.locator("#number")).to_have_text("B002")
    await expect(phone.locator("#headline")).to_have_text("1 orang di depan Anda")
    assert await numbers(place) == ["B001", "B002"]


async def test_it_returns_by_itself_and_leaves_nothing_of_one_visitor_to_the_next(place: Place, screens: Screens) -> None:
    page = await kiosk_of(place, screens)
    await page.get_by_role("button", name="Switch to English").click()
    await tile(page, "Salaries").click()
    await expect(page.locator("#sheet-left")).to_have_text(re.compile(r"goes back by itself in 1?\d seconds"))
    await page.get_by_role("button", name="More time").click()
    await page.clock.run_for(20_000)
    await expect(sheet(page)).to_be_visible()
    await page.clock.run_for(11_000)
    await expect(sheet(page)).to_be_hidden()
    assert "B001" not in (await page.content())
    assert await page.locator("#sheet-qr svg").count() == 0
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Silakan pilih layanan")
    await expect(tile(page)).to_contain_text("1 menunggu")
    await expect(tile(page)).to_be_focused()


async def test_without_a_touch_the_sheet_goes_after_twelve_seconds(place: Place, screens: Screens) -> None:
    page = await kiosk_of(place, screens)
    await tile(page).click()
    await stops(page)
    await expect(page.locator("#sheet-left")).to_have_text(re.compile(r"dalam (\d|1[0-2]) detik"))
    await page.clock.run_for(12_500)
    await expect(sheet(page)).to_be_hidden()


async def test_a_second_nervous_press_gives_no_second_number(place: Place, screens: Screens) -> None:
    page = await kiosk_of(place, screens)
    held = await hold(page, "**/tickets")
    await tile(page).dblclick()
    await expect(tile(page)).to_contain_text("Mengambil nomor…")
    await tile(page).click(force=True)
    await tile(page, "Pencairan dana").click(force=True)
    await page.keyboard.press("Enter")
    assert len(held.requests) == 1
    await held.go()
    await expect(page.locator("#sheet-number")).to_have_text("B001")
    assert await numbers(place) == ["B001"]
    assert len(screens.watch.posts("/tickets")) == 1


async def test_a_number_whose_answer_was_lost_is_given_by_the_next_press_and_no_other(place: Place, screens: Screens) -> None:
    screens.refusals = True
    page = await kiosk_of(place, screens)

    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/tickets", lose)
    await tile(page).click()
    # The page tries again by itself, in its own time.
    title = page.get_by_role("dialog", name="Nomor belum dapat diberikan")
    await expect(title).to_be_visible(timeout=20_000)
    await expect(title).to_contain_text("Server tidak dapat dihubungi")
    await expect(title).to_contain_text("Petugas di meja resepsionis siap membantu Anda.")
    assert await barriers(page) == []
    await page.unroute("**/tickets")
    await page.get_by_role("button", name="Coba lagi").click()
    await expect(page.locator("#sheet-number")).to_have_text("B001")
    assert await numbers(place) == ["B001"]


async def test_a_keyboard_and_a_screen_reader_reach_everything(place: Place, screens: Screens) -> None:
    page = await kiosk_of(place, screens)
    names = ("A Pencairan dana", "B Gaji", "C LPJ dan rekonsiliasi", "D Bank dan penerimaan", "E Konsultasi CSO")
    for name in (*(f"{words} Belum ada yang menunggu" for words in names), "Switch to English"):
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Nomor antrean Anda E001")).to_have_accessible_description(
        re.compile(r"Dijamin dilayani sebelum \d\d\.\d\d Anda yang berikutnya")
    )
    await expect(page.locator("#sheet-title")).to_be_focused()
    await expect(page.get_by_role("img")).to_have_accessible_name("Kode QR untuk memantau nomor E001 di ponsel")
    assert await barriers(page) == []
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Tambah waktu")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Selesai")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(sheet(page)).to_be_hidden()
    await expect(tile(page, "Konsultasi CSO")).to_be_focused()


async def test_it_speaks_english_to_who_asks_for_it(place: Place, screens: Screens) -> None:
    page = await kiosk_of(place, screens)
    button = page.get_by_role("button", name="Switch to English")
    await expect(button).to_have_attribute("lang", "en")
    await button.click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Please choose a service.")
    await expect(page.get_by_role("contentinfo")).to_contain_text("All services are free of charge")
    assert await barriers(page) == []
    await tile(page, "Salaries").click()
    await expect(page.get_by_role("dialog", name="Your queue number B001")).to_contain_text("You are next")
    await expect(sheet(page)).to_contain_text(re.compile(r"Guaranteed to be served before \d\d:\d\d"))


@pytest.mark.parametrize("size", [KIOSK, (1024, 768), (1366, 768), (1920, 1080), (800, 1280), (360, 740)])
async def test_it_fits_the_screen_it_stands_on_and_its_buttons_a_thumb(place: Place, screens: Screens, size: tuple[int, int]) -> None:
    page = await kiosk_of(place, screens, size)
    for service in await page.locator(".service").all():
        box = await service.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 96
    await all_fits(page, size)
    await tile(page).click()
    await expect(sheet(page)).to_be_visible()
    await all_fits(page, size)
    for button in ("Tambah waktu", "Selesai"):
        await page.get_by_role("button", name=button).click(trial=True)
    code, foot = await page.get_by_role("img").bounding_box(), await page.locator(".sheet-foot").bounding_box()
    assert code is not None
    assert foot is not None
    assert code["y"] + code["height"] <= foot["y"]


async def all_fits(page: Page, size: tuple[int, int]) -> None:
    """Nothing to scroll and nothing cut off; on a telephone the column of services may be longer than the screen."""
    assert (await scrolls(page))["right"] == 0
    if size != PHONE:
        assert await scrolls(page) == {"right": 0, "down": 0}
        assert await words_cut_off(page) == []


async def test_a_kiosk_that_is_cut_off_says_so_and_how_old_its_figures_are_and_offers_nothing(place: Place, screens: Screens) -> None:
    screens.refusals = True
    page = await kiosk_of(place, screens)
    await page.context.set_offline(True)
    said = page.get_by_role("status")
    await expect(said).to_have_text("Kiosk sedang tidak terhubung. Silakan minta nomor di meja resepsionis; kami terus mencoba.")
    await expect(page.locator("#news-age")).to_have_text(re.compile(r"^Data dari \d+ detik lalu\.$"))
    await expect(tile(page)).to_have_attribute("aria-disabled", "true")
    await tile(page).click(force=True)
    assert await barriers(page) == []
    await page.context.set_offline(False)
    await expect(said).to_be_hidden()
    await expect(tile(page)).to_have_attribute("aria-disabled", "false")
    assert screens.watch.posts("/tickets") == []


async def test_a_kiosk_whose_store_stands_still_sends_visitors_to_the_desk(board: Town, place: Place, screens: Screens) -> None:
    screens.refusals = True
    page = await kiosk_of(place, screens)
    with board.store_hangs():
        await expect(page.get_by_role("status")).to_have_text(
            re.compile(
                "(Nomor sedang tidak dapat diberikan di sini|Kiosk sedang tidak terhubung)\\. Silakan minta nomor di meja resepsionis"
            ),
            timeout=30_000,
        )
        await expect(tile(page)).to_have_attribute("aria-disabled", "true")
    await expect(tile(page)).to_have_attribute("aria-disabled", "false", timeout=30_000)
    await tile(page).click()
    await expect(page.locator("#sheet-number")).to_have_text("B001")
