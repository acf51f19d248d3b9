"""Three server processes watch one store: what falls due happens once, also with one of them killed at that moment or all of them down,
and an alert goes its way from the first bell to its end whoever of them sees to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.browser.town import Guest, Place, office_file
from tests.driver import Screen
from tests.servers import Event, Servers, at_once, has_happened, is_past, of, servers, spread
from tests.stores import flush

RESERVE = 5
PATIENCE = 40.0  # s; no test waits that long when all is well


def prompt(office: str, promise: int = 1, **escalation: int) -> str:
    """An office that promises so many seconds, without warnings, and waits so long for answers to its alerts (s)."""
    lines = {name: f"{name} = {seconds}" for name, seconds in escalation.items()}
    return office_file(office, promise, warn_seconds="warn_seconds = []", **lines)


def warning(office: str, promise: int, *warn: int) -> str:
    """An office that warns after so many seconds."""
    return office_file(office, promise, warn_seconds=f"warn_seconds = {list(warn)}")


OFFICES = {name: prompt(name) for name in ("together", "called", "leaves", "first", "declined")}
OFFICES |= {name: prompt(name, 2) for name in ("killed", "down")}
OFFICES |= {"warned": warning("warned", 60, 1, 2), "warned-late": warning("warned-late", 60, 1), "overtaken": warning("overtaken", 3, 2)}
OFFICES |= {"climbs": prompt("climbs", accept_seconds=1), "uncalled": prompt("uncalled", call_seconds=1)}


ON_BOTH = pytest.mark.parametrize("three", ["valkey", "redis"], indirect=True)
ON_OURS = pytest.mark.parametrize("three", ["valkey"], indirect=True)  # the verbs behind it are tested on both


@pytest.fixture(scope="module")
def three(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Three servers on one store of the kind named."""
    store = request.getfixturevalue(f"{request.param}_session")
    flush(store)
    with servers(3, store, tmp_path_factory.mktemp("watchers"), OFFICES) as three:
        yield three


async def taken_at(places: Sequence[Place], how_many: int) -> list[dict[str, Any]]:
    """The tickets of so many visitors, who come at once to all the servers."""
    return [taken["ticket"] for taken in await at_once(*(visitor.takes("A") for visitor in spread(places, how_many)))]


def each_raised_once(events: Sequence[Event], taken: Sequence[dict[str, Any]]) -> None:
    """One alert a ticket, at the first level, not before the true deadline; nothing else was raised."""
    raised = [event["escalation"] for event in of(events, "escalation.raised")]
    assert sorted((e["ticket"], e["due_at"]) for e in raised) == sorted((t["id"], t["deadline"]) for t in taken)
    for alert in raised:
        assert (alert["id"], alert["level"], alert["state"]) == (f"e-{alert['ticket']}", 1, "raised")
        assert alert["raised_at"] >= alert["due_at"]
    numbers = {ticket["id"]: ticket["number"] for ticket in taken}
    assert all(alert["number"] == numbers[alert["ticket"]] for alert in raised)


def each_warned_once(events: Sequence[Event], taken: Sequence[dict[str, Any]], *after: int) -> None:
    """One warning a ticket after each of these seconds, and none before its time or beyond the deadline."""
    warned = of(events, "guarantee.warned")
    assert Counter((e["ticket"]["id"], e["after"]) for e in warned) == Counter((t["id"], s) for t in taken for s in after)
    for event in warned:
        assert event["ticket"]["taken_at"] + event["after"] * 1000 <= event["at"] < event["ticket"]["deadline"]


async def raised_by(three: Servers, places: Sequence[Place]) -> list[int]:
    """How many alerts each server has raised so far, by its own metrics."""
    texts = [(await place.guest().http.get("/metrics")).text for place in places]
    count = "kayan_watcher_lateness_seconds_count"
    return [int(float(line.split()[1])) for text in texts for line in text.splitlines() if line.startswith(count)]


# Once


@ON_BOTH
async def test_many_promises_that_fall_due_together_raise_one_alert_each_though_three_servers_watch(three: Servers) -> None:
    async with three.office("together") as places:
        ani = await places[0].staff("ani")
        before = await raised_by(three, places)
        taken = await taken_at(places, 90)
        await has_happened(ani, 90, "escalation.raised")
        last = await taken_at(places, 3)  # when these are raised the watchers have looked once more
        await has_happened(ani, 93, "escalation.raised")
        each_raised_once(await ani.journal(), taken + last)
        assert sum(await raised_by(three, places)) - sum(before) == 93
        assert len(of(await ani.journal(), "day.opened")) == 1


