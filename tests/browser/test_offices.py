"""The front door: the list of offices, or the way to the only one."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.accessible import barriers
from tests.browser.screens import CONSOLE, PHONE, TV, Screens, scrolls, words_cut_off
from tests.browser.town import Place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize("size", [PHONE, CONSOLE, TV])
@pytest.mark.parametrize("dark", [False, True])
async def test_the_front_door_lists_every_office_and_fits(place: Place, screens: Screens, size: tuple[int, int], dark: bool) -> None:
    page = await screens.open("/", size, dark=dark)
    listed = (await place.guest().http.get("/api/v1/offices")).json()
    await expect(page.get_by_role("listitem")).to_have_count(len(listed))
    await expect(page).to_have_title("Antrean kantor · KAYAN")
    assert (await scrolls(page))["right"] == 0
    assert [cut for cut in await words_cut_off(page) if cut.startswith("cut")] == []
    assert await barriers(page) == []


async def test_an_office_leads_to_its_numbers_and_to_its_tv_by_keyboard_too(place: Place, screens: Screens) -> None:
    page = await screens.open("/", PHONE)
    office = page.locator(f'a[href="/{place.office}"]')
    await expect(office).to_have_accessible_name("KPPN Tanjung Selor")
    await office.focus()
    await page.keyboard.press("Tab")
    await expect(page.locator(f'a[href="/{place.office}/tv"]')).to_be_focused()
    await expect(page.locator(f'a[href="/{place.office}/tv"]')).to_have_accessible_name("Layar TV KPPN Tanjung Selor")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{place.url}/{place.office}")
    await expect(page.get_by_role("button", name="Gaji")).to_be_visible()


async def test_the_front_door_speaks_english_and_remembers_it_for_the_office(place: Place, screens: Screens) -> None:
    page = await screens.open("/", PHONE)
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", level=2)).to_have_text("Choose an office")
    await page.locator(f'a[href="/{place.office}"]').click()
    await expect(page.get_by_role("button", name="Salaries")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "en")


async def test_staff_find_their_way_from_the_front_door(place: Place, screens: Screens) -> None:
    page = await screens.open("/", PHONE)
    await page.get_by_role("link", name="Masuk sebagai petugas").click()
    await expect(page).to_have_url(f"{place.url}/login")


async def test_a_list_that_could_not_be_loaded_is_asked_for_again(place: Place, screens: Screens) -> None:
    screens.refusals = True
    context = await screens.device(PHONE)
    page = await context.new_page()
    await page.route("**/api/v1/offices", lambda route: route.abort())
    await page.goto(f"{place.url}/")
    await expect(page.get_by_role("alert")).to_contain_text("Halaman ini belum dapat dibuka. Server tidak dapat dihubungi", timeout=20_000)
    assert await barriers(page) == []
    await page.unroute("**/api/v1/offices")
    await page.get_by_role("button", name="Coba lagi").click()
    await expect(page.get_by_role("listitem").first).to_be_visible()
