"""The doorkeeper hears at once who is out, and believes nobody while it cannot hear; the door's rules on cookies and origins."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from http.cookies import SimpleCookie

import pytest
from redis.asyncio import Redis

from board.roles import Role
from board.store.staff import ACCOUNTS, SESSION, Session, Staff
from server import auth
from server.auth import Doorkeeper, clear_cookie, doorkeeper, same_origin, session_cookie
from server.store import connect
from tests.staff import DESK, OTHER_PASSWORD, PASSWORD, client_of, staff_of
from tests.stores import DURABLE, comes, redis_server, store_process

Told = list[tuple[str | None, str | None]]


@pytest.fixture
async def client(store_url: str) -> AsyncIterator[Redis]:
    async with client_of(store_url) as client:
        yield client


@pytest.fixture
async def listening(store_url: str) -> AsyncIterator[Redis]:
    listening = connect(store_url, None)
    yield listening
    await listening.aclose()


@pytest.fixture
async def staff(client: Redis) -> Staff:
    staff = staff_of(client)
    await staff.add("siti", PASSWORD, Role.OFFICER)
    return staff


async def hears(door: Doorkeeper) -> None:
    await comes(lambda: door.hears)


def all_told(door: Doorkeeper) -> Told:
    """What sockets are told from now on."""
    told: Told = []
    door.on_revoked(lambda account, session: told.append((account, session)))
    return told


async def forget_silently(client: Redis, session: Session) -> None:
    """The session ends, and the word of it is lost."""
    await client.delete(SESSION + session.id)


async def test_whoever_was_let_in_is_known_without_asking_the_store_each_time(client: Redis, staff: Staff, listening: Redis) -> None:
    token, session = await staff.login("siti", PASSWORD, DESK, None)
    async with doorkeeper(staff, listening) as door:
        await hears(door)
        assert await door.session(token) == session
        await forget_silently(client, session)
        assert await door.session(token) == session


async def test_a_disabled_account_is_out_at_once_in_every_process(staff: Staff, listening: Redis) -> None:
    token, session = await staff.login("siti", PASSWORD, DESK, None)
    async with doorkeeper(staff, listening) as here, doorkeeper(staff, listening) as there:
        doors = (here, there)
        told = [all_told(door) for door in doors]
        for door in doors:
            await hears(door)
            assert await door.session(token) == session
        await staff.disable("siti")
        await comes(lambda: told == [[("siti", None)]] * 2)
        assert [await door.session(token) for door in doors] == [None, None]


async def test_a_log_out_ends_that_session_alone(staff: Staff, listening: Redis) -> None:
    one, first = await staff.login("siti", PASSWORD, DESK, None)
    two, second = await staff.login("siti", PASSWORD, DESK, None)
    async with doorkeeper(staff, listening) as door:
        told = all_told(door)
        await hears(door)
        assert (await door.session(one), await door.session(two)) == (first, second)
        await staff.logout(one)
        await comes(lambda: told == [(None, first.id)])
        assert (await door.session(one), await door.session(two)) == (None, second)


async def test_another_password_puts_out_the_sockets_too(staff: Staff, listening: Redis) -> None:
    async with doorkeeper(staff, listening) as door:
        told = all_told(door)
        await hears(door)
        await staff.set_password("siti", OTHER_PASSWORD)
        await comes(lambda: told == [("siti", None)])


async def test_while_nothing_is_heard_every_request_asks_the_store(client: Redis, staff: Staff) -> None:
    token, session = await staff.login("siti", PASSWORD, DESK, None)
    door = Doorkeeper(staff)  # nobody listens for it
    assert await door.session(token) == session
    await forget_silently(client, session)
    assert await door.session(token) is None


async def test_nobody_is_let_in_on_an_answer_that_was_overtaken_by_the_word_of_its_end(client: Redis, listening: Redis) -> None:
    class SlowStaff(Staff):
        """The answer of the store is a while on its way."""

        answered, arrives = asyncio.Event(), asyncio.Event()

        async def session(self, token: str | None) -> Session | None:
            answer = await super().session(token)
            self.answered.set()
            await self.arrives.wait()
            return answer

    quick = staff_of(client)
    await quick.add("siti", PASSWORD, Role.OFFICER)
    token, _ = await quick.login("siti", PASSWORD, DESK, None)
    slow = SlowStaff(client, b"a secret of the tests, 32 bytes and more", 3600, 3600)
    async with doorkeeper(slow, listening) as door:
        told = all_told(door)
        await hears(door)
        asked = asyncio.create_task(door.session(token))
        await slow.answered.wait()
        await quick.disable("siti")
        await comes(lambda: told)
        slow.arrives.set()
        assert await asked is None


async def test_what_was_missed_while_the_connection_was_away_is_made_up_for(client: Redis, staff: Staff, listening: Redis) -> None:
    token, session = await staff.login("siti", PASSWORD, DESK, None)
    async with doorkeeper(staff, listening) as door:
        told = all_told(door)
        await hears(door)
        assert await door.session(token) == session
        await forget_silently(client, session)
        await client.client_kill_filter(_type="pubsub")
        await comes(lambda: told == [(None, session.id)])
        assert await door.session(token) is None


async def test_sockets_of_a_session_that_expired_are_put_out(client: Redis, listening: Redis) -> None:
    staff = staff_of(client, absolute_s=1)
    await staff.add("siti", PASSWORD, Role.OFFICER)
    token, session = await staff.login("siti", PASSWORD, DESK, None)
    async with doorkeeper(staff, listening, look_every=0.05) as door:
        told = all_told(door)
        await hears(door)
        assert await door.session(token) == session
        await comes(lambda: told == [(None, session.id)])


@pytest.fixture
def own_store() -> Iterator[str]:
    """A store of this test's own, to be stopped."""
    with store_process(redis_server(), *DURABLE) as url:
        yield url