@ON_BOTH
async def test_one_server_killed_at_that_moment_takes_no_alert_with_it_and_doubles_none(three: Servers) -> None:
    async with three.office("killed") as places:
        ani = await places[0].staff("ani")
        async with ani.watches("?view=staff") as screen:
            taken = await taken_at(places, 120)
            await screen.event("escalation.raised", PATIENCE)
            three.processes[1].kill()
            await has_happened(ani, 120, "escalation.raised")
        three.start(1)
        last = await taken_at(places, 3)
        await has_happened(ani, 123, "escalation.raised")
        each_raised_once(await ani.journal(), taken + last)


@ON_BOTH
async def test_warnings_are_given_once_each_though_three_watch_and_one_is_killed_meanwhile(three: Servers) -> None:
    async with three.office("warned") as places:
        ani = await places[0].staff("ani")
        async with ani.watches("?view=staff") as screen:
            taken = await taken_at(places, 30)
            await screen.event("guarantee.warned", PATIENCE)
            three.processes[2].kill()
            await has_happened(ani, 60, "guarantee.warned")
        three.start(2)
        last = await taken_at(places, 3)
        await has_happened(ani, 66, "guarantee.warned")
        each_warned_once(await ani.journal(), taken + last, 1, 2)


@ON_BOTH
async def test_what_fell_due_while_all_were_down_happens_once_at_the_next_start_with_its_true_deadline(three: Servers) -> None:
    async with three.office("down") as due, three.office("warned-late") as warned, three.office("overtaken") as overtaken:
        ani, budi, citra = await due[0].staff("ani"), await warned[1].staff("budi"), await overtaken[2].staff("citra")
        taken, waiting, both = await at_once(taken_at(due, 20), taken_at(warned, 5), taken_at(overtaken, 5))
        for process in three.processes:
            process.kill()
        await is_past(three.store, max(ticket["deadline"] for ticket in taken + both))
        three.start(0, 1, 2)
        await has_happened(ani, 20, "escalation.raised")
        await has_happened(budi, 5, "guarantee.warned")
        await has_happened(citra, 5, "escalation.raised")
        last = await taken_at(due, 3)
        await has_happened(ani, 23, "escalation.raised")
        each_raised_once(await ani.journal(), taken + last)
        each_warned_once(await budi.journal(), waiting, 1)
        each_raised_once(await citra.journal(), both)
        late = of(await citra.journal(), "guarantee.warned")  # the deadline itself has passed: only the alert is news
        assert all(event["at"] < event["ticket"]["deadline"] for event in late)


# From the first bell to the end


async def alarm(places: Sequence[Place], screen: Screen) -> dict[str, Any]:
    """A visitor whose promise has fallen due; what POST …/tickets answered."""
    taken = await places[-1].guest().takes("A")
    await screen.event("escalation.raised", PATIENCE, ticket=taken["ticket"]["id"])
    return taken


async def way_of(person: Guest, taken: dict[str, Any]) -> list[tuple[str, int]]:
    """What happened to this ticket's alert, and at which level."""
    alerts = [e for e in await person.journal() if e.get("escalation", {}).get("ticket") == taken["ticket"]["id"]]
    return [(e["kind"].partition(".")[2], e["escalation"]["level"]) for e in alerts]


@ON_OURS
async def test_an_alert_that_nobody_accepts_lapses_and_is_raised_level_by_level_up_to_the_supervisor(three: Servers) -> None:
    async with three.office("climbs") as places:
        sari = await places[0].staff("sari", "supervisor")
        async with sari.watches("?view=staff") as screen:
            taken = await alarm(places, screen)
            await screen.event("escalation.raised", PATIENCE, ticket=taken["ticket"]["id"], level=3)
            await screen.event("escalation.raised", PATIENCE, ticket=taken["ticket"]["id"], level=3)  # and goes on being told
        climb = [("raised", 1), ("lapsed", 1), ("raised", 2), ("lapsed", 2), ("raised", 3), ("lapsed", 3), ("raised", 3)]
        assert (await way_of(sari, taken))[:7] == climb
        events = of(await sari.journal(), "escalation.raised", "escalation.lapsed")
        for raised, lapsed in zip(events[::2], events[1::2], strict=False):
            assert (lapsed["escalation"]["state"], lapsed["reason"]) == ("lapsed", "unanswered")
            assert lapsed["at"] >= raised["escalation"]["answer_by"]
        assert {event["escalation"]["due_at"] for event in events} == {taken["ticket"]["deadline"]}
        await places[1].guest().gives_back(taken)


