"""The receptionist's desk: numbers with satker and priority, given by the keys alone, each once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.console import ready
from tests.browser.qr import decoded
from tests.browser.screens import CONSOLE, PHONE, Screens, hold, picture
from tests.browser.town import Guest, Place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def desk(place: Place, screens: Screens, size: tuple[int, int] = CONSOLE) -> tuple[Page, Guest]:
    """The page of the receptionist, live, and the receptionist."""
    citra = await place.staff("citra", "receptionist")
    page = await screens.open(f"/{place.office}/desk", size, staff=citra)
    await expect(page.get_by_role("button", name=re.compile("^Beri nomor"))).to_be_visible()
    await expect(page.locator(".room")).to_contain_text("Belum ada yang menunggu")
    return page, citra


async def taken(citra: Guest) -> list[dict[str, Any]]:
    """What the journal says of every number taken."""
    answer = await citra.http.get(f"{citra.api}/journal")
    assert answer.status_code == 200, answer.text
    return [event["ticket"] for event in answer.json()["events"] if event["kind"] == "ticket.taken"]


async def test_a_number_with_satker_and_priority_is_given_by_the_keys_alone(place: Place, screens: Screens, tmp_path: Path) -> None:
    page, citra = await desk(place, screens)
    await page.keyboard.type("3527010+")
    await expect(page.get_by_role("radio", name="LPJ dan rekonsiliasi")).to_be_checked()
    await expect(page.get_by_label("Kode satker")).to_have_value("527010")
    await expect(page.get_by_role("button", name="Prioritas")).to_have_attribute("aria-pressed", "true")
    await expect(page.locator(".go")).to_contain_text("Beri nomor: LPJ dan rekonsiliasi")
    await page.keyboard.press("Enter")
    given = page.locator(".given")
    await expect(given.locator(".number")).to_have_text("C001")
    await expect(given).to_contain_text(re.compile(r"Prioritas\s*Dijamin dilayani sebelum \d\d\.\d\d\s*Tidak ada orang di depan"))
    (ticket,) = await taken(citra)
    assert (ticket["service"], ticket["satker"], ticket["priority"], ticket["via"]) == ("C", "527010", True, "desk")
    (link,) = decoded(await picture(page, tmp_path / "desk.png"))
    phone = await screens.open(link.removeprefix(place.url), PHONE)
    await expect(phone.locator("#number")).to_have_text("C001")
    await expect(page.get_by_role("radio", checked=True)).to_have_count(0)  # and the next visitor is served with the same keys
    await ready_again(page, "1")
    await page.keyboard.press("Enter")
    await expect(given.locator(".number")).to_have_text("A001")


async def ready_again(page: Page, key: str) -> None:
    """Chooses a service once the desk gives numbers again."""
    await page.keyboard.press(key)
    await ready(page.locator(".go"))


async def test_a_letter_chooses_too_and_escape_begins_anew(place: Place, screens: Screens) -> None:
    page, citra = await desk(place, screens)
    await page.keyboard.press("e")
    await expect(page.get_by_role("radio", name="Konsultasi CSO")).to_be_checked()
    await page.keyboard.type("12+")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    await expect(page.get_by_label("Kode satker")).to_have_value("")
    await expect(page.get_by_role("button", name="Prioritas")).to_have_attribute("aria-pressed", "false")
    assert await taken(citra) == []


async def test_what_is_missing_is_said_and_nothing_is_given(place: Place, screens: Screens) -> None:
    page, citra = await desk(place, screens)
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice")).to_have_text("Pilih layanannya dulu.")
    await page.keyboard.type("15270")
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice")).to_have_text("Kode satker enam angka, atau kosongkan.")
    assert await taken(citra) == []
    await page.keyboard.type("10")
    await page.keyboard.press("Enter")
    await expect(page.locator(".given .number")).to_have_text("A001")


@pytest.mark.parametrize("keys", [False, True], ids=["mouse", "keys"])
async def test_a_double_click_and_a_held_enter_give_one_number(place: Place, screens: Screens, keys: bool) -> None:
    page, citra = await desk(place, screens)
    go, held = page.locator(".go"), await hold(page, "**/tickets")
    await page.keyboard.press("1")
    await ready(go)
    if keys:
        for _ in range(20):
            await page.keyboard.down("Enter")
        await page.keyboard.up("Enter")
    else:
        await go.dblclick()
    await expect(go).to_have_attribute("aria-busy", "true")  # seen before the office has answered
    await page.keyboard.press("Enter")
    await held.go()
    await expect(page.locator(".given .number")).to_have_text("A001")
    await expect(page.locator(".room .row")).to_have_count(1)
    assert len(screens.watch.posts("/tickets")) == 1
    assert len(await taken(citra)) == 1


async def test_the_room_shows_who_waits_and_who_is_called(place: Place, screens: Screens) -> None:
    page, _ = await desk(place, screens)
    ani, visitor = await place.opened("ani", 1), place.guest()
    for service in "AAD":
        await visitor.takes(service)
    await ani.serves(1)
    await ani.does(1, "call-next")
    await expect(page.locator(".calls li")).to_have_count(2)
    await expect(page.locator(".calls li").first).to_have_text(re.compile(r"A002\s*Loket 1\s*dipanggil"))
    await expect(page.locator(".calls li").last).to_have_text(re.compile(r"A001\s*Loket 1\s*selesai"))
    await expect(page.locator(".room .row .number")).to_have_text("D001")
    await expect(page.locator(".tile", has_text="Bank dan penerimaan")).to_contain_text("1 menunggu")


async def test_no_number_is_given_while_the_connection_is_lost(place: Place, screens: Screens) -> None:
    screens.refusals = True
    page, citra = await desk(place, screens)
    await page.context.set_offline(True)
    await expect(page.locator(".connection")).to_contain_text("Sambungan terputus.")
    await page.keyboard.press("1")
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice")).to_have_text("Sambungan terputus: nomor belum dapat diberikan.")
    assert await taken(citra) == []
    await page.context.set_offline(False)
    await ready(page.locator(".go"))
    await page.keyboard.press("Enter")
    await expect(page.locator(".given .number")).to_have_text("A001")


async def test_on_a_phone_the_number_just_given_comes_into_view(place: Place, screens: Screens) -> None:
    page, _ = await desk(place, screens, PHONE)
    await page.get_by_text("Gaji").tap()
    await page.get_by_role("button", name="Beri nomor: Gaji").tap()
    await expect(page.locator(".given .number")).to_have_text("B001")
    await expect(page.locator(".given .number")).to_be_in_viewport(ratio=1)
    await expect(page.locator(".given .qr")).to_be_in_viewport(ratio=1)
    await page.get_by_role("button", name="Sembunyikan").tap()
    await expect(page.locator(".given .number")).to_have_count(0)
