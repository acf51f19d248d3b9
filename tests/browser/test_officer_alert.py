"""The alert on the officer's console that a promise has fallen due: seen, heard, answered, and never in the way of the visitor at hand."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.accessible import barriers
from tests.browser.console import Console, console, ready
from tests.browser.loudspeaker import HEARS, MUTE, RISING, heard
from tests.browser.screens import CONSOLE, PHONE, Screens, hold, scrolls, words_cut_off
from tests.browser.town import Place

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.parametrize("place", [4], indirect=True),
]
FALLS_DUE = 20_000  # ms; the promise is four seconds here
ON_TOP = """(element) => {
  const { left, top, width, height } = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}"""


async def alarmed(page: Page, number: str) -> None:
    """Waits for the alert about this number; it must lie over everything, whole."""
    await expect(page.locator(".alert-number")).to_have_text(number, timeout=FALLS_DUE)
    for part in (".alert-number", ".accept", ".decline"):
        assert await page.locator(part).evaluate(ON_TOP), part
    await expect(page.locator(".alert")).to_be_in_viewport(ratio=1)


async def serving(at: Console, place: Place) -> None:
    """The officer is in the middle of a visit, and C001 of another counter's service has just been taken."""
    visitor = place.guest()
    await visitor.takes("A")
    await at.goes_on("Panggil berikutnya")
    await at.goes_on("Layani")
    await at.shows("serving", "A001")
    await visitor.takes("C")


async def test_an_alert_is_seen_and_heard_over_everything_and_moves_nothing(place: Place, screens: Screens) -> None:
    at = await console(place, screens, script=HEARS)
    await serving(at, place)
    lies = await at.main.bounding_box()
    await alarmed(at.page, "C001")
    await expect(at.page).to_have_title("⚠ C001 · Loket 2 · KAYAN")
    await expect(at.page.locator(".alert-words")).to_contain_text("Terima membuka loket 5 untuk Anda.")
    await expect(at.page.locator("#announce")).to_contain_text("Perlu petugas tambahan. C001, LPJ dan rekonsiliasi")
    assert await at.main.bounding_box() == lies
    assert await heard(at.page) == RISING
    await at.goes_on("Selesai")  # Enter and the big button are the visitor's, whatever hangs above them
    await at.shows("free")
    await expect(at.page.locator(".alert")).to_be_visible()


async def test_f9_comes_to_help_at_the_reserve_counter_and_silences_the_alarm(place: Place, screens: Screens) -> None:
    at = await console(place, screens, keys=True, script=HEARS)
    await place.guest().takes("C")
    await alarmed(at.page, "C001")
    await at.page.keyboard.press("F9")
    await expect(at.page.locator(".alert")).to_have_count(0)
    await expect(at.page.locator(".tab[aria-current=true]")).to_have_text("Loket 5")
    await at.told("Anda menerima C001.")
    played = await at.page.evaluate("tones.length")
    await at.goes_on("Panggil berikutnya")
    await at.shows("called", "C001")
    assert await at.page.evaluate("tones.length") == played


async def test_who_accepts_in_the_middle_of_a_visit_finishes_it_first(place: Place, screens: Screens) -> None:
    at = await console(place, screens)
    await serving(at, place)
    await alarmed(at.page, "C001")
    await (await ready(at.page.locator(".accept"))).click()
    await at.told("Anda menerima C001. Selesaikan A001 dulu, lalu panggil di loket 5.")
    await at.goes_on("Selesai")
    await at.goes_on("Panggil di loket 5")
    await expect(at.page.locator(".tab[aria-current=true]")).to_have_text("Loket 5")
    await at.shows("called", "C001")


async def test_f10_says_no_and_the_list_still_takes_a_yes(place: Place, screens: Screens) -> None:
    at = await console(place, screens)
    await place.opened("budi", 4)
    await place.guest().takes("C")
    await alarmed(at.page, "C001")
    await ready(at.page.locator(".decline"))
    await at.page.keyboard.press("F10")
    await expect(at.page.locator(".alert")).to_have_count(0)
    await at.told("C001: dicatat Anda tidak bisa. Berubah pikiran? Tekan Terima di daftar Menunggu.")
    await (await ready(at.page.locator(".line").get_by_role("button", name="Terima"))).click()
    await at.told("Anda menerima C001.")


