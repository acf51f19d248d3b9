"""Real stores for the tests: our embedded Valkey and Debian's redis-server, as processes that end with the test run, kill -9 included."""

from __future__ import annotations

import asyncio
import inspect
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import redis

from board.store.embedded import LAUNCH, WAY, find_binary, supervised
from board.store.folder import socket_url

T = TypeVar("T")
ROOT = Path(__file__).parents[1]
BOARD = """
import asyncio, sys, uvloop
from pathlib import Path
from board.store import embedded
folder, loop, embedded.WAY = sys.argv[1:]
async def live():
    async with embedded.supervised(Path(folder)) as store:
        print(store.pid, store.url, flush=True)
        await asyncio.Event().wait()
(uvloop if loop == "uvloop" else asyncio).run(live())
"""
PATIENCE = 20.0  # seconds a condition may take on a slow, busy machine; no test waits that long when all is well
LOOK_EVERY = 0.01
DURABLE = ("--appendonly", "yes", "--appendfsync", "always")


def redis_server() -> Path:
    """Debian's redis-server."""
    found = shutil.which("redis-server")
    assert found, "the tests need redis-server: apt install redis-server"
    return Path(found)


def valkey_server() -> Path:
    """The embedded store's binary, to be run with other options than ours."""
    return find_binary()


def until(condition: Callable[[], T], seconds: float = PATIENCE) -> T:
    """The condition's first true value; fails when there is none in time. Blocks: for threads without a loop."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not so within {seconds} s: {condition}"
        time.sleep(LOOK_EVERY)
    return value


async def comes(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Waits beside a running loop until the condition, which may be a coroutine function, is true; fails when it is not in time."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if await value if inspect.isawaitable(value) else value:
            return
        assert time.monotonic() < deadline, f"not so within {seconds} s: {condition}"
        await asyncio.sleep(LOOK_EVERY)


def lives(pid: int) -> bool:
    """Whether this process runs; one that has ended and waits for its parent to notice does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def answers(url: str) -> bool:
    """Whether the store at this URL answers PING."""
    try:
        with redis.Redis.from_url(url) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def flush(url: str) -> None:
    """Empties the store; scripts and settings stay."""
    with redis.Redis.from_url(url) as client:
        client.flushall()


class OwnStore:
    """A store of its own with these options, in a short throw-away folder or in one that is kept. What it acknowledged is there again
    when it is started anew."""

    def __init__(self, binary: Path, *options: str, kept_in: Path | None = None) -> None:
        self.folder = kept_in or Path(tempfile.mkdtemp(prefix="kayan-test-"))
        self._kept = kept_in is not None
        socket = self.folder / "store.sock"
        self.url = socket_url(socket)
        launch = [sys.executable, "-IS", str(LAUNCH), WAY, str(os.getpid()), str(self.folder / "lock"), str(binary)]
        basics = ["--port", "0", "--save", "", "--dir", str(self.folder), "--unixsocket", str(socket)]
        self._command = [*launch, *basics, "--unixsocketperm", "700", *options]
        self._leash = os.pipe()
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        with (self.folder / "log").open("wb") as log:
            child = subprocess.Popen(self._command, stdin=self._leash[0], stdout=log, stderr=log, start_new_session=True)
        self._child = child
        until(lambda: child.poll() is not None or answers(self.url))
        assert child.returncode is None, (self.folder / "log").read_text()

    def kill(self) -> None:
        """As if the power failed."""
        if self._child:
            self._child.kill()
            self._child.wait()

    def close(self) -> None:
        """Ends it, and nothing of it stays."""
        for end in self._leash:
            os.close(end)
        if self._child:
            self._child.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(PATIENCE)
        self.kill()
        if not self._kept:
            shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def own_store(binary: Path, *options: str, kept_in: Path | None = None) -> Iterator[OwnStore]:
    """A store that the block may kill and start again."""
    store = OwnStore(binary, *options, kept_in=kept_in)
    try:
        store.start()
        yield store
    finally:
        store.close()


@contextmanager
def store_process(binary: Path, *options: str, kept_in: Path | None = None) -> Iterator[str]:
    """A store of its own for the block; its URL."""
    with own_store(binary, *options, kept_in=kept_in) as store:
        yield store.url


def pid_of(url: str) -> int:
    """The process of the store at this URL."""
    with redis.Redis.from_url(url) as client:
        return int(client.info("server")["process_id"])


@contextmanager
def hangs(pid: int) -> Iterator[None]:
    """For the block this process stands still, as on a disk that does not answer."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def embedded_store(folder: Path) -> Iterator[str]:
    """Our embedded store in this data folder, supervised by a loop in a thread of its own, so that it outlives the loops of single tests;
    its URL."""
    started: list[str | BaseException] = []
    ready, over = threading.Event(), threading.Event()

    async def live() -> None:
        try:
            async with supervised(folder) as store:
                started.append(store.url)
                ready.set()
                await asyncio.to_thread(over.wait)
        except BaseException as trouble:  # raised where the test can see it, not in the thread
            started.append(trouble)
        finally:
            ready.set()

    thread = threading.Thread(target=lambda: asyncio.run(live()), name="tests.embedded_store")
    thread.start()
    try:
        ready.wait()
        url = started[0]
        if isinstance(url, BaseException):
            raise url
        yield url
    finally:
        over.set()
        thread.join()


@dataclass(frozen=True, slots=True)
class BoardProcess:
    """A python process that holds an embedded store and does nothing else."""

    process: subprocess.Popen[str]
    store_pid: int
    url: str

    def kill(self) -> None:
        """kill -9, and the process is gone when this returns; its store may take a moment more."""
        self.process.kill()
        self.process.wait()


@contextmanager
def board_process(folder: Path, loop: Literal["asyncio", "uvloop"] = "asyncio", way: str = WAY) -> Iterator[BoardProcess]:
    """A board of its own process on this data folder; ended by kill -9."""
    command = [sys.executable, "-c", BOARD, str(folder), loop, way]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            pid, _, url = process.stdout.readline().strip().partition(" ")
            yield BoardProcess(process, int(pid), url)
        finally:
            process.kill()
