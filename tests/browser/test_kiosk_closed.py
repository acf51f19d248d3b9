"""A kiosk that gives no number at this hour: it says in words why, and when it gives one again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.browser.accessible import barriers
from tests.browser.screens import KIOSK, Screens, scrolls, words_cut_off
from tests.browser.town import Town, board_of
from tests.hours import CLOSED, NOW, OFFICES, day, file, opening

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
SAID = {
    "later": "Kantor belum buka. Nomor dapat diambil mulai pukul {at}",
    "over": "Kantor sedang tutup. Buka lagi",
    "cutoff": "Pengambilan nomor hari ini sudah ditutup. Nomor dapat diambil lagi",
    "break": "Loket sedang istirahat. Nomor dapat diambil lagi pukul {at}",
    "before-break": "Pengambilan nomor ditutup menjelang istirahat. Nomor dapat diambil lagi pukul {at}",
    "no-day": "Kantor sedang tutup. Buka lagi",
    "holiday": "Kantor sedang tutup. Buka lagi",
    "never": "Kantor sedang tutup. Jadwal buka berikutnya belum ada.",
}


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("hours")
    (folder / "offices").mkdir()
    for name, text in {**OFFICES, "soon": file("soon", day(-120, 50))}.items():
        (folder / "offices" / f"{name}.toml").write_text(text, "utf-8")
    with board_of(folder / "offices", folder / "data", KAYAN_ALWAYS_OPEN="false") as running:
        yield running


@pytest.mark.parametrize("office", CLOSED)
async def test_the_kiosk_says_why_it_gives_no_number_and_when_it_gives_one(screens: Screens, office: str) -> None:
    minutes = CLOSED[office][1]
    page = await screens.open(f"/{office}/kiosk", KIOSK)
    said = page.get_by_role("status")
    opens = opening(minutes or 0)
    await expect(said).to_contain_text(SAID[office].format(at=f"{opens:%H.%M}"))
    if minutes is not None:
        await expect(said).to_contain_text(f"{opens:%H.%M}")
        if opens.date() != NOW.date():
            await expect(said).to_contain_text(f", {opens.day} ")
    await expect(page.locator("#services")).to_be_hidden()
    await expect(page.get_by_role("heading", level=1)).not_to_contain_text("pilih layanan")
    assert await scrolls(page) == {"right": 0, "down": 0}
    assert await words_cut_off(page) == []
    assert await barriers(page) == []


async def test_a_phone_that_reads_english_is_told_the_same(screens: Screens) -> None:
    page = await screens.open("/break", KIOSK, language="en")
    await expect(page.locator("#taking")).to_contain_text(f"The counters are on a break. Numbers are given again from {opening(100):%H:%M}")


async def test_an_open_kiosk_says_until_when_once_the_end_is_near(screens: Screens) -> None:
    page = await screens.open("/soon/kiosk", KIOSK)
    await expect(page.get_by_role("status")).to_contain_text(f"Nomor dapat diambil sampai pukul {opening(20):%H.%M}")
    await expect(page.get_by_role("button", name="Gaji")).to_have_attribute("aria-disabled", "false")
