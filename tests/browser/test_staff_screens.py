"""The staff's pages in their main states, on a desk's screen and on a phone, in both languages: they fit, and can be read and worked."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.accessible import barriers
from tests.browser.console import ready
from tests.browser.screens import CONSOLE, PHONE, Screens, scrolls, words_cut_off
from tests.browser.town import Guest, Place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
SIZES = pytest.mark.parametrize("size", [CONSOLE, PHONE], ids=["console", "phone"])
FALLS_DUE = 20_000  # ms; where the promise is nine seconds
ENGLISH = {"officer": "Waiting", "supervisor": "Counters", "desk": "Give a number"}


async def can_be_used(page: Page, state: str) -> None:
    """Nothing to stumble over, nothing to the right."""
    assert (state, await barriers(page)) == (state, [])
    assert (state, (await scrolls(page))["right"]) == (state, 0)


async def fits(page: Page, state: str, may_be_short: str) -> None:
    """All of it is on a desk's screen; the bar may shorten the words that hold `may_be_short`."""
    assert (state, (await scrolls(page))["down"]) == (state, 0)
    assert (state, [words for words in await words_cut_off(page) if may_be_short not in words]) == (state, [])


@SIZES
@pytest.mark.parametrize("language", ["id", "en"])
async def test_the_officers_console_in_every_state(place: Place, screens: Screens, size: tuple[int, int], language: str) -> None:
    ani, visitor = await place.staff("ani"), place.guest()
    page = await screens.open("/officer", size, staff=ani, language=language)

    async def seen(state: str) -> None:
        await expect(page.locator(".visitor")).to_have_attribute("data-state", state)
        await can_be_used(page, state)
        if size == CONSOLE:
            await fits(page, state, ani.name)

    await expect(page.locator(".counter-card")).to_have_count(5)
    await can_be_used(page, "choosing")
    await ani.does(3, "open")
    await seen("free")
    for service in "BCDBCDBCDAE":
        await visitor.takes(service, satker="527010")
    await expect(page.locator(".row")).to_have_count(9)
    await seen("free")
    await ani.does(3, "call-next")
    await seen("called")
    for verb in ("hold", "transfer"):
        await (await ready(page.locator(f"[data-verb={verb}]"))).click()
        await expect(page.locator(".panel")).to_be_visible()
        await seen("called")
        await page.locator(".panel-end .button-quiet").click()
    await ani.does(3, "skip")
    await ani.does(3, "call-next")
    await ani.does(3, "serve")
    await seen("serving")
    await ani.does(3, "hold", reason="Melengkapi dokumen")
    await ani.does(3, "pause")
    await expect(page.locator(".away li")).to_have_count(2)
    await seen("paused")


@SIZES
async def test_the_supervisors_page_empty_and_with_alerts(place: Place, screens: Screens, size: tuple[int, int]) -> None:
    page = await screens.open("/supervisor", size, staff=await place.staff("sari", "supervisor"))
    await expect(page.locator(".counter")).to_have_count(5)
    await can_be_used(page, "empty")
    if size == CONSOLE:
        await fits(page, "empty", "sari")


@SIZES
@pytest.mark.parametrize("place", [9], indirect=True)
async def test_the_supervisors_page_on_a_bad_day(place: Place, screens: Screens, size: tuple[int, int]) -> None:
    page = await screens.open("/supervisor", size, staff=await place.staff("sari", "supervisor"))
    ani, budi, visitor = await place.opened("ani", 1), await place.opened("budi", 2), place.guest()
    await budi.does(2, "pause")
    first, _ = await visitor.takes("C"), await visitor.takes("E")
    await expect(page.locator(".alert-row")).to_have_count(2, timeout=FALLS_DUE)
    assert (await ani.accepts(first, counter=5)).status_code == 200
    await expect(page.locator(".accepted")).to_have_count(1)
    await can_be_used(page, "alerts")


@SIZES
async def test_the_desk_before_and_after_a_number(place: Place, screens: Screens, size: tuple[int, int]) -> None:
    citra = await place.staff("citra", "receptionist")
    page = await screens.open(f"/{place.office}/desk", size, staff=citra)
    await expect(page.locator(".room")).to_contain_text("Belum ada yang menunggu")
    await can_be_used(page, "empty")
    await page.keyboard.type("1527010+")
    await ready(page.locator(".go"))
    await can_be_used(page, "ready")
    await page.keyboard.press("Enter")
    await expect(page.locator(".given .qr")).to_be_visible()
    await can_be_used(page, "given")
    if size == CONSOLE:
        await fits(page, "given", citra.name)


@SIZES
@pytest.mark.parametrize("path", ["/login", "/login?why=ended", "/login#first=spent"])
async def test_the_log_in(screens: Screens, size: tuple[int, int], path: str) -> None:
    page = await screens.open(path, size)
    await expect(page.get_by_label("Nama akun")).to_be_visible()
    await can_be_used(page, path)
    if size == CONSOLE:
        await fits(page, path, "KAYAN")
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_label("Account name")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await can_be_used(page, f"{path}, English")


async def at_home(place: Place, screens: Screens, name: str) -> tuple[Page, Guest]:
    """One of the staff's pages, and whose it is."""
    role = {"desk": "receptionist"}.get(name, name)
    person = await place.staff("dewi", role)
    return await screens.open(f"/{place.office}/desk" if name == "desk" else f"/{name}", CONSOLE, staff=person), person


async def is_in_english(page: Page, name: str) -> None:
    await expect(page.get_by_role("heading", name=re.compile(f"^{ENGLISH[name]}")).first).to_be_visible()
    await expect(page.locator(".lamp").last).to_have_text("Connected")
    await expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("name", ENGLISH)
async def test_a_page_changes_its_language_at_once_and_keeps_it(place: Place, screens: Screens, name: str) -> None:
    page, person = await at_home(place, screens, name)
    await expect(page.locator(".lamp").last).to_have_text("Tersambung")
    if name == "officer":
        await person.does(1, "open")
    await page.get_by_role("button", name="English").click()
    await is_in_english(page, name)
    await page.reload()
    await is_in_english(page, name)
    assert await barriers(page) == []
