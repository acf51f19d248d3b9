"""Boards of several workers: who the workers are, and what each of them measures."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import kill
from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.driver import Process
from tests.stores import until

TWO = ("serve", "--workers", "2")


def workers(process: Process) -> dict[int, int]:
    """The process of each place, by its number; while a place changes hands, the new one's."""
    found: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
            words = (folder / "cmdline").read_bytes().decode().split("\0")
            if parent == process.popen.pid and "worker" in words:
                number = next(int(word.partition("=")[2]) for word in words if word.startswith("--number="))
                found[number] = max(found.get(number, 0), int(folder.name))
    return found


def measured(process: Process, name: str, **labels: str) -> dict[int, float]:
    """This series of each worker, by its number, from one scrape."""
    answer = httpx.get(f"{process.url}/metrics", trust_env=False)
    samples = [sample for family in text_string_to_metric_families(answer.text) for sample in family.samples]
    mine = [s for s in samples if s.name == name and labels.items() <= s.labels.items()]
    return {int(sample.labels["worker"]): sample.value for sample in mine}


@contextmanager
def resting(pid: int) -> Iterator[None]:
    """The worker does nothing for the block, so that whoever knocks meets another one."""
    kill(pid, signal.SIGSTOP)
    try:
        until(lambda: Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T")
        yield
    finally:
        kill(pid, signal.SIGCONT)


def renewed(process: Process) -> None:
    """A rolling restart, and its end."""
    before = sum("workers are new" in line for line in process.said)
    process.popen.send_signal(signal.SIGHUP)
    until(lambda: sum("workers are new" in line for line in process.said) > before)
