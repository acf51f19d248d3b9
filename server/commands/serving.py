"""Serves a house on its address, and says where it is."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import cast

import uvicorn

from board.office import Office, OfficeId
from config.settings import Settings
from server.app import VERSION, House, house
from server.commands.common import fail
from server.commands.port import PortTrouble, listeners
from server.commands.tls import Certificate
from server.handover import FAREWELL, MISSING, Handshake
from server.knocks import PATIENCE, Connection, connection
from server.lan import lan_host
from server.reader import FRAME_MAX

GRACE = 5  # s for commands in flight when the server is told to stop
BACKLOG = 2048  # hand-shakes that may wait while the loop is busy
PING = 20.0  # s; a screen that does not answer is gone


# Attack: uvicorn tells of each hand-shake that we refuse, of each client whose text is no UTF-8 and of each request that is none; so
# any stranger could fill the log, and a thousand phones that knock while the store is away do.
STRANGERS = (
    "ASGI callable returned without completing handshake",
    "Invalid UTF-8 sequence received",
    "Invalid HTTP request received",
    "Unsupported upgrade request",
)


def worth_telling(record: logging.LogRecord) -> bool:
    """Whether the operator should read this line of uvicorn's."""
    return not record.getMessage().startswith(STRANGERS)


class Server(uvicorn.Server):
    """uvicorn, with a word to the screens before it closes them and to the operator once it listens."""

    def __init__(self, config: uvicorn.Config, listens: Callable[[int], None], goodbye: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._listens, self._goodbye = listens, goodbye

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn raises the signal once more when it has served, and the process would end before the house is closed:
        # the store's last words, the sockets' farewell. So the signals only ask the server to stop.
        asked = (signal.SIGINT, signal.SIGTERM)
        before = [signal.signal(number, self.handle_exit) for number in asked]
        try:
            yield
        finally:
            for number, handler in zip(asked, before, strict=True):
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        # Not uvicorn's own: there a caller may take a minute for the hand-shake of TLS (slow loris), and one that has gone holds up our
        # end for half a minute, because its farewell is waited for.
        assert sockets
        await self.lifespan.startup()
        tls, loop = self.config.ssl, asyncio.get_running_loop()
        self.servers = [
            await loop.create_server(
                self._caller,
                sock=door,
                ssl=tls,
                backlog=BACKLOG,
                ssl_handshake_timeout=PATIENCE if tls else None,
                ssl_shutdown_timeout=FAREWELL if tls else None,
            )
            for door in sockets
        ]
        self.started = True
        self._listens(sockets[0].getsockname()[1])

    def _caller(self) -> Connection:
        kind = cast(type[Connection], self.config.http_protocol_class)
        return kind(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn would close everything in one moment: no frame tells the screens that it is worth coming back soon, all of them come
        # back together, and a command under way has no time. So nobody new is let in, the screens are sent away in slices, and only
        # then, with nothing left but commands, is uvicorn given the rest.
        for server in self.servers:
            server.close()
        await self._goodbye()
        await super().shutdown(sockets)


def configured(settings: Settings, running: House, tls: Certificate | None = None) -> uvicorn.Config:
    """How uvicorn serves us. Access logs are off: they would hold visitors' addresses."""
    return uvicorn.Config(
        running.app,
        loop="uvloop",
        http=connection(running.knocks),
        ws="websockets-sansio" if MISSING else Handshake,  # also where frames are not shared: it ends better than uvicorn's
        ws_max_size=FRAME_MAX,
        ws_ping_interval=PING,
        ws_ping_timeout=PING,
        ws_per_message_deflate=False,  # three times the memory of a socket, and every frame is a few dozen bytes
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_graceful_shutdown=GRACE,
        ssl_context_factory=(lambda _, __: tls.context()) if tls else None,
    )


def doors_or_exit(settings: Settings) -> list[socket.socket]:
    """The listening sockets of the settings' address, or why there are none and exit code 1: not as uvicorn, which ends with 3 and says
    no remedy."""
    doors = listeners(settings.host, settings.port)
    if isinstance(doors, PortTrouble):
        fail(1, doors.says)
    return doors


def begin_log(settings: Settings) -> None:
    """What the operator reads, on standard error."""
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").addFilter(worth_telling)


async def serve(settings: Settings, offices: Mapping[OfficeId, Office], tls: Certificate | None, say: Callable[[str], None]) -> None:
    """Runs the board in this process until it is told to stop. Raises StoreUnusable; ends the command with 1 when the address cannot be
    had."""
    begin_log(settings)
    async with house(settings, offices) as running:
        doors = doors_or_exit(settings)  # after the store: who starts a second board should read of the first one

        def listens(port: int) -> None:
            for line in welcome(settings, list(offices.values()), running, port, tls is not None):
                say(line)

        await Server(configured(settings, running, tls), listens, running.goodbye).serve(doors)


def welcome(settings: Settings, offices: list[Office], running: House, port: int, tls: bool = False) -> list[str]:
    """What the operator needs to know first: the addresses of the pages, and how to become the first administrator."""
    base = base_url(settings, port, tls)
    lines = [f"KAYAN {VERSION}: Komitmen Atas Layanan Antrian"]
    for office in offices:
        at = f"{base}/{office.id}"
        lines += ["", office.name, f"  TV       {at}/tv", f"  Kiosk    {at}/kiosk", f"  Phone    {at}", f"  Desk     {at}/desk"]
    lines += ["", f"  Officer  {base}/officer", f"  Login    {base}/login"]
    lines += [f"  ! {notice}" for notice in running.notices]
    if running.first_token is not None:
        lines += ["", "Open this link once to create the first administrator:", f"  {base}/login#first={running.first_token}"]
    return [*lines, ""]


def base_url(settings: Settings, port: int, tls: bool = False) -> str:
    """The address that people in the office can use."""
    return settings.public_url or f"http{'s' if tls else ''}://{lan_host(settings.host) or 'localhost'}:{port}"
