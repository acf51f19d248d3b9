"""Told to stop, the server finishes what it has begun and waits for nobody who has gone: also where uvicorn's own classes would."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.exceptions import InvalidState
from websockets.frames import Close, Frame, Opcode

from server import handover
from server.handover import Handshake
from tests.crews import TWO
from tests.driver import API
from tests.house import house
from tests.proxies import listens
from tests.stores import comes

KNOCK = (
    b"GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
GOODBYE = Frame(Opcode.CLOSE, Close(1001, "").serialize()).serialize(mask=True)
BODY = b'{"service":"A"}'


class Clogged(asyncio.Transport):
    """The transport of a client that takes nothing more: closed, it stays until it is aborted, as a real one does with a full buffer."""

    def __init__(self, protocol: asyncio.Protocol) -> None:
        super().__init__()
        self._protocol, self.aborted, self._closing = protocol, False, False
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def close(self) -> None:
        self._closing = True

    def is_closing(self) -> bool:
        return self._closing

    def abort(self) -> None:
        if not self.aborted:
            self.aborted = self._closing = True
            self._protocol.connection_lost(ConnectionAbortedError())


async def waiting(scope: Any, receive: Any, send: Any) -> None:
    """An application that accepts, and listens until the client has gone."""
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass


@asynccontextmanager
async def shaken(kind: type[WebSocketsSansIOProtocol]) -> AsyncIterator[tuple[WebSocketsSansIOProtocol, Clogged, ServerState]]:
    """A client that has shaken hands with a server of this class."""
    config, state = uvicorn.Config(waiting, lifespan="off", log_config=None, ws_ping_interval=None), ServerState()
    config.load()
    protocol = kind(config, state, {})
    transport = Clogged(protocol)
    protocol.connection_made(transport)
    protocol.data_received(KNOCK)
    await comes(lambda: b"101 Switching Protocols" in transport.written)
    try:
        yield protocol, transport, state
    finally:
        transport.abort()
        await comes(lambda: not state.tasks)


async def test_uvicorn_fails_to_stop_at_a_client_that_has_just_said_goodbye() -> None:
    async with shaken(WebSocketsSansIOProtocol) as (protocol, _, _):
        protocol.data_received(GOODBYE)
        with pytest.raises(InvalidState):  # in the middle of uvicorn's loop over all connections: those after it are never told
            protocol.shutdown()


async def test_we_stop_also_at_a_client_that_has_just_said_goodbye() -> None:
    async with shaken(Handshake) as (protocol, transport, _):
        protocol.data_received(GOODBYE)
        protocol.shutdown()
        assert transport.is_closing()


async def test_a_client_that_answers_no_ping_stays_with_uvicorn_for_good_and_with_us_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "FAREWELL", 0.01)
    async with shaken(WebSocketsSansIOProtocol) as (theirs, forgotten, others), shaken(Handshake) as (ours, dropped, us):
        for protocol in (theirs, ours):
            protocol.keepalive_timeout()
            protocol.shutdown()
        await comes(lambda: not us.connections)
        assert dropped.aborted
        assert others.connections == {theirs}  # which uvicorn's end would now wait for
        assert not forgotten.aborted


@pytest.mark.parametrize("words", [(), TWO], ids=["one-process", "two-workers"])
async def test_a_command_in_flight_is_finished_before_the_end(tmp_path: Path, words: tuple[str, ...]) -> None:
    with house(tmp_path, staff={"sari": "supervisor"}, words=words) as board:
        with redis.Redis.from_url(board.store) as client:
            store = int(client.info()["process_id"])
        reader, writer = await asyncio.open_connection("127.0.0.1", board.process.port)
        head = f"POST {API}/tickets HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: 1\r\nContent-Length: {len(BODY)}\r\n"
        os.kill(store, signal.SIGSTOP)
        try:
            writer.write(f"{head}Expect: 100-continue\r\n\r\n".encode())
            assert (await reader.readline()).startswith(b"HTTP/1.1 100 ")  # it is being read: from here on it is in flight
            await reader.readline()
            writer.write(BODY)
            board.process.popen.terminate()
            await comes(lambda: not listens(board.process.port))
        finally:
            os.kill(store, signal.SIGCONT)
        assert (await reader.readline()).startswith(b"HTTP/1.1 201 ")
        assert b'"number":"A001"' in await reader.read()
        writer.close()
        assert await asyncio.to_thread(board.process.popen.wait, 30) == 0
