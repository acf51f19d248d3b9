"""One Chromium and one board a module; each test has an office and devices of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.screens import Screens
from tests.browser.town import USUAL, Place, Town, town
from tests.chromium import chromium

PATIENCE = 10_000  # ms that a page may take on a machine that does much else; no test waits that long when all is well
OFFICES = {USUAL: 20, 60: 4, 9: 3, 4: 14}  # promise in s: how many


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    expect.set_options(timeout=PATIENCE)
    async with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A running board with fresh offices."""
    with town(tmp_path_factory.mktemp("town"), OFFICES) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def place(board: Town, request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    """An office that nobody has been to. `@pytest.mark.parametrize("place", [4], indirect=True)`: its promise in seconds."""
    place = board.place(getattr(request, "param", USUAL))
    yield place
    await place.empties()


@pytest_asyncio.fixture(loop_scope="module")
async def screens(browser: Browser, board: Town) -> AsyncIterator[Screens]:
    """Devices; in the end none of their pages may have asked another host, complained, or broken the content security policy."""
    screens = Screens(browser, board.url)
    yield screens
    assert await screens.away() == []
