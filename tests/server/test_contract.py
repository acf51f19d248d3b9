"""The OpenAPI document tells the truth: it is well formed, it names every call that is served and no other, and what is answered is
what it says. Every person in these tests has their answers held against it (tests/contract.py)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from starlette.routing import Route

from config.office import load_offices
from config.settings import load_settings
from server.app import house as wired
from server.routes.openapi import PROBLEM
from tests.contract import ROOT, SHAPE, Document, document, refs_in, resolved, schemas_in
from tests.driver import API, PASSWORD, Person, environment
from tests.house import House, house
from tests.printed import public_address

Comes = Callable[..., Person]
RESERVE = 5
TICKET = "/api/v1/ticket"
ACCOUNTS = "/api/v1/accounts"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A board with a short promise, so that alerts come, with limits, and with an address for stickers."""
    settings = {"KAYAN_GUARANTEE__SECONDS": "2", "KAYAN_GUARANTEE__WARN_SECONDS": "[1]", "KAYAN_LIMITS": "on", **public_address()}
    with house(tmp_path_factory.mktemp("contract"), settings) as office:
        yield office


@pytest.fixture
def said(office: House) -> Document:
    return document(office.url)


async def test_the_document_is_well_formed(said: Document) -> None:
    found = said.found
    Draft202012Validator(SHAPE).validate(found)
    for schema in [*found["components"]["schemas"].values(), *schemas_in(found["paths"])]:
        Draft202012Validator.check_schema(schema)
    assert [ref for ref in refs_in(found) if resolved(found, ref) is None] == []
    names = [about["operationId"] for methods in found["paths"].values() for about in methods.values()]
    assert len(names) == len(set(names))
    for path, methods in found["paths"].items():
        for about in methods.values():
            in_path = [p["name"] for p in about["parameters"] if p["in"] == "path"]
            assert in_path == re.findall(r"{(\w+)}", path)


async def test_every_served_call_is_in_the_document_and_the_reverse(said: Document, tmp_path: Path) -> None:
    settings = load_settings(environment(tmp_path / "data"))
    async with wired(settings, load_offices(settings.offices, settings)) as here:
        routes = [route for route in here.app.routes if isinstance(route, Route) and route.path.startswith(f"{ROOT}/")]
    served = {(method, route.path) for route in routes for method in (route.methods or set()) - {"HEAD"}}
    documented = {(method.upper(), path) for method, path in said.operations.values()}
    assert served - documented == {("GET", f"{ROOT}/openapi.json")}
    assert documented - served == set()


async def test_every_call_answers_what_the_document_says(office: House, said: Document, people: Comes) -> None:
    visitor, ani, wira = (said.watch(people(office, name)) for name in (None, "ani", "wira"))
    await everybody_may(visitor)
    await officers_may(ani, visitor)
    await alerts_are_answered(ani, visitor)
    await administrators_may(wira)
    await stickers_are_made(wira, visitor)
    await newcomers_may(visitor, office)
    done = {name for name, status in said.seen if status < 300}
    assert set(said.operations) - done == {"first-administrator"}  # there is one already: its own test, on a board of its own


async def test_the_first_administrator_is_answered_as_the_document_says(tmp_path: Path, people: Comes) -> None:
    with house(tmp_path / "data", staff={}) as fresh:
        visitor = people(fresh)
        said = document(fresh.url)
        said.watch(visitor)
        body = {"token": fresh.process.first_token, "name": "wira", "password": PASSWORD}
        assert (await visitor.post(f"{ROOT}/first-administrator", {**body, "token": "guessed"})).status_code == 403
        assert (await visitor.post(f"{ROOT}/first-administrator", {**body, "password": "short"})).status_code == 422
        assert (await visitor.post(f"{ROOT}/first-administrator", body)).status_code == 201
        assert (await visitor.http.get(f"{ROOT}/session")).json()["role"] == "administrator"
        visitor.http.cookies.clear()
        assert (await visitor.post(f"{ROOT}/first-administrator", body)).status_code == 403


