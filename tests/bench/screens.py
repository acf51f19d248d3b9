"""Thousands of screens in one small C program, which costs a fraction of what it measures; compiled when a benchmark runs."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from array import array
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.bench.cores import CLIENT, keep_on
from tests.driver import ROOT

SOURCES = Path(__file__).parent / "fanout"
BUILT = ROOT / ".cache" / "bench"
OPENS_WITHIN = 120.0  # s
FILES_AT_ONCE = 4096  # besides the sockets


def program(name: str) -> Path:
    """The compiled program of a source in tests/bench/fanout. Raises FileNotFoundError when there is no C compiler."""
    source, built = SOURCES / f"{name}.c", BUILT / name
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise FileNotFoundError("a C compiler is needed: apt-get install gcc libc6-dev")
    if not built.exists() or built.stat().st_mtime < source.stat().st_mtime:
        BUILT.mkdir(parents=True, exist_ok=True)
        subprocess.run([compiler, "-O2", "-o", str(built), str(source)], check=True)
    return built


@dataclass
class Screens:
    """Screens that are open. `opened`: how many, and how long from the first SYN to the last first frame; `ended`: after the block."""

    opened: Mapping[str, Any]
    ended: dict[str, Any] = field(default_factory=dict)
    heard: list[tuple[str, int]] = field(default_factory=list)  # number called, CLOCK_MONOTONIC ns; one for each screen


@asynccontextmanager
async def screens(url: str, office: str, many: int, deaf: int = 0, **options: str | int) -> AsyncIterator[Screens]:
    """So many screens, and so many more that never read, for the block. Options as the program has them: `a` at once, `w` spread in
    ms, `o` a file for what was called and heard, `u` another path."""
    address = urlsplit(url)
    given = {"p": address.port, "n": many, "z": deaf, "u": f"/live/{office}", **options}
    words = [word for name, value in given.items() for word in (f"-{name}", str(value))]
    process = await asyncio.create_subprocess_exec(
        str(program("screens")), *words, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    keep_on(process.pid, CLIENT)
    try:
        async with asyncio.timeout(OPENS_WITHIN):
            shown = Screens(json.loads(await process.stdout.readline()))
        yield shown
        process.stdin.write(b"end\n")
        shown.ended.update(json.loads(await process.stdout.readline()))
        await process.wait()
        if "o" in options:
            shown.heard = deliveries(Path(str(options["o"])))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def deliveries(file: Path) -> list[tuple[str, int]]:
    """Who was called, and when each screen heard it."""
    kept = file.read_bytes()
    times = array("Q", kept)[1::2]
    return [(kept[16 * n : 16 * n + 4].decode(), at) for n, at in enumerate(times)]
