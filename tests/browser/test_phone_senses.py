"""What a phone feels, rings and looks like: after a touch only, by day and by night, still where motion is not wanted, and for all eyes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.accessible import barriers
from tests.browser.screens import PHONE, Screens
from tests.browser.town import Guest, Place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
SENSES = """
globalThis.felt = [];
navigator.vibrate = (pattern) => felt.push(pattern) > 0;
globalThis.rung = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { rung += 1; return start.apply(this, when); };
"""
LUMINANCE = """() => {
  const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);
  return (r + g + b) / 3;
}"""
MOVES = "() => document.getAnimations().filter((a) => a.effect.getComputedTiming().duration > 1).map((a) => a.animationName)"


async def waiting(place: Place, screens: Screens, **device: Any) -> tuple[Page, Guest]:
    """A phone that waits, and the officer of counter 1."""
    ani = await place.opened("ani", 1)
    taken = await place.guest().takes("A")
    page = await screens.open(f"/t#{taken['secret']}", PHONE, **device)
    await expect(page.locator("#sound")).to_be_visible()
    return page, ani


async def test_a_phone_that_nobody_has_touched_tries_neither_to_vibrate_nor_to_ring(place: Place, screens: Screens) -> None:
    page, ani = await waiting(place, screens, script=SENSES)
    await ani.does(1, "call-next")
    await expect(page.locator("#headline")).to_have_text(re.compile(r"Silakan ke Loket\s1"))
    await page.reload()
    await expect(page.locator("#headline")).to_have_text(re.compile(r"Silakan ke Loket\s1"))
    assert await page.evaluate("[felt.length, rung]") == [0, 0]


async def test_who_turned_the_sound_on_feels_and_hears_the_call_and_once_more_when_called_again(place: Place, screens: Screens) -> None:
    page, ani = await waiting(place, screens, script=SENSES)
    await page.get_by_role("button", name="Nyalakan bunyi").tap()
    sound = page.get_by_role("button", name="Bunyi menyala")
    await expect(sound).to_have_attribute("aria-pressed", "true")
    tried = await page.evaluate("rung")  # so that one knows what to listen for
    assert tried > 0
    await ani.does(1, "call-next")
    await expect(page.locator("body")).to_have_attribute("data-stage", "called")
    assert await page.evaluate("felt[0]") == [400, 150, 400, 150, 700]
    assert await page.evaluate("rung") == 2 * tried
    await page.get_by_role("button", name="Saya segera ke sana").tap()
    assert await page.evaluate("felt.at(-1)") == 0  # silence
    await ani.does(1, "recall")
    await expect(page.get_by_role("button", name="Saya segera ke sana")).to_be_visible()
    assert await page.evaluate("felt.at(-1)") == [400, 150, 400, 150, 700]
    assert await page.evaluate("rung") == 3 * tried


async def test_the_sound_can_be_turned_off_again_and_stays_off_after_a_reload(place: Place, screens: Screens) -> None:
    page, ani = await waiting(place, screens, script=SENSES)
    await page.get_by_role("button", name="Nyalakan bunyi").tap()
    await page.get_by_role("button", name="Bunyi menyala").tap()
    await expect(page.get_by_role("button", name="Nyalakan bunyi")).to_have_attribute("aria-pressed", "false")
    await page.reload()
    await expect(page.get_by_role("button", name="Nyalakan bunyi")).to_be_visible()
    await ani.does(1, "call-next")
    await expect(page.locator("body")).to_have_attribute("data-stage", "called")
    assert await page.evaluate("rung") == 0


async def test_by_night_the_phone_is_dark_and_a_call_is_gold_by_day_and_by_night(place: Place, screens: Screens) -> None:
    ani = await place.opened("ani", 1)
    taken = await place.guest().takes("A")
    day, night = [await screens.open(f"/t#{taken['secret']}", PHONE, dark=dark) for dark in (False, True)]
    for page in (day, night):
        await expect(page.locator("#sound")).to_be_visible()
    assert await day.evaluate(LUMINANCE) > 200
    assert await night.evaluate(LUMINANCE) < 60
    await ani.does(1, "call-next")
    for page in (day, night):
        await expect(page.locator("body")).to_have_css("background-color", "rgb(244, 182, 51)")


@pytest.mark.parametrize("moving", [True, False])
async def test_the_arrow_of_a_call_moves_only_where_motion_is_not_reduced(place: Place, screens: Screens, moving: bool) -> None:
    page, ani = await waiting(place, screens, moving=moving)
    await ani.does(1, "call-next")
    await expect(page.locator("#sign")).to_be_visible()
    assert ("come" in await page.evaluate(MOVES)) is moving


@pytest.mark.parametrize("dark", [False, True])
async def test_axe_finds_nothing_on_the_phone_from_taking_a_number_to_the_thanks(place: Place, screens: Screens, dark: bool) -> None:
    screens.refusals = True
    page = await screens.open(f"/{place.office}", PHONE, dark=dark)
    await expect(page.locator("#services li")).to_have_count(5)
    assert await barriers(page) == []
    await page.get_by_role("button", name="Gaji").tap()
    await page.get_by_label("Kode satker").fill("1")
    await page.get_by_role("button", name="Ambil nomor").tap()
    await expect(page.locator("#take-error")).not_to_be_empty()
    assert await barriers(page) == []
    await page.get_by_label("Kode satker").fill("")
    await page.get_by_role("button", name="Ambil nomor").tap()
    await expect(page.locator("#sound")).to_be_visible()
    assert await barriers(page) == []
    await page.get_by_role("button", name="Batalkan").tap()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await barriers(page) == []
    await page.get_by_role("button", name="Tidak, tetap menunggu").tap()
    await page.context.set_offline(True)
    await expect(page.locator(".connection")).to_contain_text("Sambungan terputus.")
    assert await barriers(page) == []
    await page.context.set_offline(False)
    await expect(page.locator(".connection")).to_be_hidden()
    ani = await place.opened("ani", 1)
    for verb, stage in (("call-next", "called"), ("serve", "serving"), ("finish", "done")):
        await ani.does(1, verb)
        await expect(page.locator("body")).to_have_attribute("data-stage", stage)
        assert await barriers(page) == []
    await page.goto(f"{place.url}/t#wrong")
    await expect(page.locator("#notice-title")).to_have_text("Tautan ini tidak berlaku")
    assert await barriers(page) == []


@pytest.mark.parametrize("place", [4], indirect=True)
@pytest.mark.parametrize("dark", [False, True])
async def test_axe_finds_nothing_on_the_phone_of_who_waits_too_long(place: Place, screens: Screens, dark: bool) -> None:
    page, _ = await waiting(place, screens, dark=dark)
    await expect(page.locator("body")).to_have_attribute("data-stage", "overdue")
    await expect(page.locator("#headline")).to_have_text("Petugas tambahan dipanggil untuk Anda")
    assert await barriers(page) == []
