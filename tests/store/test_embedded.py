"""The embedded Valkey: it lives and ends with its board, and comes back by itself."""

from __future__ import annotations

import asyncio
import os
import platform
import resource
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from board.store import embedded as store_room
from board.store.embedded import Embedded, embedded, running, supervised
from board.store.unusable import NoBinary, StoreNotStarting
from tests.stores import board_process, comes, lives

CHANGES = "store/appendonlydir/appendonly.aof.1.incr.aof"


@asynccontextmanager
async def client_of(url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(url, decode_responses=True, retry=Retry(NoBackoff(), 0))
    try:
        yield client
    finally:
        await client.aclose()


async def write_until_it_fails(url: str, value: str = "x") -> list[str]:
    """The keys whose writing was acknowledged before the store went away."""
    acknowledged: list[str] = []
    async with client_of(url) as client:
        try:
            while True:
                await client.set(key := f"key-{len(acknowledged)}", value)
                acknowledged.append(key)
        except RedisError:
            return acknowledged


def pid_of(store: Embedded) -> int:
    assert store.pid, "the store is not running"
    return store.pid


async def restarted(store: Embedded, times: int) -> None:
    await comes(lambda: store.restarts == times and store.pid)


def grown_beyond(data: Path, size: int) -> bool:
    """Whether the store has written more than so many bytes of changes."""
    return (data / CHANGES).stat().st_size > size


def tcp_sockets_of(pid: int) -> set[str]:
    mine = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}
    lines = [line.split() for table in ("tcp", "tcp6") for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]]
    return mine & {f"socket:[{fields[9]}]" for fields in lines}


async def test_the_store_answers_inside_the_block_and_is_gone_after_it(tmp_path: Path) -> None:
    async with supervised(tmp_path) as store:
        pid = pid_of(store)
        async with client_of(store.url) as client:
            assert await client.ping()
    assert not lives(pid)
    assert not (tmp_path / "store/valkey.sock").exists()


async def test_what_was_written_is_there_at_the_next_start(tmp_path: Path) -> None:
    async with embedded(tmp_path) as url, client_of(url) as client:
        await client.set("number", "A001")
    async with embedded(tmp_path) as url, client_of(url) as client:
        assert await client.get("number") == "A001"


async def test_nobody_else_can_read_its_files_or_reach_it_over_the_network(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    async with supervised(data) as store, client_of(store.url) as client:
        await client.set("number", "A001")
        assert not tcp_sockets_of(pid_of(store))
        everything = [data, data / "store", *(data / "store").rglob("*")]
        assert [path for path in everything if path.stat().st_mode & 0o077] == []
        assert (data / "store/valkey.sock") in everything


async def test_ctrl_c_in_the_terminal_does_not_reach_it(tmp_path: Path) -> None:
    async with supervised(tmp_path) as store:
        assert os.getsid(pid_of(store)) == store.pid != os.getsid(0)


@pytest.mark.parametrize(("loop", "way"), [("asyncio", "prctl"), ("uvloop", "prctl"), ("asyncio", "leash"), ("uvloop", "leash")])
def test_it_dies_with_a_board_that_was_killed_and_the_next_start_has_everything(
    tmp_path: Path, loop: Literal["asyncio", "uvloop"], way: str
) -> None:
    async def next_start() -> list[str]:
        writing = asyncio.create_task(write_until_it_fails(board.url))
        await comes(lambda: grown_beyond(tmp_path, 1000))
        board.kill()
        async with embedded(tmp_path) as url, client_of(url) as client:
            assert not lives(board.store_pid)
            acknowledged = await writing
            return [key for key in acknowledged if await client.get(key) is None]

    with board_process(tmp_path, loop, way) as board:
        assert asyncio.run(next_start()) == []


def test_it_dies_with_a_killed_board_also_when_nobody_starts_again(tmp_path: Path) -> None:
    with board_process(tmp_path) as board:
        assert lives(board.store_pid)
        board.kill()
        asyncio.run(comes(lambda: not lives(board.store_pid)))


async def test_the_watchdog_goes_when_its_store_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def session_of(leader: int) -> list[int]:
        everybody = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        return [pid for pid in everybody if lives(pid) and os.getsid(pid) == leader]

    monkeypatch.setattr(store_room, "WAY", "leash")
    async with supervised(tmp_path) as store:
        first = pid_of(store)
        assert len(session_of(first)) == 2
        os.kill(first, signal.SIGKILL)
        await restarted(store, 1)
        second = pid_of(store)
        await comes(lambda: not session_of(first))
    await comes(lambda: not session_of(second))


async def test_a_killed_store_comes_back_by_itself_with_every_acknowledged_write(tmp_path: Path) -> None:
    async with supervised(tmp_path) as store:
        for times in (1, 2, 3):
            pid, url = pid_of(store), store.url
            writing = asyncio.create_task(write_until_it_fails(url))
            ending = asyncio.create_task(store.ended())
            await comes(partial(grown_beyond, tmp_path, 5000 * times))
            assert not ending.done()
            os.kill(pid, signal.SIGKILL)
            await ending
            acknowledged = await writing
            await restarted(store, times)
            async with client_of(store.url) as client:
                assert await client.exists(*acknowledged) == len(acknowledged) > 0
            assert (store.url, store.pid == pid) == (url, False)


async def test_a_full_disk_loses_nothing_acknowledged_and_the_store_is_back_when_there_is_room(tmp_path: Path) -> None:
    async def there_is_room() -> bool:
        async with client_of(store.url) as client:
            try:
                return bool(await client.set("after", "z" * 1000))
            except RedisError:
                return False

    room, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, most))  # the child inherits it: a write beyond fails as on a full disk
    try:
        async with supervised(tmp_path) as store:
            acknowledged = await write_until_it_fails(store.url, "x" * 1000)
            again = await write_until_it_fails(store.url, "y" * 1000)  # at once, or after a start into the same full disk
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, most))
            assert 100 < len(acknowledged) < 200
            assert len(again) < 2
            await comes(there_is_room)
            async with client_of(store.url) as client:
                assert await client.exists(*acknowledged) == len(acknowledged)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, most))


