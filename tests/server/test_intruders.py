"""Who may not: without a session, with the wrong role or office, from another site, with a secret that is not the ticket's. And what is
secret is written nowhere."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from websockets.exceptions import InvalidStatus

from board.roles import ALLOWED, Action, Role
from server.auth import COOKIE
from tests.contract import ROOT, Document, document
from tests.driver import API, OFFICE, PASSWORD, Person
from tests.house import STAFF, House, hire, house, sign_in
from tests.staff import client_of

Comes = Callable[..., Person]
TICKET = f"{ROOT}/ticket"
OTHER_OFFICE = "tarakan"
# What each call of staff asks for; the tests find every call that is for staff in the document.
ASKS = {
    "journal": Action.READ_JOURNAL,
    "accounts": Action.MANAGE_ACCOUNTS,
    "add-account": Action.MANAGE_ACCOUNTS,
    "disable-account": Action.MANAGE_ACCOUNTS,
    "enable-account": Action.MANAGE_ACCOUNTS,
    "set-password": Action.MANAGE_ACCOUNTS,
    "places": Action.MANAGE_PLACES,
    "add-place": Action.MANAGE_PLACES,
    "rename-place": Action.MANAGE_PLACES,
    "retire-place": Action.MANAGE_PLACES,
    "restore-place": Action.MANAGE_PLACES,
    "stickers": Action.MANAGE_PLACES,
    "accept": Action.ANSWER_ESCALATIONS,
    "decline": Action.ANSWER_ESCALATIONS,
}


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Two offices on one board; `tari` is an officer of the other one alone."""
    folder: Path = tmp_path_factory.mktemp("offices")
    ours = (Path(__file__).parents[2] / "config" / "office.toml").read_text()
    (folder / "ours.toml").write_text(ours)
    (folder / "other.toml").write_text(ours.replace(f'id = "{OFFICE}"', f'id = "{OTHER_OFFICE}"'))
    with house(tmp_path_factory.mktemp("intruders"), {"KAYAN_OFFICES": str(folder)}) as offices:
        asyncio.run(hire(offices.store, {"tari": "officer"}, OTHER_OFFICE))
        yield House(offices.process, offices.store, {**offices.tokens, **sign_in(offices.url, "tari")})


@pytest.fixture(scope="module")
def said(offices: House) -> Document:
    return document(offices.url)


def staff_calls(said: Document) -> list[tuple[str, str, str]]:
    """Operation, method and address of every call that needs a session."""
    found = []
    for name, (method, path) in said.operations.items():
        if said.found["paths"][path][method].get("security") == [{"session": []}]:
            address = path.format(office=OFFICE, counter=1, escalation="e-20260101-00001", name="nobody", place="k7m2b")
            found.append((name, method, address))
    assert len(found) >= len(ASKS) + 12
    return found


BODY = {"reason": "r", "number": "A001", "service": "A", "password": PASSWORD, "name": "eko", "role": "officer"}


async def status_of(said: Document, person: Person, method: str, address: str) -> int:
    answer = await said.watch(person).http.request(method, address, json=None if method == "get" else {})
    return answer.status_code


async def test_without_a_session_nothing_of_the_staffs_is_answered(offices: House, said: Document, people: Comes) -> None:
    for name, method, address in staff_calls(said):
        assert await status_of(said, people(offices), method, address) == 401, name


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "a.b.c", "é", "x" * 5000], ids=lambda token: f"{token[:8]}x{len(token)}")
async def test_a_made_up_session_is_none(offices: House, people: Comes, token: str) -> None:
    stranger = people(offices)
    headers = [(b"cookie", f"{COOKIE}={token}".encode())]
    assert (await stranger.http.get(f"{ROOT}/session", headers=headers)).status_code == 401
    assert (await stranger.http.post(f"{API}/counters/1/open", json={}, headers=headers)).status_code == 401


