"""The administrator's stickers: places that are named, printed, moved and retired, and the scan that a phone tells."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser.accessible import barriers
from tests.browser.qr import decoded
from tests.browser.screens import CONSOLE, PHONE, Screens, scrolls
from tests.browser.town import Guest, Place, Town, board_of, office_file
from tests.house import hire
from tests.printed import pictures, public_address

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
OFFICES = [f"kantor-{n}" for n in range(5)]


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Offices that nobody has put a sticker up in, with an address for stickers."""
    folder = tmp_path_factory.mktemp("stickers")
    files = folder / "offices"
    files.mkdir()
    for name in OFFICES:
        (files / f"{name}.toml").write_text(office_file(name, name=f'name = "KPPN {name}"'), "utf-8")
    with board_of(files, folder / "data", **public_address()) as running:
        running.fresh = {0: list(OFFICES)}
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def wira(board: Town) -> AsyncIterator[Guest]:
    """The administrator."""
    await hire(board.store, {"wira": "administrator"})
    wira = Guest(board.url, OFFICES[0], "wira")
    await wira.logs_in("wira")
    yield wira
    await wira.close()


@pytest_asyncio.fixture(loop_scope="module")
async def place(board: Town) -> AsyncIterator[Place]:
    place = Place(board.url, board.store, board.fresh[0].pop())
    yield place
    await place.empties()


class Stickers:
    """The section of one office on the administrator's page."""

    def __init__(self, page: Page, office: str) -> None:
        self.page = page
        self.at = page.get_by_role("region", name=f"KPPN {office}").filter(has=page.locator(".head"))
        self.notice = self.at.locator(".notice")

    def row(self, name: str) -> Locator:
        """The place of this name."""
        return self.at.locator(".place", has_text=name)

    async def add(self, name: str) -> None:
        """By keyboard alone."""
        await self.at.get_by_role("button", name="Tambah tempat").press("Enter")
        await self.page.keyboard.type(name)
        await self.page.keyboard.press("Enter")


async def opened(screens: Screens, wira: Guest, place: Place, size: tuple[int, int] = CONSOLE, language: str = "id") -> Stickers:
    page = await screens.open("/admin", size, staff=wira, language=language)
    stickers = Stickers(page, place.office)
    await expect(stickers.at).to_be_visible()
    return stickers


async def test_places_are_named_and_their_sheet_is_downloaded(wira: Guest, place: Place, screens: Screens, tmp_path: Path) -> None:
    stickers = await opened(screens, wira, place)
    await expect(stickers.at).to_contain_text("Belum ada tempat")
    for name in ("Ruang tunggu, pintu", "Kantin Bu O'Brien"):
        await stickers.add(name)
        await expect(stickers.notice).to_have_text(f"Tempat {name} ditambahkan.")
    await expect(stickers.row("Kantin")).to_contain_text("belum pernah dipindai")
    await stickers.at.get_by_label("Ukuran").select_option("A4, 2 stiker besar")
    async with stickers.page.expect_download() as download:
        await stickers.at.get_by_role("link", name="Unduh PDF (2 tempat)").click()
    found = await download.value
    assert found.suggested_filename == f"kayan-{place.office}-2.pdf"
    await found.save_as(tmp_path / "found.pdf")
    [page] = pictures((tmp_path / "found.pdf").read_bytes(), tmp_path, 110)
    assert len(set(decoded(page))) == 2


async def test_only_what_is_chosen_is_printed_and_nothing_is_no_sheet(wira: Guest, place: Place, screens: Screens) -> None:
    stickers = await opened(screens, wira, place)
    for name in ("Pintu", "Meja"):
        await stickers.add(name)
        await expect(stickers.row(name)).to_be_visible()
    await stickers.at.get_by_role("checkbox", name="Cetak Pintu").uncheck()
    link = stickers.at.get_by_role("link", name="Unduh PDF (1 tempat)")
    assert str(await link.get_attribute("href")).count("place=") == 1
    await stickers.at.get_by_role("checkbox", name="Cetak Meja").uncheck()
    await expect(stickers.at.get_by_role("link", name="Unduh PDF (0 tempat)")).to_be_disabled()


async def test_a_place_moves_and_retires_without_a_new_sticker(wira: Guest, place: Place, screens: Screens) -> None:
    stickers = await opened(screens, wira, place)
    await stickers.add("Pintu")
    await stickers.row("Pintu").get_by_role("button", name="Ganti nama").click()
    await stickers.page.keyboard.type("Meja resepsionis")
    await stickers.page.keyboard.press("Enter")
    await expect(stickers.notice).to_have_text("Sekarang bernama Meja resepsionis. Stikernya tidak perlu dicetak ulang.")
    row = stickers.row("Meja resepsionis")
    await row.get_by_role("button", name="Nonaktifkan").click()
    await expect(row).not_to_contain_text("dinonaktifkan")
    await row.get_by_role("button", name="Tekan lagi").click()
    await expect(row).to_contain_text("dinonaktifkan")
    await expect(stickers.at.locator(".printing")).to_have_count(0)
    await row.get_by_role("button", name="Aktifkan").click()
    await expect(stickers.notice).to_have_text("Meja resepsionis aktif kembali.")


async def test_a_phone_that_scans_a_sticker_opens_the_office_and_is_counted_once(wira: Guest, place: Place, screens: Screens) -> None:
    stickers = await opened(screens, wira, place)
    await stickers.add("Pintu")
    await expect(stickers.row("Pintu")).to_be_visible()
    api = f"/api/v1/offices/{place.office}/places"
    [known] = (await wira.http.get(api)).json()["places"]
    phone = await screens.open(f"/{place.office}?s={known['code']}", PHONE)
    await expect(phone.locator("#take")).to_be_visible()
    await phone.wait_for_url(f"**/{place.office}")
    await phone.reload()
    await expect(phone.locator("#take")).to_be_visible()
    assert len(screens.watch.posts("/scans")) == 1
    await stickers.page.reload()
    await expect(stickers.row("Pintu")).to_contain_text("hari ini 1 · 30 hari 1 · terakhir")


async def test_a_name_that_cannot_be_printed_is_refused_in_words(wira: Guest, place: Place, screens: Screens) -> None:
    screens.refusals = True
    stickers = await opened(screens, wira, place)
    await stickers.add("Pintu \U0001f600")
    await expect(stickers.notice).to_have_text("Nama tempat memuat karakter yang tidak dapat dicetak (U+1F600).")
    await expect(stickers.at.locator(".place")).to_have_count(0)
    for size in (PHONE, CONSOLE):
        for language in ("id", "en"):
            seen = await opened(screens, wira, place, size, language)
            await seen.at.get_by_role("button").first.click()
            assert await barriers(seen.page) == []
            assert (await scrolls(seen.page))["right"] == 0
