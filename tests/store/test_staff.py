"""Accounts on real stores: who may be added, the first administrator, who gets in, and what a thief of the store would find."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from typing import Literal

import pytest
from redis.asyncio import Redis

from board.errors import (
    AccountExists,
    BadAccount,
    BadFirstToken,
    KeyReused,
    LastAdministrator,
    StoreUnavailable,
    UnknownAccount,
    WrongPassword,
)
from board.roles import Role
from board.store.staff import ACCOUNTS, SESSION, Staff
from tests.staff import DESK, HOUR, OTHER_PASSWORD, PASSWORD, SECRET, CheapHasher, all_that_is_kept, client_of, siti, staff_of


@pytest.fixture
async def client(store_url: str) -> AsyncIterator[Redis]:
    async with client_of(store_url) as client:
        yield client


@pytest.fixture
def staff(client: Redis) -> Staff:
    return staff_of(client)


# Accounts


async def test_an_account_is_added_once_and_listed_without_its_password(staff: Staff) -> None:
    await staff.add("Siti ", PASSWORD, Role.OFFICER, ["tanjung-selor", "tarakan"])
    await staff.add("budi", PASSWORD, Role.SUPERVISOR)
    with pytest.raises(AccountExists):
        await staff.add("siti", OTHER_PASSWORD, Role.ADMINISTRATOR)
    assert [(a.name, a.role, a.offices, a.disabled) for a in await staff.list()] == [
        ("budi", Role.SUPERVISOR, None, False),
        ("siti", Role.OFFICER, ("tanjung-selor", "tarakan"), False),
    ]


async def test_of_many_who_add_the_same_account_at_once_one_does(staff: Staff) -> None:
    tries = await asyncio.gather(*(staff.add("siti", PASSWORD, Role.OFFICER) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(found, AccountExists) for found in tries) == 9
    assert len(await staff.list()) == 1


@pytest.mark.parametrize(
    "name", ["", "s", "a" * 33, "-siti", ".siti", "siti nur", "siti\n", "sitï", "siti\0", "../siti", "siti:x", "{staff}"]
)
async def test_a_name_that_could_be_mistaken_is_refused(staff: Staff, name: str) -> None:
    with pytest.raises(BadAccount) as refused:
        await staff.add(name if name != "siti\n" else "siti\nx", PASSWORD, Role.OFFICER)
    assert refused.value.field == "name"
    assert await staff.list() == []


@pytest.mark.parametrize("password", ["", "sembilan9", "a" * 201, "1234567890", "TanjungSelor", "aaabbbcccaaabbbccc"])
async def test_a_password_that_is_short_long_or_easy_is_refused(staff: Staff, password: str) -> None:
    await siti(staff)
    with pytest.raises(BadAccount) as refused:
        await staff.add("budi", password, Role.OFFICER)
    assert refused.value.field == "password"
    with pytest.raises(BadAccount):
        await staff.set_password("siti", password)
    await staff.login("siti", PASSWORD, DESK, None)


async def test_no_office_at_all_is_not_taken_for_all_offices(staff: Staff) -> None:
    with pytest.raises(ValueError, match="no office"):
        await staff.add("siti", PASSWORD, Role.OFFICER, [])
    assert await staff.list() == []


async def test_an_account_that_is_not_there_cannot_be_changed(staff: Staff) -> None:
    for change in (staff.disable("nobody"), staff.enable("nobody"), staff.set_password("nobody", PASSWORD)):
        with pytest.raises(UnknownAccount):
            await change
    assert await staff.list() == []


# The first administrator


async def test_of_twenty_who_open_the_first_link_at_once_one_becomes_administrator(staff: Staff) -> None:
    token = await staff.first_link_token()
    assert token is not None
    tries = await asyncio.gather(*(staff.first_administrator(token, f"admin-{n}", PASSWORD) for n in range(20)), return_exceptions=True)
    assert sum(isinstance(found, BadFirstToken) for found in tries) == 19
    (only,) = await staff.list()
    assert only.role is Role.ADMINISTRATOR
    assert await staff.first_link_token() is None


async def test_the_first_link_is_dead_once_there_is_an_administrator_from_elsewhere(staff: Staff) -> None:
    token = await staff.first_link_token()
    assert token is not None
    await staff.add("root", PASSWORD, Role.ADMINISTRATOR)
    with pytest.raises(BadFirstToken):
        await staff.first_administrator(token, "mallory", PASSWORD)
    assert await staff.first_link_token() is None
    assert [account.name for account in await staff.list()] == ["root"]


async def test_a_board_whose_administrators_are_all_out_gets_a_link_again(staff: Staff, client: Redis) -> None:
    await staff.add("root", PASSWORD, Role.ADMINISTRATOR)
    await staff.add("tari", PASSWORD, Role.ADMINISTRATOR, ["tarakan"])  # has no say in accounts
    kept = await client.hget(ACCOUNTS, "root")
    assert kept
    await client.hset(ACCOUNTS, "root", json.dumps({**json.loads(kept), "disabled": True}))  # by a version that let the last one go
    token = await staff.first_link_token()
    assert token is not None
    await staff.first_administrator(token, "wira", PASSWORD)
    assert await staff.first_link_token() is None


async def test_the_last_administrator_cannot_be_disabled_and_one_of_two_can(staff: Staff) -> None:
    await siti(staff)
    for name, offices in (("root", None), ("wira", None), ("tari", ["tarakan"])):
        await staff.add(name, PASSWORD, Role.ADMINISTRATOR, offices)
    assert (await staff.disable("root")).disabled
    token, session = await staff.login("wira", PASSWORD, DESK, None)
    with pytest.raises(LastAdministrator) as refused:
        await staff.disable(" Wira")
    assert refused.value.name == "wira"
    assert await staff.session(token) == session  # nothing was done by halves
    assert [(await staff.disable(name)).disabled for name in ("siti", "tari", "root")] == [True] * 3
    await staff.enable("root")
    assert (await staff.disable("wira")).disabled


async def test_of_two_administrators_who_disable_each_other_at_once_one_stays(staff: Staff) -> None:
    for name in ("root", "wira"):
        await staff.add(name, PASSWORD, Role.ADMINISTRATOR)
    tries = await asyncio.gather(*(staff.disable(name) for name in ("root", "wira")), return_exceptions=True)
    assert sum(isinstance(found, LastAdministrator) for found in tries) == 1
    assert [account.disabled for account in await staff.list()].count(False) == 1


async def test_a_new_start_makes_a_new_link_and_the_old_one_is_dead(staff: Staff) -> None:
    old, new = await staff.first_link_token(), await staff.first_link_token()
    assert old is not None
    assert new is not None
    for wrong in (old, "", "a" * 32, new + "x"):
        with pytest.raises(BadFirstToken):
            await staff.first_administrator(wrong, "root", PASSWORD)
    assert (await staff.first_administrator(new, "Root", PASSWORD)).name == "root"


async def test_a_link_that_met_a_taken_name_or_an_easy_password_can_be_used_again(staff: Staff) -> None:
    await siti(staff)
    token = await staff.first_link_token()
    assert token is not None
    with pytest.raises(AccountExists):
        await staff.first_administrator(token, "siti", PASSWORD)
    with pytest.raises(BadAccount):
        await staff.first_administrator(token, "root", "short")
    await staff.first_administrator(token, "root", PASSWORD)


# Logging in


async def test_an_officer_logs_in_and_is_known_by_the_token(staff: Staff) -> None:
    await siti(staff)
    token, session = await staff.login(" SITI", PASSWORD, DESK, None)
    assert (session.name, session.role, session.offices) == ("siti", Role.OFFICER, ("tanjung-selor",))
    assert await staff.session(token) == session
    assert session.id == hashlib.sha256(token.encode()).hexdigest()
    for not_it in (None, "", "x", token + "x", session.id, "a" * 5000):
        assert await staff.session(not_it) is None


async def test_every_log_in_without_a_key_is_a_session_of_its_own(staff: Staff) -> None:
    await siti(staff)
    one, _ = await staff.login("siti", PASSWORD, DESK, None)
    two, _ = await staff.login("siti", PASSWORD, DESK, None)
    await staff.logout(one)
    assert await staff.session(one) is None
    assert await staff.session(two) is not None


async def test_a_name_that_does_not_exist_costs_the_same_work_as_a_wrong_password(client: Redis) -> None:
    hasher = CheapHasher()
    staff = staff_of(client, hasher=hasher)
    await siti(staff)
    for name, password in (("siti", "wrong-" + PASSWORD), ("nobody", PASSWORD), ("not a name", PASSWORD), ("siti", "wrong-again")):
        hasher.verified.clear()
        with pytest.raises(WrongPassword):
            await staff.login(name, password, DESK, None)
        assert len(hasher.verified) == 1
        assert str(hasher.verified[0]).startswith("$argon2id$")


async def test_the_password_of_nobody_opens_nothing(staff: Staff) -> None:
    with pytest.raises(WrongPassword):
        await staff.login("nobody", "nobody has this password", DESK, None)


async def test_a_thief_of_the_store_finds_neither_passwords_nor_tokens_nor_addresses(client: Redis, staff: Staff) -> None:
    first = await staff.first_link_token()
    assert first is not None
    await siti(staff)
    token, _ = await staff.login("siti", PASSWORD, DESK, "3f1c-key")
    with pytest.raises(WrongPassword):
        await staff.login("budi.who.is.not.there", OTHER_PASSWORD, "198.51.100.77", "4a5b-key")
    kept = await all_that_is_kept(client)
    for secret in (first, PASSWORD, OTHER_PASSWORD, token, DESK, "198.51.100.77", "3f1c-key", "4a5b-key", "budi.who.is.not.there"):
        assert secret.encode() not in kept


async def test_what_is_kept_of_a_repeated_log_in_cannot_be_tried_for_its_password(client: Redis) -> None:
    """The only trace of a password is argon2's: the answer kept under the key is the same for any password with that same hash."""

    class ForgetfulHasher(CheapHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
            return True

    await siti(staff_of(client))
    accepts_all = staff_of(client, hasher=ForgetfulHasher())
    token, _ = await accepts_all.login("siti", "any password at all", DESK, "key")
    assert (await accepts_all.login("siti", "any other password", DESK, "key"))[0] == token


# The idempotency key of a log-in


async def test_the_same_log_in_under_the_same_key_is_the_same_session(client: Redis, staff: Staff) -> None:
    await siti(staff)
    logins = await asyncio.gather(*(staff.login("siti", PASSWORD, DESK, "key") for _ in range(4)))
    assert logins[0] == await staff.login("Siti", PASSWORD, DESK, "key")  # in another process, after a restart
    assert len(set(logins)) == 1
    assert len([key async for key in client.scan_iter(SESSION + "*")]) == 1
    assert await staff.repeated("key", "siti", PASSWORD)
    assert not await staff.repeated("key", "siti", OTHER_PASSWORD)
    assert not await staff.repeated("other key", "siti", PASSWORD)


async def test_another_log_in_under_the_same_key_is_refused(staff: Staff) -> None:
    await siti(staff)
    await staff.add("budi", OTHER_PASSWORD, Role.OFFICER)
    await staff.login("siti", PASSWORD, DESK, "key")
    for name, password in (("budi", OTHER_PASSWORD), ("siti", OTHER_PASSWORD), ("nobody", PASSWORD)):
        with pytest.raises(KeyReused):
            await staff.login(name, password, DESK, "key")


async def test_a_log_in_that_failed_leaves_its_key_free(staff: Staff) -> None:
    await siti(staff)
    with pytest.raises(WrongPassword):
        await staff.login("siti", OTHER_PASSWORD, DESK, "key")
    token, _ = await staff.login("siti", PASSWORD, DESK, "key")
    assert await staff.session(token) is not None


async def test_a_repeat_after_the_log_out_lets_nobody_in_again(staff: Staff) -> None:
    await siti(staff)
    token, session = await staff.login("siti", PASSWORD, DESK, "key")
    await staff.logout(token)
    assert await staff.login("siti", PASSWORD, DESK, "key") == (token, session)
    assert await staff.session(token) is None


# A store that does not answer


async def test_a_store_that_is_away_is_said_to_be_away() -> None:
    async with client_of("redis://127.0.0.1:1/0") as client:
        staff = Staff(client, SECRET, HOUR, HOUR)
        calls = (
            staff.add("siti", PASSWORD, Role.OFFICER),
            staff.list(),
            staff.disable("siti"),
            staff.login("siti", PASSWORD, DESK, "key"),
            staff.session("token"),
            staff.alive(["id"]),
            staff.logout("token"),
            staff.first_link_token(),
        )
        for call in calls:
            with pytest.raises(StoreUnavailable):
                await call
