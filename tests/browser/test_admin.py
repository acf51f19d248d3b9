"""The administrator's page: accounts that are added, shut out and given other passwords, and the addresses of all screens."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.accessible import barriers
from tests.browser.console import console
from tests.browser.qr import decoded
from tests.browser.screens import CONSOLE, PHONE, Screens, picture, scrolls
from tests.browser.town import Guest, Place, Town, board_of, office_file
from tests.driver import PASSWORD
from tests.house import hire

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
SELOR, TARAKAN = "KPPN Tanjung Selor", "KPPN Tarakan"
NOTICE = "section[aria-labelledby=accounts-title] .notice"


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Two offices, and an administrator of both."""
    folder = tmp_path_factory.mktemp("admin")
    files = folder / "offices"
    files.mkdir()
    (files / "selor.toml").write_text(office_file("selor"), "utf-8")
    (files / "tarakan.toml").write_text(office_file("tarakan", name=f'name = "{TARAKAN}"'), "utf-8")
    with board_of(files, folder / "data") as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def wira(board: Town) -> AsyncIterator[Guest]:
    """The administrator."""
    await hire(board.store, {"wira": "administrator"})
    wira = Guest(board.url, "selor", "wira")
    await wira.logs_in("wira")
    yield wira
    await wira.close()


@pytest_asyncio.fixture(loop_scope="module")
async def place(board: Town) -> AsyncIterator[Place]:
    place = Place(board.url, board.store, "selor")
    yield place
    await place.empties()


async def accounts(screens: Screens, wira: Guest) -> Page:
    """The page, with what it lists."""
    page = await screens.open("/admin", CONSOLE, staff=wira)
    await expect(page.locator(".account", has_text="wira")).to_contain_text("(Anda)")
    return page


async def answers(place: Place, name: str, password: str) -> int:
    """The status of a log-in."""
    answer = await place.guest().post("/api/v1/session", {"name": name, "password": password})
    return answer.status_code


async def test_a_new_officer_gets_the_password_that_the_page_suggested_and_one_office(wira: Guest, place: Place, screens: Screens) -> None:
    page = await accounts(screens, wira)
    await page.get_by_role("button", name="Tambah akun").click()
    await expect(page.get_by_label("Nama akun")).to_be_focused()
    await page.keyboard.type("Rahma")
    await page.get_by_label("Peran").select_option("resepsionis")
    password = await page.get_by_role("textbox", name="Kata sandi").input_value()
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", password)
    await page.get_by_role("checkbox", name=TARAKAN).check()
    await page.get_by_role("button", name="Simpan akun").click()
    await expect(page.locator(NOTICE)).to_have_text(f"Akun rahma dibuat. Kata sandinya: {password}")
    await expect(page.locator(".account", has_text="rahma")).to_contain_text(re.compile(rf"resepsionis\s*{TARAKAN}"))
    answer = await place.guest().post("/api/v1/session", {"name": "rahma", "password": password})
    assert answer.json() == {"name": "rahma", "role": "receptionist", "offices": ["tarakan"], "office": "tarakan"}


async def test_what_cannot_be_added_is_told_and_nothing_typed_is_lost(wira: Guest, screens: Screens) -> None:
    screens.refusals = True
    page = await accounts(screens, wira)
    await page.get_by_role("button", name="Tambah akun").click()
    await page.get_by_label("Nama akun").fill("wira")
    await page.get_by_role("button", name="Simpan akun").click()
    await expect(page.locator(NOTICE)).to_contain_text("wira")
    await expect(page.get_by_label("Nama akun")).to_have_value("wira")
    await page.get_by_role("textbox", name="Kata sandi").fill("pendek")
    await page.get_by_role("button", name="Simpan akun").click()
    await expect(page.locator(NOTICE)).to_contain_text("terlalu pendek")
    assert len(screens.watch.posts("/accounts")) == 1


async def test_who_is_disabled_is_out_at_once_after_a_second_press_and_may_come_back(wira: Guest, place: Place, screens: Screens) -> None:
    screens.refusals = True
    page, at = await accounts(screens, wira), await console(place, screens, counter=1)
    await page.reload()
    row = page.locator(".account", has_text=at.officer.name)
    door = row.locator(".account-do button").last
    await door.click()
    await expect(door).to_have_text("Tekan lagi: nonaktifkan")
    assert screens.watch.posts("/disable") == []
    await door.click()
    await expect(row).to_contain_text("dinonaktifkan")
    await expect(at.page).to_have_url(re.compile("/login.*why=ended"))
    assert await answers(place, at.officer.name, PASSWORD) == 401
    await door.click()
    await expect(page.locator(NOTICE)).to_have_text(f"Akun {at.officer.name} aktif kembali.")
    assert await answers(place, at.officer.name, PASSWORD) == 201


