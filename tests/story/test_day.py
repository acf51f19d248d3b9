"""One office day from the first number to the last, as its people live it: a server of its own, HTTP, sockets, and three real screens."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from board.fold import Board, empty, fold
from board.guarantee import verdict
from board.office import Office
from board.store.embedded import running as embedded_url
from board.store.queue import Queue
from board.ticket import State
from config.office import load_offices
from config.settings import load_settings
from server.store import connect
from tests.chromium import chromium, opened
from tests.driver import OFFICE, PASSWORD, Person, add_user, environment, running
from tests.stores import comes
from tests.story.cast import PROMISE, Day, real_day

GUARANTEE = 6  # s; the real day's 45 minutes pass in these
OFFICERS = {"ani": 1, "budi": 2, "citra": 3, "dewi": 4}
RESERVE = ("eko", 5)
WATCHER = "fitri"
ENDS = {"done", "skipped", "cancelled", "expired"}
SETTINGS = {"KAYAN_GUARANTEE__SECONDS": str(GUARANTEE), "KAYAN_GUARANTEE__WARN_SECONDS": "[4, 5]"}


@pytest.mark.story
@pytest.mark.browser
@pytest.mark.timeout(300)
async def test_one_real_day_passes_and_every_promise_is_accounted_for(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data, **SETTINGS) as server:
        for name in (*OFFICERS, RESERVE[0]):
            add_user(data, name, "officer", **SETTINGS)
        add_user(data, WATCHER, "supervisor", **SETTINGS)
        complaints: list[str] = []
        async with chromium() as browser:
            tv = await opened(browser, f"{server.url}/{OFFICE}/tv", 1920, 1080, complaints)
            phone = await opened(browser, f"{server.url}/{OFFICE}", 360, 740, complaints)
            console = await opened(browser, f"{server.url}/login?next=/officer", 1366, 768, complaints)
            await signs_in(console, "eko")
            number = await takes_a_number_on_the_phone(phone)
            await lives_through(Day(server.url, PROMISE / GUARANTEE))
            await the_phone_saw_its_end(phone, number)
            supervisor = await Person(server.url).logs_in(WATCHER)
            try:
                events = await supervisor.journal()
                the_journal_has_no_hole(events)
                tickets = last_known(events)
                every_ticket_has_one_end(tickets, events)
                await every_promise_is_accounted(tickets, events, supervisor)
                every_promise_that_fell_due_raised_one_alert(events)
                await the_whole_journal_folds_into_what_the_store_says(data, await supervisor.board())
                await the_tv_shows_the_same(tv, await supervisor.board())
                await expect(console.locator("body")).to_contain_text("Loket")
            finally:
                await supervisor.close()
        assert complaints == []


async def lives_through(day: Day) -> None:
    """All visitors come and go; then the officers close."""

    async def visitors() -> None:
        rows = real_day()
        assert len(rows) == 150
        await day.visitors(rows)
        person = Person(day.url)

        async def nobody_left() -> bool:
            return all(t["state"] in ENDS for t in (await person.board())["tickets"])

        await comes(nobody_left, 60)
        day.over.set()
        await person.close()

    async with asyncio.TaskGroup() as people:
        for name, counter in OFFICERS.items():
            people.create_task(day.officer(name, counter))
        reserve = people.create_task(day.reserve(*RESERVE))
        await visitors()
        reserve.cancel()


async def signs_in(console: Page, name: str) -> None:
    await console.get_by_label("Nama akun").fill(name)
    await console.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    await console.keyboard.press("Enter")
    await console.wait_for_url("**/officer")
    await expect(console.get_by_role("radio").first).to_be_attached()


async def takes_a_number_on_the_phone(phone: Page) -> str:
    """Through the page, as a visitor does; the number."""
    await phone.get_by_role("button", name=re.compile("Bank dan penerimaan")).click()
    await phone.get_by_role("button", name="Ambil nomor").click()
    await expect(phone).to_have_url(re.compile(r"/t#"))
    await expect(phone.locator("#number")).to_have_text("D001")
    await expect(phone.locator("#ring-value")).not_to_be_empty()
    return "D001"


async def the_phone_saw_its_end(phone: Page, number: str) -> None:
    await expect(phone.locator("#number")).to_have_text(number)
    await expect(phone.locator("#headline")).to_contain_text(re.compile("Terima kasih|selesai", re.IGNORECASE))


def the_journal_has_no_hole(events: list[dict[str, Any]]) -> None:
    assert [event["offset"] for event in events] == list(range(1, len(events) + 1))
    assert all(earlier["at"] <= later["at"] for earlier, later in pairwise(events))


def last_known(events: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Every ticket as its last event left it."""
    return {event["ticket"]["id"]: event["ticket"] for event in events if "ticket" in event}


