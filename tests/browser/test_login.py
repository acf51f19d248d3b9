"""The way in: the first administrator's link, a log-in that is refused, slowed down or let through, and the way out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.screens import CONSOLE, Screens
from tests.browser.town import Guest, Place, Town
from tests.driver import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module")
async def citra(place: Place) -> AsyncIterator[Guest]:
    """A receptionist."""
    yield await place.staff("citra", "receptionist")


async def enters(page: Page, name: str, password: str) -> None:
    """Types both and presses Enter."""
    await page.get_by_label("Nama akun").fill(name)
    await page.get_by_label("Kata sandi", exact=True).fill(password)
    await page.keyboard.press("Enter")


async def test_the_first_administrators_link_works_once(board: Town, screens: Screens) -> None:
    screens.refusals = True
    link = f"/login#first={board.process.first_token}"
    page, late = await screens.open(link, CONSOLE), await screens.open(link, CONSOLE)
    again = page.get_by_label("Kata sandi, sekali lagi")
    await page.get_by_label("Nama akun").fill("wira")
    for first, second, said in (("pendek", "pendek", "terlalu pendek"), (PASSWORD, PASSWORD + "x", "belum sama")):
        await page.get_by_label("Kata sandi", exact=True).fill(first)
        await again.fill(second)
        await again.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text(said)
    await again.fill(PASSWORD)
    await again.press("Enter")
    await expect(page).to_have_url(f"{board.url}/admin")
    await expect(page.locator(".account")).to_contain_text("wira (Anda)")
    await late.get_by_label("Nama akun").fill("mallory")
    for label in ("Kata sandi", "Kata sandi, sekali lagi"):
        await late.get_by_label(label, exact=True).fill(PASSWORD)
    await late.keyboard.press("Enter")
    await expect(late.get_by_role("heading", name="Masuk")).to_be_visible()
    await expect(late.get_by_role("alert")).to_contain_text("tautan", ignore_case=True)
    await expect(late).to_have_url(f"{board.url}/login")


@pytest.mark.parametrize(("role", "home"), [("officer", "/officer"), ("receptionist", "/{office}/desk"), ("supervisor", "/supervisor")])
async def test_each_role_is_led_to_its_own_page(place: Place, screens: Screens, role: str, home: str) -> None:
    person = await place.staff("dewi", role)
    page = await screens.open("/login", CONSOLE)
    await expect(page.get_by_label("Nama akun")).to_be_focused()
    await page.keyboard.type(person.name)
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(place.url + home.format(office=place.office))


async def test_who_is_not_signed_in_is_asked_and_then_led_to_where_they_wanted_to_go(citra: Guest, place: Place, screens: Screens) -> None:
    screens.refusals = True
    page = await screens.open(f"/{place.office}/desk", CONSOLE)
    await expect(page.get_by_role("heading", name="Masuk")).to_be_visible()
    await expect(page.get_by_role("alert")).to_be_empty()
    await enters(page, citra.name, PASSWORD)
    await expect(page).to_have_url(f"{place.url}/{place.office}/desk")


async def test_a_wrong_password_is_told_and_only_the_password_is_typed_again(citra: Guest, place: Place, screens: Screens) -> None:
    screens.refusals = True
    page = await screens.open("/login", CONSOLE)
    await enters(page, citra.name, "bukan-kata-sandinya")
    await expect(page.get_by_role("alert")).to_have_text("Nama atau kata sandi salah.")
    await expect(page.get_by_label("Nama akun")).to_have_value(citra.name)
    await expect(page.get_by_label("Kata sandi", exact=True)).to_be_focused()
    await page.keyboard.type(PASSWORD)  # what was there is marked, and so replaced
    await page.get_by_label("Tampilkan kata sandi").check()
    await expect(page.get_by_label("Kata sandi", exact=True)).to_have_value(PASSWORD)
    await expect(page.get_by_label("Kata sandi", exact=True)).to_have_attribute("type", "text")
    await page.get_by_role("button", name="Masuk").click()
    await expect(page).to_have_url(f"{place.url}/{place.office}/desk")


async def test_who_guesses_is_slowed_down_and_told_for_how_long(citra: Guest, place: Place, screens: Screens) -> None:
    screens.refusals = True
    page = await screens.open("/login", CONSOLE)
    go = page.locator(".go")
    for n in range(5):
        await enters(page, citra.name, f"tebakan-nomor-{n}")
        await expect(page.get_by_role("alert")).to_have_text("Nama atau kata sandi salah.")
    await enters(page, citra.name, PASSWORD)
    await expect(page.get_by_role("alert")).to_have_text("Terlalu banyak percobaan. Demi keamanan, mohon tunggu sebentar.")
    await expect(go).to_have_text(re.compile(r"^\s*Coba lagi dalam 0:0[1-5]\s*$"))
    tried = len(screens.watch.posts("/session"))
    await page.keyboard.press("Enter")
    await expect(go).to_have_text(re.compile(r"^\s*Masuk\s*$"))
    await expect(page.get_by_role("alert")).to_be_empty()
    assert len(screens.watch.posts("/session")) == tried
    await enters(page, citra.name, PASSWORD)
    await expect(page).to_have_url(f"{place.url}/{place.office}/desk")


async def test_a_page_of_another_role_says_so_and_shows_the_way_to_ones_own(citra: Guest, place: Place, screens: Screens) -> None:
    page = await screens.open("/officer", CONSOLE, staff=citra)
    await expect(page.get_by_role("main")).to_contain_text(f"Akun {citra.name} (resepsionis) tidak berwenang untuk halaman ini.")
    await page.get_by_role("link", name="Ke halaman saya").click()
    await expect(page).to_have_url(f"{place.url}/{place.office}/desk")


async def test_who_signs_out_is_out_without_being_told_that_the_session_ended(citra: Guest, place: Place, screens: Screens) -> None:
    screens.refusals = True
    page = await screens.open(f"/{place.office}/desk", CONSOLE, staff=citra)
    await page.get_by_role("button", name=re.compile("^Keluar")).click()
    await expect(page).to_have_url(f"{place.url}/login")
    await expect(page.get_by_role("alert")).to_be_empty()
    assert (await citra.http.get("/api/v1/session")).status_code == 401
