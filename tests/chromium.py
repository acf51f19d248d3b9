"""Debian's Chromium, for tests that look at real pages."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, async_playwright

# Without the background switches Chromium asks the internet for things at every start.
ARGUMENTS = (
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser for the block."""
    found = shutil.which("chromium")
    assert found, "the tests need Chromium: apt install chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


async def opened(browser: Browser, url: str, width: int, height: int, complaints: list[str]) -> Page:
    """A page of its own context at this size; what it throws is added to `complaints`."""
    context = await browser.new_context(viewport={"width": width, "height": height}, locale="id-ID")
    page = await context.new_page()
    page.on("pageerror", lambda error: complaints.append(f"{url}: {error}"))
    await page.goto(url)
    return page
