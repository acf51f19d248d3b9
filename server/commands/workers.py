"""Several workers behind one address: the parent listens and owns the store, the workers answer.

All workers inherit the same listening sockets: a connection that waits in the kernel's queue is accepted by whoever is left, and none is
lost when a worker ends. A worker reads settings and office files anew at its start, so a rolling restart takes over what has changed
there; address, store and number of workers are the parent's and stay."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from board.store.embedded import embedded
from config.settings import Settings
from server.commands.serving import begin_log, doors_or_exit
from server.commands.tls import Certificate
from server.tasks import end as end_tasks

log = logging.getLogger("kayan.workers")

MOST = 64  # a worker fills one core; beyond one computer there are several boards on one store
START_PATIENCE = 60.0  # s until a worker is ready; a busy small computer needs five
STOP_PATIENCE = 20.0  # s after SIGTERM: the farewell takes 2, commands under way have 5, the rest is for a busy computer
# Seconds before another worker takes the place of one that died: at once the first time, then twice as long each time, so that one
# that cannot live does not take the computer with it. A worker that lived for STEADY_AFTER has earned a fresh count.
FIRST_PAUSE, LONGEST_PAUSE, STEADY_AFTER = 0.1, 5.0, 10.0
ROOT = Path(__file__).resolve().parents[2]  # where `server` is found, whatever folder the board was started in


class NotStarted(Exception):
    """A worker ended, with this exit code, before it was ready, and has said why on standard error."""

    def __init__(self, code: int) -> None:
        super().__init__(f"it ended with code {code} before it was ready")
        self.code = code


class Orders:
    """What each worker is told when it starts."""

    def __init__(self, doors: Sequence[socket.socket], folder: Path, store_url: str, tls: Certificate | None) -> None:
        self._doors = [door.fileno() for door in doors]
        words = [f"--parent={os.getpid()}", f"--crew={folder}", *(f"--door={door}" for door in self._doors)]
        self._words = [*words, f"--tls-cert={tls.cert}", f"--tls-key={tls.key}"] if tls else words
        self._environment: Mapping[str, str] = {**os.environ, "PYTHONPATH": str(ROOT), "KAYAN_STORE_URL": store_url}

    async def start(self, number: int, welcomes: bool = False) -> tuple[Process, str]:
        """A worker that is ready, and what it has to say. Raises NotStarted, TimeoutError.

        A session of its own keeps the terminal's Ctrl-C for the parent. The thread that runs the loop is the parent in the kernel's eyes:
        the workers end with it, so nobody may move this to an executor."""
        hears, tells = os.pipe()
        command = [sys.executable, "-P", "-m", "server", "worker", *self._words, f"--number={number}", f"--tell={tells}"]
        process = None
        with os.fdopen(hears, "rb") as ear:
            try:
                process = await asyncio.create_subprocess_exec(
                    *command,
                    *(["--welcomes"] if welcomes else []),
                    env=self._environment,
                    pass_fds=(*self._doors, tells),
                    start_new_session=True,
                )
            finally:
                os.close(tells)
            try:
                async with asyncio.timeout(START_PATIENCE):
                    said = await _all_of(ear)
            except BaseException:
                await dismiss(process)
                raise
        if not said:
            raise NotStarted(await process.wait())
        return process, said.decode()


async def _all_of(ear: object) -> bytes:
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), ear)
    try:
        return await reader.read()
    finally:
        transport.close()


async def dismiss(process: Process) -> None:
    """Lets a worker say goodbye, and waits until it is gone; one that does not listen is killed."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_PATIENCE):
            await process.wait()
    except TimeoutError:
        log.warning("the worker of process %d does not end; it is killed", process.pid)
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


class Place:
    """One worker's place, and whoever fills it now."""

    def __init__(self, orders: Orders, number: int) -> None:
        self._orders, self._number = orders, number
        self._process: Process | None = None
        self._changing = asyncio.Lock()

    async def fill(self, welcomes: bool = False) -> str:
        """The first worker here; what it has to say. Raises NotStarted, TimeoutError."""
        self._process, said = await self._orders.start(self._number, welcomes)
        return said

    async def relieve(self) -> None:
        """Another worker takes over; once it is ready, the one before says goodbye. Raises NotStarted, TimeoutError."""
        async with self._changing:
            before = self._process
            await self.fill()
        if before is not None:
            await dismiss(before)

    async def keep(self) -> None:
        """Until cancelled: another takes the place of a worker that died."""
        loop, pause = asyncio.get_running_loop(), FIRST_PAUSE
        while (worker := self._process) is not None:
            since = loop.time()
            code = await worker.wait()
            if worker is not self._process:  # it was relieved
                continue
            pause = FIRST_PAUSE if loop.time() - since > STEADY_AFTER else pause
            log.error("worker %d (process %d) ended with code %d; starting another in %.2f s", self._number, worker.pid, code, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            async with self._changing:
                if worker is self._process:
                    await self._fill_again()

    async def _fill_again(self) -> None:
        try:
            await self.fill()
        except (NotStarted, TimeoutError, OSError) as trouble:
            log.warning("worker %d did not start: %s", self._number, trouble)

    async def leave(self) -> None:
        """The worker here says goodbye."""
        if self._process is not None:
            await dismiss(self._process)


async def serve_together(settings: Settings, count: int, tls: Certificate | None, say: Callable[[str], None]) -> None:
    """Runs the board in `count` workers until told to stop. Raises StoreUnusable, NotStarted; ends the command with 1 when the address
    cannot be had."""
    begin_log(settings)
    loop, told, renew = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    loop.add_signal_handler(signal.SIGHUP, renew.set)
    async with _store(settings) as store_url:
        doors = doors_or_exit(settings)
        with tempfile.TemporaryDirectory(prefix="kayan-") as folder:
            orders = Orders(doors, Path(folder), store_url, tls)
            places = [Place(orders, n + 1) for n in range(count)]
            tasks = [asyncio.create_task(_live(places, renew, say), name="workers"), asyncio.create_task(_until(told), name="told")]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await end_tasks(tasks)
                for door in doors:  # ours first: with the last worker's gone the kernel refuses, and a proxy asks another board
                    door.close()
                await asyncio.gather(*(place.leave() for place in places))
            if not tasks[0].cancelled():
                tasks[0].result()


@asynccontextmanager
async def _store(settings: Settings) -> AsyncIterator[str]:
    if settings.store_url:
        yield settings.store_url
    else:
        async with embedded(settings.data) as url:
            yield url


async def _until(told: asyncio.Event) -> None:
    await told.wait()


async def _live(places: Sequence[Place], renew: asyncio.Event, say: Callable[[str], None]) -> None:
    # The first alone: what keeps it from starting keeps all, and is said once.
    said = await places[0].fill(welcomes=True)
    for trouble in await asyncio.gather(*(place.fill() for place in places[1:]), return_exceptions=True):
        if isinstance(trouble, BaseException):
            raise trouble
    for line in said.split("\n"):
        say(line)
    async with asyncio.TaskGroup() as tasks:
        for place in places:
            tasks.create_task(place.keep(), name="workers.keep")
        tasks.create_task(_renew(places, renew), name="workers.renew")


async def _renew(places: Sequence[Place], renew: asyncio.Event) -> None:
    """Until cancelled: a rolling restart whenever it is asked for."""
    while True:
        await renew.wait()
        renew.clear()
        try:
            for place in places:
                await place.relieve()
        except (NotStarted, TimeoutError, OSError) as trouble:
            log.warning("the rolling restart stopped, those who work go on: %s", trouble)
        else:
            log.info("all %d workers are new", len(places))