async def test_a_last_entry_cut_in_the_middle_does_not_stop_the_start(tmp_path: Path) -> None:
    async with embedded(tmp_path) as url, client_of(url) as client:
        await client.set("first", "1")
        await client.set("second", "2")
    entries = tmp_path / CHANGES
    os.truncate(entries, entries.stat().st_size - 3)
    async with embedded(tmp_path) as url, client_of(url) as client:
        assert (await client.get("first"), await client.get("second")) == ("1", None)


async def test_a_spoilt_log_stops_the_start_and_is_shown_with_its_reason(tmp_path: Path) -> None:
    async with embedded(tmp_path) as url, client_of(url) as client:
        await client.set("first", "1")
    entries = tmp_path / CHANGES
    entries.write_bytes(b"rubbish\r\n" + entries.read_bytes())
    with pytest.raises(StoreNotStarting) as refused:
        async with embedded(tmp_path):
            pass
    assert "Bad file format" in str(refused.value)
    assert str(tmp_path / "store/valkey.log") in str(refused.value)


async def test_a_store_that_hangs_is_killed_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_room, "STOP_PATIENCE", 0.1)
    async with supervised(tmp_path) as store:
        pid = pid_of(store)
        os.kill(pid, signal.SIGSTOP)
    assert not lives(pid)


async def test_a_store_that_never_answers_is_given_up_and_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = tmp_path / "deaf"
    deaf.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\necho hello from the deaf\nexec sleep 600\n")
    deaf.chmod(0o700)
    monkeypatch.setattr(store_room, "find_binary", lambda: deaf)
    monkeypatch.setattr(store_room, "START_PATIENCE", 0.5)
    with pytest.raises(StoreNotStarting, match=r"(?s)not answered.*hello from the deaf"):
        async with embedded(tmp_path):
            pass
    assert not lives(int((tmp_path / "pid").read_text()))


async def test_a_binary_that_cannot_be_run_is_told_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "valkey-server").write_text("")
    monkeypatch.setattr(store_room, "find_binary", lambda: tmp_path / "valkey-server")
    with pytest.raises(StoreNotStarting, match=r"(?s)ended at its start.*valkey-server: Permission denied"):
        async with embedded(tmp_path):
            pass


async def test_a_platform_without_a_binary_is_told_to_name_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(NoBinary, match=r"riscv64: set KAYAN_STORE_URL"):
        async with embedded(tmp_path):
            pass


def test_a_command_beside_a_running_board_finds_its_store_and_none_without_one(tmp_path: Path) -> None:
    assert asyncio.run(running(tmp_path)) is None
    with board_process(tmp_path) as board:
        assert asyncio.run(running(tmp_path)) == board.url
        board.kill()
        assert asyncio.run(running(tmp_path)) is None


async def test_an_error_inside_the_block_comes_out_as_it_is_and_ends_the_store(tmp_path: Path) -> None:
    pids: list[int] = []

    async def failing() -> None:
        async with supervised(tmp_path) as store:
            pids.append(pid_of(store))
            raise KeyError

    with pytest.raises(KeyError):
        await failing()
    assert not lives(pids[0])