@pytest.mark.parametrize("name", STAFF)
async def test_each_role_may_do_what_is_its_own_and_nothing_else(offices: House, said: Document, people: Comes, name: str) -> None:
    allowed = ALLOWED[Role(STAFF[name])]
    person = people(offices, name)
    for operation, method, address in staff_calls(said):
        status = await status_of(said, person, method, address)
        assert (status == 403) == (ASKS.get(operation, Action.OPERATE_COUNTERS) not in allowed), (operation, status)


async def test_staff_of_another_office_are_strangers_here(offices: House, said: Document, people: Comes) -> None:
    tari = people(offices, "tari")
    for operation, method, address in staff_calls(said):
        assert await status_of(said, tari, method, address) == 403, operation
    assert (await tari.post(f"{API}/tickets", {"service": "A", "priority": True})).status_code == 403
    there = f"{ROOT}/offices/{OTHER_OFFICE}"
    assert (await tari.post(f"{there}/counters/1/open")).status_code == 200
    async with tari.watches("?view=staff", office=OTHER_OFFICE) as screen:
        assert (await screen.frame())["t"] == "snapshot"
    async with tari.watches("?view=staff") as screen:
        assert await screen.end() == 4401


@pytest.mark.parametrize("body", [{"priority": True}, {"via": "desk"}], ids=str)
async def test_only_the_desk_gives_priority(offices: House, people: Comes, body: dict[str, Any]) -> None:
    take = f"{API}/tickets"
    assert (await people(offices).post(take, {"service": "A", **body})).status_code == 401
    assert (await people(offices, "citra").post(take, {"service": "A", **body})).status_code == 201


# Other sites

