"""Which stores may forget what they acknowledged, asked of real ones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as NoConnection

from board.store import durability as durability_room
from board.store.durability import SAYINGS, Durability, durability
from board.store.unusable import StoreTooOld
from tests.stores import redis_server, store_process, valkey_server

LOG = ("--appendonly", "yes")
EVERY_SECOND = (*LOG, "--appendfsync", "everysec")
ALWAYS = (*LOG, "--appendfsync", "always")


@asynccontextmanager
async def client_of(url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(url)
    try:
        yield client
    finally:
        await client.aclose()


async def found(binary: Path, *options: str) -> Durability:
    with store_process(binary, *options) as url:
        async with client_of(url) as client:
            return await durability(client)


async def test_our_embedded_store_is_durable(valkey_url: str) -> None:
    async with client_of(valkey_url) as client:
        said = await durability(client)
    assert (said.durable, said.how, said.code, said.kind) == (True, "always", "durable", "valkey")
    assert str(said.version).startswith("9.1")


async def test_a_redis_that_syncs_each_change_is_durable(redis_url: str) -> None:
    async with client_of(redis_url) as client:
        said = await durability(client)
    assert (said.durable, said.how, said.code, said.kind) == (True, "always", "durable", "redis")


async def test_replies_that_the_client_decodes_are_understood_too(store_url: str) -> None:
    client = Redis.from_url(store_url, decode_responses=True, protocol=3)
    try:
        assert (await durability(client)).durable
    finally:
        await client.aclose()


async def test_asking_a_durable_store_leaves_nothing_in_it(store_url: str) -> None:
    async with client_of(store_url) as client:
        await durability(client)
        assert await client.dbsize() == 0


@pytest.mark.parametrize("binary", [valkey_server, redis_server])
async def test_a_store_without_an_append_only_file_may_forget(binary: object) -> None:
    assert callable(binary)
    said = await found(binary(), "--appendonly", "no")
    assert (said.durable, said.how, said.code) == (False, "accepted", "no-log")
    assert "appendonly yes" in said.reason
    assert "appendonly yes" in said.reason_id


async def test_a_redis_that_syncs_every_second_and_has_no_waitaof_may_forget() -> None:
    said = await found(redis_server(), *EVERY_SECOND)
    assert (said.durable, said.how, said.code) == (False, "accepted", "not-synced")
    assert "appendfsync always" in said.reason


async def test_a_valkey_that_syncs_every_second_is_durable_by_waiting_for_it() -> None:
    said = await found(valkey_server(), *EVERY_SECOND)
    assert (said.durable, said.how, said.code) == (True, "waitaof", "durable")


async def test_a_store_that_leaves_syncing_to_the_system_may_forget() -> None:
    said = await found(valkey_server(), *LOG, "--appendfsync", "no")
    assert (said.durable, said.code) == (False, "not-synced")


async def test_always_that_pauses_while_the_log_is_rewritten_is_not_always() -> None:
    pausing = (*ALWAYS, "--no-appendfsync-on-rewrite", "yes")
    assert (await found(redis_server(), *pausing)).code == "not-synced"
    assert (await found(valkey_server(), *pausing)).how == "waitaof"


async def test_waitaof_counts_only_when_the_probe_itself_was_written() -> None:
    with store_process(valkey_server(), *EVERY_SECOND) as url:
        async with client_of(url) as client:
            await client.acl_setuser("default", enabled=True, commands=["-set"])
            assert (await durability(client)).code == "not-synced"


async def test_a_store_that_makes_room_by_forgetting_is_told_so() -> None:
    full = (*ALWAYS, "--maxmemory", "100mb", "--maxmemory-policy")
    assert (await found(redis_server(), *full, "allkeys-lru")).code == "evicts"
    assert (await found(redis_server(), *full, "volatile-ttl")).code == "evicts"
    assert (await found(redis_server(), *full, "noeviction")).durable


@pytest.mark.parametrize("forbidden", ["-info", "-config"])
async def test_a_store_that_does_not_tell_is_not_trusted(forbidden: str) -> None:
    with store_process(redis_server(), *ALWAYS) as url:
        async with client_of(url) as client:
            await client.acl_setuser("default", enabled=True, commands=[forbidden])
            said = await durability(client)
    assert (said.durable, said.how, said.code) == (False, "accepted", "not-known")


async def test_a_managed_store_that_has_no_config_command_is_not_trusted() -> None:
    said = await found(redis_server(), *ALWAYS, "--rename-command", "CONFIG", "")
    assert said.code == "not-known"


async def test_a_replica_is_told_apart_from_its_primary() -> None:
    said = await found(redis_server(), *ALWAYS, "--replicaof", "127.0.0.1 1")
    assert (said.durable, said.code) == (False, "replica")


async def test_a_version_older_than_the_oldest_is_refused(monkeypatch: pytest.MonkeyPatch, store_url: str) -> None:
    monkeypatch.setattr(durability_room, "OLDEST", {"redis": (7, 1), "valkey": (9, 2)})
    async with client_of(store_url) as client:
        with pytest.raises(StoreTooOld, match=r"^the store is (Redis 7\.0\.\d+|Valkey 9\.1\.\d+), KAYAN needs (7\.1|9\.2) or newer"):
            await durability(client)


async def test_a_store_that_is_not_there_is_an_error_and_no_finding(tmp_path: Path) -> None:
    async with client_of(f"unix://{tmp_path}/nobody.sock") as client:
        with pytest.raises(NoConnection):
            await durability(client)


def test_every_finding_has_its_sentence_in_both_languages() -> None:
    for english, indonesian in SAYINGS.values():
        assert english.endswith(".")
        assert indonesian.endswith(".")
        assert english != indonesian
