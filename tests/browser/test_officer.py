"""The officer's console: a counter is chosen, visitors are called and served, with the mouse or with the keys, and a press acts once."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.accessible import barriers
from tests.browser.console import console, ready
from tests.browser.screens import CONSOLE, Screens, hold, paths, scrolls
from tests.browser.town import Place
from tests.driver import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
HANDS = pytest.mark.parametrize("keys", [False, True], ids=["mouse", "keys"])
# The press and the look at the button in one task of the page: what the officer sees before anything can have been answered.
AT_ONCE = "(button) => { button.click(); return button.getAttribute('aria-busy'); }"


async def test_an_officer_chooses_a_free_counter_and_its_services_and_opens_it(place: Place, screens: Screens) -> None:
    budi = await place.opened("budi", 3)
    ani = await place.staff("ani")
    page = await screens.open("/officer", CONSOLE, staff=ani)
    await expect(page.get_by_role("radio", name="Loket 3")).to_be_disabled()
    await expect(page.locator(".counter-card", has_text="Loket 3")).to_contain_text(f"Dipakai {budi.name}")
    await page.get_by_text("Loket 2", exact=True).click()
    await page.get_by_role("checkbox", name="Bank dan penerimaan").uncheck()
    await (await ready(page.get_by_role("button", name="Buka loket 2"))).click()
    await expect(page.locator(".tab")).to_have_text("Loket 2")
    await expect(page.locator(".visitor-word")).to_have_text("Belum ada yang menunggu")
    counters = {counter["counter"]: counter for counter in (await ani.board())["counters"]}
    assert (counters[2]["state"], counters[2]["services"]) == ("open", ["A"])


async def test_a_key_pressed_while_the_page_is_still_loading_breaks_nothing(place: Place, screens: Screens) -> None:
    context = await screens.device(CONSOLE, await place.staff("ani"))
    page = await context.new_page()
    held = await hold(page, "**/api/v1/offices", "GET")
    async with page.expect_request("**/api/v1/offices"):
        await page.goto(f"{place.url}/officer")
    await page.keyboard.press("Shift")
    await held.go()
    await expect(page.get_by_role("heading", name="Pilih loket Anda")).to_be_visible()


async def test_a_counter_is_chosen_by_its_digit_and_is_still_there_after_a_reload(place: Place, screens: Screens) -> None:
    page = await screens.open("/officer", CONSOLE, staff=await place.staff("ani"))
    await expect(page.get_by_role("button", name="Buka loket 1")).to_be_visible()
    await page.keyboard.press("4")
    await ready(page.get_by_role("button", name="Buka loket 4"))
    await page.keyboard.press("Enter")
    await expect(page.locator(".tab")).to_have_text("Loket 4")
    await page.reload()
    await expect(page.locator(".tab")).to_have_text("Loket 4")


@HANDS
async def test_call_serve_finish_lie_in_the_same_place_under_the_same_key(place: Place, screens: Screens, keys: bool) -> None:
    at = await console(place, screens, keys=keys)
    visitor = place.guest()
    for service in "ACA":
        await visitor.takes(service)
    lies = await at.main.bounding_box()
    for number in ("A001", "A002"):
        await at.shows("free", number)
        await at.goes_on("Panggil berikutnya")
        await at.shows("called", number)
        assert await at.main.bounding_box() == lies
        await at.goes_on("Layani")
        await at.shows("serving", number)
        assert await at.main.bounding_box() == lies
        await at.goes_on("Selesai")
        await at.told(f"{number} selesai.")
    await expect(at.page.locator(".visitor-word")).to_have_text("Belum ada yang menunggu")
    await expect(at.main).to_have_attribute("aria-disabled", "true")
    await expect(at.page.locator(".today")).to_contain_text(re.compile(r"Dilayani hari ini\s*2"))


@HANDS
async def test_a_visitor_is_called_again_skipped_brought_back_held_resumed_and_transferred(
    place: Place, screens: Screens, keys: bool
) -> None:
    at = await console(place, screens, keys=keys)
    await place.guest().takes("A")
    await at.goes_on("Panggil berikutnya")
    await at.presses("Panggil ulang")
    await at.told("A001 dipanggil ulang.")
    await at.presses("Lewati")
    await at.told("A001 dilewati. Bila datang, tekan Kembalikan.")
    await (await ready(at.button("Kembalikan A001"))).click()
    await at.shows("free", "A001")
    await at.goes_on("Panggil berikutnya")
    await at.presses("Tunda")
    await at.chooses("1", "Melengkapi dokumen")
    await expect(at.page.locator(".away li")).to_contain_text("Melengkapi dokumen")
    await (await ready(at.button("Lanjutkan A001"))).click()
    await at.shows("serving", "A001")
    await at.presses("Alihkan")
    await at.chooses("c", "LPJ dan rekonsiliasi")
    await at.told("A001 dialihkan ke LPJ dan rekonsiliasi; waktu ambil nomornya tetap.")
    await at.page.get_by_role("button", name="Semua").click()
    await expect(at.page.locator(".elsewhere .row .number")).to_have_text("A001")


@HANDS
async def test_an_officer_takes_a_break_comes_back_and_closes(place: Place, screens: Screens, keys: bool) -> None:
    at = await console(place, screens, keys=keys)
    await at.presses("Istirahat")
    await at.shows("paused")
    await expect(at.page.locator(".visitor")).to_contain_text(re.compile(r"Loket 2\s*Istirahat"))
    await at.goes_on("Buka kembali")
    await at.shows("free")
    await (await ready(at.button("Tutup loket"))).click()
    await expect(at.page.get_by_role("heading", name="Pilih loket Anda")).to_be_visible()
    await expect(at.page.locator(".counter-card", has_text="Loket 2")).to_contain_text("Kosong")


async def test_other_reasons_and_numbers_are_typed_without_a_letter_being_taken_for_a_shortcut(place: Place, screens: Screens) -> None:
    at = await console(place, screens)
    await place.guest().takes("A")
    await at.goes_on("Panggil berikutnya")
    await at.presses("Tunda")
    await at.page.get_by_label("Alasan lain").press_sequentially("tali rapi, lari")
    await ready(at.page.locator(".panel-other button"))
    await at.page.keyboard.press("Enter")
    await expect(at.page.locator(".away li")).to_contain_text("tali rapi, lari")
    number = at.page.get_by_label("Nomor lain")
    await number.fill("x")
    await number.press("Enter")
    await at.told("Tulis nomor seperti A012.")
    await ready(at.page.locator(".away form button"))
    await number.fill("a 1")
    await number.press("Enter")
    await at.shows("serving", "A001")
    assert paths(screens.watch.posts("/recall") + screens.watch.posts("/skip")) == []


@HANDS
async def test_a_double_click_and_a_held_key_act_once(place: Place, screens: Screens, keys: bool) -> None:
    at = await console(place, screens)
    await place.guest().takes("A")
    await at.shows("free", "A001")
    await ready(at.main)
    if keys:
        for _ in range(20):
            await at.page.keyboard.down("Enter")
        await at.page.keyboard.up("Enter")
    else:
        await at.main.dblclick()
    await at.shows("called", "A001")
    await ready(at.main)
    assert len(screens.watch.posts("/call-next")) == 1
    assert screens.watch.posts("/serve") == []


async def test_every_press_is_seen_at_once_and_no_other_counts_until_it_is_answered(place: Place, screens: Screens) -> None:
    at = await console(place, screens)
    for _ in range(3):
        await place.guest().takes("A")
    option = at.page.locator(".panel-options button").first
    steps = [
        (at.main, "call-next", "called"),
        (at.button("Panggil ulang"), "recall", "called"),
        (at.button("Lewati"), "skip", "free"),
        (at.button("Kembalikan A001"), "return", "free"),
        (at.main, "call-next", "called"),
        (at.button("Tunda"), None, "called"),
        (option, "hold", "free"),
        (at.button("Lanjutkan A001"), "resume", "serving"),
        (at.main, "finish", "free"),
        (at.button("Istirahat"), "pause", "paused"),
    ]
    for button, verb, after in steps:
        await ready(button)
        if verb is None:
            await button.click()
            continue
        held = await hold(at.page, f"**/counters/2/{verb}")
        assert await button.evaluate(AT_ONCE) == "true", verb
        for other in await at.page.locator(".deck button[aria-disabled=false]").all():
            raise AssertionError(f"{verb} is under way, and this may be pressed: {await other.inner_text()}")
        await at.page.keyboard.press("Enter")
        await expect(button).to_have_attribute("aria-busy", "true")
        await held.go()
        await at.shows(after)
        await at.page.unroute(f"**/counters/2/{verb}")
    assert len(screens.watch.posts("/call-next")) == 2
    assert screens.watch.posts("/serve") == []


async def test_who_comes_second_is_told_what_is_so(place: Place, screens: Screens) -> None:
    screens.refusals = True
    at, budi = await console(place, screens), await place.opened("budi", 1)
    await place.guest().takes("A")
    held = await hold(at.page, "**/call-next")
    await at.goes_on("Panggil berikutnya")
    await budi.does(1, "call-next")
    await held.go()
    await expect(at.page.locator(".notice")).to_contain_text("menunggu")
    await at.shows("free")


async def test_a_lost_connection_is_said_and_a_press_waits_for_it(place: Place, screens: Screens) -> None:
    screens.refusals = True
    at = await console(place, screens)
    await place.guest().takes("A")
    await at.shows("free", "A001")
    await at.page.context.set_offline(True)
    await expect(at.page.locator(".connection")).to_have_text(re.compile(r"Sambungan terputus\. Data dari \d+ detik lalu\."))
    await expect(at.page.locator(".lamp").last).to_contain_text("Terputus")
    await expect(at.main).to_have_attribute("aria-disabled", "true")
    assert (await scrolls(at.page)) == {"right": 0, "down": 0}
    assert await barriers(at.page) == []
    await at.page.keyboard.press("Enter")
    await at.told("Sambungan terputus: tombol menunggu sampai tersambung lagi.")
    assert screens.watch.posts("/call-next") == []
    await at.page.context.set_offline(False)
    await at.goes_on("Panggil berikutnya")
    await at.shows("called", "A001")


async def test_a_session_that_ended_elsewhere_leads_to_the_log_in_with_the_reason_and_back(place: Place, screens: Screens) -> None:
    at = await console(place, screens)
    assert (await at.officer.http.delete("/api/v1/session")).status_code == 204
    await expect(at.page).to_have_url(re.compile(r"/login\?next=%2Fofficer&why=ended$"))
    await expect(at.page.get_by_role("alert")).to_have_text("Sesi Anda sudah berakhir. Silakan masuk kembali.")
    await at.page.get_by_label("Nama akun").fill(at.officer.name)
    await at.page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    await at.page.keyboard.press("Enter")
    await expect(at.page).to_have_url(f"{place.url}/officer")
    await expect(at.page.locator(".tab")).to_have_text("Loket 2")