HERE = "http://127.0.0.1:{port}"
ELSEWHERE = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1"},
    {"origin": HERE + ".evil.example"},
    {"origin": "http://evil.example:{port}"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
async def test_another_site_may_do_nothing_in_somebodys_name(
    offices: House, said: Document, people: Comes, headers: dict[str, str]
) -> None:
    ani = said.watch(people(offices, "ani"))
    sent = {name: value.format(port=offices.process.port) for name, value in headers.items()}
    before = await ani.board()
    for name, (method, path) in said.operations.items():
        address = path.format(office=OFFICE, counter=1, escalation="e-20260101-00001", name="nobody", place="k7m2b")
        if method == "get":
            continue
        answer = await ani.http.request(method, address, json=BODY if method == "post" else None, headers=sent)
        assert (answer.status_code, answer.json()["code"]) == (403, "other-origin"), name
    assert {**await ani.board(), "now": 0} == {**before, "now": 0}
    assert (await ani.http.get(f"{ROOT}/session")).status_code == 200  # still signed in: DELETE was refused, too


async def test_our_own_pages_may(offices: House, people: Comes) -> None:
    ani = people(offices, "ani")
    here = HERE.format(port=offices.process.port)
    answer = await ani.http.post(f"{API}/tickets", json={"service": "A"}, headers={"origin": here, "sec-fetch-site": "same-origin"})
    assert answer.status_code == 201
    async with ani.watches("?view=staff", origin=here) as screen:
        assert (await screen.frame())["t"] == "snapshot"


@pytest.mark.parametrize("query", ["", "?view=staff"])
async def test_another_site_gets_no_live_stream(offices: House, people: Comes, query: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with people(offices, "ani").watches(query, origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403


# Secrets


def spoilt(secret: str, other: str) -> list[str]:
    """Secrets that are not this ticket's, `other` being another ticket's."""
    office, ticket, mark = secret.split(".")
    their_office, their_ticket, their_mark = other.split(".")
    flipped = ("A" if mark[0] != "A" else "B") + mark[1:]
    return [
        f"{office}.{ticket}.{flipped}",
        f"{office}.{ticket}.{mark[:-1]}",
        f"{office}.{ticket}.{mark}A",
        f"{office}.{ticket}.{their_mark}",
        f"{office}.{their_ticket}.{mark}",
        f"{OTHER_OFFICE}.{ticket}.{mark}",
        f"nowhere.{ticket}.{mark}",
        f"{office}.20200101-00001.{mark}",
        f"{office.upper()}.{ticket}.{mark}",
        f"{office}.{ticket}.",
        f"{their_office}.{ticket}",
        mark,
        "x" * 5000,
    ]


async def test_no_secret_but_the_tickets_own_opens_it_and_none_gives_a_hint(offices: House, said: Document, people: Comes) -> None:
    visitor = said.watch(people(offices))
    mine, other = [(await visitor.takes())["secret"] for _ in range(2)]
    headers = [f"Bearer {secret}" for secret in spoilt(mine, other)] + [mine, f"Basic {mine}", f"Token {mine}", "Bearer", ""]
    answers = set()
    for sent in headers:
        for method, address in (("get", TICKET), ("post", f"{TICKET}/cancel")):
            answer = await visitor.http.request(method, address, headers={"Authorization": sent})
            assert answer.status_code == 401, sent
            answers.add((answer.text, answer.headers["www-authenticate"]))
    assert len(answers) == 1  # the same words, whatever was wrong
    assert (await visitor.http.get(f"{TICKET}?secret={mine}")).status_code == 401  # in a path it would end up in logs
    shown = await visitor.http.get(TICKET, headers={"Authorization": f"bearer {mine}"})
    assert shown.json()["ticket"]["state"] == "waiting"


async def everything(client: Redis) -> bytes:
    """Every key and value of the store in one text."""
    readers: dict[Any, Callable[[bytes], Any]] = {
        b"string": client.get,
        b"hash": client.hgetall,
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1),
        b"stream": client.xrange,
    }
    keys = [key async for key in client.scan_iter(count=1000)]
    return repr([(key, await readers[await client.type(key)](key)) for key in keys]).encode()


def files_in(folder: Path) -> bytes:
    """All that is on the disk below this folder."""
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def test_secrets_are_in_no_log_not_in_the_store_and_not_in_its_files(tmp_path: Path, people: Comes) -> None:
    with house(tmp_path, {"KAYAN_LOG_LEVEL": "debug"}, {"ani": "officer"}) as office:
        visitor, ani = people(office), people(office, "ani")
        taken = [await visitor.post(f"{API}/tickets", {"service": "A"}, key=f"key-{n}") for n in range(3)]
        secrets = [answer.json()["secret"] for answer in taken]
        for n, secret in enumerate(secrets):
            await visitor.http.get(TICKET, headers={"Authorization": f"Bearer {secret}"})
            await visitor.http.get(TICKET, headers={"Authorization": f"Bearer {secret}x"})
            await visitor.http.get(f"/t?secret={secret}")
            await visitor.http.get(f"/{secret}")
            if n:
                await visitor.post(f"{TICKET}/cancel", Authorization=f"Bearer {secret}")
        async with visitor.watches(f"?resume={secrets[0]}") as screen:
            assert await screen.end() == 4001
        await ani.post(f"{ROOT}/session", {"name": "ani", "password": PASSWORD}, key="one-press")
        async with client_of(office.store) as client:
            kept = await everything(client)
        assert b"A001" in kept  # the scan sees what there is
        hidden = [secret.rpartition(".")[2] for secret in secrets] + [PASSWORD, office.tokens["ani"], ani.http.cookies[COOKIE]]
        assert [word for word in hidden if word.encode() in kept] == []
        files = files_in(tmp_path)
        assert b"A001" in files
        assert [word for word in hidden if word.encode() in files] == []
        office.process.stop()
    said = "\n".join(office.process.said)
    assert [word for word in hidden if word in said] == []
    assert not re.search(r"127\.0\.0\.1:\d{4,5}.*(GET|POST)", said)  # nobody keeps visitors' addresses
