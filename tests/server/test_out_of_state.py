"""A button that does not fit the moment changes nothing and says why, with the state: to a script by a code, to a person in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from board.store.verbs import SCRIPTS
from server.routes.counters import VERBS
from server.words import STATES_ID
from tests.driver import API, Person
from tests.house import House, house

Comes = Callable[..., Person]


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("state"), staff={"ani": "officer", "budi": "officer", "sari": "supervisor"}) as office:
        yield office


class Desk:
    """An officer at a counter who presses what does not fit."""

    def __init__(self, person: Person, counter: int) -> None:
        self.person, self.counter = person, counter

    async def does(self, *verbs: str, **body: Any) -> None:
        for verb in verbs:
            await self.person.does(self.counter, verb, **body)

    async def may_not(self, verb: str, code: str, state: str, **body: Any) -> dict[str, Any]:
        """The refusal, which names the state in every way."""
        answer = await self.person.at(self.counter, verb, **body)
        said: dict[str, Any] = answer.json()
        assert (answer.status_code, said["code"], said["state"]) == (409, code, state), (verb, said)
        assert STATES_ID[state] in said["detail"], said
        assert state in said["detail_en"], said
        return said


BODIES: dict[str, dict[str, Any]] = {
    "return": {"number": "A001"},
    "resume": {"number": "A001"},
    "hold": {"reason": "salinan"},
    "transfer": {"service": "B"},
}


async def test_every_verb_says_what_does_not_fit(office: House, people: Comes) -> None:
    ani = Desk(people(office, "ani"), 1)
    before = len(await ani.person.journal())
    await a_closed_counter(ani)
    await ani.does("open")
    assert len(await ani.person.journal()) == before + 1
    await nobody_at_the_counter(ani)
    numbers = [(await ani.person.takes("A"))["ticket"]["number"] for _ in range(2)]
    await somebody_called(ani, numbers)
    await somebody_served(ani, numbers)
    await a_break(ani)
    await somebody_elses_counter(ani, Desk(people(office, "budi"), 1), Desk(people(office, "sari"), 1))


async def a_closed_counter(ani: Desk) -> None:
    for verb in VERBS:
        if verb != "open":
            await ani.may_not(verb, "counter-not-open", "closed", **BODIES.get(verb, {}))


async def nobody_at_the_counter(ani: Desk) -> None:
    await ani.may_not("open", "counter-already-open", "open")
    await ani.may_not("call-next", "nobody-waiting", "open")
    for verb in ("recall", "serve", "finish", "skip", "hold", "transfer"):
        await ani.may_not(verb, "nothing-called", "open", **BODIES.get(verb, {}))
    for verb in ("return", "resume"):
        answer = await ani.person.at(1, verb, number="A999")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown-ticket")


async def somebody_called(ani: Desk, numbers: list[str]) -> None:
    await ani.may_not("return", "wrong-state", "waiting", number=numbers[0])
    await ani.may_not("resume", "wrong-state", "waiting", number=numbers[0])
    await ani.does("call-next")
    for verb in ("call-next", "pause", "close"):
        said = await ani.may_not(verb, "still-serving", "called")
        assert (said["number"], said["counter"]) == (numbers[0], 1)
    await ani.may_not("resume", "still-serving", "called", number=numbers[1])
    await ani.may_not("finish", "wrong-state", "called")
    await ani.may_not("return", "wrong-state", "called", number=numbers[0])
    await ani.may_not("transfer", "same-service", "called", service="A")


async def somebody_served(ani: Desk, numbers: list[str]) -> None:
    await ani.does("serve")
    for verb in ("serve", "recall", "skip"):
        await ani.may_not(verb, "wrong-state", "serving")
    for verb in ("call-next", "pause", "close"):
        await ani.may_not(verb, "still-serving", "serving")
    await ani.does("finish")
    for verb in ("return", "resume"):
        await ani.may_not(verb, "wrong-state", "done", number=numbers[0])


async def a_break(ani: Desk) -> None:
    await ani.does("pause")
    for verb in ("pause", "call-next", "serve", "recall", "return", "resume"):
        await ani.may_not(verb, "counter-not-open", "paused", **BODIES.get(verb, {}))
    await ani.does("open")


async def somebody_elses_counter(ani: Desk, budi: Desk, sari: Desk) -> None:
    await ani.does("call-next")
    for verb in VERBS:
        said = await budi.may_not(verb, "counter-taken", "open", **BODIES.get(verb, {}))
        assert "ani" not in str(said)  # who sits there is to be seen on the staff's board
    await sari.may_not("serve", "counter-taken", "open")
    await sari.does("open")  # a supervisor may take over, with the visitor who was called
    await sari.does("serve", "finish")
    await ani.may_not("call-next", "counter-taken", "open")


async def test_a_number_that_is_being_served_cannot_be_given_back(office: House, people: Comes) -> None:
    ani, visitor = people(office, "ani"), people(office)
    secret = (await visitor.takes("A"))["secret"]
    for verb in ("open", "call-next", "serve"):
        await ani.does(1, verb)
    cancel = f"{API.partition('/offices')[0]}/ticket/cancel"
    for state in ("serving", "done"):
        answer = await visitor.post(cancel, Authorization=f"Bearer {secret}")
        assert (answer.status_code, answer.json()["code"], answer.json()["state"]) == (409, "wrong-state", state)
        await ani.at(1, "finish")


async def test_a_refused_verb_leaves_no_mark_on_the_board(office: House, people: Comes) -> None:
    ani = people(office, "ani")
    await ani.does(1, "open")
    await ani.takes("A")
    before = await ani.board()
    for verb in ("open", "serve", "recall", "finish", "skip"):
        assert (await ani.at(1, verb)).status_code == 409
    after = await ani.board()
    assert {**after, "now": 0} == {**before, "now": 0}


def test_every_verb_of_the_contract_has_its_script() -> None:
    assert {verb.replace("-", "_") for verb in VERBS} <= set(SCRIPTS)