async def test_refusals_of_every_kind_are_in_the_document(office: House, said: Document, people: Comes) -> None:
    visitor, ani, citra, wira = (said.watch(people(office, name)) for name in (None, "ani", "citra", "wira"))
    for status, person, path, body in (
        (404, visitor, "/api/v1/offices/nowhere/tickets", {"service": "A"}),
        (404, visitor, f"{API}/tickets", {"service": "Z"}),
        (422, visitor, f"{API}/tickets", {"service": "A", "satker": "1"}),
        (401, visitor, f"{API}/tickets", {"service": "A", "priority": True}),
        (401, visitor, f"{TICKET}/cancel", {}),
        (401, visitor, f"{API}/counters/1/open", {}),
        (403, citra, f"{API}/counters/1/open", {}),
        (404, ani, f"{API}/counters/77/open", {}),
        (404, ani, f"{API}/counters/1/open", {"services": ["Z"]}),
        (409, ani, f"{API}/counters/2/recall", {}),
        (404, ani, f"{API}/escalations/e-20260101-00001/accept", {}),
        (404, ani, f"{API}/escalations/e-20260101-00001/decline", {}),
        (403, ani, ACCOUNTS, {}),
        (404, wira, f"{ACCOUNTS}/nobody/disable", {}),
        (409, wira, f"{ACCOUNTS}/wira/disable", {}),
        (403, ani, f"{API}/places", {"name": "Pintu"}),
        (422, wira, f"{API}/places", {"name": "Pintu \U0001f600"}),
        (422, wira, f"{API}/places", {"name": "Pintu " * 20}),
        (404, wira, f"{API}/places/k7m2b/rename", {"name": "Pintu"}),
        (404, wira, f"{API}/places/k7m2b/retire", {}),
        (422, visitor, f"{API}/scans", {"place": "x" * 65}),
        (409, wira, ACCOUNTS, {"name": "ani", "password": PASSWORD, "role": "officer"}),
        (422, wira, ACCOUNTS, {"name": "no spaces", "password": PASSWORD, "role": "officer"}),
        (422, wira, f"{ACCOUNTS}/ani/password", {"password": "aaaaaaaaaaaa"}),
        (401, visitor, f"{ROOT}/session", {"name": "ani", "password": "not this one"}),
        (422, visitor, f"{ROOT}/session", {"name": "ani", "password": "x" * 201}),
        (413, visitor, f"{ROOT}/session", {"name": "x" * 20_000}),
    ):
        answer = await person.post(path, body)
        assert answer.status_code == status, (path, answer.text)
    for status, person, path in (
        (404, visitor, "/api/v1/offices/nowhere"),
        (404, visitor, "/api/v1/offices/nowhere/board"),
        (401, visitor, TICKET),
        (401, visitor, f"{API}/journal"),
        (422, ani, f"{API}/journal?after=the-beginning"),
        (422, ani, f"{API}/journal?limit=0"),
        (409, ani, f"{API}/journal?after=another:1"),
        (401, visitor, f"{ROOT}/session"),
        (403, ani, ACCOUNTS),
        (403, ani, f"{API}/places"),
        (422, wira, f"{API}/stickers?sheet=7"),
        (404, wira, f"{API}/stickers?place=k7m2b"),
    ):
        answer = await person.http.get(path)
        assert answer.status_code == status, (path, answer.text)


async def test_an_address_where_nothing_is_answers_as_a_problem(office: House, people: Comes) -> None:
    visitor = people(office)
    for method, path in (("GET", f"{ROOT}/nothing"), ("POST", f"{API}/counters/1/dance"), ("PUT", f"{ROOT}/session"), ("GET", "/a/b/c")):
        answer = await visitor.http.request(method, path)
        assert answer.status_code in (404, 405), path
        assert answer.headers["content-type"] == "application/problem+json"
        Draft202012Validator(PROBLEM).validate(answer.json())


# What each of them may do, call by call


