"""Many real people press at once, at two servers on one store: nobody is called twice, nobody is passed over, one press acts once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Any

import httpx
import pytest

from tests.browser.town import Guest, Place, office_file
from tests.house import hire
from tests.servers import Event, Servers, at_once, has_happened, of, servers, spread, statuses
from tests.stores import comes, flush

HEAD_START = 600_000  # ms, as the office file has it
ORDINARY = 12  # counters
ROUNDS = 4
RESERVE = 5
DOUBLES = 8  # times that one press is sent
TICKET = "/api/v1/ticket"


def busy(office: str) -> str:
    """An office with many counters, whose services overlap."""
    services = cycle(('"A"', '"B"', '"A", "B"', '"B", "C"'))
    more = (f"\n[[counters]]\nnumber = {n}\nservices = [{next(services)}]\n" for n in range(RESERVE + 1, ORDINARY + 2))
    return office_file(office) + "".join(more)


USUAL = ("dies", "visitors", "visit", "asked", "leaving", "account")
OFFICES = {name: office_file(name) for name in USUAL} | {
    "calls": busy("calls"),
    "restart": office_file("restart", 1, warn_seconds="warn_seconds = []"),
}


@pytest.fixture(scope="module", params=["valkey", "redis"])
def two(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Two servers on one store of each kind."""
    store = request.getfixturevalue(f"{request.param}_session")
    flush(store)
    with servers(2, store, tmp_path_factory.mktemp("races"), OFFICES) as two:
        yield two


# Calling


async def test_officers_who_press_at_once_never_get_the_same_number_and_pass_nobody_over(two: Servers) -> None:
    async with two.office("calls") as places:
        citra = await places[1].staff("citra", "receptionist")
        about = (await citra.http.get(citra.api)).json()
        services = {counter["counter"]: counter["services"] for counter in about["counters"]}
        officers = {n: await places[n % 2].opened(f"petugas{n}", n) for n in services}
        visitors = spread(places, 16)
        for _ in range(ROUNDS):
            await at_once(*(visitor.takes("AABC"[n % 4]) for n, visitor in enumerate(visitors)), citra.takes("A", priority=True))
            gives_up = await visitors[0].takes("A")
            called, *_ = await asyncio.gather(
                everybody_calls(officers),
                visitors[1].gives_back(gives_up),
                *(visitor.takes("AB"[n % 2]) for n, visitor in enumerate(visitors[2:6])),
            )
            assert len(called) == len(set(called)) > 0
        while await everybody_calls(officers):
            pass
        the_order_was_kept(await citra.journal(), services)
        await both_show_the_same(places)


async def everybody_calls(officers: dict[int, Guest]) -> list[str]:
    """All officers press at once, and see to whoever comes; the numbers called."""

    async def press(counter: int, officer: Guest) -> list[str]:
        answer = await officer.at(counter, "call-next")
        if answer.status_code == 409:
            assert answer.json()["code"] == "nobody-waiting"
            return []
        assert answer.status_code == 200, answer.text
        number: str = answer.json()["ticket"]["number"]
        if (served := await officer.at(counter, "serve")).status_code == 200:
            await officer.does(counter, "finish")
        else:  # the visitor gave the number back just now
            assert served.json()["code"] == "nothing-called"
        return [number]

    return [number for numbers in await at_once(*(press(*who) for who in officers.items())) for number in numbers]


def the_order_was_kept(events: Sequence[Event], services: dict[int, list[str]]) -> None:
    """Plays the journal through: at every call the one who was called stood first among all who waited for that counter."""
    line: dict[str, Any] = {}
    for event in events:
        ticket = event.get("ticket", {})
        if event["kind"] == "ticket.taken":
            line[ticket["id"]] = (ticket["taken_at"] - (HEAD_START if ticket["priority"] else 0), ticket["id"], ticket["service"])
        if event["kind"] == "ticket.called":
            first = min(place for place in line.values() if place[2] in services[ticket["counter"]])
            assert first == line.pop(ticket["id"])
        if event["kind"] == "ticket.cancelled":
            line.pop(ticket["id"], None)
    assert line == {}
    calls = Counter(event["ticket"]["id"] for event in of(events, "ticket.called"))
    assert set(calls.values()) == {1}
    assert len(calls) >= len(of(events, "ticket.taken")) - ROUNDS


