"""What is wrong with a request is said in one way: what does not exist 404, what is written wrongly 422 with the field's name, what is too
large 413, what does not fit the state 409 with the state, what comes too often 429 with the wait."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from tests.contract import ROOT, Document, document
from tests.driver import API, OFFICE, Person
from tests.house import House, house

Comes = Callable[..., Person]
LARGEST = 16 * 1024  # bytes of a body
TAKE = f"{API}/tickets"
HOLD = f"{API}/counters/1/hold"
OPEN = f"{API}/counters/1/open"
RETURN = f"{API}/counters/1/return"
ACCEPT = f"{API}/escalations/e-20261124-00001/accept"
SESSION, ACCOUNTS = f"{ROOT}/session", f"{ROOT}/accounts"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("bad-input")) as office:
        yield office


@pytest.fixture(scope="module")
def said(office: House) -> Document:
    return document(office.url)


@pytest.fixture
async def wira(office: House, said: Document, people: Comes) -> Person:
    """Somebody who may do everything, so that only the request can be wrong; every answer is held against the document."""
    return said.watch(people(office, "wira"))


async def sent(person: Person, path: str, body: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
    answer = await person.http.post(path, content=body, headers=headers)
    return answer.status_code, answer.json()


UNKNOWN = [
    (f"{ROOT}/offices/nowhere/tickets", {"service": "A"}, "unknown-office"),
    (f"{ROOT}/offices/{OFFICE.upper()}/tickets", {"service": "A"}, "unknown-office"),
    (f"{ROOT}/offices/%00%ff/tickets", {"service": "A"}, "unknown-office"),
    (f"{ROOT}/offices/{'x' * 5000}/tickets", {"service": "A"}, "unknown-office"),
    (f"{ROOT}/offices/nowhere/counters/1/open", {}, "unknown-office"),
    (f"{ROOT}/offices/nowhere/escalations/e-1/decline", {}, "unknown-office"),
    (TAKE, {"service": "Z"}, "unknown-service"),
    (TAKE, {"service": "a"}, "unknown-service"),
    (OPEN, {"services": ["A", "Z"]}, "unknown-service"),
    (f"{API}/counters/1/transfer", {"service": "AB"}, "unknown-service"),
    *(
        (f"{API}/counters/{n}/call-next", {}, "unknown-counter")
        for n in ("0", "6", "999", "1000", "-1", "1.0", "one", "%D9%A1", "1e0", "%20")
    ),
    (f"{API}/escalations/e-20260101-00001/decline", {}, "unknown-escalation"),
    (f"{API}/escalations/{'e' * 5000}/decline", {}, "unknown-escalation"),
    (f"{ACCOUNTS}/{'n' * 5000}/disable", {}, "unknown-account"),
]


@pytest.mark.parametrize(("path", "body", "code"), UNKNOWN, ids=lambda value: str(value)[:50])
async def test_what_does_not_exist_is_not_found(wira: Person, path: str, body: dict[str, Any], code: str) -> None:
    status, said = await sent(wira, path, json.dumps(body).encode())
    assert (status, said["code"]) == (404, code)
    assert len(json.dumps(said)) < 1000  # what was asked for is not thrown back whole


@pytest.mark.parametrize("path", [f"{ROOT}/offices/nowhere", f"{ROOT}/offices/nowhere/board", f"{ROOT}/offices/nowhere/journal"])
async def test_an_office_that_does_not_exist_shows_nothing(wira: Person, path: str) -> None:
    answer = await wira.http.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-office")


NOT_A_CODE: tuple[Any, ...] = (1, None, ["A"], {}, True, "", "A" * 9, "A\x00", "A\n", "\u202eA", "\ud800")
NOT_SERVICES: tuple[Any, ...] = ([], "A", ["A"] * 51, {"A": 1}, 1)


def a_take(**fields: Any) -> bytes:
    return json.dumps({"service": "A", **fields}).encode()


WRONG: list[tuple[str, bytes, str]] = [
    *((TAKE, raw, "body") for raw in (b"{", b"nonsense", b'{"service": "A"', b"\xff\xfe", b'{"service": "\xc3\x28"}', b"\x00")),
    *((TAKE, raw, "body") for raw in (b"[]", b"null", b'"A"', b"1", b"true")),
    *((TAKE, raw, "body") for raw in (b"NaN", b'{"service": NaN}', b'{"service": -Infinity}', b'{"n": %s}' % (b"9" * 5000))),
    (TAKE, b"{}", "service"),
    *((TAKE, a_take(service=value), "service") for value in NOT_A_CODE),
    *((TAKE, a_take(satker=value), "satker") for value in ("12345", "1234567", "12345a", "１２３４５６", "123456\n", " 12345", "", 123456)),
    *((TAKE, a_take(language=value), "language") for value in ("fr", "", "ID", None, ["id"])),
    *((TAKE, a_take(priority=value), "priority") for value in ("true", 1, 0, None)),
    *((TAKE, a_take(via=value), "via") for value in ("", "Desk", "1st", "a" * 21, "a b", "kiosk\n", None)),
    (TAKE, a_take(colour="red"), "colour"),
    (TAKE, a_take(state="called"), "state"),
    *((HOLD, json.dumps({"reason": r}).encode(), "reason") for r in ("", "x" * 201, "a\nb", "a\x00b", "\u202eabc", "a\u2028b", 7, None)),
    (HOLD, b"{}", "reason"),
    *((RETURN, json.dumps({"number": n}).encode(), "number") for n in ("", "a001", "A 1", "A" * 17, "A001\n", 1, None)),
    *((OPEN, json.dumps({"services": s}).encode(), "services") for s in NOT_SERVICES),
    *((OPEN, json.dumps({"services": [s]}).encode(), "services.0") for s in NOT_A_CODE),
    *((ACCEPT, json.dumps({"counter": c}).encode(), "counter") for c in (0, -1, 1000, "5", 5.5, True, [5], 10**30)),
    (f"{API}/counters/1/call-next", b'{"counter": 1}', "counter"),
    *((SESSION, json.dumps({"name": n, "password": "p"}).encode(), "name") for n in ("", "x" * 65, "a\x07", 1, None)),
    *((SESSION, json.dumps({"name": "ani", "password": p}).encode(), "password") for p in ("", "x" * 201, 1, None, "\udfff")),
    (ACCOUNTS, b'{"name": "eko", "password": "loket-dua-terbuka", "role": "king"}', "role"),
    (ACCOUNTS, b'{"name": "eko", "password": "loket-dua-terbuka", "role": "officer", "offices": []}', "offices"),
    (ACCOUNTS, b'{"name": "eko", "password": "loket-dua-terbuka", "role": "officer", "offices": "tanjung-selor"}', "offices"),
    (ACCOUNTS, b'{"name": "E K O", "password": "loket-dua-terbuka", "role": "officer"}', "name"),
    (ACCOUNTS, b'{"name": "eko", "password": "short", "role": "officer"}', "password"),
    (f"{ACCOUNTS}/ani/password", b'{"password": "1234567890"}', "password"),
    (f"{ROOT}/first-administrator", b'{"name": "eko", "password": "loket-dua-terbuka"}', "token"),
]


@pytest.mark.parametrize(("path", "body", "field"), WRONG, ids=lambda value: str(value)[-40:])
async def test_a_field_that_is_wrong_is_named(wira: Person, path: str, body: bytes, field: str) -> None:
    status, said = await sent(wira, path, body)
    assert (status, [error["field"] for error in said["errors"]]) == (422, [field])
    assert field in said["detail"] or said["code"] == "bad-account"


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"service":"A","satker":['], ids=repr)
async def test_a_body_that_is_nested_without_end_is_refused_at_every_depth(office: House, opening: bytes, people: Comes) -> None:
    visitor = people(office)
    for depth in (*range(900, 1000), LARGEST // len(opening)):
        closed = b"]" if opening.endswith(b"[") else b"}"
        for body in (opening * depth, opening * depth + b"1" + closed * depth):
            status, _ = await sent(visitor, TAKE, body[:LARGEST])
            assert status == 422, depth


async def test_a_body_up_to_the_limit_is_read_and_one_byte_more_is_not(wira: Person) -> None:
    assert (await sent(wira, TAKE, b" " * LARGEST))[0] == 422
    assert (await sent(wira, TAKE, b" " * (LARGEST - 2) + b"{}"))[0] == 422
    assert (await sent(wira, TAKE, b" " * (LARGEST + 1)))[1]["code"] == "too-large"


async def test_a_body_that_is_too_large_is_refused_though_its_length_was_not_announced(wira: Person) -> None:
    async def pieces(n: int) -> AsyncIterator[bytes]:
        for _ in range(n):
            yield b" " * 1024

    for n, expected in ((16, 422), (17, 413), (10_000, 413)):
        try:
            answer = await wira.http.post(TAKE, content=pieces(n))
        except OSError:  # the server does not wait for ten megabytes that it will not read
            assert n == 10_000
            continue
        assert answer.status_code == expected, n


async def test_a_length_that_is_too_large_is_refused_before_the_body_comes(office: House) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", office.process.port)
    writer.write(f"POST {TAKE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000000000\r\n\r\n".encode())
    async with asyncio.timeout(5):
        assert (await reader.readline()).startswith(b"HTTP/1.1 413")
    writer.close()


KEYS = [b"", b"k" * 201, "kunci-é".encode("latin-1"), b"tab\there", b"\xf0\x9f\x94\x91"]


@pytest.mark.parametrize("key", KEYS, ids=repr)
async def test_an_idempotency_key_that_is_none_is_refused(office: House, people: Comes, key: bytes) -> None:
    answer = await people(office).http.post(TAKE, json={"service": "A"}, headers=[(b"Idempotency-Key", key)])
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


async def test_a_key_that_comes_again_with_another_request_is_refused(wira: Person) -> None:
    taken = await wira.post(TAKE, {"service": "A"}, key="one-press")
    assert taken.status_code == 201
    for path, body in ((TAKE, {"service": "B"}), (TAKE, {"service": "A", "satker": "123456"}), (OPEN, {})):
        answer = await wira.post(path, body, key="one-press")
        assert (answer.status_code, answer.json()["code"]) == (422, "key-reused")
        assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    again = await wira.http.post(TAKE, content=b'{ "service":\n "A" }', headers={"Idempotency-Key": "one-press"})
    assert again.json()["ticket"] == taken.json()["ticket"]  # written otherwise, and the same all the same


async def test_the_server_still_serves_after_all_this(office: House, people: Comes) -> None:
    assert (await people(office).takes())["ticket"]["state"] == "waiting"
    assert (await people(office).http.get("/readyz")).status_code == 200


async def test_whoever_takes_numbers_without_end_must_wait_and_the_desk_need_not(
    tmp_path_factory: pytest.TempPathFactory, people: Comes
) -> None:
    with house(tmp_path_factory.mktemp("limits"), {"KAYAN_LIMITS": "on"}) as office:
        visitor, citra = people(office), people(office, "citra")
        answers = [await visitor.post(TAKE, {"service": "A"}) for _ in range(40)]
        assert [answer.status_code for answer in answers] == [201] * 30 + [429] * 10
        assert answers[-1].json()["code"] == "too-many"
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        assert int(answers[-1].headers["retry-after"]) == answers[-1].json()["retry_after"]
        assert (await citra.post(TAKE, {"service": "A", "via": "desk"})).status_code == 201
        tries = [await visitor.post(SESSION, {"name": "budi", "password": "guess"}) for _ in range(6)]
        assert [answer.status_code for answer in tries] == [401] * 5 + [429]
        assert int(tries[-1].headers["retry-after"]) >= 1
        assert (await visitor.post(SESSION, {"name": "budi", "password": "guess"}, key="another")).status_code == 429
