"""Working at the officer's console as an officer does, with the mouse or with the keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.browser.screens import CONSOLE, Screens
from tests.browser.town import Guest, Place

KEYS = {"Panggil ulang": "r", "Lewati": "l", "Tunda": "t", "Alihkan": "a", "Istirahat": "i"}


async def ready(button: Locator) -> Locator:
    """The button, once a press on it counts: connected, answered, and rested from the press before."""
    await expect(button).to_have_attribute("aria-disabled", "false")
    return button


@dataclass
class Console:
    """One officer's page. `keys`: works without a mouse."""

    page: Page
    officer: Guest
    keys: bool = False

    @property
    def main(self) -> Locator:
        """The one next right action."""
        return self.page.locator("#main")

    def button(self, name: str) -> Locator:
        """The button that says this, and no more than its key beside it."""
        key = KEYS.get(name)
        return self.page.get_by_role("button", name=f"{name} {key.upper()}" if key else name, exact=True)

    async def goes_on(self, label: str) -> None:
        """Presses the big button, which must say this."""
        await expect(self.main.locator("span")).to_have_text(label)
        await ready(self.main)
        await (self.page.keyboard.press("Enter") if self.keys else self.main.click())

    async def presses(self, name: str) -> None:
        """Presses a smaller button, or its key."""
        button = await ready(self.button(name))
        await (self.page.keyboard.press(KEYS[name]) if self.keys else button.click())

    async def chooses(self, key: str, option: str) -> None:
        """In the panel that is open."""
        button = await ready(self.page.locator(".panel").get_by_role("button", name=option))
        await (self.page.keyboard.press(key) if self.keys else button.click())

    async def shows(self, state: str, number: str | None = None) -> None:
        """Waits until the visitor's part says so: free, called, serving or paused."""
        await expect(self.page.locator(".visitor")).to_have_attribute("data-state", state)
        if number:
            await expect(self.page.locator(".visitor-number")).to_have_text(number)

    async def told(self, notice: str) -> None:
        await expect(self.page.locator(".notice")).to_have_text(notice)


async def console(
    place: Place, screens: Screens, counter: int = 2, keys: bool = False, name: str = "ani", size: tuple[int, int] = CONSOLE, **device: Any
) -> Console:
    """The page of an officer who holds this counter, live."""
    officer = await place.opened(name, counter)
    page = await screens.open("/officer", size, staff=officer, **device)
    await expect(page.locator(".tab")).to_have_count(1)
    return Console(page, officer, keys)