async def both_show_the_same(places: Sequence[Place]) -> None:
    """Until the boards of all servers are one."""
    guests = [place.guest() for place in places]

    async def same() -> bool:
        boards = [{**await guest.board(), "now": 0} for guest in guests]
        return all(board == boards[0] for board in boards)

    await comes(same)


async def test_a_visitor_who_leaves_while_being_called_is_called_or_gone_and_never_both_in_silence(two: Servers) -> None:
    async with two.office("leaving") as places:
        ani = await places[0].opened("ani", 1)
        visitor = places[1].guest()
        for _ in range(10):
            taken = await visitor.takes("A")
            called, left = await at_once(ani.at(1, "call-next"), visitor.gives_back(taken))
            assert left.status_code == 200
            assert called.status_code in (200, 409)
            mine = [e["kind"] for e in await ani.journal() if e.get("ticket", {}).get("id") == taken["ticket"]["id"]]
            assert mine == ["ticket.taken", *(["ticket.called"] if called.status_code == 200 else []), "ticket.cancelled"]
            assert (await ani.at(1, "serve")).json()["code"] == "nothing-called"  # the counter is free again


# Taking


async def test_visitors_who_take_at_once_get_numbers_with_no_hole_and_no_double(two: Servers) -> None:
    async with two.office("visitors") as places:
        visitors = spread(places, 45)
        for round_ in range(3):
            taken = await at_once(*(visitor.takes("ABC"[n % 3]) for n, visitor in enumerate(visitors)))
            for service in "ABC":
                numbers = sorted(t["ticket"]["number"] for t in taken if t["ticket"]["service"] == service)
                assert numbers == [f"{service}{n:03}" for n in range(15 * round_ + 1, 15 * round_ + 16)]
            assert len({t["ticket"]["id"] for t in taken}) == len({t["secret"] for t in taken}) == len(taken)
            assert [t["ahead"] + 1 for t in taken] == [int(t["ticket"]["number"][1:]) for t in taken]
        await both_show_the_same(places)


# One press, many times


async def doubled(people: Sequence[Guest], path: str, body: dict[str, Any], key: str, **headers: str) -> httpx.Response:
    """One request, sent many times at once to both servers; asserts that all are answered alike, and gives one answer."""
    answers = await at_once(*(person.post(path, body, key, **headers) for person in islice(cycle(people), DOUBLES)))
    assert {(answer.status_code, said(answer)) for answer in answers} == {(answers[0].status_code, said(answers[0]))}
    return answers[0]


def said(answer: httpx.Response) -> str:
    """The answer but for the server's own address in it."""
    return answer.text.replace(str(answer.request.url.copy_with(path="/")).rstrip("/"), "")


async def test_every_press_of_a_visit_that_reaches_both_servers_many_times_acts_once(two: Servers) -> None:
    async with two.office("visit") as places:
        ani = await places[0].staff("ani")
        hands = [ani, places[1].same(ani)]
        visitors = spread(places, 2)
        taken = [(await doubled(visitors, f"{ani.api}/tickets", {"service": "A"}, f"take-{n}")).json() for n in range(3)]
        assert [t["ticket"]["number"] for t in taken] == ["A001", "A002", "A003"]
        for verb in ("open", "call-next", "recall", "serve", "finish", "call-next", "skip", "pause", "close"):
            answer = await doubled(hands, f"{ani.api}/counters/1/{verb}", {}, f"{verb}-{len(await ani.journal())}")
            assert answer.status_code == 200, answer.text
        bearer = {"Authorization": f"Bearer {taken[2]['secret']}"}
        assert (await doubled(visitors, f"{TICKET}/cancel", {}, "leave", **bearer)).status_code == 200
        happened = [event["kind"].partition(".")[2] for event in await ani.journal()]
        takes, visit = ["taken"] * 3, ["called", "recalled", "serving", "done", "called", "skipped"]
        assert happened == ["opened", *takes, "opened", *visit, "paused", "closed", "cancelled"]


