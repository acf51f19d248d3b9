"""A ticket's life on its visitor's phone: the countdown, the call, the promise that falls due, giving it back, and bad networks."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.screens import FEELS, PHONE, Screens, scrolls
from tests.browser.town import Place, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


async def phone_of(place: Place, screens: Screens, service: str = "A", script: str = "") -> tuple[Page, str]:
    """A phone with a ticket just taken, and the secret."""
    taken = await place.guest().takes(service)
    page = await screens.open(f"/t#{taken['secret']}", PHONE, script=script)
    await expect(page.locator("#number")).to_have_text(taken["ticket"]["number"])
    return page, str(taken["secret"])


async def test_people_ahead_grow_fewer_as_others_are_called_and_the_next_one_feels_it(place: Place, screens: Screens) -> None:
    ani, visitor = await place.opened("ani", 1), place.guest()
    for _ in range(2):
        await visitor.takes("A")
    page, _ = await phone_of(place, screens, script=FEELS)
    await page.locator("#number").tap()  # an untouched phone may not vibrate
    headline = page.locator("#headline")
    await expect(headline).to_have_text("2 orang di depan Anda")
    await ani.serves(1)
    await expect(headline).to_have_text("1 orang di depan Anda")
    await ani.serves(1)
    await expect(headline).to_have_text("Anda yang berikutnya")
    assert await page.evaluate("felt") == [[200]]


async def test_a_called_visitor_is_told_where_to_go_until_the_visit_is_over(place: Place, screens: Screens) -> None:
    ani = await place.opened("ani", 1)
    page, _ = await phone_of(place, screens, script=FEELS)
    await page.locator("#number").tap()  # an untouched phone may not vibrate
    await ani.does(1, "call-next")
    await expect(page.locator("#headline")).to_have_text(re.compile(r"Silakan ke Loket\s1"))
    await expect(page.locator("body")).to_have_attribute("data-stage", "called")
    await expect(page.locator("#service")).to_have_text("Giliran Anda")
    await expect(page.locator("#told")).to_have_attribute("aria-live", "assertive")
    await expect(page).to_have_title(re.compile(r"Loket\s1 · A001"))
    assert await page.evaluate("felt[0].length") == 5
    assert (await scrolls(page))["right"] == 0
    await expect(page.get_by_role("button", name="Saya segera ke sana")).to_be_in_viewport(ratio=1)
    await page.get_by_role("button", name="Saya segera ke sana").tap()
    await expect(page.get_by_role("button", name="Saya segera ke sana")).to_be_hidden()
    await ani.does(1, "serve")
    await expect(page.locator("#headline")).to_have_text(re.compile(r"sedang dilayani di Loket\s1"))
    await ani.does(1, "finish")
    await expect(page.locator("#headline")).to_have_text("Terima kasih")
    await expect(page.locator("#sentence")).to_have_text("Anda menunggu 1 menit, lebih cepat 44 menit dari janji. Sampai jumpa.")
    await expect(page.get_by_role("link", name="Ambil nomor lain")).to_be_visible()


@pytest.mark.parametrize("place", [4], indirect=True)
async def test_who_waits_too_long_is_told_that_an_officer_is_called_then_comes_then_calls(place: Place, screens: Screens) -> None:
    eko = await place.staff("eko")
    taken = await place.guest().takes("A")
    page = await screens.open(f"/t#{taken['secret']}", PHONE, script=FEELS)
    await page.locator("#number").tap()
    headline, sentence = page.locator("#headline"), page.locator("#sentence")
    await expect(headline).to_have_text("Petugas tambahan dipanggil untuk Anda")
    await expect(sentence).to_contain_text("Mohon maaf")
    await expect(page.locator("#ring-above")).to_have_text("lewat")
    await expect(page.locator("body")).to_have_attribute("data-stage", "overdue")
    assert [300, 150, 300] in await page.evaluate("felt")
    assert (await eko.accepts(taken, counter=5)).status_code == 200
    await expect(headline).to_have_text("Petugas tambahan disiapkan untuk Anda")
    await expect(sentence).to_have_text(re.compile(r"Loket\s5 dibuka untuk Anda; nomor Anda segera dipanggil"))
    await eko.does(5, "call-next")
    await expect(headline).to_have_text(re.compile(r"Silakan ke Loket\s5"))
    await eko.does(5, "serve")
    await eko.does(5, "finish")
    await expect(headline).to_have_text("Terima kasih")
    await expect(sentence).to_contain_text("Kami mohon maaf")


async def test_a_number_is_given_back_only_after_a_second_yes(place: Place, screens: Screens) -> None:
    page, _ = await phone_of(place, screens)
    await page.get_by_role("button", name="Batalkan").tap()
    await expect(page.get_by_role("dialog", name="Batalkan nomor A001?")).to_be_visible()
    await page.get_by_role("button", name="Tidak, tetap menunggu").tap()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.get_by_role("button", name="Batalkan").tap()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    assert screens.watch.posts("/cancel") == []
    await page.get_by_role("button", name="Batalkan").tap()
    await page.get_by_role("button", name="Ya, batalkan").tap()
    await expect(page.locator("#headline")).to_have_text("Nomor dibatalkan")
    assert (await place.guest().board())["tickets"] == []
    await page.reload()
    await expect(page.locator("#headline")).to_have_text("Nomor dibatalkan")
    await expect(page.get_by_role("button", name="Batalkan")).to_be_hidden()


async def test_a_reload_shows_the_same_ticket_in_the_state_it_has_now(place: Place, screens: Screens) -> None:
    ani = await place.opened("ani", 1)
    page, _ = await phone_of(place, screens, script=FEELS)
    await page.reload()
    await expect(page.locator("#headline")).to_have_text("Anda yang berikutnya")
    await expect(page.locator("#ring-value")).to_have_text("45")
    await page.goto("about:blank")
    await ani.does(1, "call-next")
    await page.go_back()
    await expect(page.locator("#headline")).to_have_text(re.compile(r"Silakan ke Loket\s1"))


async def test_airplane_mode_is_said_and_what_happened_meanwhile_is_shown_after_it(place: Place, screens: Screens) -> None:
    screens.refusals = True
    ani = await place.opened("ani", 1)
    page, _ = await phone_of(place, screens)
    await expect(page.locator("#sound")).to_be_visible()
    await page.context.set_offline(True)
    await expect(page.locator(".connection")).to_contain_text(re.compile(r"Sambungan terputus\. Data dari \d+ detik lalu"))
    await expect(page.locator("#ring-value")).to_have_text("45")
    await ani.does(1, "call-next")
    await expect(page.locator("#headline")).to_have_text("Anda yang berikutnya")
    await page.context.set_offline(False)
    await expect(page.locator("#headline")).to_have_text(re.compile(r"Silakan ke Loket\s1"))
    await expect(page.locator(".connection")).to_be_hidden()


@pytest.mark.parametrize("link", ["", "#", "#nonsense", "#{office}.20261124-00001.{forged}", "#nirgendwo.20261124-00001.{forged}"])
async def test_a_wrong_link_says_so_and_leads_to_a_new_number(place: Place, screens: Screens, link: str) -> None:
    screens.refusals = True
    page = await screens.open(f"/t{link.format(office=place.office, forged='A' * 43)}", PHONE)
    await expect(page.locator("#notice-title")).to_have_text("Tautan ini tidak berlaku")
    await expect(page.locator("#ticket")).to_be_hidden()
    await page.get_by_role("link", name="Ambil nomor").click()
    await expect(page).to_have_url(f"{place.url}/")


async def test_the_secret_of_a_ticket_is_in_no_address_no_referer_no_title_and_no_line_of_the_server(
    board: Town, place: Place, screens: Screens
) -> None:
    page = await screens.open(f"/{place.office}", PHONE)
    await page.get_by_role("button", name="Gaji").tap()
    await page.get_by_role("button", name="Ambil nomor").tap()
    await expect(page.locator("#number")).to_have_text("B001")
    secret = (await page.evaluate("location.hash")).removeprefix("#")
    assert re.fullmatch(rf"{place.office}\.\d{{8}}-\d{{5}}\.[\w-]{{43}}", secret)
    titles = [await page.title()]
    await page.reload()
    await expect(page.locator("#headline")).to_have_text("Anda yang berikutnya")
    titles.append(await page.title())
    await page.get_by_role("link", name="KPPN Tanjung Selor").click()
    await page.get_by_role("link", name=re.compile("B001")).click()
    await expect(page.locator("#number")).to_have_text("B001")
    await page.get_by_role("button", name="Batalkan").tap()
    await page.get_by_role("button", name="Ya, batalkan").tap()
    await expect(page.locator("#headline")).to_have_text("Nomor dibatalkan")
    titles.append(await page.title())
    key = secret.split(".")[2]
    bearers = 0
    for request in screens.watch.requests:
        headers = await request.all_headers()
        assert key not in request.url.partition("#")[0]
        assert not headers.get("referer")
        assert key not in (request.post_data or "")
        bearers += key in headers.pop("authorization", "")
        assert key not in str(headers)
    assert bearers >= 2
    assert all(key not in socket for socket in screens.watch.sockets)
    assert all(key not in title for title in titles)
    assert all(key not in line for line in board.process.said)
