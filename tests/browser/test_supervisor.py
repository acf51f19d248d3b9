"""The supervisor's page: the whole office at a glance, counters that are taken over or closed, and alerts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.console import console, ready
from tests.browser.loudspeaker import HEARS, MUTE, RISING, heard
from tests.browser.screens import CONSOLE, Screens
from tests.browser.town import Place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
FALLS_DUE = 20_000  # ms; the promise is four seconds where a test waits for it


async def overview(place: Place, screens: Screens, **device: Any) -> Page:
    """The page of the supervisor, live."""
    page = await screens.open("/supervisor", CONSOLE, staff=await place.staff("sari", "supervisor"), **device)
    await expect(page.locator(".counter")).to_have_count(5)
    return page


async def test_the_whole_office_is_seen_as_it_is(place: Place, screens: Screens) -> None:
    page = await overview(place, screens)
    await expect(page.locator(".line")).to_contain_text("Belum ada yang menunggu")
    ani, budi, visitor = await place.opened("ani", 1), await place.opened("budi", 2), place.guest()
    for _ in range(2):
        await visitor.takes("A", satker="527010")
    await ani.serves(1)
    await ani.does(1, "call-next")
    await visitor.takes("C", satker="527010")
    await budi.does(2, "pause")
    await expect(page.locator(".figures")).to_contain_text(re.compile(r"Janji ditepati hari ini\s*100%\s*1 dari 1, 0 dikecualikan"))
    await expect(page.locator(".figures")).to_contain_text(re.compile(r"Loket buka\s*1\s*dari 5"))
    first, second = page.locator(".counter").nth(0), page.locator(".counter").nth(1)
    await expect(first).to_contain_text(re.compile(rf"Loket 1\s*buka\s*{ani.name}\s*A002\s*dipanggil\s*\d:\d\d"))
    await expect(second).to_contain_text(re.compile(rf"Loket 2\s*istirahat\s*{budi.name}"))
    await expect(page.locator(".line .row")).to_have_count(1)
    await expect(page.locator(".line .row")).to_contain_text(re.compile(r"C001.*LPJ dan rekonsiliasi · 527010", re.DOTALL))


async def test_a_counter_is_taken_over_with_a_second_press_and_its_officer_is_told(place: Place, screens: Screens) -> None:
    page = await overview(place, screens)
    at = await console(place, screens)
    await place.guest().takes("A")
    await at.goes_on("Panggil berikutnya")
    await at.shows("called", "A001")
    take = page.locator(".counter").nth(1).get_by_role("button")
    await (await ready(take)).dblclick()
    await expect(take).to_have_text("Tekan lagi: ambil alih")
    assert screens.watch.posts("/counters/2/open") == []  # a double click is one press, and that one asks
    await (await ready(take)).click()
    await expect(page.locator(".notice")).to_have_text("Loket 2 sekarang Anda pegang. Lanjutkan dari Konsol loket.")
    await expect(at.page.locator(".choose .notice")).to_have_text(re.compile(r"Loket 2 sekarang dipegang sari-"))
    await page.get_by_role("link", name="Konsol loket").click()
    await expect(page.locator(".tab")).to_have_text("Loket 2")
    await expect(page.locator(".visitor-number")).to_have_text("A001")


async def test_a_counter_that_somebody_left_open_is_closed(place: Place, screens: Screens) -> None:
    page = await overview(place, screens)
    await place.opened("ani", 1)
    close = page.locator(".counter").nth(0).get_by_role("button", name=re.compile("tutup", re.IGNORECASE))
    await (await ready(close)).click()
    await expect(close).to_have_text("Tekan lagi: tutup")
    await (await ready(close)).click()
    await expect(page.locator(".notice")).to_have_text("Loket 1 ditutup.")
    await expect(page.locator(".counter").nth(0)).to_contain_text(re.compile(r"Loket 1\s*tutup\s*Pencairan dana, Gaji"))


@pytest.mark.parametrize("place", [4], indirect=True)
async def test_an_alert_shows_who_said_no_and_the_supervisor_comes_to_help(place: Place, screens: Screens) -> None:
    page = await overview(place, screens)
    ani, _ = await place.opened("ani", 1), await place.opened("budi", 2)
    ticket = (await place.guest().takes("C"))["ticket"]
    row = page.locator(".alert-row")
    await expect(row).to_contain_text("C001", timeout=FALLS_DUE)
    await expect(row).to_contain_text("Menunggu jawaban petugas")
    assert (await ani.post(f"{ani.api}/escalations/e-{ticket['id']}/decline")).status_code == 200
    await expect(row).to_contain_text(f"Tidak bisa: {ani.name}")
    await (await ready(row.get_by_role("button", name="Terima"))).click()
    await expect(page.locator(".notice")).to_have_text("Anda menerima C001, loket 5 terbuka untuk Anda. Panggil dari Konsol loket.")
    await expect(row).to_contain_text(re.compile(r"Diterima sari-\S+ di loket 5, dipanggil sebelum \d\d\.\d\d"))
    await page.get_by_role("link", name="Konsol loket").click()
    await expect(page.locator(".tab")).to_have_text("Loket 5")


@pytest.mark.parametrize("place", [4], indirect=True)
async def test_the_supervisor_hears_the_third_call(place: Place, screens: Screens) -> None:
    page = await overview(place, screens, script=HEARS)
    ani = await place.opened("ani", 1)
    ticket = (await place.guest().takes("C"))["ticket"]
    await expect(page.locator(".alert-row")).to_contain_text("Menunggu jawaban petugas", timeout=FALLS_DUE)
    for call in ("Panggilan kedua", "Panggilan ketiga: Anda diminta menolong"):
        assert await heard(page) == []
        assert (await ani.post(f"{ani.api}/escalations/e-{ticket['id']}/decline")).status_code == 200
        await expect(page.locator(".alert-row")).to_contain_text(call)
    assert await heard(page) == RISING


async def test_the_supervisor_too_sees_whether_the_alarm_would_be_heard(place: Place, screens: Screens) -> None:
    page = await overview(place, screens, script=MUTE)
    await page.get_by_role("button", name="Aktifkan suara").click()
    await expect(page.locator(".topbar")).to_contain_text("Suara aktif")


async def test_nothing_is_pressed_while_the_connection_is_lost(place: Place, screens: Screens) -> None:
    screens.refusals = True
    page = await overview(place, screens)
    await place.opened("ani", 1)
    take = page.locator(".counter").nth(0).get_by_role("button", name="Ambil alih")
    await ready(take)
    await page.context.set_offline(True)
    await expect(page.locator(".connection")).to_contain_text("Sambungan terputus.")
    await expect(take).to_have_attribute("aria-disabled", "true")
    for _ in range(2):
        await take.click(force=True)
    assert screens.watch.posts("/open") == []
    await page.context.set_offline(False)
    await ready(take)
