"""What stands between a screen and the board: a router that can forget, without a word to either side, the streams it carried."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit


class Line:
    """One connection through the router."""

    def __init__(self, *ends: asyncio.StreamWriter) -> None:
        self.ends = ends
        self.live = False
        self.forgotten = False

    def end(self) -> None:
        """Both sides hear that it is over."""
        for end in self.ends:
            end.close()

    async def carry(self, reader: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        """One direction, until it ends; once forgotten, what comes is lost, and so is the end."""
        with suppress(OSError):
            while data := await reader.read(65_536):
                self.live = self.live or data.startswith(b"GET /live/")
                if not self.forgotten:
                    to.write(data)
                    await to.drain()
        if not self.forgotten:
            self.end()


class Router:
    """Passes bytes on in both directions; `url` is where screens find the board behind it."""

    def __init__(self, board: str) -> None:
        self._board = urlsplit(board)
        self._lines: set[Line] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""

    def forgets(self) -> None:
        """As after a night: what the open streams carry is lost, and kept connections of plain requests have ended. New ones work."""
        for line in self._lines:
            if line.live:
                line.forgotten = True
            else:
                line.end()

    async def takes(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A new connection."""
        back, on = await asyncio.open_connection(self._board.hostname, self._board.port)
        line = Line(on, writer)
        self._lines.add(line)
        self._tasks |= {asyncio.create_task(line.carry(*way), name="router.carry") for way in ((reader, on), (back, writer))}

    async def ends(self) -> None:
        """Every connection is cut."""
        for line in self._lines:
            line.end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def routed(board: str) -> AsyncIterator[Router]:
    """A router in front of the board at this URL, for the block."""
    router = Router(board)
    server = await asyncio.start_server(router.takes, "127.0.0.1", 0)
    router.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield router
    finally:
        server.close()
        await router.ends()
