"""Two officers want the same thing at two servers at once: an alert, a reserve counter, a counter. One has it, the others hear so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.browser.town import office_file
from tests.servers import Servers, at_once, has_happened, of, servers, spread, statuses
from tests.stores import flush

RESERVE = 5
OFFICES = {name: office_file(name, 1, warn_seconds="warn_seconds = []") for name in ("accepts", "reserve", "leaves")}
OFFICES["doors"] = office_file("doors")


@pytest.fixture(scope="module", params=["valkey", "redis"])
def two(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Two servers on one store of each kind."""
    store = request.getfixturevalue(f"{request.param}_session")
    flush(store)
    with servers(2, store, tmp_path_factory.mktemp("first"), OFFICES) as two:
        yield two


async def test_of_two_officers_who_accept_one_alert_at_two_servers_one_wins_and_the_other_hears_who(two: Servers) -> None:
    async with two.office("accepts") as places:
        ani, budi = await places[0].staff("ani"), await places[1].staff("budi")
        taken = await at_once(*(visitor.takes("A") for visitor in spread(places, 8)))
        await has_happened(ani, 8, "escalation.raised")
        for ticket in taken:
            answers = await at_once(ani.accepts(ticket), budi.accepts(ticket))
            assert statuses(answers) == [200, 409]
            won, lost = sorted(answers, key=lambda answer: answer.status_code)
            winner = won.json()["escalation"]["accepted_by"]
            facts = lost.json()
            assert (facts["code"], facts["state"], facts["accepted_by"]) == ("escalation-answered", "accepted", winner)
            assert winner == (ani if won is answers[0] else budi).name
        accepted = of(await ani.journal(), "escalation.accepted")
        assert Counter(e["escalation"]["ticket"] for e in accepted) == Counter(t["ticket"]["id"] for t in taken)


async def test_of_two_who_accept_two_alerts_with_one_reserve_counter_one_gets_it_and_the_others_alert_stands(two: Servers) -> None:
    async with two.office("reserve") as places:
        ani, budi = await places[0].staff("ani"), await places[1].staff("budi")
        for n in range(1, 5):
            one, other = await at_once(*(visitor.takes("A") for visitor in spread(places, 2)))
            await has_happened(ani, 2 * n, "escalation.raised")
            answers = await at_once(ani.accepts(one, counter=RESERVE), budi.accepts(other, counter=RESERVE))
            assert statuses(answers) == [200, 409]
            won, lost = sorted(answers, key=lambda answer: answer.status_code)
            assert (lost.json()["code"], won.json()["counter"]["state"]) == ("counter-taken", "open")
            left, winner, loser = (other, ani, budi) if won is answers[0] else (one, budi, ani)
            assert won.json()["counter"]["officer"] == winner.name
            assert (await loser.accepts(left)).status_code == 200
            for _ in range(2):
                await winner.serves(RESERVE)
            await winner.does(RESERVE, "close")


async def test_an_alert_whose_visitor_leaves_while_it_is_accepted_ends_withdrawn(two: Servers) -> None:
    async with two.office("leaves") as places:
        ani, visitor = await places[0].staff("ani"), places[1].guest()
        taken = [await visitor.takes("A") for _ in range(8)]
        await has_happened(ani, 8, "escalation.raised")
        for ticket in taken:
            accepted, left = await at_once(ani.accepts(ticket), visitor.gives_back(ticket))
            assert left.status_code == 200
            if accepted.status_code == 409:
                assert accepted.json()["state"] == "withdrawn"
        ends = of(await ani.journal(), "escalation.withdrawn")
        assert [e["escalation"]["ticket"] for e in ends] == [t["ticket"]["id"] for t in taken]
        assert (await ani.board())["escalations"] == []


async def test_of_officers_who_open_one_counter_at_once_one_has_it(two: Servers) -> None:
    async with two.office("doors") as places:
        officers = [await places[n % 2].staff(name) for n, name in enumerate(("eka", "fitri", "gita", "hadi"))]
        for counter in (1, 2, 3, 4):
            answers = await at_once(*(officer.at(counter, "open") for officer in officers))
            assert statuses(answers) == [200, 409, 409, 409]
            (winner,) = (officer for officer, answer in zip(officers, answers, strict=True) if answer.status_code == 200)
            for officer, answer in zip(officers, answers, strict=True):
                if officer is winner:
                    assert answer.json()["counter"]["officer"] == winner.name
                    continue
                assert (answer.json()["code"], answer.json()["state"]) == ("counter-taken", "open")
                assert (await officer.at(counter, "call-next")).json()["code"] == "counter-taken"
        opened = of(await officers[0].journal(), "counter.opened")
        assert [e["counter"]["counter"] for e in opened] == [1, 2, 3, 4]
