"""`peers.py KIND PORT MESSAGES RATE`: the Python servers that KAYAN is measured against, each the shortest form of its library.

On SIGUSR1 it sends every socket so many 48-byte messages at that rate (a second), each stamped with the moment (CLOCK_MONOTONIC, ns)
at which it was due, or now if that is earlier. Runs in a virtual environment of its own (tests/bench/peers.py), where picows is.
"""

from __future__ import annotations

import asyncio
import signal
import struct
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

Send = Callable[[bytes], Awaitable[None] | None]
HOST, BACKLOG = "127.0.0.1", 4096
BEFORE_FIRST = 50_000_000  # ns


async def on_go(send: Send, messages: int, rate: int) -> None:
    """Waits for the signal, then sends."""
    go = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, go.set)
    await go.wait()
    first = time.monotonic_ns() + BEFORE_FIRST
    for n in range(messages):
        due = first + n * 10**9 // rate
        await asyncio.sleep(max(0, due - time.monotonic_ns()) / 1e9)
        sent = send(struct.pack("<Q", min(due, time.monotonic_ns())).ljust(48, b"."))
        if sent is not None:
            await sent


async def websockets_broadcast(port: int, messages: int, rate: int) -> None:
    """websockets' own server and its broadcast()."""
    from websockets.asyncio.server import ServerConnection, broadcast, serve

    clients: set[ServerConnection] = set()

    async def handler(client: ServerConnection) -> None:
        clients.add(client)
        await client.wait_closed()
        clients.discard(client)

    async with serve(handler, HOST, port, compression=None, backlog=BACKLOG):
        await on_go(lambda payload: broadcast(clients, payload), messages, rate)
        await asyncio.Future()


async def picows(port: int, messages: int, rate: int) -> None:
    """picows, WebSockets in Cython."""
    import picows

    clients: set[Any] = set()
    told = {
        "on_ws_connected": lambda _, transport: clients.add(transport),
        "on_ws_disconnected": lambda _, transport: clients.discard(transport),
    }
    listener = type("Client", (picows.WSListener,), told)

    def send(payload: bytes) -> None:
        for client in clients:
            client.send(picows.WSMsgType.BINARY, payload)

    await picows.ws_create_server(lambda _: listener(), HOST, port, backlog=BACKLOG)
    await on_go(send, messages, rate)
    await asyncio.Future()


async def starlette(port: int, messages: int, rate: int) -> None:
    """A plain Starlette endpoint a socket, and a loop of `await send_bytes` over them."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.routing import WebSocketRoute
    from starlette.websockets import WebSocket, WebSocketDisconnect

    clients: set[WebSocket] = set()

    async def endpoint(client: WebSocket) -> None:
        await client.accept()
        clients.add(client)
        try:
            while True:
                await client.receive_text()
        except WebSocketDisconnect:
            clients.discard(client)

    async def send(payload: bytes) -> None:
        for client in list(clients):
            await client.send_bytes(payload)

    app = Starlette(routes=[WebSocketRoute("/", endpoint)])
    config = uvicorn.Config(app, host=HOST, port=port, ws_per_message_deflate=False, log_level="warning", backlog=BACKLOG)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(on_go(send, messages, rate))
        await uvicorn.Server(config).serve()


KINDS = {"picows": picows, "websockets": websockets_broadcast, "starlette": starlette}

if __name__ == "__main__":
    import uvloop

    kind, *numbers = sys.argv[1:]
    uvloop.run(KINDS[kind](*map(int, numbers)))