async def test_a_store_that_falls_silent_is_not_taken_for_one_with_nothing_to_say(own_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "PING_EVERY", 0.05)
    async with client_of(own_store) as client, client_of(own_store) as ears:
        staff = staff_of(client)
        pid = int((await client.info("server"))["process_id"])
        async with doorkeeper(staff, ears) as door:
            await hears(door)
            os.kill(pid, signal.SIGSTOP)
            try:
                await comes(lambda: not door.hears)
            finally:
                os.kill(pid, signal.SIGCONT)
            await hears(door)


async def test_an_account_that_was_removed_opens_nothing(client: Redis, staff: Staff) -> None:
    token, _ = await staff.login("siti", PASSWORD, DESK, None)
    await client.hdel(ACCOUNTS, "siti")
    assert await Doorkeeper(staff).session(token) is None


# Cookies


def test_the_cookie_is_hidden_from_scripts_kept_from_other_sites_and_secure_under_https() -> None:
    line = session_cookie("t0ken", secure=True, max_age=43200)
    morsel = SimpleCookie(line)["kayan_session"]
    assert morsel.value == "t0ken"
    assert (morsel["path"], morsel["samesite"], morsel["max-age"]) == ("/", "Lax", "43200")
    assert morsel["httponly"]
    assert morsel["secure"]
    assert not morsel["domain"]


def test_without_https_the_cookie_is_not_secure_so_that_it_is_sent_at_all() -> None:
    assert not SimpleCookie(session_cookie("t0ken", secure=False, max_age=60))["kayan_session"]["secure"]


def test_logging_out_empties_the_cookie_and_ends_it() -> None:
    morsel = SimpleCookie(clear_cookie(secure=True))["kayan_session"]
    assert (morsel.value, morsel["max-age"], bool(morsel["secure"])) == ("", "0", True)


# Origins

HOST = "antrean.example:8000"
OURS = [
    {"host": HOST},
    {"host": HOST, "origin": f"http://{HOST}"},
    {"host": HOST, "origin": f"https://{HOST}"},
    {"host": "inner:1", "origin": "https://antrean.example"},
    {"host": "[2001:db8::1]:8000", "origin": "http://[2001:db8::1]:8000"},
    {"host": HOST, "origin": f"http://{HOST}", "sec-fetch-site": "same-origin"},
    {"host": HOST, "sec-fetch-site": "same-origin"},
    {"host": HOST, "sec-fetch-site": "none"},
]
OTHERS = [
    {"host": HOST, "origin": "null"},
    {"host": HOST, "origin": ""},
    {"host": HOST, "origin": "https://evil.example"},
    {"host": HOST, "origin": "http://antrean.example"},
    {"host": HOST, "origin": "http://antrean.example:8001"},
    {"host": HOST, "origin": f"http://evil.example/{HOST}"},
    {"host": HOST, "origin": f"http://{HOST}.evil.example"},
    {"host": HOST, "origin": f"http://{HOST}@evil.example"},
    {"host": HOST, "origin": f"ftp://{HOST}"},
    {"host": HOST, "origin": HOST},
    {"host": HOST, "origin": "http://["},
    {"host": "inner:1", "origin": "http://antrean.example"},
    {"host": "inner:1", "origin": "https://antrean.example.evil.example"},
    {"host": "", "origin": "http://"},
    {"origin": "http://None"},
    {"host": HOST, "sec-fetch-site": "cross-site"},
    {"host": HOST, "sec-fetch-site": "same-site"},
    {"host": HOST, "sec-fetch-site": "a word of tomorrow"},
]


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_our_own_pages_and_programs_without_a_page_may_act(headers: dict[str, str]) -> None:
    assert same_origin(headers, ["https://antrean.example"])


@pytest.mark.parametrize("headers", OTHERS, ids=str)
def test_a_page_of_another_site_may_not_act(headers: dict[str, str]) -> None:
    assert not same_origin(headers, ["https://antrean.example"])