@ON_OURS
async def test_whoever_accepts_with_a_counter_has_it_open_in_the_same_step(three: Servers) -> None:
    async with three.office("first") as places:
        ani, budi = await places[0].staff("ani"), await places[1].opened("budi", 1)
        async with ani.watches("?view=staff") as screen, places[2].guest().watches() as tv:
            await tv.frame()
            taken = await alarm(places, screen)
            for n in range(2):  # who would be called first by the order alone
                await budi.takes("A", priority=True, satker=f"52701{n}")
            accepted = (await ani.accepts(taken, counter=RESERVE)).json()
            assert (accepted["counter"]["state"], accepted["counter"]["officer"]) == ("open", ani.name)
            assert (accepted["escalation"]["state"], accepted["escalation"]["counter"]) == ("accepted", RESERVE)
            opened = await tv.event("counter.opened", PATIENCE, counter=RESERVE)
            (told,) = of(await ani.journal(), "escalation.accepted")
            assert (told["offset"], told["at"]) == (opened["offset"] + 1, opened["at"])
            called = await ani.does(RESERVE, "call-next")
            assert called["ticket"]["number"] == taken["ticket"]["number"]  # the escalated one, before the priority
            await tv.event("escalation.resolved", PATIENCE, id=accepted["escalation"]["id"])
        assert await way_of(ani, taken) == [("raised", 1), ("accepted", 1), ("resolved", 1)]


@ON_OURS
async def test_an_ordinary_counter_keeps_to_the_order_and_its_call_resolves_the_alert(three: Servers) -> None:
    async with three.office("called") as places:
        ani = await places[0].opened("ani", 1)
        async with ani.watches("?view=staff") as screen:
            taken = await alarm(places, screen)
            first = await ani.takes("A", priority=True)
            assert (await ani.serves(1))["number"] == first["ticket"]["number"]
            assert (await ani.serves(1))["number"] == taken["ticket"]["number"]
            resolved = await screen.event("escalation.resolved", PATIENCE, ticket=taken["ticket"]["id"])
        (called,) = (e for e in of(await ani.journal(), "ticket.called") if e["ticket"]["id"] == taken["ticket"]["id"])
        assert (resolved["offset"], resolved["at"]) == (called["offset"] + 1, called["at"])
        assert await way_of(ani, taken) == [("raised", 1), ("resolved", 1)]


@ON_OURS
async def test_an_alert_accepted_but_not_called_lapses_and_is_raised_one_level_up(three: Servers) -> None:
    async with three.office("uncalled") as places:
        ani = await places[0].staff("ani")
        async with ani.watches("?view=staff") as screen:
            taken = await alarm(places, screen)
            ticket = taken["ticket"]["id"]
            assert (await ani.accepts(taken, counter=RESERVE)).status_code == 200
            lapsed = await screen.event("escalation.lapsed", PATIENCE, ticket=ticket)
            assert lapsed["reason"] == "not_called"
            raised = await screen.event("escalation.raised", PATIENCE, ticket=ticket, level=2)
            assert (raised["offset"], raised["escalation"]["accepted_by"]) == (lapsed["offset"] + 1, None)
            assert (await ani.accepts(taken)).status_code == 200
            assert (await ani.serves(RESERVE))["id"] == ticket
        way = await way_of(ani, taken)
        assert way[:5] == [("raised", 1), ("accepted", 1), ("lapsed", 1), ("raised", 2), ("accepted", 2)]
        assert way[-1][0] == "resolved"


@ON_OURS
async def test_an_alert_is_withdrawn_when_its_visitor_gives_the_number_back(three: Servers) -> None:
    async with three.office("leaves") as places:
        ani = await places[0].staff("ani")
        async with ani.watches("?view=staff") as screen:
            waiting, accepted = await alarm(places, screen), await alarm(places, screen)
            assert (await ani.accepts(accepted)).status_code == 200
            for place, taken in zip(places, (waiting, accepted), strict=False):
                left = await place.guest().gives_back(taken)
                assert left.json()["ticket"]["state"] == "cancelled"
                await screen.event("escalation.withdrawn", PATIENCE, ticket=taken["ticket"]["id"])
        assert await way_of(ani, waiting) == [("raised", 1), ("withdrawn", 1)]
        assert await way_of(ani, accepted) == [("raised", 1), ("accepted", 1), ("withdrawn", 1)]
        assert (await ani.accepts(waiting)).json()["state"] == "withdrawn"


@ON_OURS
async def test_an_alert_that_all_on_duty_decline_at_different_servers_goes_up_at_once(three: Servers) -> None:
    async with three.office("declined") as places:
        ani, budi = await places[0].opened("ani", 1), await places[1].opened("budi", 2)
        async with ani.watches("?view=staff") as screen:
            taken = await alarm(places, screen)
            decline = f"{ani.api}/escalations/e-{taken['ticket']['id']}/decline"
            answers = await at_once(ani.post(decline), budi.post(decline))
            assert [answer.status_code for answer in answers] == [200, 200]
            raised = await screen.event("escalation.raised", PATIENCE, ticket=taken["ticket"]["id"], level=2)
        assert await way_of(ani, taken) == [("raised", 1), ("declined", 1), ("declined", 1), ("lapsed", 1), ("raised", 2)]
        (lapsed,) = of(await ani.journal(), "escalation.lapsed")
        assert (lapsed["reason"], lapsed["at"]) == ("declined", raised["at"])
