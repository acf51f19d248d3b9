"""`kayan.py PORT MESSAGES RATE`: KAYAN itself, whole: settings, store, relay, watcher, pages, hub. On SIGUSR1 its room is given
so many 48-byte frames at that rate, stamped as in peers.py, which it sends as it sends every other frame."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import uvloop
from websockets.frames import Frame, Opcode

from config.office import load_offices
from config.settings import load_settings
from server.app import House, house
from server.commands.serving import Server, configured, doors_or_exit
from server.frames import Codec, View
from server.tasks import end
from tests.bench.fanout.peers import HOST, on_go


async def main(port: int, messages: int, rate: int) -> None:
    """Until it is told to stop."""
    with tempfile.TemporaryDirectory(prefix="kayan-bench-") as data:
        given = {"KAYAN_DATA": str(Path(data) / "data"), "KAYAN_PORT": str(port), "KAYAN_HOST": HOST}
        settings = load_settings({**given, "KAYAN_LIMITS": "off", "KAYAN_ALWAYS_OPEN": "true"})
        async with house(settings, load_offices(settings.offices, settings)) as running:
            sending = asyncio.create_task(on_go(sender(running), messages, rate))
            await Server(configured(settings, running), lambda port: print(port, flush=True), running.goodbye).serve(
                doors_or_exit(settings)
            )
            await end([sending])


def sender(running: House) -> Callable[[bytes], None]:
    """Sends one payload to the office's public room."""
    room = next(iter(running.relays.values())).room

    def send(payload: bytes) -> None:
        room.send(View.PUBLIC, Codec.MSGPACK, Frame(Opcode.BINARY, payload).serialize(mask=False))

    return send


if __name__ == "__main__":
    uvloop.run(main(*map(int, sys.argv[1:])))
