"""The store hangs or is gone under a running board: whoever presses is told, nothing is half done, screens hear of it, and all goes on by
itself when the store is back: an embedded one with one server, one of its own with two."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvloop
from websockets.exceptions import InvalidStatus

from board.errors import StoreUnavailable
from board.store.embedded import running as embedded_url
from board.store.staff import Staff
from server import store as opening
from tests.browser.town import Guest, office_file
from tests.driver import Screen
from tests.servers import Servers, at_once, has_happened, of, servers
from tests.staff import HOUR, SECRET, client_of
from tests.stores import DURABLE, OwnStore, comes, hangs, own_store, pid_of, redis_server
from tests.wire import Mirror, follows, mirrors

PATIENCE = 40.0  # s; no test waits that long when all is well
RESTART = 1012
WAYS = ("embedded hangs", "redis hangs", "redis is killed")
OFFICES = {f"{name}-{n}": office_file(f"{name}-{n}") for name in ("presses", "screens") for n in range(len(WAYS))}
OFFICES |= {f"due-{n}": office_file(f"due-{n}", 3, warn_seconds="warn_seconds = [2]") for n in range(len(WAYS))} | {
    "storm": office_file("storm")
}


@dataclass
class Board:
    """Servers, and how their store goes away for a block. `n` tells the ways apart: each has offices of its own."""

    servers: Servers
    away: Callable[[], AbstractContextManager[None]]
    n: int


@contextmanager
def killed(store: OwnStore) -> Iterator[None]:
    """For the block there is no store."""
    store.kill()
    try:
        yield
    finally:
        store.start()


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A server with its embedded store."""
    with servers(1, "", tmp_path_factory.mktemp("embedded"), OFFICES) as one, ThreadPoolExecutor(1) as aside:
        one.store = aside.submit(lambda: asyncio.run(embedded_url(one.data))).result() or ""
        yield one


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Servers, OwnStore]]:
    """Two servers on Debian's redis-server."""
    with own_store(redis_server(), *DURABLE) as store, servers(2, store.url, tmp_path_factory.mktemp("redis"), OFFICES) as two:
        yield two, store


@pytest.fixture(scope="module", params=range(len(WAYS)), ids=lambda n: WAYS[n])
def board(request: pytest.FixtureRequest) -> Board:
    """A board for each way in which a store goes."""
    if WAYS[request.param] == "embedded hangs":
        one: Servers = request.getfixturevalue("embedded")
        return Board(one, lambda: hangs(pid_of(one.store)), request.param)
    two, store = request.getfixturevalue("redis")
    return Board(two, lambda: killed(store) if WAYS[request.param] == "redis is killed" else hangs(pid_of(store.url)), request.param)


async def says(person: Guest, status: int) -> None:
    """Until `/readyz` answers so."""

    async def said() -> bool:
        return (await person.http.get("/readyz")).status_code == status

    await comes(said, PATIENCE)


def is_told(answer: httpx.Response) -> None:
    """The refusal of a board that cannot reach its store."""
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    said = answer.json()
    assert (said["code"], said["status"], said["type"]) == ("store-unavailable", 503, "/problems/store-unavailable")
    assert said["detail"] != said["detail_en"]


Press = tuple[Guest, str, dict[str, str], str]


async def pressed(*presses: Press) -> list[httpx.Response]:
    return await at_once(*(person.post(path, body, key) for person, path, body, key in presses))


async def done(press: Press) -> httpx.Response:
    """The same press again and again until the board can answer."""
    answers: list[httpx.Response] = []

    async def answered() -> bool:
        answers[:] = await pressed(press)
        return answers[0].status_code != 503

    await comes(answered, PATIENCE)
    return answers[0]


async def test_a_press_while_the_store_is_away_is_refused_in_words_and_acts_once_when_it_comes_again(board: Board) -> None:
    async with board.servers.office(f"presses-{board.n}") as places:
        ani, visitor = await places[0].opened("ani", 1), places[-1].guest()
        first, *_ = await at_once(*(visitor.takes("A") for _ in range(3)))
        presses: list[Press] = [(visitor, f"{visitor.api}/tickets", {"service": "B"}, f"take-{n}") for n in range(4)]
        presses += [(ani, f"{ani.api}/counters/1/call-next", {}, "call"), (ani, f"{ani.api}/counters/2/open", {}, "open")]
        before = await ani.journal()
        with board.away():
            looks = visitor.http.get("/api/v1/ticket", headers={"Authorization": f"Bearer {first['secret']}"})
            refused, looked = await asyncio.gather(pressed(*presses), looks)
            for answer in [*refused, looked]:
                is_told(answer)
        answers = [await done(press) for press in presses + presses]
        assert [answer.status_code for answer in answers] == [201] * 4 + [200] * 2 + [201] * 4 + [200] * 2
        assert [answer.text for answer in answers[:6]] == [answer.text for answer in answers[6:]]
        assert sorted(answer.json()["ticket"]["number"] for answer in answers[:4]) == ["B001", "B002", "B003", "B004"]
        after = (await ani.journal())[len(before) :]
        assert sorted(event["kind"] for event in after) == ["counter.opened", "ticket.called", *["ticket.taken"] * 4]


