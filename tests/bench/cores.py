"""Which core a process runs on, how much of it and of the memory it has used. Linux: it is all in /proc."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

CORES = sorted(os.sched_getaffinity(0))
SERVER, CLIENT = CORES[0], CORES[-1]  # the same one on a machine with one core, where no figure means much


def keep_on(pid: int, *cores: int) -> None:
    """Keeps the process, with the threads that it has now, on these cores."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(ProcessLookupError):  # a thread that has ended meanwhile
            os.sched_setaffinity(int(task.name), cores)


def processor_time(pid: int) -> float:
    """Seconds that all its threads have run, from the scheduler's own count in ns (stat counts in ticks of 10 ms)."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def resident(pid: int) -> float:
    """Resident memory in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


class Spent:
    """Wall-clock and processor seconds of some processes over the block."""

    def __init__(self, **pids: int) -> None:
        self._pids = pids
        self.wall = 0.0
        self.of: dict[str, float] = {}

    def __enter__(self) -> Spent:
        self._began = {name: processor_time(pid) for name, pid in self._pids.items()}
        self._at = time.perf_counter()
        return self

    def __exit__(self, *failed: object) -> None:
        self.wall = time.perf_counter() - self._at
        self.of = {name: processor_time(pid) - self._began[name] for name, pid in self._pids.items()}
