"""The embedded store's own folder, `{data}/store`: who holds it, what an earlier run left there, where the socket is.

Two locks tell who lives, two records tell who that is. A lock (flock) is let go by the kernel however its holder ends, so it is the
truth; a record may be stale and is believed only together with its lock.

- `board.lock`: held by the board for its lifetime. Record: JSON `{"pid", "socket"}`.
- `valkey.lock`: held by the store's process itself (launch.py). Record: pid and birth, one a line.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from board.store.launch import birth
from board.store.unusable import FolderInUse, FolderUnusable, LeftoverStays

# A socket's path has 108 bytes on Linux and 104 on macOS (unix(7), sys/un.h), the closing zero included.
SOCKET_PATH_BYTES = 103
SHORT_FOLDERS = Path("/tmp")  # noqa: S108  (mkdtemp makes it safe; TMPDIR may be as long as the path we flee from)
SHORT_PREFIX = "kayan-"
LOG_BYTES = 1024 * 1024  # two of these at most: months of ordinary days, and small beside any disk
TAIL_BYTES = 2048  # a screenful for an error message
LOOK_EVERY = 0.02  # seconds between two looks at a lock
# Seconds. `running()` holds the board's lock for an instant while it looks, and a command of ours for as long as it works.
HELD_FOR_A_MOMENT = 1.0
# Seconds a leftover gets after SIGTERM, and again after SIGKILL: a killed process that waits for a disk ends only when the disk answers.
LEFTOVER_PATIENCE = 5.0


def held_by_any(lock: Path) -> bool:
    """Whether a living process holds this lock."""
    try:
        handle = os.open(lock, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def board_record(lock: Path) -> Mapping[str, Any]:
    """What the board wrote into its lock; empty if it has not yet, or never did."""
    try:
        record = json.loads(lock.read_text())
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def store_record(lock: Path) -> tuple[int, str] | None:
    """Pid and birth of the store that took this lock last; None if there are none to read."""
    try:
        pid, born = lock.read_text().splitlines()
        return int(pid), born
    except (OSError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class StoreFolder:
    """The folder (absolute, mode 0700) and the path of the socket, at most SOCKET_PATH_BYTES long."""

    path: Path
    socket: Path

    @property
    def lock(self) -> Path:
        return self.path / "valkey.lock"

    @property
    def log(self) -> Path:
        return self.path / "valkey.log"

    @property
    def url(self) -> str:
        return socket_url(self.socket)

    def open_log(self) -> BinaryIO:
        """The log, to append to; the one before is kept when it has grown large."""
        with suppress(FileNotFoundError):
            if self.log.stat().st_size > LOG_BYTES:
                self.log.replace(self.log.with_suffix(".log.1"))
        return open(os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")  # noqa: PTH123

    def log_since(self, offset: int) -> str:
        """The last lines written after `offset` bytes."""
        with self.log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(offset, end - TAIL_BYTES))
            return log.read().decode(errors="replace").strip()

    def sweep(self) -> None:
        """Removes the half-written files of a rewrite that a kill cut short; the store itself never looks at them again."""
        for half_written in (*self.path.glob("temp-*"), *self.path.glob("appendonlydir/temp-*")):
            half_written.unlink(missing_ok=True)

    async def end_leftover(self) -> None:
        """Ends a store that still lives here, and waits until it is gone. It is known by its record, and signalled only if the record's
        birth is that of the process which has the number now. Raises LeftoverStays."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if not held_by_any(self.lock):
                return
            leftover = store_record(self.lock)
            if leftover and birth(leftover[0]) == leftover[1]:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(leftover[0], sign)
            if await comes_true(lambda: not held_by_any(self.lock), LEFTOVER_PATIENCE):
                return
        raise LeftoverStays(self.path, leftover[0] if leftover else None)


def socket_url(socket: Path) -> str:
    """As `redis.from_url` reads it; it unquotes the path."""
    return f"unix://{quote(str(socket))}"


async def comes_true(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether it holds within so many seconds; asked at least once."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not condition():
        if loop.time() >= deadline:
            return False
        await asyncio.sleep(LOOK_EVERY)
    return True


def board_lock(data: Path) -> Path:
    """Where a board on this data folder holds its lock."""
    return data.absolute() / "store" / "board.lock"


def _open_lock(data: Path, lock: Path) -> int:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock.parent.mkdir(mode=0o700, exist_ok=True)
        lock.parent.chmod(0o700)
        return os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as trouble:
        raise FolderUnusable(data, trouble.strerror or str(trouble)) from trouble


@asynccontextmanager
async def held(data: Path) -> AsyncIterator[StoreFolder]:
    """The store's folder in this data folder, ours alone for the block. Both are made with mode 0700 where they are missing; an existing
    data folder keeps its mode, since it may be somebody's larger one. Raises FolderInUse, FolderUnusable."""
    lock = board_lock(data)
    handle = _open_lock(data, lock)
    try:
        if not await comes_true(lambda: _take(handle), HELD_FOR_A_MOMENT):
            pid = board_record(lock).get("pid")
            raise FolderInUse(data, pid if isinstance(pid, int) else None)
        _forget_short_folder(board_record(lock).get("socket"))
        socket = _place_socket(lock.parent)
        try:
            _record(data, handle, socket)
            yield StoreFolder(lock.parent, socket)
        finally:
            socket.unlink(missing_ok=True)
            _forget_short_folder(str(socket))
    finally:
        os.close(handle)  # lets the lock go; the file stays, for removing a lock file lets two hold "the" lock


def _record(data: Path, handle: int, socket: Path) -> None:
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps({"pid": os.getpid(), "socket": str(socket)}).encode(), 0)
    except OSError as trouble:
        raise FolderUnusable(data, trouble.strerror or str(trouble)) from trouble


def _take(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _place_socket(folder: Path) -> Path:
    """In the folder itself if the path is short enough. Else in a new short one: with mode 0700 and a name nobody can guess, so that nobody
    can be there first, and recorded so that others find it. (A path over /proc/self/fd would do for one process on Linux alone.)"""
    near = folder / "valkey.sock"
    if len(os.fsencode(near)) <= SOCKET_PATH_BYTES:
        return near
    return Path(tempfile.mkdtemp(prefix=SHORT_PREFIX, dir=SHORT_FOLDERS)) / near.name


def _forget_short_folder(socket: object) -> None:
    """Removes a short folder of ours: the socket, and the folder only if nothing else is in it, for a record may be spoilt."""
    if not isinstance(socket, str):
        return
    short = Path(socket).parent
    if short.parent == SHORT_FOLDERS and short.name.startswith(SHORT_PREFIX):
        with suppress(OSError):
            Path(socket).unlink(missing_ok=True)
            short.rmdir()
