"""The embedded store's folder: one board at a time, what earlier runs left, long and odd paths."""

from __future__ import annotations

import asyncio
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from board.store import folder as folder_room
from board.store.embedded import LAUNCH, embedded
from board.store.folder import LOG_BYTES, SHORT_FOLDERS, SOCKET_PATH_BYTES, held
from board.store.launch import birth
from board.store.unusable import FolderInUse, FolderUnusable, LeftoverStays
from tests.stores import board_process, lives, until, valkey_server


async def written_and_read(url: str) -> object:
    client = Redis.from_url(url)
    try:
        await client.set("number", "A001")
        return await client.get("number")
    finally:
        await client.aclose()


@contextmanager
def lock_holder(data: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that holds the store's lock in this data folder and lives on as long as the test holds its leash."""
    lock = data / "store/valkey.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    leash, held_end = os.pipe()
    launch = [sys.executable, "-IS", str(LAUNCH), "leash", str(os.getpid()), str(lock), *command]
    with subprocess.Popen(launch, stdin=leash, stdout=subprocess.PIPE, start_new_session=True, cwd=lock.parent) as process:
        try:
            yield process
        finally:
            os.close(leash)
            os.close(held_end)
            process.kill()


@contextmanager
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process of somebody else, which must survive whatever we do."""
    with subprocess.Popen(["sleep", "600"]) as process:
        try:
            yield process
        finally:
            process.kill()


async def test_a_second_board_on_the_same_folder_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    async with embedded(tmp_path) as url:
        with pytest.raises(FolderInUse) as refused:
            async with embedded(tmp_path):
                pass
        assert (refused.value.folder, refused.value.pid) == (tmp_path, os.getpid())
        assert await written_and_read(url) == b"A001"


def test_a_second_board_in_another_process_is_refused_with_the_pid_of_the_first(tmp_path: Path) -> None:
    async def second() -> None:
        async with embedded(tmp_path):
            pass

    with board_process(tmp_path) as board:
        with pytest.raises(FolderInUse, match=rf"another board \(process {board.process.pid}\) is running on the data folder {tmp_path}"):
            asyncio.run(second())
        assert lives(board.store_pid)


async def test_somebody_who_looks_for_an_instant_does_not_stop_a_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "store").mkdir()
    looking = os.open(tmp_path / "store/board.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(looking, fcntl.LOCK_SH)
    tries: list[bool] = []
    take = folder_room._take

    def seen_trying(handle: int) -> bool:
        tries.append(take(handle))
        if len(tries) == 1:
            os.close(looking)
        return tries[-1]

    monkeypatch.setattr(folder_room, "_take", seen_trying)
    async with held(tmp_path):
        assert tries == [False, True]


async def test_a_store_left_by_an_earlier_run_is_ended_before_ours_starts(tmp_path: Path) -> None:
    options = ("--port", "0", "--unixsocket", "left.sock", "--appendonly", "yes", "--appendfsync", "always", "--save", "")
    with lock_holder(tmp_path, str(valkey_server()), *options) as leftover:
        until((tmp_path / "store/left.sock").exists)
        async with embedded(tmp_path) as url:
            assert not lives(leftover.pid)
            assert await written_and_read(url) == b"A001"


async def test_a_leftover_that_ignores_requests_to_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_room, "LEFTOVER_PATIENCE", 0.3)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"
    with lock_holder(tmp_path, sys.executable, "-c", deaf) as leftover:
        assert leftover.stdout
        assert leftover.stdout.readline() == b"deaf\n"
        async with embedded(tmp_path):
            assert not lives(leftover.pid)


async def test_a_stranger_who_got_the_number_of_an_earlier_store_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    with stranger() as innocent:
        (tmp_path / "store/valkey.lock").write_text(f"{innocent.pid}\n{birth(innocent.pid)}\n")  # the number, and the lock is free
        async with embedded(tmp_path):
            assert lives(innocent.pid)


async def test_nobody_is_killed_for_a_record_whose_birth_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_room, "LEFTOVER_PATIENCE", 0.1)
    lock = tmp_path / "store/valkey.lock"
    lock.parent.mkdir()
    with stranger() as innocent, lock.open("w") as held_by_the_test:
        lock.write_text(f"{innocent.pid}\n{int(birth(innocent.pid) or 0) - 1}\n")
        fcntl.flock(held_by_the_test, fcntl.LOCK_EX)
        with pytest.raises(LeftoverStays, match=rf"process {innocent.pid}\) still holds"):
            async with embedded(tmp_path):
                pass
        assert lives(innocent.pid)


@pytest.mark.parametrize("name", ["Ruang tunggu lantai 2", "50%25 #1? 'a' \"b\"", "dátà-数据"])
async def test_a_data_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    async with embedded(tmp_path / name) as url:
        assert await written_and_read(url) == b"A001"
    assert (tmp_path / name / "store/appendonlydir").is_dir()


async def test_a_path_too_long_for_a_socket_gets_a_short_private_place_that_goes_with_the_board(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 25) / ("longer" * 25)
    async with embedded(data) as url:
        assert await written_and_read(url) == b"A001"
        socket = Path(url.removeprefix("unix://"))
        assert len(os.fsencode(socket)) <= SOCKET_PATH_BYTES
        assert (socket.parent.parent, socket.parent.stat().st_mode & 0o777) == (SHORT_FOLDERS, 0o700)
    assert not socket.parent.exists()
    assert (data / "store/appendonlydir").is_dir()


def test_the_short_place_of_a_killed_board_is_removed_by_the_next(tmp_path: Path) -> None:
    async def next_start() -> None:
        async with embedded(data) as url:
            assert url != board.url
            assert not Path(board.url.removeprefix("unix://")).parent.exists()

    data = tmp_path / ("long" * 25)
    with board_process(data) as board:
        board.kill()
        asyncio.run(next_start())


async def test_a_record_that_names_another_folder_removes_nothing(tmp_path: Path) -> None:
    keep = tmp_path / "kayan-keep"
    (tmp_path / "store").mkdir()
    keep.mkdir()
    (tmp_path / "store/board.lock").write_text(f'{{"pid": 1, "socket": "{keep}/valkey.sock"}}')
    async with held(tmp_path):
        assert keep.is_dir()


async def test_half_written_files_and_a_grown_log_of_earlier_runs_do_not_pile_up(tmp_path: Path) -> None:
    store = tmp_path / "store"
    (store / "appendonlydir").mkdir(parents=True)
    (store / "appendonlydir/temp-1.manifest").write_text("half")
    (store / "temp-rewriteaof-bg-1.aof").write_text("half")
    (store / "valkey.log").write_bytes(b"x" * (LOG_BYTES + 1))
    async with embedded(tmp_path):
        assert not list(store.rglob("temp-*"))
        assert (store / "valkey.log").stat().st_size < LOG_BYTES < (store / "valkey.log.1").stat().st_size


async def test_a_data_folder_that_cannot_be_made_is_told_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(FolderUnusable, match=r"data cannot be used \(File exists\): make it writable, or set KAYAN_DATA"):
        async with embedded(tmp_path / "data"):
            pass
