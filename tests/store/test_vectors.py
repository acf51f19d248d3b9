"""The store's scripts against the worked examples of the rules, which Python and the browser replay too."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from board.errors import NobodyWaiting
from board.events import Kind
from board.office import ServiceCode
from board.ticket import State, Ticket
from board.times import Millis
from tests.clock import Clocked, set_clocks
from tests.office import FILE, TUESDAY, A, B, Office, day
from tests.visitors import TEN


def vectors(name: str) -> Any:
    """A file of worked examples."""
    return json.loads((Path(__file__).parent.parent / "vectors" / f"{name}.json").read_text("utf-8"))


def named(found: list[dict[str, Any]]) -> list[Any]:
    """Examples as cases whose ids are sentences."""
    return [pytest.param(v, id=v["name"]) for v in found]


PROMISE, ORDER = vectors("promise"), vectors("order")


class Clockwork(Office):
    """An office that lives at the moments a test names."""

    queue: Clocked

    def at_moment(self, after: int) -> None:
        """So many ms after ten."""
        self.queue.at = Millis(TEN + after)

    async def becomes(self, ticket: Ticket, state: State) -> Ticket:
        """Whatever is done in an office to bring a ticket from its state to that one."""
        match ticket.state, state:
            case _, State.CANCELLED:
                return await self.cancels(ticket)
            case _, State.EXPIRED:
                self.queue.days = [day(self.queue.at, TUESDAY, -300, -200, -100)]
                await self.watches()
                return next(e.ticket for e in await self.journal(Kind.TICKET_EXPIRED) if e.ticket)
            case State.HELD, State.SERVING:
                return await self.at("resume", 1, ticket.number)
            case State.SKIPPED, State.WAITING:
                return await self.at("return", 1, ticket.number)
            case _, State.WAITING:
                return await self.at("transfer", 1, B if ticket.service == A else A)
            case _:
                return await self.at(*BUTTONS[state])


BUTTONS: dict[State, tuple[Any, ...]] = {
    State.CALLED: ("call_next",),
    State.SERVING: ("serve",),
    State.DONE: ("finish",),
    State.SKIPPED: ("skip",),
    State.HELD: ("hold", 1, "menunggu salinan"),
}


@pytest.fixture
async def client(store_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Redis]:
    set_clocks(monkeypatch)
    async with Redis.from_url(store_url) as client:
        yield client


@pytest.mark.parametrize("example", named(PROMISE["verdicts"]))
async def test_the_verbs_end_a_promise_as_the_vectors_show(client: Redis, example: dict[str, Any]) -> None:
    office = Clockwork(Clocked(client, at=TEN, guarantee_ms=example["deadline"]), client)
    await office.opens()
    ticket = await office.takes()
    for happened in example["happened"]:
        office.at_moment(happened["at"])
        ticket = await office.becomes(ticket, State(happened["state"]))
        assert ticket.state == happened["state"]
    settled = [e.facts["verdict"] for e in await office.journal() if "verdict" in e.facts]
    assert ticket.verdict == example["verdict"]
    assert settled == ([example["verdict"]] if example["verdict"] else [])
    shown = (await office.board()).promise.public()
    assert shown == {end: int(end == example["verdict"]) for end in shown}


async def test_a_no_show_is_judged_by_the_moment_of_the_call_however_late_the_button_is_pressed(client: Redis) -> None:
    office = Clockwork(Clocked(client, at=TEN, guarantee_ms=60_000), client)
    await office.opens()
    await office.take(A, A)
    office.at_moment(60_000)
    await office.calls()
    office.at_moment(300_000)
    assert (await office.at("skip")).verdict == "excused"
    await office.calls()
    assert (await office.at("skip")).verdict == "broken"


@pytest.mark.parametrize("example", named(PROMISE["due"]))
async def test_the_watcher_does_what_the_vectors_show_to_be_due(client: Redis, example: dict[str, Any]) -> None:
    assert (FILE.guarantee.seconds, list(FILE.guarantee.warn_seconds)) == (PROMISE["guarantee_seconds"], PROMISE["warn_seconds"])
    office = Clockwork(Clocked(client, at=TEN), client)
    await office.opens()
    ticket = await office.takes()
    way = {
        State.SERVING: [State.CALLED],
        State.HELD: [State.CALLED],
        State.SKIPPED: [State.CALLED],
        State.DONE: [State.CALLED, State.SERVING],
    }
    for state in (*way.get(State(example["state"]), []), State(example["state"])):
        ticket = ticket if ticket.state is state else await office.becomes(ticket, state)
    office.at_moment(example["after"])
    await office.watches()
    done = {event.kind for event in await office.journal(Kind.GUARANTEE_WARNED, Kind.ESCALATION_RAISED)}
    assert done == {None: set(), "warn": {Kind.GUARANTEE_WARNED}, "escalate": {Kind.ESCALATION_RAISED}}[example["due"]]


@pytest.mark.parametrize("example", named(ORDER))
async def test_counters_call_in_the_order_that_the_vectors_show(client: Redis, example: dict[str, Any]) -> None:
    everything = replace(FILE, head_start_seconds=example["head_start_ms"] // 1000)
    office = Clockwork(Clocked(client, everything, at=TEN), client)
    await office.opens(1, *(ServiceCode(code) for code in example["services"] or ("A", "B", "C")))
    for shown in example["tickets"]:
        office.at_moment(shown["taken_at"])
        ticket = await office.takes(ServiceCode(shown["service"]), priority=shown["priority"])
        assert (ticket.id, ticket.number) == (shown["id"], shown["number"])
        if shown["state"] != "waiting":
            await office.cancels(ticket)
    found = {shown["number"]: (await office.queue.look(shown["id"]))[1] for shown in example["tickets"] if shown["state"] == "waiting"}
    assert found == example["ahead"]
    called = []
    for _ in example["order"]:
        called.append((await office.calls()).number)
        await office.does("skip")
    assert called == example["order"]
    with pytest.raises(NobodyWaiting):
        await office.calls()
