"""Pages in a real Chromium, under watch: what they ask for, what they complain of, and what can be measured on them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Route, WebError, WebSocket

from server.auth import COOKIE
from tests.browser.town import Guest

TV, SMALL_TV, KIOSK, CONSOLE, PHONE = (1920, 1080), (1366, 768), (1280, 800), (1366, 768), (360, 740)
VIOLATED = """addEventListener("securitypolicyviolation", (e) => kayanViolated(`${e.effectiveDirective}: ${e.blockedURI}`));"""
LANGUAGE = """try {{ localStorage.getItem("kayan.language") ?? localStorage.setItem("kayan.language", "{}"); }} catch {{}}"""
# A phone that tells what it felt, also before its first touch, when Chromium would refuse and complain.
FEELS = "globalThis.felt = []; navigator.vibrate = (pattern) => felt.push(pattern) > 0;"
# What Chromium itself writes when an answer is not 2xx or the network is away; the page need not be at fault.
NETWORK = re.compile(r"^(Failed to load resource|WebSocket connection to)")
SCROLLS = """() => {
  const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.scrollingElement;
  return { right: scrollWidth - clientWidth, down: scrollHeight - clientHeight };
}"""


class Watch:
    """Everything that the pages of a test asked for and complained of."""

    def __init__(self, home: str) -> None:
        self.home = urlsplit(home).netloc
        self.requests: list[Request] = []
        self.sockets: list[str] = []
        self.streams: list[WebSocket] = []
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self.network: list[str] = []

    async def attend(self, context: BrowserContext) -> None:
        """From now on."""
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", self._threw)
        context.on("page", lambda page: page.on("websocket", self._connected))
        await context.expose_binding("kayanViolated", lambda _source, what: self.complaints.append(f"CSP: {what}"))
        await context.add_init_script(VIOLATED)

    def _asked(self, request: Request) -> None:
        self.requests.append(request)
        self._goes_to(request.url)

    def _connected(self, socket: WebSocket) -> None:
        self.sockets.append(socket.url)
        self.streams.append(socket)
        self._goes_to(socket.url)

    def _goes_to(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in ("data", "blob", "about") and address.netloc != self.home:
            self.foreign.append(url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            (self.network if NETWORK.match(message.text) else self.complaints).append(f"{message.type}: {message.text}")

    def _threw(self, error: WebError) -> None:
        self.complaints.append(f"thrown: {error.error}")

    def posts(self, ending: str) -> list[Request]:
        """The POSTs to addresses that end so."""
        return [r for r in self.requests if r.method == "POST" and urlsplit(r.url).path.endswith(ending)]


class Screens:
    """The pages of one test. `refusals`: whether the test itself makes the network or the server say no."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url = browser, url
        self.watch = Watch(url)
        self.refusals = False
        self.contexts: list[BrowserContext] = []

    async def device(
        self,
        size: tuple[int, int],
        staff: Guest | None = None,
        language: str = "id",
        dark: bool = False,
        script: str = "",
        moving: bool = False,
        timed: bool = False,
        scale: float = 1,
    ) -> BrowserContext:
        """A browser of its own: signed in as `staff`, `script` runs before each page, `moving` where motion is liked, `timed` when the
        test wants to stop its time or put it on, `scale`: how many dots the screen has to a px."""
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale="id-ID",
            color_scheme="dark" if dark else "light",
            reduced_motion="no-preference" if moving else "reduce",
            has_touch=size == PHONE,
            device_scale_factor=scale,
        )
        self.contexts.append(context)
        await self.watch.attend(context)
        await context.add_init_script(LANGUAGE.format(language) + script)
        if timed:
            await context.clock.install()
        if staff:
            await context.add_cookies([{"name": COOKIE, "value": staff.token, "url": self.url}])
        return context

    async def open(self, path: str, size: tuple[int, int] = CONSOLE, **device: Any) -> Page:
        """A page on a device of its own (see `device`)."""
        context = await self.device(size, **device)
        page = await context.new_page()
        await page.goto(f"{self.url}{path}")
        return page

    async def away(self) -> list[str]:
        """Closes all; what was wrong with any of them."""
        for context in self.contexts:
            await context.close()
        foreign = [f"asks another host: {url}" for url in self.watch.foreign]
        return foreign + self.watch.complaints + ([] if self.refusals else self.watch.network)


@dataclass
class Held:
    """Requests that have left the page and not arrived."""

    routes: list[Route] = field(default_factory=list)
    gone: bool = False

    @property
    def requests(self) -> list[Request]:
        return [route.request for route in self.routes]

    async def go(self) -> None:
        """They arrive now, and so does what comes after them."""
        self.gone = True
        routes, self.routes = self.routes, []
        for route in routes:
            await route.continue_()


async def hold(page: Page, pattern: str, method: str = "POST") -> Held:
    """From now on requests to addresses of this pattern do not arrive."""
    held = Held()

    async def keep(route: Route) -> None:
        if route.request.method == method and not held.gone:
            held.routes.append(route)
        else:
            await route.continue_()

    await page.route(pattern, keep)
    return held


async def stops(page: Page) -> None:
    """From now on the time of this page (of a `timed` device) goes on only by `page.clock.run_for`; frames still come."""
    await page.clock.pause_at(await page.evaluate("Date.now() / 1000 + 2"))


async def scrolls(page: Page) -> dict[str, int]:
    """By how many px the page could be scrolled to the right and down."""
    return dict(await page.evaluate(SCROLLS))


SHORT_OF = """([least, but]) => {
  const seen = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest(`script, style, .visually-hidden, ${but || "nothing"}`)) continue;
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const px = parseFloat(getComputedStyle(element).fontSize);
    if (px < least) seen.push(`${px} ${node.data.trim()}`);
  }
  return seen;
}"""


async def letters_under(page: Page, px: float, but: str = "") -> list[str]:
    """Visible words smaller than this, except those within `but` (a selector)."""
    return list(await page.evaluate(SHORT_OF, [px, but]))


HIDDEN_PARTS = """() => {
  const seen = [];
  for (const element of document.body.querySelectorAll("*")) {
    const slack = parseFloat(getComputedStyle(element).fontSize) / 5; // a line's box is taller than its letters
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".visually-hidden, svg, script")) continue;
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own) continue;
    const range = document.createRange();
    range.selectNodeContents(element);
    const { left, top, right, bottom } = range.getBoundingClientRect();
    const words = element.textContent.trim();
    if (left < -1 || top < -slack || right > innerWidth + 1 || bottom > innerHeight + slack) seen.push(`outside: ${words}`);
    for (let box = element; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      const frame = box.getBoundingClientRect();
      if (style.overflowX !== "visible" && (left < frame.left - 1 || right > frame.right + 1)) seen.push(`cut: ${words}`);
      if (style.overflowY === "hidden" && (top < frame.top - slack || bottom > frame.bottom + slack)) seen.push(`cut: ${words}`);
    }
  }
  return seen;
}"""


async def words_cut_off(page: Page) -> list[str]:
    """Words that do not lie wholly on the screen, or that a box around them hides in part."""
    return list(await page.evaluate(HIDDEN_PARTS))


def paths(requests: Sequence[Request]) -> list[str]:
    """Their paths with the query."""
    return [re.sub(r"^\w+://[^/]+", "", request.url) for request in requests]


async def picture(page: Page, file: Path) -> Path:
    """What a camera in front of the screen sees."""
    await page.screenshot(path=file)
    return file
