"""A client of the live stream that says bytes, wrong ones too, and reads what comes frame by frame. It answers nothing by itself."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from tests.driver import OFFICE

CONT, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
MASK = b"\x37\xfa\x21\x3d"
KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455, section 1.3
WITHIN = 20.0  # s for whatever is waited for; nothing takes long when all is well
Frame = tuple[int, bytes]  # opcode and payload


def masked(opcode: int, payload: bytes = b"", fin: bool = True, reserved: int = 0, length_in: int = 0) -> bytes:
    """A frame as a client writes it. `reserved`: three bits as a number; `length_in`: bytes of the length, 2 or 8, where less would do."""
    size = len(payload)
    head = bytes([(0x80 if fin else 0) | reserved << 4 | opcode])
    if length_in == 8 or size >= 65536:
        head += b"\xff" + struct.pack("!Q", size)
    elif length_in == 2 or size >= 126:
        head += b"\xfe" + struct.pack("!H", size)
    else:
        head += bytes([0x80 | size])
    return head + MASK + bytes(byte ^ MASK[n % 4] for n, byte in enumerate(payload))


def closes(code: int, reason: bytes = b"") -> bytes:
    """A close frame with this code."""
    return masked(CLOSE, struct.pack("!H", code) + reason)


def handshake(query: str = "", headers: Mapping[str, str] | None = None, office: str = OFFICE) -> bytes:
    """The bytes that ask for a live stream."""
    asked = {"Host": "kayan", "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": KEY}
    asked |= {"Sec-WebSocket-Protocol": "kayan.v1.json", **(headers or {})}
    lines = [f"GET /live/{office}{query} HTTP/1.1", *(f"{name}: {value}" for name, value in asked.items()), "", ""]
    return "\r\n".join(lines).encode()


class Caller:
    """One TCP connection to a board."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def says(self, *pieces: bytes, chopped: bool = False) -> None:
        """Sends each piece on its own; `chopped`: each byte. What the server does not take any more is lost."""
        with suppress(ConnectionError):
            for piece in (bytes([byte]) for byte in b"".join(pieces)) if chopped else pieces:
                self.writer.write(piece)
                await self.writer.drain()
                await asyncio.sleep(0)

    async def head(self) -> str:
        """The status line and headers of an HTTP answer."""
        async with asyncio.timeout(WITHIN):
            return (await self.reader.readuntil(b"\r\n\r\n")).decode()

    async def frame(self, within: float = WITHIN) -> Frame:
        """The next frame. Raises IncompleteReadError or ConnectionError when there is none."""
        async with asyncio.timeout(within):
            head, size = await self.reader.readexactly(2)
            assert head & 0x70 == 0
            assert size < 128, "a server does not mask"
            if size == 126:
                size = struct.unpack("!H", await self.reader.readexactly(2))[0]
            elif size == 127:
                size = struct.unpack("!Q", await self.reader.readexactly(8))[0]
            return head & 0x0F, await self.reader.readexactly(size)

    async def answers(self, how_many: int) -> list[Frame]:
        """The next frames that are no news of the office."""
        found: list[Frame] = []
        while len(found) < how_many:
            opcode, payload = await self.frame()
            if opcode not in (TEXT, BINARY):
                found.append((opcode, payload))
        return found

    async def ends(self) -> int | None:
        """Reads on until the server closes, and hangs up; its close code, None when it went without one."""
        code = None
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            [(opcode, payload)] = await self.answers(1)
            while opcode != CLOSE:
                [(opcode, payload)] = await self.answers(1)
            code = struct.unpack("!H", payload[:2])[0] if payload else 1005
            await self.says(masked(CLOSE, payload))
            with suppress(OSError):  # it may be gone already
                self.writer.write_eof()
        await self.gone()
        return code

    async def gone(self) -> bytes:
        """Waits until the server has hung up; what it said until then."""
        said = b""
        with suppress(ConnectionError):
            async with asyncio.timeout(WITHIN):
                while more := await self.reader.read(65536):
                    said += more
        return said


@asynccontextmanager
async def caller(url: str, *, takes_in: int | None = None, comes_from: str = "127.0.0.1") -> AsyncIterator[Caller]:
    """A connection for the block. `takes_in`: bytes that the kernel keeps for a client that does not read."""
    called = urlsplit(url)
    with socket.socket() as raw:
        if takes_in is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes_in)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        raw.setblocking(False)
        raw.bind((comes_from, 0))
        await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", called.port))
        reader, writer = await asyncio.open_connection(sock=raw, limit=takes_in or 65536)
        try:
            yield Caller(reader, writer)
        finally:
            writer.transport.abort()


@asynccontextmanager
async def live(url: str, query: str = "", headers: Mapping[str, str] | None = None, takes_in: int | None = None) -> AsyncIterator[Caller]:
    """A client that was let in; its first frame is still to be read."""
    async with caller(url, takes_in=takes_in) as client:
        await client.says(handshake(query, headers))
        head = await client.head()
        assert head.startswith("HTTP/1.1 101 "), head
        yield client


def counted(metrics: str, name: str, **labels: str) -> float:
    """A value of `/metrics`; 0 for a series that has not begun."""
    series = name + ("{" + ",".join(f'{key}="{value}"' for key, value in labels.items()) + "}" if labels else "")
    return next((float(line.rsplit(" ", 1)[1]) for line in metrics.splitlines() if line.startswith(f"{series} ")), 0.0)


def complaints(said: Iterable[str]) -> list[str]:
    """What a server printed that an operator would have to read."""
    return [line for line in said if "WARNING" in line or "ERROR" in line or "Traceback" in line or "Error:" in line]
