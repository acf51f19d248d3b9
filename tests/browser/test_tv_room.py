"""The TV in a full house: long names, many visitors, one to five counters, and what a new call does to the screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.accessible import barriers
from tests.browser.screens import KIOSK, PHONE, SMALL_TV, TV, Screens, letters_under, scrolls, stops, words_cut_off
from tests.browser.town import USUAL, Place, Town, board_of, office_file

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
NAME = "Kantor Pelayanan Perbendaharaan Negara Tipe A1 Tanjung Selor dan Nunukan"
LONGER = {
    "Pencairan dana": "Pengajuan surat perintah membayar dan pencairan dana",
    "LPJ dan rekonsiliasi": "Laporan pertanggungjawaban bendahara dan rekonsiliasi",
}
READ_FROM_AFAR = 56 - 0.1  # px on a 1080-line screen


def wordy(office: str) -> str:
    """The usual office with names as long as they come."""
    text = office_file(office, USUAL, name=f'name = "{NAME}"')
    for short, long in LONGER.items():
        text = text.replace(f'id = "{short}"', f'id = "{long}"')
    return text


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("room")
    (folder / "offices").mkdir()
    names = [f"panjang-{n:02}" for n in range(18)]
    for name in names:
        (folder / "offices" / f"{name}.toml").write_text(wordy(name), "utf-8")
    with board_of(folder / "offices", folder / "data") as running:
        running.fresh = {USUAL: names}
        yield running


async def calls(place: Place, *counters: int) -> list[Any]:
    """So many officers open their counters, and each calls the next visitor."""
    officers = []
    for counter in counters:
        officers.append(await place.opened(f"petugas{counter}", counter))
        await officers[-1].does(counter, "call-next")
    return officers


async def all_is_read_from_afar(page: Page, size: tuple[int, int]) -> None:
    """Nothing to scroll, nothing small, nothing cut off but the end of an office's name that is longer than the screen."""
    assert await scrolls(page) == {"right": 0, "down": 0}
    assert await letters_under(page, READ_FROM_AFAR * size[1] / 1080) == []
    assert [words for words in await words_cut_off(page) if NAME not in words] == []


@pytest.mark.parametrize("size", [TV, SMALL_TV])
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("counters", [1, 3, 5])
async def test_sixty_waiting_at_an_office_of_long_names_fit_the_tv(
    place: Place, screens: Screens, counters: int, language: str, size: tuple[int, int]
) -> None:
    visitor = place.guest()
    for n in range(60 + counters):
        await visitor.takes("ABCDE"[n % 5])
    await calls(place, *range(1, counters + 1))
    page = await screens.open(f"/{place.office}/tv", size, language=language)
    await expect(page.locator(".call .counter")).to_contain_text(f"{counters}")
    await expect(page.locator(".others .number")).to_have_count(counters - 1)
    shown = await page.locator(".row").count()
    assert shown >= 5
    await expect(page.locator(".more")).to_contain_text(f" {60 - shown} ")
    await all_is_read_from_afar(page, size)


async def test_a_new_call_has_the_left_for_eight_seconds_and_then_makes_room(place: Place, screens: Screens) -> None:
    for _ in range(3):
        await place.guest().takes("A")
    page = await screens.open(f"/{place.office}/tv", TV, timed=True)
    await expect(page.locator(".row")).to_have_count(3)
    await stops(page)
    await calls(place, 1)
    takeover = page.locator(".takeover")
    await expect(takeover).to_contain_text(re.compile(r"A001\s+Silakan menuju\s+Loket 1"))
    left, whole = await takeover.bounding_box(), await page.locator(".left").bounding_box()
    assert left == whole
    await page.clock.run_for(7_000)
    await expect(takeover).to_be_visible()
    await page.clock.run_for(2_000)
    await expect(takeover).to_have_count(0)
    await expect(page.locator(".call")).to_contain_text(re.compile(r"A001\s+Loket 1"))
    await expect(page.locator(".day")).to_be_visible()


async def test_two_calls_at_once_are_shown_one_after_the_other_and_none_is_lost(place: Place, screens: Screens) -> None:
    for _ in range(2):
        await place.guest().takes("A")
    page = await screens.open(f"/{place.office}/tv", TV, timed=True)
    await expect(page.locator(".row")).to_have_count(2)
    await stops(page)
    await calls(place, 1, 2)
    await expect(page.locator(".takeover")).to_contain_text(re.compile(r"A001\s+Silakan menuju\s+Loket 1"))
    await expect(page.locator("#spoken")).to_have_text("Nomor antrean A001, silakan menuju loket 1")
    await page.clock.run_for(5_000)
    await expect(page.locator(".takeover")).to_contain_text(re.compile(r"A002\s+Silakan menuju\s+Loket 2"))
    await expect(page.locator("#spoken")).to_have_text("Nomor antrean A002, silakan menuju loket 2")
    await page.clock.run_for(9_000)
    await expect(page.locator(".takeover")).to_have_count(0)
    await expect(page.locator(".others")).to_contain_text(re.compile(r"A001\s+Loket 1"))


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_axe_finds_nothing_on_the_tv_when_it_is_empty_calls_is_full_or_is_cut_off(place: Place, screens: Screens, theme: str) -> None:
    screens.refusals = True
    page = await screens.open(f"/{place.office}/tv?theme={theme}", TV)
    await expect(page.locator(".quiet")).to_be_visible()
    assert await barriers(page) == []
    for service in "ABCDE" * 2:
        await place.guest().takes(service)
    await calls(place, 1, 2, 3)
    await expect(page.locator(".takeover")).to_be_visible()
    assert await barriers(page) == []
    await page.reload()
    await expect(page.locator(".others .number")).to_have_count(2)
    assert await barriers(page) == []
    await page.context.set_offline(True)
    await expect(page.locator(".connection")).to_contain_text("Sambungan terputus.")
    assert await barriers(page) == []
    await all_is_read_from_afar(page, TV)


async def test_long_names_fit_the_kiosk_and_the_phone(place: Place, screens: Screens) -> None:
    for size, path in ((KIOSK, "/kiosk"), (PHONE, "")):
        page = await screens.open(f"/{place.office}{path}", size)
        await expect(page.get_by_role("button", name=LONGER["Pencairan dana"])).to_be_visible()
        assert (await scrolls(page))["right"] == 0
        assert size == PHONE or await words_cut_off(page) == []
        assert await barriers(page) == []