async def test_a_refused_press_is_refused_alike_everywhere_though_somebody_comes_meanwhile(two: Servers) -> None:
    async with two.office("asked") as places:
        ani = await places[0].opened("ani", 2)
        hands = [ani, places[1].same(ani)]
        call = f"{ani.api}/counters/2/call-next"
        first = await doubled(hands, call, {}, "early")
        assert first.json()["code"] == "nobody-waiting"
        await places[1].guest().takes("A")
        assert said(await doubled(hands, call, {}, "early")) == said(first)
        assert (await doubled(hands, call, {}, "now")).json()["ticket"]["number"] == "A001"


async def test_one_account_is_made_of_a_request_that_reaches_both_servers_at_once(two: Servers) -> None:
    async with two.office("account") as places:
        await hire(two.store, {"wira": "administrator"})  # of the whole deployment
        wira = places[0].guest()
        await wira.logs_in("wira")
        hands = [wira, places[1].same(wira)]
        body = {"name": "dewi", "password": "loket-tiga-terbuka", "role": "officer"}

        async def sent() -> list[httpx.Response]:
            return await at_once(*(hand.post("/api/v1/accounts", body, "hire-dewi") for hand in hands * 2))

        for answer in await sent():  # 503: the first one is still at work, and the same key may be sent again
            assert answer.status_code in (201, 503), answer.text
        assert statuses(await sent()) == [201] * 4
        accounts = (await wira.http.get("/api/v1/accounts")).json()
        assert [account["name"] for account in accounts].count("dewi") == 1


async def test_an_answer_is_the_same_after_all_servers_have_started_again(two: Servers) -> None:
    async with two.office("restart") as places:
        ani = await places[0].opened("ani", 1)
        hands, visitors = [ani, places[1].same(ani)], spread(places, 2)
        taken = await doubled(visitors, f"{ani.api}/tickets", {"service": "A"}, "take")
        raised = await has_happened(ani, 1, "escalation.raised")
        accept = f"{ani.api}/escalations/{raised[0]['escalation']['id']}/accept"
        accepted = await doubled(hands, accept, {"counter": RESERVE}, "accept")
        called = await doubled(hands, f"{ani.api}/counters/{RESERVE}/call-next", {}, "call")
        before = await ani.journal()
        for process in two.processes:
            process.stop()
        two.start(0, 1)
        assert said(await doubled(visitors, f"{ani.api}/tickets", {"service": "A"}, "take")) == said(taken)
        assert said(await doubled(hands, accept, {"counter": RESERVE}, "accept")) == said(accepted)
        assert said(await doubled(hands, f"{ani.api}/counters/{RESERVE}/call-next", {}, "call")) == said(called)
        assert (await doubled(hands, accept, {}, "accept")).json()["code"] == "key-reused"
        assert await ani.journal() == before


async def test_a_number_asked_of_a_server_that_dies_is_given_once_when_the_other_one_is_asked(two: Servers) -> None:
    async with two.office("dies") as places:
        here, there = spread(places, 2)
        ani = await places[1].staff("ani")
        keys = [f"door-{n}" for n in range(60)]
        asked = [asyncio.create_task(here.post(f"{here.api}/tickets", {"service": "A"}, key)) for key in keys]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        two.processes[0].kill()
        first = await asyncio.gather(*asked, return_exceptions=True)
        again = await at_once(*(there.post(f"{here.api}/tickets", {"service": "A"}, key) for key in keys))
        assert sorted(answer.json()["ticket"]["number"] for answer in again) == [f"A{n:03}" for n in range(1, 61)]
        for before, after in zip(first, again, strict=True):
            if isinstance(before, httpx.Response):
                assert said(before) == said(after)
            else:
                assert isinstance(before, httpx.TransportError)
        assert len(of(await ani.journal(), "ticket.taken")) == 60
        two.start(0)