async def test_readiness_turns_and_screens_are_told_and_all_come_back_by_themselves(board: Board) -> None:
    async with board.servers.office(f"screens-{board.n}") as places:
        visitors = [place.guest() for place in places]
        follower, mirror = visitors[-1], Mirror()
        following = asyncio.create_task(follows(follower, mirror))
        await comes(lambda: mirror.snapshots)
        await visitors[0].takes("A")
        await comes(lambda: mirrors(mirror, follower))
        async with visitors[0].watches() as public, visitors[-1].watches(codec="kayan.v1") as binary:
            with board.away():
                await at_once(*(says(visitor, 503) for visitor in visitors), *(is_told_and_closed(s) for s in (public, binary)))
                for visitor in visitors:
                    assert (await visitor.http.get("/healthz")).status_code == 200
                    with pytest.raises(InvalidStatus) as refused:  # nobody is shown an old board as a live one
                        async with visitor.watches():
                            pass
                    assert refused.value.response.status_code == 503
        await at_once(*(says(visitor, 200) for visitor in visitors))
        taken = await visitors[0].takes("A")
        await comes(lambda: taken["ticket"]["id"] in mirror.tickets, PATIENCE)
        await comes(lambda: mirrors(mirror, follower))
        assert [event["kind"] for event in mirror.events if event["kind"] == "ticket.taken"] == ["ticket.taken"] * 2
        assert mirror.snapshots == 1  # it went on where it stood
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def is_told_and_closed(screen: Screen) -> None:
    assert await screen.end(PATIENCE) == RESTART
    assert (screen.seen[-1]["t"], screen.seen[-1]["reconnect"]) == ("bye", "soon")


async def test_what_falls_due_while_the_store_is_away_is_raised_once_when_it_is_back(board: Board) -> None:
    async with board.servers.office(f"due-{board.n}") as places:
        ani = await places[0].staff("ani")
        taken = [answer["ticket"] for answer in await at_once(*(places[n % len(places)].guest().takes("A") for n in range(20)))]
        with board.away():
            await comes(lambda: time.time() * 1000 > max(ticket["deadline"] for ticket in taken))
        raised = await has_happened(ani, 20, "escalation.raised")
        last = (await places[-1].guest().takes("A"))["ticket"]  # when this one is raised all watchers have looked again
        raised = await has_happened(ani, 21, "escalation.raised")
        alerts = [event["escalation"] for event in raised]
        assert sorted((e["ticket"], e["due_at"]) for e in alerts) == sorted((t["id"], t["deadline"]) for t in [*taken, last])
        assert all(e["level"] == 1 and e["raised_at"] >= e["due_at"] for e in alerts)
        warned = of(await ani.journal(), "guarantee.warned")
        assert len({event["ticket"]["id"] for event in warned}) == len(warned)
        assert all(event["at"] < event["ticket"]["deadline"] for event in warned)


async def test_numbers_asked_for_while_the_embedded_store_is_killed_again_and_again_are_given_once_each(embedded: Servers) -> None:
    async with embedded.office("storm") as places:
        visitor, ani = places[0].guest(), await places[0].staff("ani")
        presses: list[Press] = [(visitor, f"{visitor.api}/tickets", {"service": "C"}, f"storm-{n}") for n in range(120)]
        for third in range(3):
            asked = [asyncio.create_task(done(press)) for press in presses[third * 40 : third * 40 + 40]]
            await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            os.kill(pid_of(embedded.store), signal.SIGKILL)
            assert {answer.status_code for answer in await at_once(*asked)} == {201}
            await says(visitor, 200)
        answers = await pressed(*presses)
        assert sorted(answer.json()["ticket"]["number"] for answer in answers) == [f"C{n:03}" for n in range(1, 121)]
        assert len(of(await ani.journal(), "ticket.taken")) == 120


async def test_a_store_that_hangs_is_asked_once_by_each_command_and_not_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "ANSWER_WITHIN", 0.2)
    with own_store(redis_server(), *DURABLE) as store:
        pid, client = pid_of(store.url), opening.connect(store.url, 0.2)
        staff = Staff(client, SECRET, HOUR, HOUR)
        assert await staff.list() == []
        before = await connections(store.url)
        with hangs(pid):
            for _ in range(3):
                with pytest.raises(StoreUnavailable):
                    await staff.list()
        assert await staff.list() == []
        # The first found its connection silent. Then each of the others made one, which waited in the kernel; and so did the last.
        assert await connections(store.url) - before == 3 + 1  # and the one that asks
        await client.aclose()


def test_a_connection_that_dies_just_before_it_is_written_to_is_made_anew() -> None:
    """Under uvloop, which the board runs on: it raises a RuntimeError there."""

    async def asks(url: str) -> None:
        client = opening.connect(url)
        pool: Any = client.connection_pool
        connection = await pool.get_connection()
        connection._writer.transport.abort()
        async with client.pipeline(transaction=False) as pipe:
            pipe.connection = connection
            pipe.ping()
            assert await pipe.execute() == [True]
        await client.aclose()

    with own_store(redis_server(), *DURABLE) as store:
        uvloop.run(asks(store.url))


async def connections(store: str) -> int:
    """How many this store has let in so far, those that waited while it stood still too."""
    async with client_of(store) as client:
        return int((await client.info("stats"))["total_connections_received"])


async def test_none_of_this_made_a_server_stumble(embedded: Servers, redis: tuple[Servers, OwnStore]) -> None:
    for process in embedded.processes + redis[0].processes:
        assert process.popen.poll() is None
        assert [line for line in process.said if "Traceback" in line or "never retrieved" in line] == []
