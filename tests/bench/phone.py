"""The phone's page on a slow network and a slow processor: what it weighs, and when the countdown stands, first and second time.

Chromium's own throttling, of the network and of the processor.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession

from tests.bench.offices import bench
from tests.bench.table import Table, middle
from tests.browser.screens import PHONE
from tests.chromium import chromium

OFFICE = "kantor-ponsel"
# Slow 4G is 150 ms and 1.6 Mbit/s down, 0.75 up. Chromium delays requests, not packets: the preset of its developer tools makes 562.5
# of the 150 ms, for hand-shakes that it cannot delay, and takes a tenth off the throughput. Latency in ms a request.
LATENCY = {"slow 4G, 150 ms": 150.0, "DevTools' preset, 562 ms": 562.5}
THROUGHPUT = {"offline": False, "downloadThroughput": 1.6e6 / 8 * 0.9, "uploadThroughput": 0.75e6 / 8 * 0.9}  # bytes a second
SLOWER = 4
LOADS = 3
QUIET = 3.0  # s without anything that arrives: the page has all it wants
EMPTY = b'<!doctype html><html lang="id"><meta charset="utf-8"><link rel="icon" href="data:,"><title>-</title><p id="ring-value">45</p>'
# The first frame in which the minutes can be seen, in ms since the navigation began.
SEEN = """() => new Promise((seen) => {
  const look = () => {
    const value = document.getElementById("ring-value");
    requestAnimationFrame(value?.textContent && value.checkVisibility() ? seen : look);
  };
  look();
})"""


@dataclass
class Loads:
    """What several loads gave."""

    bodies: list[float] = field(default_factory=list)  # KiB
    all_told: list[float] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def row(self, *what: str) -> tuple[str | float, ...]:
        return (*what, middle(self.bodies), middle(self.all_told), middle(self.requests), middle(self.seconds))


async def phone() -> Table:
    """The figure."""
    columns = ("network", "page", "KiB, bodies", "KiB, with heads", "requests", "countdown after, s")
    table = Table(f"The phone's page on a slow network and a processor {SLOWER} times slower", columns)
    with bench(OFFICE) as board:
        place = board.place(OFFICE)
        taken = await place.guest().takes()
        async with chromium() as browser, empty_page() as empty:
            for network, latency in LATENCY.items():
                table.rows += [loads.row(network, page) for page, loads in (await visits(browser, latency, empty, taken["url"])).items()]
        await place.empties()
    table.notes = [
        f"Aim: 60 KB compressed, 1.5 s. Medians of {LOADS} loads, by Chromium's network events until all is quiet for {QUIET:.0f} s. The",
        "countdown stands when its minutes are painted; what the empty page takes is the network's and the machine's part.",
    ]
    return table


async def visits(browser: Browser, latency: float, empty: str, url: str) -> dict[str, Loads]:
    """A phone comes twice; a fresh one each time around."""
    pages = {"an empty page": Loads(), "first load": Loads(), "second load": Loads()}
    for _ in range(LOADS):
        async with device(browser) as context:
            await load(context, empty, latency, pages["an empty page"])
        async with device(browser) as context:
            await load(context, url, latency, pages["first load"])
            await load(context, url, latency, pages["second load"])
    return pages


@asynccontextmanager
async def device(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A phone that has been nowhere yet."""
    context = await browser.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, locale="id-ID", has_touch=True)
    try:
        yield context
    finally:
        await context.close()


async def load(context: BrowserContext, url: str, latency: float, into: Loads) -> None:
    """Once, in a new tab."""
    page = await context.new_page()
    session = await context.new_cdp_session(page)
    traffic = Traffic()
    await traffic.watch(session)
    await session.send("Network.emulateNetworkConditions", {**THROUGHPUT, "latency": latency})
    await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    await page.goto(url, wait_until="commit")
    into.seconds.append(float(await page.evaluate(SEEN)) / 1000)
    await traffic.quiet()
    into.bodies.append(traffic.bodies / 1024)
    into.all_told.append(traffic.all_told / 1024)
    into.requests.append(traffic.requests)
    await page.close()


class Traffic:
    """What came over the network, in bytes, compressed: Chromium's own count."""

    def __init__(self) -> None:
        self.bodies = self.all_told = 0.0
        self.requests = 0
        self._comes = asyncio.Event()

    async def watch(self, session: CDPSession) -> None:
        session.on("Network.dataReceived", self._data)
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.webSocketFrameReceived", self._frame)
        await session.send("Network.enable")

    async def quiet(self) -> None:
        """Until nothing has come for a while."""
        with suppress(TimeoutError):
            while True:
                self._comes.clear()
                async with asyncio.timeout(QUIET):
                    await self._comes.wait()

    def _data(self, event: Mapping[str, Any]) -> None:
        self.bodies += event["encodedDataLength"]

    def _finished(self, event: Mapping[str, Any]) -> None:
        self.all_told += event["encodedDataLength"]
        self.requests += 1
        self._comes.set()

    def _frame(self, event: Mapping[str, Any]) -> None:
        size = len(event["response"]["payloadData"]) * 3 / 4  # binary frames are told in base64
        self.bodies += size
        self.all_told += size
        self._comes.set()


@asynccontextmanager
async def empty_page() -> AsyncIterator[str]:
    """The address of a page with nothing but a number on it."""

    async def answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(EMPTY), EMPTY)
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answers, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
