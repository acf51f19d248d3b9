"""The TV in the waiting room: what stands on it, how large, and what it says when nothing reaches it any more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.qr import decoded
from tests.browser.screens import SMALL_TV, TV, Screens, letters_under, picture, scrolls, words_cut_off
from tests.browser.town import Guest, Place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


def tv(place: Place) -> str:
    return f"/{place.office}/tv"


async def test_the_tv_says_who_is_called_to_which_counter_and_who_waits(place: Place, screens: Screens) -> None:
    visitor, ani, budi = place.guest(), await place.opened("ani", 1), await place.opened("budi", 2)
    page = await screens.open(tv(place), TV)
    await expect(page.locator(".quiet")).to_contain_text("Selamat datang")
    for service in ("A", "B", "A", "D"):
        await visitor.takes(service)
    await expect(page.locator(".row .number")).to_have_text(["A001", "B001", "A002", "D001"])
    await expect(page.locator(".row .time")).to_have_text(["45 menit"] * 4)
    await ani.does(1, "call-next")
    await expect(page.locator(".takeover .number")).to_have_text("A001")
    await expect(page.locator(".takeover .counter")).to_contain_text("Loket 1")
    await expect(page.locator(".row .number")).to_have_text(["B001", "A002", "D001"])
    await budi.does(2, "call-next")
    await expect(page.locator(".takeover")).to_contain_text(re.compile(r"A002.*Loket 2", re.DOTALL))
    await expect(page.locator(".takeover")).to_have_count(0)
    await expect(page.locator(".call")).to_contain_text(re.compile(r"A002.*Loket 2", re.DOTALL))
    await expect(page.locator(".others")).to_contain_text(re.compile(r"A001.*Loket 1", re.DOTALL))


async def test_a_call_once_more_is_announced_once_more(place: Place, screens: Screens) -> None:
    ani = await place.opened("ani", 1)
    await place.guest().takes("A")
    await ani.does(1, "call-next")
    page = await screens.open(tv(place), TV)
    await expect(page.locator(".call .number")).to_have_text("A001")
    await expect(page.locator(".takeover")).to_have_count(0)
    await ani.does(1, "recall")
    await expect(page.locator(".takeover")).to_contain_text("Panggilan ulang")
    await expect(page.locator("#spoken")).to_have_text("Nomor antrean A001, silakan menuju loket 1")


@pytest.mark.parametrize("place", [9], indirect=True)
async def test_the_bar_of_who_waits_turns_from_calm_to_soon_to_overdue_and_says_that_help_is_called(place: Place, screens: Screens) -> None:
    page = await screens.open(tv(place), TV)
    await expect(page.locator(".quiet")).to_be_visible()
    await place.guest().takes("A")
    row = page.locator(".row")
    for urgency, said in (("calm", r"^\d+ detik$"), ("soon", r"^[1-3] detik$"), ("overdue", r"^lewat \d+ detik$")):
        await expect(row).to_have_attribute("data-urgency", urgency, timeout=20_000)
        await expect(row.locator(".time")).to_have_text(re.compile(said))
    await expect(row).to_contain_text("Petugas tambahan dipanggil")


async def test_a_bar_is_as_long_as_the_part_of_the_promise_that_is_left(place: Place, screens: Screens) -> None:
    taken = (await place.guest().takes("A"))["ticket"]
    page = await screens.open(tv(place), TV)
    bar = page.locator(".row .promise-bar")
    await expect(bar).to_be_visible()
    left = float(await bar.evaluate("bar => getComputedStyle(bar).getPropertyValue('--left')"))
    now = (await place.guest().board())["now"]
    assert left == pytest.approx((taken["deadline"] - now) / (taken["deadline"] - taken["taken_at"]), abs=0.002)


@pytest.mark.parametrize("place", [4], indirect=True)
async def test_the_promise_of_the_day_is_told_in_per_cent(place: Place, screens: Screens) -> None:
    visitor, ani = place.guest(), await place.opened("ani", 1)
    page = await screens.open(tv(place), TV)
    day = page.locator(".day")
    await expect(day).to_contain_text("Janji: dilayani dalam")
    for _ in range(2):
        await visitor.takes("A")
        await ani.serves(1)
    await expect(day).to_contain_text(re.compile(r"100%.*2 dari 2"))
    await visitor.takes("A")
    await expect(page.locator(".row[data-urgency=overdue]")).to_be_visible()
    await ani.serves(1)
    await expect(day).to_contain_text(re.compile(r"66%.*2 dari 3"))


async def test_a_camera_in_front_of_the_tv_reads_the_address_of_the_office(place: Place, screens: Screens, tmp_path: Path) -> None:
    for size in (TV, SMALL_TV):
        page = await screens.open(tv(place), size)
        await expect(page.locator(".scan .qr")).to_be_visible()
        assert decoded(await picture(page, tmp_path / "tv.png")) == [f"{place.url}/{place.office}"]


async def busy(place: Place) -> Guest:
    """A full waiting room: four counters call, thirteen wait. The officer of counter 4."""
    visitor = place.guest()
    for service in "ABCDE" * 3 + "AB":
        await visitor.takes(service)
    for name, counter in (("ani", 1), ("budi", 2), ("citra", 3), ("dewi", 4)):
        officer = await place.opened(name, counter)
        await officer.does(counter, "call-next")
    return officer


@pytest.mark.parametrize("size", [TV, SMALL_TV])
@pytest.mark.parametrize("language", ["id", "en"])
async def test_a_full_waiting_room_fits_on_the_tv_in_letters_that_are_read_from_six_metres(
    place: Place, screens: Screens, size: tuple[int, int], language: str
) -> None:
    px = 56 * size[1] / 1080 - 0.1
    page = await screens.open(tv(place), size, language=language)
    await expect(page.locator(".quiet")).to_be_visible()
    await all_is_seen(page, px)
    dewi = await busy(place)
    await page.reload()  # no call is announced that was before
    await expect(page.locator(".call .number")).to_be_visible()
    await expect(page.locator(".more")).to_contain_text(re.compile(r"\d"))
    await all_is_seen(page, px)
    assert await page.locator(".call .number").evaluate("n => parseFloat(getComputedStyle(n).fontSize)") >= 300 * size[1] / 1080 - 0.1
    await dewi.does(4, "recall")
    await expect(page.locator(".takeover")).to_be_visible()
    await all_is_seen(page, px)


async def all_is_seen(page: Page, px: float) -> None:
    """Nothing to scroll, nothing cut off, nothing small."""
    assert await scrolls(page) == {"right": 0, "down": 0}
    assert await words_cut_off(page) == []
    assert await letters_under(page, px) == []