async def everybody_may(visitor: Person) -> None:
    assert [office["id"] for office in (await visitor.http.get(f"{ROOT}/offices")).json()] == ["tanjung-selor"]
    for path in (API, f"{API}/board"):
        assert (await visitor.http.get(path)).status_code == 200
    taken = await visitor.takes("D", satker="123456", language="en")
    mine = f"Bearer {taken['secret']}"
    assert (await visitor.http.get(TICKET, headers={"Authorization": mine})).json()["ahead"] == 0
    assert (await visitor.post(f"{TICKET}/cancel", Authorization=mine)).json()["ticket"]["state"] == "cancelled"
    assert (await visitor.post(f"{TICKET}/cancel", Authorization=mine)).status_code == 409


async def officers_may(ani: Person, visitor: Person) -> None:
    await ani.does(1, "open", services=["A", "B"])
    numbers = [(await visitor.takes("A"))["ticket"]["number"] for _ in range(3)]
    for verb in ("call-next", "recall", "serve"):
        await ani.does(1, verb)
    await ani.does(1, "hold", reason="salinan SPM")
    await ani.does(1, "resume", number=numbers[0])
    await ani.does(1, "finish")
    await ani.does(1, "call-next")
    await ani.does(1, "skip")
    await ani.does(1, "return", number=numbers[1])
    await ani.does(1, "call-next")
    await ani.does(1, "transfer", service="C")
    assert (await ani.at(1, "serve")).status_code == 409
    for verb in ("pause", "open", "close"):
        await ani.does(1, verb)
    page = await ani.http.get(f"{API}/journal", params={"limit": "5"})
    assert len(page.json()["events"]) == 5


async def alerts_are_answered(ani: Person, visitor: Person) -> None:
    async with ani.watches("?view=staff") as screen:
        ids = [(await visitor.takes("E"))["ticket"]["id"] for _ in range(2)]
        for ticket in ids:
            await screen.event("escalation.raised", ticket=ticket)
        accepted = await ani.post(f"{API}/escalations/e-{ids[0]}/accept", {"counter": RESERVE})
        assert accepted.json()["counter"]["state"] == "open"
        assert (await ani.post(f"{API}/escalations/e-{ids[0]}/accept")).status_code == 409
        assert (await ani.post(f"{API}/escalations/e-{ids[1]}/decline")).status_code == 200


async def administrators_may(wira: Person) -> None:
    body = {"name": "eko", "password": PASSWORD, "role": "officer", "offices": ["tanjung-selor"]}
    assert (await wira.post(ACCOUNTS, body)).status_code == 201
    assert "eko" in [account["name"] for account in (await wira.http.get(ACCOUNTS)).json()]
    for verb, about in (("disable", {}), ("enable", {}), ("password", {"password": "sirih-pinang-selor"})):
        assert (await wira.post(f"{ACCOUNTS}/eko/{verb}", about)).status_code == 200


async def stickers_are_made(wira: Person, visitor: Person) -> None:
    added = (await wira.post(f"{API}/places", {"name": "Ruang tunggu, pintu"})).json()
    assert (await wira.http.get(f"{API}/stickers?sheet=12&place={added['code']}")).status_code == 200
    assert (await visitor.post(f"{API}/scans", {"place": added["code"]})).json() == {"counted": True}
    for verb, about in (("rename", {"name": "Pintu"}), ("retire", {}), ("restore", {})):
        assert (await wira.post(f"{API}/places/{added['code']}/{verb}", about)).status_code == 200
    assert [place["name"] for place in (await wira.http.get(f"{API}/places")).json()["places"]] == ["Pintu"]


async def newcomers_may(person: Person, office: House) -> None:
    await person.logs_in("budi")
    assert (await person.http.get(f"{ROOT}/session")).json() == {
        "name": "budi",
        "role": "officer",
        "offices": None,
        "office": "tanjung-selor",
    }
    assert (await person.http.delete(f"{ROOT}/session")).status_code == 204
    assert (await person.http.get(f"{ROOT}/session")).status_code == 401
