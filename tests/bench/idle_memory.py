"""What one idle live socket costs the server: growth of its resident memory from 1,000 sockets to so many more, both ways.

`python -m tests.bench.idle_memory [SOCKETS]` from the root folder prints a line for each way; nothing is asserted. The client's own
memory does not count, so it may run beside the server."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from tests.driver import Process, running
from tests.rawsocket import live

WARM = 1000  # sockets before the first look: what is made once is made by then
AT_A_TIME = 100


def resident(process: Process) -> int:
    """KiB of memory that the server has."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process.popen.pid}/status").read_text())
    assert found
    return int(found[1])


async def grows(process: Process, sockets: int) -> float:
    """KiB for each socket beyond the first thousand."""
    async with AsyncExitStack() as stack:

        async def watches() -> None:
            client = await stack.enter_async_context(live(process.url))
            await client.frame()

        async def more(how_many: int) -> int:
            for _ in range(how_many // AT_A_TIME):
                await asyncio.gather(*(watches() for _ in range(AT_A_TIME)))
            return resident(process)

        before = await more(WARM)
        return (await more(sockets) - before) / sockets


def main() -> None:
    sockets = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    for way, setting in (("shared frame", "on"), ("fallback", "off")):
        with tempfile.TemporaryDirectory() as data, running(Path(data), KAYAN_SHARED_FRAME=setting) as process:
            print(f"{way:13} {asyncio.run(grows(process, sockets)):5.1f} KiB a socket, over {sockets} sockets")


if __name__ == "__main__":
    main()