async def test_another_password_ends_the_sessions_that_the_old_one_opened(wira: Guest, place: Place, screens: Screens) -> None:
    screens.refusals = True
    at = await console(place, screens, counter=2, name="budi")
    page = await accounts(screens, wira)
    row = page.locator(".account", has_text=at.officer.name)
    await row.get_by_role("button", name="Kata sandi baru").click()
    await expect(row.get_by_role("textbox", name="Kata sandi")).to_be_focused()
    await page.keyboard.type("sandi-baru-untuk-budi")
    await page.keyboard.press("Enter")
    await expect(page.locator(NOTICE)).to_have_text(f"Kata sandi {at.officer.name} sekarang: sandi-baru-untuk-budi")
    await expect(at.page).to_have_url(re.compile("/login.*why=ended"))
    assert await answers(place, at.officer.name, PASSWORD) == 401
    assert await answers(place, at.officer.name, "sandi-baru-untuk-budi") == 201


async def test_nobody_shuts_oneself_out(wira: Guest, screens: Screens) -> None:
    page = await accounts(screens, wira)
    own = page.locator(".account", has_text="(Anda)")
    await expect(own.get_by_role("button")).to_have_text(["Kata sandi baru"])


async def test_the_addresses_of_all_screens_are_there_and_the_code_opens_the_visitors_page(
    wira: Guest, screens: Screens, tmp_path: Path
) -> None:
    page = await accounts(screens, wira)
    for office, name in (("selor", SELOR), ("tarakan", TARAKAN)):
        part = page.get_by_role("region", name=f"Layar {name}")
        links = [await link.get_attribute("href") for link in await part.get_by_role("link").all()]
        ways = [f"/{office}/tv", f"/{office}/kiosk", f"/{office}/desk", f"/{office}", "/officer", "/supervisor"]
        assert links == [wira.url + way for way in ways]
        await part.locator(".qr").scroll_into_view_if_needed()
        assert f"{wira.url}/{office}" in decoded(await picture(page, tmp_path / f"{office}.png"))


async def test_an_administrator_of_one_office_is_told_and_can_sign_in_as_somebody_else(place: Place, screens: Screens) -> None:
    screens.refusals = True
    page = await screens.open("/admin", CONSOLE, staff=await place.staff("eka", "administrator"))
    await expect(page.get_by_role("main")).to_contain_text("tidak berwenang")
    await page.get_by_role("button", name="Masuk dengan akun lain").click()
    await expect(page).to_have_url(f"{place.url}/login")


@pytest.mark.parametrize("size", [CONSOLE, PHONE], ids=["console", "phone"])
async def test_the_page_can_be_read_and_worked_in_every_state_and_in_english(wira: Guest, screens: Screens, size: tuple[int, int]) -> None:
    page = await screens.open("/admin", size, staff=wira)

    async def can_be_used(state: str) -> None:
        assert (state, await barriers(page)) == (state, [])
        assert (state, (await scrolls(page))["right"]) == (state, 0)

    await expect(page.locator(".account", has_text="wira")).to_be_visible()
    await can_be_used("list")
    await page.get_by_role("button", name="Tambah akun").click()
    await can_be_used("adding")
    await page.get_by_role("button", name="Kata sandi baru: wira").click()
    await can_be_used("another password")
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_role("heading", name="Staff accounts")).to_be_visible()
    await can_be_used("English")


async def test_who_has_several_offices_chooses_one_before_the_counter(wira: Guest, screens: Screens) -> None:
    page = await screens.open("/officer", CONSOLE, staff=wira)
    await expect(page.get_by_role("heading", name="Pilih kantor")).to_be_visible()
    assert await barriers(page) == []
    await page.get_by_role("button", name=TARAKAN).click()
    await expect(page.locator(".topbar-place")).to_contain_text(TARAKAN)
    await expect(page.get_by_role("heading", name="Pilih loket Anda")).to_be_visible()
