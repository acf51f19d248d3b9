"""Whatever is posted, the server answers in JSON with a status of its document, never with an error of its own, and serves on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.routes.counters import VERBS
from tests.contract import ROOT, Document, document
from tests.driver import API, NO_TLS, OFFICE, PASSWORD
from tests.house import House, house

HOUSE_CALLS = ("take", "cancel", "accept", "decline", "login", "first-administrator", "add-account", "disable-account", "set-password")
PLACE_CALLS = ("add-place", "rename-place", "retire-place", "restore-place", "scan")
CALLS = sorted([*HOUSE_CALLS, "enable-account", *PLACE_CALLS, *VERBS])
KEYS = (
    "service",
    "services",
    "satker",
    "language",
    "priority",
    "via",
    "number",
    "reason",
    "counter",
    "name",
    "password",
    "role",
    "offices",
)
RIGHT: dict[str, Any] = {
    "service": "A",
    "services": ["A", "B"],
    "satker": "123456",
    "language": "en",
    "priority": True,
    "via": "kiosk",
    "number": "A001",
    "reason": "salinan",
    "counter": 5,
    "name": "eko",
    "password": PASSWORD,
    "role": "officer",
    "offices": [OFFICE],
    "token": "guess",
    "place": "k7m2b",
}

texts = st.text(max_size=40) | st.sampled_from(["", "\x00", "\ud800", "\u202e", "A" * 300, "１２３４５６", "A001", "e-20261124-00001"])
numbers = st.integers() | st.floats() | st.sampled_from([10**400, -1, 2**63, 1e308])
values = st.recursive(
    st.none() | st.booleans() | numbers | texts, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4)
)
steadily = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def bodies(draw: st.DrawFn, known: tuple[str, ...]) -> bytes:
    """From nearly right to noise: the call's own fields with right and wrong values, any JSON, any bytes."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=200))
    if draw(st.integers(0, 4)) == 0:
        return written(draw(values))
    fields = {key: RIGHT[key] for key in known if key in RIGHT and draw(st.booleans())}
    wrong = draw(st.dictionaries(st.sampled_from(known or KEYS) | texts, values, max_size=2))
    return written({**fields, **wrong})


def written(value: Any) -> bytes:
    """As JSON, or as what Python takes for it: NaN, Infinity, half a character."""
    return json.dumps(value).encode()


names = st.sampled_from([OFFICE, "1", "5", "ani", "e-20261124-00001", "eko"]) | texts.filter(lambda text: text not in ("", ".", ".."))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("fuzz")) as office:
        yield office


@pytest.fixture(scope="module")
def said(office: House) -> Document:
    return document(office.url)


@pytest.fixture(scope="module")
def wira(office: House) -> Iterator[httpx.Client]:
    """Somebody who may do everything, with counters open and visitors waiting."""
    with httpx.Client(base_url=office.url, verify=NO_TLS, trust_env=False, timeout=30) as wira:
        wira.cookies.set("kayan_session", office.tokens["wira"])
        for service in "ABCDE":
            assert wira.post(f"{API}/tickets", json={"service": service}).status_code == 201
        for counter in (1, 5):
            assert wira.post(f"{API}/counters/{counter}/open").status_code == 200
        yield wira


def fields_of(said: Document, operation: str) -> tuple[str, ...]:
    """The fields that this call's body may have."""
    method, path = said.operations[operation]
    content = said.found["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
    return tuple(said.found["components"]["schemas"][content["$ref"].rpartition("/")[2]].get("properties", {}))


def answered(said: Document, answer: httpx.Response) -> None:
    said.check(answer)
    assert answer.status_code != 503, answer.text  # the store is there: whoever says so has met an error in a script


@pytest.mark.parametrize("operation", CALLS)
def test_no_body_makes_a_call_fail_in_a_way_of_its_own(office: House, said: Document, wira: httpx.Client, operation: str) -> None:
    path = said.operations[operation][1].format(office=OFFICE, counter=1, escalation="e-20261124-00001", name="eko", place="k7m2b")
    own = fields_of(said, operation)

    @steadily
    @given(bodies(own), st.sampled_from([None, "one-press", "another"]))
    def posts(body: bytes, key: str | None) -> None:
        answered(said, wira.post(path, content=body, headers={} if key is None else {"Idempotency-Key": key}))

    posts()
    serves_on(wira, office)


def test_all_calls_that_change_something_are_tried_here(said: Document) -> None:
    assert sorted(name for name, (method, _) in said.operations.items() if method == "post") == CALLS


def test_no_address_makes_a_call_fail_in_a_way_of_its_own(office: House, said: Document, wira: httpx.Client) -> None:
    templates = sorted((method, path) for method, path in said.operations.values() if "{" in path)

    @settings(steadily, max_examples=200)
    @given(st.sampled_from(templates), st.lists(names, min_size=3, max_size=3))
    def asks(template: tuple[str, str], given_names: list[str]) -> None:
        method, path = template
        office_name, second, third = (quote(name.encode("utf-8", "surrogatepass"), safe="") for name in given_names)
        address = path.format(office=office_name, counter=second, escalation=second, name=third, place=second)
        if "%2F" not in address:
            answered(said, wira.request(method, address, json={} if method == "post" else None))

    asks()
    serves_on(wira, office)


def test_no_query_makes_a_call_fail_in_a_way_of_its_own(office: House, said: Document, wira: httpx.Client) -> None:
    epoch = wira.get(f"{API}/board").json()["epoch"]
    points = texts | st.integers().map(lambda n: f"{epoch}:{n}") | st.sampled_from([f"{epoch}:", f"{epoch}:{10**15}", ":1", f"{epoch}:٣"])

    @settings(steadily, max_examples=100)
    @given(points, texts | st.integers().map(str))
    def reads(after: str, limit: str) -> None:
        query = f"after={quote(after.encode('utf-8', 'surrogatepass'))}&limit={quote(limit.encode('utf-8', 'surrogatepass'))}"
        answered(said, wira.get(f"{API}/journal?{query}"))
        answered(said, wira.get(f"{API}/stickers?{query.replace('after', 'sheet').replace('limit', 'place')}"))

    reads()
    serves_on(wira, office)


def serves_on(wira: httpx.Client, office: House) -> None:
    """The server is as ready as before, and nothing of what came was an error of its own."""
    assert wira.get("/readyz").status_code == 200
    assert wira.get(f"{ROOT}/offices").status_code == 200
    assert [line for line in office.process.said if "ERROR" in line or "Traceback" in line] == []