def every_ticket_has_one_end(tickets: dict[str, dict[str, Any]], events: list[dict[str, Any]]) -> None:
    assert len(tickets) == 151  # of the real day, and the one from the phone
    assert all(ticket["state"] in ENDS for ticket in tickets.values())
    ends = Counter(event["ticket"]["id"] for event in events if event["kind"].removeprefix("ticket.") in ENDS)
    assert set(ends) == set(tickets)
    assert set(ends.values()) == {1}


async def every_promise_is_accounted(tickets: dict[str, dict[str, Any]], events: list[dict[str, Any]], person: Person) -> None:
    """Once for each ticket, as the pure rule says, and in the sums that the TV shows."""
    settled = {event["ticket"]["id"]: event for event in events if "verdict" in event}
    assert set(settled) == set(tickets)
    assert sum("verdict" in event for event in events) == len(tickets)
    for event in settled.values():
        ticket = event["ticket"]
        at = ticket["called_at"] if ticket["state"] == "skipped" else ticket["serving_at"] or event["at"]
        assert event["verdict"] == verdict(State(ticket["state"]), at, ticket["deadline"])
    sums = Counter(event["verdict"] for event in settled.values())
    assert (await person.board())["promise"] == {"kept": sums["kept"], "broken": sums["broken"], "excused": sums["excused"]}
    assert sums["kept"] > 0


def every_promise_that_fell_due_raised_one_alert(events: list[dict[str, Any]]) -> None:
    """Whoever waited at the deadline was raised, once at the first level; nobody else was."""
    waited_until = {}
    for event in events:
        if "ticket" in event and event["kind"] in ("ticket.called", "ticket.cancelled") and event["ticket"]["id"] not in waited_until:
            waited_until[event["ticket"]["id"]] = (event["at"], event["ticket"]["deadline"])
    late = {ticket for ticket, (left, deadline) in waited_until.items() if left >= deadline}
    raised = Counter(e["escalation"]["ticket"] for e in events if e["kind"] == "escalation.raised" and e["escalation"]["level"] == 1)
    assert set(raised) == late
    assert all(times == 1 for times in raised.values())
    assert all(e["escalation"]["due_at"] <= e["at"] for e in events if e["kind"] == "escalation.raised")


async def the_whole_journal_folds_into_what_the_store_says(data: Path, public: dict[str, Any]) -> None:
    settings = load_settings(environment(data, **SETTINGS))
    office: Office = next(iter(load_offices(settings.offices, settings).values()))
    url = await embedded_url(settings.data)
    assert url is not None
    async with connect(url) as client:
        queue = Queue(client, office)
        store, _ = await queue.snapshot()
        entries = (await queue.read(1, 100_000)).entries
    folded: Board = empty(office, store.epoch)
    for entry in entries:
        folded = fold(folded, entry.event())
    assert folded == store
    assert folded.view(False, public["now"]) == public


async def the_tv_shows_the_same(tv: Page, board: dict[str, Any]) -> None:
    kept, broken = board["promise"]["kept"], board["promise"]["broken"]
    await expect(tv.locator(".day")).to_contain_text(str(kept))
    await expect(tv.locator(".day")).to_contain_text(str(kept + broken))
    await expect(tv.locator(".line .row")).to_have_count(0)
    newest = max((t for t in board["tickets"] if t["called_at"]), key=lambda t: (t["called_at"], t["id"]))
    await expect(tv.locator("#screen")).to_contain_text(newest["number"])
