"""Taking a number on one's own phone: one number a wish, whatever fingers and networks do."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.screens import CONSOLE, PHONE, Screens, hold, scrolls
from tests.browser.town import Guest, Place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def chosen(page: Page, service: str = "Gaji") -> None:
    """As far as the last button."""
    await page.get_by_role("button", name=service).click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def numbers(guest: Guest) -> list[str]:
    return [ticket["number"] for ticket in (await guest.board())["tickets"]]


async def test_a_number_is_taken_with_two_touches_and_its_promise_counts_down(place: Place, screens: Screens) -> None:
    page = await screens.open(f"/{place.office}", PHONE)
    await expect(page.get_by_role("heading", level=1)).to_have_text("KPPN Tanjung Selor")
    await expect(page.locator("#services li")).to_have_count(5)
    assert (await scrolls(page))["right"] == 0
    await page.get_by_role("button", name="Gaji").tap()
    await page.get_by_role("button", name="Ambil nomor").tap()
    await expect(page).to_have_url(re.compile(rf"/t#{place.office}\."))
    await expect(page.locator("#number")).to_have_text("B001")
    await expect(page.locator("#service")).to_have_text("Gaji")
    await expect(page.locator("#ring-value")).to_have_text("45")
    await expect(page.locator("#ring-below")).to_have_text("menit tersisa")
    await expect(page.locator("#headline")).to_have_text("Anda yang berikutnya")
    await expect(page.locator("#sentence")).to_contain_text(re.compile(r"dijamin dilayani sebelum \d\d[.:]\d\d\sWITA"))
    await expect(page).to_have_title("B001 · KPPN Tanjung Selor")
    assert await scrolls(page) == {"right": 0, "down": 0}


async def test_a_satker_code_of_five_digits_is_asked_again_and_a_right_one_is_seen_by_officers(place: Place, screens: Screens) -> None:
    page = await screens.open(f"/{place.office}", PHONE)
    await chosen(page)
    await page.get_by_label("Kode satker").fill("12345")
    await page.get_by_role("button", name="Ambil nomor").click()
    await expect(page.locator("#take-error")).to_have_text("Kode satker terdiri dari enam angka.")
    await expect(page.get_by_label("Kode satker")).to_be_focused()
    await page.get_by_label("Kode satker").fill("123456")
    await page.keyboard.press("Enter")
    await expect(page.locator("#number")).to_have_text("B001")
    ani = await place.opened("ani", 1)
    console = await screens.open("/officer", CONSOLE, staff=ani)
    await expect(console.locator(".visitor-facts")).to_contain_text("Satker 123456")


async def test_a_double_tap_takes_one_number(place: Place, screens: Screens) -> None:
    page = await screens.open(f"/{place.office}", PHONE)
    await chosen(page)
    await page.get_by_role("button", name="Ambil nomor").dblclick()
    await expect(page.locator("#number")).to_have_text("B001")
    assert len(screens.watch.posts("/tickets")) == 1
    assert await numbers(place.guest()) == ["B001"]


async def test_whoever_presses_on_while_the_network_is_slow_takes_one_number(place: Place, screens: Screens) -> None:
    page = await screens.open(f"/{place.office}", PHONE)
    held = await hold(page, "**/tickets")
    await chosen(page)
    button = page.locator("#take-go")
    await button.click()
    await expect(button).to_have_text("Mengambil nomor…")
    for _ in range(4):
        await button.dispatch_event("click")
    await page.keyboard.press("Enter")
    assert len(held.requests) == 1
    await held.go()
    await expect(page.locator("#number")).to_have_text("B001")
    assert await numbers(place.guest()) == ["B001"]


async def test_an_answer_that_was_lost_on_its_way_costs_no_second_number(place: Place, screens: Screens) -> None:
    screens.refusals = True
    page = await screens.open(f"/{place.office}", PHONE)
    lost: list[str] = []

    async def lose(route: Route) -> None:
        if lost:
            await route.continue_()
            return
        lost.append((await (await route.fetch()).json())["ticket"]["number"])
        await route.abort()

    await page.route("**/tickets", lose)
    await chosen(page)
    await page.get_by_role("button", name="Ambil nomor").click()
    await expect(page.locator("#number")).to_have_text("B001")
    assert lost == ["B001"]
    assert await numbers(place.guest()) == ["B001"]


async def test_a_press_again_after_the_network_failed_takes_the_number_of_the_first_press(place: Place, screens: Screens) -> None:
    screens.refusals = True
    page = await screens.open(f"/{place.office}", PHONE)
    reached: list[int] = []

    async def lose(route: Route) -> None:
        reached.append((await route.fetch()).status)
        await route.abort()

    await page.route("**/tickets", lose)
    await chosen(page)
    await page.get_by_role("button", name="Ambil nomor").click()
    await expect(page.locator("#take-error")).to_contain_text("Server tidak dapat dihubungi", timeout=20_000)
    assert reached == [201] * 3
    await page.unroute("**/tickets")
    await page.get_by_role("button", name="Ambil nomor").click()
    await expect(page.locator("#number")).to_have_text("B001")
    assert await numbers(place.guest()) == ["B001"]


async def test_the_back_button_leads_to_no_second_number_and_one_s_own_number_is_found_again(place: Place, screens: Screens) -> None:
    page = await screens.open("/", PHONE)
    await page.goto(f"{place.url}/{place.office}")
    await chosen(page)
    await page.get_by_role("button", name="Ambil nomor").click()
    await expect(page.locator("#number")).to_have_text("B001")
    await page.go_back()
    await expect(page).to_have_url(f"{place.url}/")
    await page.go_forward()
    await expect(page.locator("#number")).to_have_text("B001")
    await page.get_by_role("link", name="KPPN Tanjung Selor").click()
    await page.get_by_role("link", name=re.compile("Nomor Anda.*B001", re.DOTALL)).click()
    await expect(page.locator("#number")).to_have_text("B001")
    assert await numbers(place.guest()) == ["B001"]
    assert len(screens.watch.posts("/tickets")) == 1


async def test_two_phones_take_two_numbers_and_the_second_sees_the_first_ahead(place: Place, screens: Screens) -> None:
    pages = [await screens.open(f"/{place.office}", PHONE) for _ in range(2)]
    for page, number in zip(pages, ("B001", "B002"), strict=True):
        await chosen(page)
        await page.get_by_role("button", name="Ambil nomor").click()
        await expect(page.locator("#number")).to_have_text(number)
    await expect(pages[0].locator("#headline")).to_have_text("Anda yang berikutnya")
    await expect(pages[1].locator("#headline")).to_have_text("1 orang di depan Anda")
