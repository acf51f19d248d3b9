"""Sessions on real stores: who is out at once, what every process is told, and when a session ends by itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from board.errors import WrongPassword
from board.roles import Role
from board.store.staff import ACCOUNTS, HINT, SESSION, Staff
from tests.staff import DESK, HOUR, OTHER_PASSWORD, PASSWORD, CheapHasher, client_of, siti, staff_of
from tests.stores import comes


@pytest.fixture
async def client(store_url: str) -> AsyncIterator[Redis]:
    async with client_of(store_url) as client:
        yield client


@pytest.fixture
def staff(client: Redis) -> Staff:
    return staff_of(client)


# Getting out


async def test_a_disabled_account_is_out_at_once_and_stays_out_when_it_is_enabled_again(staff: Staff) -> None:
    await siti(staff)
    token, session = await staff.login("siti", PASSWORD, DESK, None)
    assert (await staff.disable("siti")).disabled
    assert await staff.session(token) is None
    assert await staff.alive([session.id]) == set()
    with pytest.raises(WrongPassword):
        await staff.login("siti", PASSWORD, DESK, None)
    assert not (await staff.enable("siti")).disabled
    assert await staff.session(token) is None
    await staff.login("siti", PASSWORD, DESK, None)


async def test_another_password_puts_out_whoever_is_in_with_the_old_one(staff: Staff) -> None:
    await siti(staff)
    await staff.add("budi", PASSWORD, Role.OFFICER)
    hers, _ = await staff.login("siti", PASSWORD, DESK, None)
    his, _ = await staff.login("budi", PASSWORD, DESK, None)
    await staff.set_password("siti", OTHER_PASSWORD)
    assert await staff.session(hers) is None
    assert await staff.session(his) is not None
    with pytest.raises(WrongPassword):
        await staff.login("siti", PASSWORD, DESK, None)
    await staff.login("siti", OTHER_PASSWORD, DESK, None)


@pytest.mark.parametrize("change", ["password", "disable", "disable and enable"])
async def test_a_log_in_at_work_while_its_account_changes_comes_too_late(client: Redis, change: str) -> None:
    slow, quick = CheapHasher(), staff_of(client)
    await siti(quick)
    slow.go.clear()
    late = asyncio.create_task(staff_of(client, hasher=slow).login("siti", PASSWORD, DESK, None))
    await comes(slow.looking.is_set)
    if change == "password":
        await quick.set_password("siti", OTHER_PASSWORD)
    else:
        await quick.disable("siti")
    slow.go.set()
    with pytest.raises(WrongPassword):
        await late
    assert [key async for key in client.scan_iter(SESSION + "*")] == []


async def test_every_process_is_told_who_is_out(client: Redis, staff: Staff) -> None:
    await siti(staff)
    token, session = await staff.login("siti", PASSWORD, DESK, None)
    async with client.pubsub(ignore_subscribe_messages=True) as subscription:
        await subscription.subscribe(HINT)
        await subscription.get_message(timeout=5)  # subscribed
        await staff.logout("a made-up token")  # tells nobody: anybody could send it
        await staff.logout(token)
        await staff.disable("siti")
        told = [await subscription.get_message(timeout=5) for _ in range(2)]
    assert [json.loads(message["data"]) for message in told if message] == [{"session": session.id}, {"account": "siti"}]


# Expiry


async def test_a_session_that_nobody_uses_ends(client: Redis) -> None:
    staff = staff_of(client, idle_s=1)
    await siti(staff)
    token, session = await staff.login("siti", PASSWORD, DESK, None)

    async def ended() -> bool:
        return await staff.alive([session.id]) == set()

    await comes(ended)
    assert await staff.session(token) is None


async def test_a_session_in_use_is_kept_and_looking_whether_it_lives_is_no_use_of_it(client: Redis) -> None:
    staff = staff_of(client, idle_s=2)
    await siti(staff)
    token, session = await staff.login("siti", PASSWORD, DESK, None)
    place = SESSION + session.id

    async def a_while_has_passed() -> bool:
        assert await staff.alive([session.id]) == {session.id}
        return await client.pttl(place) < 1400

    await comes(a_while_has_passed)
    assert await staff.session(token) is not None
    assert await client.pttl(place) > 1500


async def test_a_session_in_use_is_written_seldom(client: Redis) -> None:
    staff = staff_of(client)
    await siti(staff)
    token, session = await staff.login("siti", PASSWORD, DESK, None)
    before = await client.get(SESSION + session.id), await client.info("commandstats")
    for _ in range(20):
        assert await staff.session(token) is not None
    after = await client.get(SESSION + session.id), await client.info("commandstats")
    assert after[0] == before[0]
    assert after[1]["cmdstat_set"]["calls"] == before[1]["cmdstat_set"]["calls"]


async def test_a_session_in_use_ends_all_the_same_at_its_absolute_end(client: Redis) -> None:
    staff = staff_of(client, idle_s=HOUR, absolute_s=1)
    await siti(staff)
    token, _ = await staff.login("siti", PASSWORD, DESK, None)

    async def ended() -> bool:
        return await staff.session(token) is None

    await comes(ended)


async def test_nothing_of_a_session_outlives_its_absolute_end(client: Redis, staff: Staff) -> None:
    await siti(staff)
    await staff.login("siti", PASSWORD, DESK, "key")
    for_good = [key async for key in client.scan_iter("*") if await client.pttl(key) == -1]
    assert for_good == [ACCOUNTS.encode()]
