"""What one delivery costs: each server beside a C program that does nothing but call send(), both at the same time on one core."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tests.bench.cores import CLIENT, SERVER
from tests.bench.peers import FLOOR, KAYAN, PEERS, Peer, environment, install
from tests.bench.screens import SOURCES, program
from tests.bench.table import Table, middle
from tests.stores import comes

SOCKETS, MESSAGES, RATE = 2_000, 50, 20
PAIRS = 8  # solo ratios mislead: the floor itself varies by a fifth from round to round; single pairs by a tenth
SIZES = (500, 2_000, 8_000)
FIRST_PORT = 7300
TOGETHER = 12.0  # s from the start of both sinks until both servers send, each having all its sockets


async def duel() -> Table:
    """Every server against the floor, in turn."""
    install()
    pairs: dict[str, list[tuple[Mapping[str, Any], Mapping[str, Any]]]] = {peer.name: [] for peer in PEERS}
    for n in range(PAIRS):
        for m, peer in enumerate(PEERS):
            pairs[peer.name].append(await both(peer, FIRST_PORT + 2 * (n * len(PEERS) + m), SOCKETS, RATE))
    table = Table(
        f"Processor time a delivery, {SOCKETS:,} sockets, 48-byte frames, against C at the same time on one core",
        ("server", "ratio, median", "lowest", "highest", "µs", "C's µs", "delivered", "KiB a socket"),
    )
    for name, found in sorted(pairs.items(), key=lambda item: middle([ratio(*pair) for pair in item[1]])):
        table.rows.append((name, *shown(found)))
    table.notes = [
        f"Aim: at most 1.25, no more than picows. Medians of {PAIRS} pairs; differences under 0.05 are none. µs: the kernel's own",
        "account of the server's processor time, which on loopback carries much of the receiver's work. The sink, C on a core of its",
        "own, counts every frame.",
    ]
    return table


async def growth() -> Table:
    """KAYAN's cost of a delivery as the room fills."""
    table = Table("Cost as work grows", ("sockets", "ratio to C", "µs", "C's µs", "against 500"))
    rows = []
    for n, many in enumerate(SIZES):
        found = [await both(KAYAN, FIRST_PORT + 500 + 2 * (4 * n + k), many, max(2, 40_000 // many)) for k in range(4)]
        rows.append((many, middle([ratio(*pair) for pair in found]), *(middle([side[k]["us"] for side in found]) for k in (0, 1))))
    table.rows = [(*row, row[1] / rows[0][1]) for row in rows]
    table.notes = ["Aim: flat within 1.2. 40,000 deliveries a second at each size; medians of 4 pairs, both servers on one core at once."]
    return table


def ratio(theirs: Mapping[str, Any], floor: Mapping[str, Any]) -> float:
    """Processor time a delivery, as a multiple of the floor's."""
    return float(theirs["us"] / floor["us"])


def shown(found: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> tuple[str | float, ...]:
    """The columns of one server."""
    ratios = sorted(ratio(*pair) for pair in found)
    theirs = [pair[0] for pair in found]
    whole = sum(t["deliveries"] for t in theirs) / sum(t["expected"] for t in theirs)
    mine, floors = (middle([pair[k]["us"] for pair in found]) for k in (0, 1))
    return middle(ratios), ratios[0], ratios[-1], mine, floors, f"{whole:.2%}", middle([t["rss_kib"] for t in theirs])


async def both(peer: Peer, port: int, sockets: int, rate: int) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A server and the floor at once; what the sink of each saw."""
    go = time.monotonic_ns() + int(TOGETHER * 1e9)
    half = 10**9 // rate // 2  # their broadcasts alternate
    one, other = await asyncio.gather(run(peer, port, sockets, rate, go), run(FLOOR, port + 1, sockets, rate, go + half))
    return one, other


async def run(peer: Peer, port: int, sockets: int, rate: int, go: int) -> Mapping[str, Any]:
    """One server from its start to its end."""
    numbers = (str(port), str(MESSAGES), str(rate))
    quiet = asyncio.subprocess.DEVNULL
    server = await on_core(SERVER, *peer.serves(*numbers), stdout=quiet, stderr=quiet)
    publisher = await on_core(CLIENT, sys.executable, str(SOURCES / "publish.py"), *numbers) if peer.publishes else None
    try:
        await comes(lambda: answers(port), 30)
        sender = publisher or server
        words = [
            "-p",
            numbers[0],
            "-n",
            str(sockets),
            "-m",
            numbers[1],
            "-P",
            str(server.pid),
            "-G",
            str(sender.pid),
            "-T",
            str(go),
            *peer.sink,
        ]
        sink = await on_core(CLIENT, str(program("sink")), *words, stdout=asyncio.subprocess.PIPE)
        said, _ = await sink.communicate()
        return dict(json.loads(said))
    finally:
        for process in (publisher, server):
            if process is not None:
                process.send_signal(signal.SIGKILL if process is publisher else signal.SIGTERM)
                await process.wait()


async def on_core(core: int, *command: str, **streams: Any) -> asyncio.subprocess.Process:
    """A process that begins on one core, so that its children stay there, too."""
    pinned = ["taskset", "-c", str(core), *command]
    return await asyncio.create_subprocess_exec(*pinned, env=environment(), **streams)


async def answers(port: int) -> bool:
    """Whether somebody listens."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
