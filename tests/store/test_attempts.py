"""How often somebody may try: enough for a person who mistypes, too little for one who guesses, and never at the officer's expense."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from board.errors import TooMany, WrongPassword
from board.roles import Role
from board.store.attempts import PREFIX, Attempts, Patience, Rules, network
from board.store.staff import Staff
from tests.staff import DESK, PASSWORD, SECRET, client_of, staff_of
from tests.stores import comes

WRONG = "wrong-" + PASSWORD
STRANGER = "198.51.100.77"
ENDLESS = Patience(1_000_000, 1, 1)


@pytest.fixture
async def client(store_url: str) -> AsyncIterator[Redis]:
    async with client_of(store_url) as client:
        yield client


@pytest.fixture
async def staff(client: Redis) -> Staff:
    staff = staff_of(client)
    await staff.add("siti", PASSWORD, Role.OFFICER)
    return staff


async def fails(staff: Staff, name: str, address: str) -> bool:
    """A wrong log-in; whether it was looked at, and not made to wait."""
    try:
        await staff.login(name, WRONG, address, None)
    except WrongPassword:
        return True
    except TooMany:
        return False
    raise AssertionError("a wrong password opened the door")


async def waits(staff: Staff, name: str, address: str) -> int:
    """How long the right password has to wait, in s; 0 when it opens."""
    try:
        await staff.login(name, PASSWORD, address, None)
    except TooMany as refused:
        return refused.retry_after
    return 0


async def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(staff: Staff) -> None:
    assert [await fails(staff, "siti", DESK) for _ in range(7)] == [True] * 5 + [False] * 2
    assert 1 <= await waits(staff, "siti", DESK) <= 5


async def test_the_wait_doubles_with_every_further_failure_up_to_a_limit(client: Redis) -> None:
    attempts = Attempts(client, SECRET, Rules(Patience(1, 300, 1000), ENDLESS, ENDLESS))
    lengths = []

    async def may_try() -> bool:
        try:
            await attempts.one_more("siti", DESK)
        except TooMany:
            return False
        return True

    for _ in range(4):
        await comes(may_try)
        (pair,) = [key async for key in client.scan_iter(PREFIX + "*") if b"until" in await client.hkeys(key)][:1]
        seconds, micros = await client.time()
        lengths.append(int(await client.hget(pair, "until") or 0) - (seconds * 1000 + micros // 1000))
    for length, wanted in zip(lengths, (300, 600, 1000, 1000), strict=True):
        assert wanted - 250 < length <= wanted


async def test_a_log_in_clears_what_the_person_mistyped(staff: Staff) -> None:
    for _ in range(3):
        assert [await fails(staff, "siti", DESK) for _ in range(4)] == [True] * 4
        assert await waits(staff, "siti", DESK) == 0


async def test_a_hundred_guesses_at_once_are_a_hundred_guesses(staff: Staff) -> None:
    looked_at = await asyncio.gather(*(fails(staff, "siti", STRANGER) for _ in range(100)))
    assert sum(looked_at) == 5


async def test_an_address_that_tries_one_password_on_many_names_has_to_wait(staff: Staff) -> None:
    looked_at = [await fails(staff, f"name-{n}", STRANGER) for n in range(30)]
    assert looked_at == [True] * 20 + [False] * 10
    assert await waits(staff, "siti", STRANGER) > 0
    assert await waits(staff, "siti", DESK) == 0


async def test_an_office_behind_one_address_logs_in_all_day_without_waiting(staff: Staff) -> None:
    assert [await waits(staff, "siti", DESK) for _ in range(50)] == [0] * 50


async def test_a_log_in_does_not_wipe_out_what_its_address_tried_on_others(staff: Staff) -> None:
    for n in range(19):
        assert await fails(staff, f"name-{n}", STRANGER)
    assert await waits(staff, "siti", STRANGER) == 0
    assert await fails(staff, "name-20", STRANGER)
    assert not await fails(staff, "name-21", STRANGER)


async def test_one_stranger_who_knows_a_name_cannot_lock_its_owner_out(staff: Staff) -> None:
    for _ in range(300):
        await fails(staff, "siti", STRANGER)
    assert await waits(staff, "siti", DESK) == 0


async def test_many_strangers_make_an_account_wait_for_half_a_minute_at_most(staff: Staff) -> None:
    for n in range(70):
        await fails(staff, "siti", f"203.0.113.{n}")
    assert 0 < await waits(staff, "siti", "203.0.113.200") <= 30


async def test_many_strangers_do_not_make_the_owner_wait_where_she_has_logged_in_before(staff: Staff) -> None:
    assert await waits(staff, "siti", DESK) == 0
    for n in range(70):
        await fails(staff, "siti", f"203.0.113.{n}")
    assert await waits(staff, "siti", "203.0.113.200") > 0
    assert await waits(staff, "siti", DESK) == 0


async def test_a_guesser_behind_the_offices_router_does_not_make_its_officers_wait_where_they_have_logged_in_before(staff: Staff) -> None:
    await staff.add("budi", PASSWORD, Role.OFFICER)
    assert await waits(staff, "siti", DESK) == 0
    assert [await fails(staff, f"name-{n}", DESK) for n in range(30)] == [True] * 20 + [False] * 10
    assert [await waits(staff, "siti", DESK) for _ in range(5)] == [0] * 5
    assert await waits(staff, "budi", DESK) > 0  # he has never been here
    assert not await fails(staff, "name-30", DESK)  # and her log-ins have bought the guesser nothing


async def test_where_the_owner_has_logged_in_before_a_guesser_still_has_no_more_than_five_tries(staff: Staff) -> None:
    assert await waits(staff, "siti", DESK) == 0
    assert [await fails(staff, "siti", DESK) for _ in range(30)] == [True] * 5 + [False] * 25
    assert await waits(staff, "siti", DESK) > 0


async def test_tries_are_forgotten_in_time(client: Redis, staff: Staff) -> None:
    for n in range(8):
        await fails(staff, "siti", DESK)
        await fails(staff, f"name-{n}", STRANGER)
    assert await waits(staff, "siti", STRANGER) == 0
    for_good = [key async for key in client.scan_iter(PREFIX + "*") if await client.pttl(key) == -1]
    assert for_good == []


async def test_servers_on_one_store_count_together(client: Redis, staff: Staff) -> None:
    others = [staff, staff_of(client), staff_of(client)]
    assert [await fails(others[n % 3], "siti", DESK) for n in range(8)] == [True] * 5 + [False] * 3


@pytest.mark.parametrize(
    ("address", "stands_for"),
    [
        ("192.0.2.10", "192.0.2.10"),
        ("::ffff:192.0.2.10", "192.0.2.10"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("local", "local"),
    ],
)
def test_one_subscriber_is_one_address_though_ipv6_gives_him_many(address: str, stands_for: str) -> None:
    assert network(address) == stands_for