async def test_a_no_of_everybody_on_duty_asks_all_of_them_again(place: Place, screens: Screens) -> None:
    at = await console(place, screens)
    await place.guest().takes("C")
    await alarmed(at.page, "C001")
    await ready(at.page.locator(".decline"))
    await at.page.keyboard.press("F10")
    await at.told("C001: semua yang bertugas tidak bisa, maka dipanggil sekali lagi.")
    await expect(at.page.locator(".alert-words")).to_contain_text("Panggilan kedua, juga ke petugas cadangan.")


async def test_an_alert_that_another_officer_took_goes_away_and_says_so(place: Place, screens: Screens) -> None:
    at = await console(place, screens)
    taken = await place.guest().takes("C")
    await alarmed(at.page, "C001")
    assert (await (await place.staff("eko")).accepts(taken, counter=5)).status_code == 200
    await expect(at.page.locator(".alert")).to_have_count(0)
    await at.told("C001: diterima petugas lain.")
    await expect(at.page.locator(".row", has_text="C001")).to_contain_text("Diterima petugas lain, loket 5")


async def test_an_answer_to_an_alert_is_seen_at_once_and_given_once(place: Place, screens: Screens) -> None:
    at = await console(place, screens)
    await place.guest().takes("C")
    await alarmed(at.page, "C001")
    accept, held = await ready(at.page.locator(".accept")), await hold(at.page, "**/accept")
    await accept.dblclick()
    await expect(accept).to_have_attribute("aria-busy", "true")
    await expect(at.page.locator(".decline")).to_have_attribute("aria-disabled", "true")
    await at.page.keyboard.press("F10")
    await held.go()
    await at.told("Anda menerima C001.")
    assert len(screens.watch.posts("/accept")) == 1
    assert screens.watch.posts("/decline") == []


async def test_who_has_not_chosen_a_counter_yet_is_asked_too(place: Place, screens: Screens) -> None:
    page = await screens.open("/officer", CONSOLE, staff=await place.staff("ani"))
    await place.guest().takes("C")
    await alarmed(page, "C001")
    await ready(page.locator(".accept"))
    await page.keyboard.press("F9")
    await expect(page.locator(".tab")).to_have_text("Loket 5")


async def test_a_browser_that_makes_no_sound_yet_says_so_until_the_first_touch(place: Place, screens: Screens) -> None:
    at = await console(place, screens, script=MUTE)
    await place.guest().takes("C")
    await expect(at.page.get_by_role("button", name="Aktifkan suara")).to_be_visible()
    await at.page.keyboard.press("Shift")
    await expect(at.page.locator(".topbar")).to_contain_text("Suara aktif")
    await alarmed(at.page, "C001")
    assert await heard(at.page) == RISING


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("size", [CONSOLE, PHONE])
async def test_several_alerts_are_one_block_that_fits_and_can_be_read(
    place: Place, screens: Screens, size: tuple[int, int], language: str
) -> None:
    at = await console(place, screens, size=size, language=language)
    visitor = place.guest()
    for service in "CEEEE":
        await visitor.takes(service)
    await alarmed(at.page, "C001")
    others = at.page.locator(".alert-others li")
    await expect(others.last).to_have_text("dan 2 lainnya" if language == "id" else "and 2 more", timeout=FALLS_DUE)
    await expect(others.first).to_contain_text(re.compile("E001"))
    assert await barriers(at.page) == []
    assert (await scrolls(at.page))["right"] == 0
    if size == CONSOLE:
        assert (await scrolls(at.page))["down"] == 0
        assert [words for words in await words_cut_off(at.page) if at.officer.name not in words] == []  # the bar may shorten the services
