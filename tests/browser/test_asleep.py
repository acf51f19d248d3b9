"""Screens that slept: a phone over night, a laptop with its lid closed, a TV whose network was gone. When they wake, the router has long
forgotten their connection, nobody has told the page, and what it shows must be right all the same."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.browser.router import Router, routed
from tests.browser.screens import CONSOLE, FEELS, PHONE, TV, Screens
from tests.browser.town import Place, Town

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
NIGHT = 8 * 3600_000  # ms
# A monotonic clock may stand still while a phone or a laptop sleeps; the clock on the wall does not.
WALL = """
const Real = Date;
let slept = 0;
globalThis.Date = class extends Real {
  constructor(...given) { given.length ? super(...given) : super(Real.now() + slept); }
  static now() { return Real.now() + slept; }
};
globalThis.sleep = (ms) => { slept += ms; };
"""


@pytest_asyncio.fixture(loop_scope="module")
async def router(board: Town) -> AsyncIterator[Router]:
    """Between the screens of a test and the board."""
    async with routed(board.url) as router:
        yield router


@pytest_asyncio.fixture(loop_scope="module")
async def screens(browser: Browser, router: Router) -> AsyncIterator[Screens]:
    """Devices behind the router."""
    screens = Screens(browser, router.url)
    yield screens
    assert await screens.away() == []


@asynccontextmanager
async def asleep(page: Page, router: Router, ms: int = NIGHT) -> AsyncIterator[None]:
    """For the block the page stands still: no timer, no frame, no event reaches it. At its end `ms` have passed on the wall, and the
    router has forgotten the page's connections."""
    session = await page.context.new_cdp_session(page)
    stands: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

    def stood(event: dict[str, Any]) -> None:
        stands.set_result(event)

    session.once("Debugger.paused", stood)
    await session.send("Debugger.enable")
    await session.send("Debugger.pause")
    where = (await stands)["callFrames"][0]["callFrameId"]
    router.forgets()
    try:
        yield
    finally:
        await session.send("Debugger.evaluateOnCallFrame", {"callFrameId": where, "expression": f"sleep({ms})"})
        await session.send("Debugger.resume")
        await session.detach()


async def seen(page: Page) -> None:
    """The phone is taken out of the pocket."""
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


async def phone_of(place: Place, screens: Screens, service: str = "A") -> tuple[Page, dict[str, Any]]:
    """A phone that lives, and its ticket."""
    taken = await place.guest().takes(service)
    page = await screens.open(f"/t#{taken['secret']}", PHONE, script=WALL)
    await expect(page.locator("#sound")).to_be_visible()  # the live stream runs
    return page, taken


async def test_a_phone_left_overnight_shows_the_call_that_came_meanwhile_as_soon_as_it_is_looked_at(
    place: Place, screens: Screens, router: Router
) -> None:
    ani, visitor = await place.opened("ani", 1), place.guest()
    await visitor.takes("A")
    page, _ = await phone_of(place, screens)
    await expect(page.locator("#headline")).to_have_text("1 orang di depan Anda")
    async with asleep(page, router):
        await ani.serves(1)
        await ani.does(1, "call-next")
    await seen(page)
    await expect(page.locator("#headline")).to_have_text(re.compile(r"Silakan ke Loket\s1"))
    await expect(page.locator(".connection")).to_be_hidden()


async def test_a_phone_left_overnight_counts_down_by_the_server_s_clock_again(place: Place, screens: Screens, router: Router) -> None:
    page, _ = await phone_of(place, screens)
    async with asleep(page, router):
        pass
    await seen(page)
    await expect(page.locator("#ring-value")).to_have_text("45")
    await expect(page.locator("#headline")).to_have_text("Anda yang berikutnya")
    await expect(page.locator("body")).to_have_attribute("data-stage", "waiting")


async def test_a_phone_whose_number_was_given_back_while_it_slept_says_so(place: Place, screens: Screens, router: Router) -> None:
    page, taken = await phone_of(place, screens)
    async with asleep(page, router):
        answer = await place.guest().post("/api/v1/ticket/cancel", {}, Authorization=f"Bearer {taken['secret']}")
        assert answer.status_code == 200, answer.text
    await seen(page)
    await expect(page.locator("#headline")).to_have_text("Nomor dibatalkan")


async def test_a_laptop_that_slept_with_the_officer_s_page_in_view_is_told_by_nobody_and_shows_who_waits_now(
    place: Place, screens: Screens, router: Router
) -> None:
    ani, visitor = await place.opened("ani", 2), place.guest()
    page = await screens.open("/officer", CONSOLE, staff=ani, script=WALL)
    await expect(page.locator(".visitor-word")).to_have_text("Belum ada yang menunggu")
    async with asleep(page, router):
        await visitor.takes("A")
    await expect(page.locator(".visitor-number")).to_have_text("A001")
    await expect(page.locator("#main")).to_have_attribute("aria-disabled", "false")
    await page.locator("#main").click()
    await expect(page.locator("body")).to_contain_text("Layani")
    assert [t["state"] for t in (await visitor.board())["tickets"]] == ["called"]


async def test_a_tv_whose_network_was_gone_says_so_and_then_shows_the_room_as_it_is(place: Place, screens: Screens, router: Router) -> None:
    screens.refusals = True
    ani, visitor = await place.opened("ani", 1), place.guest()
    page = await screens.open(f"/{place.office}/tv", TV)
    await visitor.takes("A")
    await expect(page.locator(".row .number")).to_have_text(["A001"])
    await page.context.set_offline(True)
    router.forgets()
    await expect(page.locator(".connection")).to_have_text(re.compile(r"Sambungan terputus\. Data dari \d+ detik lalu\."))
    await visitor.takes("A")
    await visitor.takes("B")
    await ani.does(1, "call-next")
    await expect(page.locator(".row .number")).to_have_text(["A001"])
    await page.context.set_offline(False)
    await expect(page.locator(".row .number")).to_have_text(["A002", "B001"])
    await expect(page.locator(".takeover .number")).to_have_text("A001")
    await expect(page.locator(".connection")).to_be_hidden()


async def test_two_tabs_of_one_phone_each_follow_their_own_number(place: Place, screens: Screens) -> None:
    ani, visitor = await place.opened("ani", 1), place.guest()
    device = await screens.device(PHONE, script=FEELS)
    tabs = [await device.new_page(), await device.new_page()]
    for tab in tabs:
        taken = await visitor.takes("A")
        await tab.goto(f"{screens.url}/t#{taken['secret']}")
        await expect(tab.locator("#number")).to_have_text(taken["ticket"]["number"])
    one, two = (tab.locator("#headline") for tab in tabs)
    await expect(two).to_have_text("1 orang di depan Anda")
    await ani.does(1, "call-next")
    await expect(one).to_have_text(re.compile(r"Silakan ke Loket\s1"))
    await expect(two).to_have_text("Anda yang berikutnya")
    await tabs[1].get_by_role("button", name="Batalkan").tap()
    await tabs[1].get_by_role("button", name="Ya, batalkan").tap()
    await expect(two).to_have_text("Nomor dibatalkan")
    for tab in tabs:
        await tab.reload()
    await expect(one).to_have_text(re.compile(r"Silakan ke Loket\s1"))
    await expect(two).to_have_text("Nomor dibatalkan")
    assert [await tab.locator("#number").inner_text() for tab in tabs] == ["A001", "A002"]
