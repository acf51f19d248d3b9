"""What is said where no number can be taken: the office is closed, or gives numbers at the kiosk and the desk alone."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.screens import CONSOLE, KIOSK, PHONE, TV, Screens, scrolls, words_cut_off
from tests.browser.town import Place, Town, board_of, office_file

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HARI = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
BULAN = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"]
# Neither today's nor tomorrow's, should midnight pass during the test.
OPENS = datetime.now(UTC).astimezone(ZoneInfo("Asia/Makassar")) + timedelta(days=3)
DATE = f"{HARI[OPENS.weekday()]}, {OPENS.day} {BULAN[OPENS.month - 1]} {OPENS.year}"


def open_on(day: str) -> str:
    """The office file with this day of the week alone, and no holidays."""
    text = re.sub(r"^\d{4}-\d\d-\d\d = .*$", "", office_file("tutup"), flags=re.MULTILINE)
    week = re.compile(r"^\[hours\.week\]\n(?:\w{3} = .*\n)+", re.MULTILINE)
    text, found = week.subn(f'[hours.week]\n{day} = {{ opens = "08:00", closes = "15:00" }}\n', text)
    assert found == 1
    return text


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("closed")
    (folder / "tutup.toml").write_text(open_on(DAYS[OPENS.weekday()]), "utf-8")
    with board_of(folder / "tutup.toml", folder / "data", KAYAN_ALWAYS_OPEN="false") as running:
        running.fresh = {}
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def place(board: Town) -> AsyncIterator[Place]:
    place = Place(board.url, board.store, "tutup")
    yield place
    await place.empties()


async def test_a_closed_office_says_on_the_phone_when_it_opens_and_gives_no_number(place: Place, screens: Screens) -> None:
    page = await screens.open("/tutup", PHONE)
    await expect(page.locator("#taking")).to_have_text(re.compile(rf"Kantor sedang tutup\. Buka lagi {DATE} pukul 08\.00\sWITA\."))
    await expect(page.locator("#choose")).to_be_hidden()
    await expect(page.locator("#watch")).to_be_visible()
    assert (await scrolls(page))["right"] == 0


async def test_a_closed_office_says_at_the_kiosk_when_it_opens_and_offers_nothing_to_press(place: Place, screens: Screens) -> None:
    page = await screens.open("/tutup/kiosk", KIOSK)
    await expect(page.locator("#news-text")).to_contain_text(f"Buka lagi {DATE}")
    await expect(page.locator("#services")).to_be_hidden()
    assert await scrolls(page) == {"right": 0, "down": 0}


@pytest.mark.parametrize("language", ["id", "en"])
async def test_a_closed_office_says_on_the_tv_when_it_opens(place: Place, screens: Screens, language: str) -> None:
    page = await screens.open("/tutup/tv", TV, language=language)
    await expect(page.locator(".quiet")).to_contain_text("Kantor tutup" if language == "id" else "closed")
    await expect(page.locator(".quiet")).to_contain_text(f"{OPENS.day}")
    await expect(page.locator(".quiet")).to_contain_text("08.00" if language == "id" else "08:00")
    assert await scrolls(page) == {"right": 0, "down": 0}
    assert await words_cut_off(page) == []


async def test_the_desk_of_a_closed_office_is_told_why_it_gets_no_number(place: Place, screens: Screens) -> None:
    screens.refusals = True
    page = await screens.open("/tutup/desk", CONSOLE, staff=await place.staff("citra", "receptionist"))
    await expect(page.locator(".lamp")).to_have_text("Tersambung")
    await page.keyboard.press("1")
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice")).to_contain_text(re.compile("tutup|buka", re.IGNORECASE))
    await expect(page.locator(".given")).to_contain_text("muncul di sini")


async def test_the_only_office_is_where_the_front_door_leads(place: Place, screens: Screens) -> None:
    page = await screens.open("/", PHONE)
    await expect(page).to_have_url(f"{place.url}/tutup")
