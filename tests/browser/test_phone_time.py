"""The countdown is the server's, on phones whose clocks are wrong, jump, or stood still while the phone slept."""

from __future__ import annotations

import re
import time

import pytest
from playwright.async_api import Page, expect

from tests.browser.screens import PHONE, Screens
from tests.browser.town import Place

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]
# `wrong` (ms) is added to whatever the phone's own clock says.
CLOCK = """
const Real = Date;
globalThis.wrong = {} * 3600_000;
globalThis.Date = class extends Real {{
  constructor(...given) {{ given.length ? super(...given) : super(Real.now() + wrong); }}
  static now() {{ return Real.now() + wrong; }}
}};
"""


async def phone_of(place: Place, screens: Screens, hours: float) -> Page:
    """A phone so many hours wrong that counts the seconds of a ticket just taken, its live stream running."""
    taken = await place.guest().takes("A")
    page = await screens.open(f"/t#{taken['secret']}", PHONE, script=CLOCK.format(hours))
    await expect(page.locator("#ring-below")).to_have_text("detik tersisa")
    await expect(page.locator("#sound")).to_be_visible()
    return page


async def counts_right(page: Page, place: Place) -> None:
    """The ring shows the seconds that are left by the server's clock, to the second: what the server says lies between what was shown
    just before it was asked and just after."""
    ring = page.locator("#ring-value")
    shown = await ring.inner_text()
    await expect(ring).not_to_have_text(shown)
    before = int(await ring.inner_text())
    board = await place.guest().board()
    left = (board["tickets"][0]["deadline"] - board["now"]) / 1000
    after = int(await ring.inner_text())
    assert after - 1.5 <= left <= before + 0.5


@pytest.mark.parametrize("place", [60], indirect=True)
@pytest.mark.parametrize("hours", [1, -1])
async def test_the_countdown_is_right_within_a_second_on_a_phone_whose_clock_is_an_hour_wrong(
    place: Place, screens: Screens, hours: int
) -> None:
    page = await phone_of(place, screens, hours)
    assert await page.evaluate("Date.now() / 1000") == pytest.approx(time.time() + hours * 3600, abs=5)
    await counts_right(page, place)


@pytest.mark.parametrize("place", [60], indirect=True)
@pytest.mark.parametrize("hours", [1, -1])
async def test_a_phone_whose_clock_is_set_while_it_counts_asks_the_server_and_counts_right(
    place: Place, screens: Screens, hours: int
) -> None:
    page = await phone_of(place, screens, 0)
    if hours > 0:
        async with page.expect_event("websocket"):
            await page.evaluate(f"wrong = {hours} * 3600_000")
    else:  # it is not even noticed
        await page.evaluate(f"wrong = {hours} * 3600_000")
    await expect(page.locator("#ring-below")).to_have_text("detik tersisa")
    await counts_right(page, place)
    await expect(page.locator("body")).to_have_attribute("data-stage", "waiting")
    assert len(screens.watch.sockets) == (2 if hours > 0 else 1)


async def test_a_phone_that_slept_through_its_call_shows_it_when_it_wakes(place: Place, screens: Screens) -> None:
    ani = await place.opened("ani", 1)
    taken = await place.guest().takes("A")
    page = await screens.open(f"/t#{taken['secret']}", PHONE)
    await expect(page.locator("#sound")).to_be_visible()
    device = await page.context.new_cdp_session(page)
    await device.send("Page.setWebLifecycleState", {"state": "frozen"})
    await page.context.set_offline(True)
    await ani.does(1, "call-next")
    await page.context.set_offline(False)
    await device.send("Page.setWebLifecycleState", {"state": "active"})
    await expect(page.locator("#headline")).to_have_text(re.compile(r"Silakan ke Loket\s1"))
    await expect(page.locator(".connection")).to_be_hidden()
