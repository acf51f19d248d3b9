"""The only wiring: settings -> store -> relay -> hub -> routes. Read it from top to bottom to know who exists and who knows whom."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass

from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, WebSocketRoute

from board.office import Office, OfficeId
from board.store.places import Places
from board.store.queue import Queue
from board.store.staff import Staff
from board.store.watcher import watch
from config.places import STATIC
from config.settings import Settings
from server.auth import Doorkeeper, doorkeeper
from server.crew import Crew
from server.descriptors import Descriptors, raise_limit
from server.edge import Edge
from server.frames import NOT_ALLOWED, Reconnect
from server.handover import MISSING
from server.hub import Listener
from server.knocks import Knocks
from server.lan import lan_host
from server.limits import Limits
from server.metrics import Metrics
from server.pulse import pulse
from server.refusals import NoSuchPlace, problem
from server.relay import Relay, listen_for_hints
from server.remembered import Remembered
from server.routes import accounts, counters, escalations, health, journal, offices, openapi, pages, places, sessions, tickets
from server.routes.rooms import Rooms
from server.seal import Seal
from server.sockets import Sockets
from server.stickers.order import Press
from server.store import open_store
from server.tasks import end

VERSION = "0.1.0"


@dataclass(frozen=True, slots=True)
class House:
    """A board that runs: the application to serve, and what the start should say. `first_token`: None once there is an administrator."""

    app: Starlette
    notices: list[str]
    first_token: str | None
    sockets: Sockets
    relays: Mapping[str, Relay]
    knocks: Knocks

    async def goodbye(self) -> None:
        """Before the end: nobody new is let in, and every screen is sent away. Commands go on meanwhile."""
        self.knocks.closing = True
        await self.sockets.goodbye()


@asynccontextmanager
async def house(settings: Settings, offices_by_id: Mapping[OfficeId, Office], crew: Crew | None = None) -> AsyncIterator[House]:
    """The whole board for the block, or one worker of it. Lifetimes nest: what is opened last closes first. Raises StoreUnusable."""
    room = Descriptors(raise_limit())
    async with open_store(settings.store_url, settings.data, settings.store_may_forget) as store:
        secret = await store.secret(settings.secret)
        metrics = Metrics()
        wait_aof = store.durability.how == "waitaof"
        queues = [Queue(store.client, office, wait_aof) for office in offices_by_id.values()]
        relays: dict[str, Relay] = {queue.office.id: Relay(queue, metrics) for queue in queues}
        for relay in relays.values():
            await relay.begin()
        staff = Staff(store.client, secret, settings.session_idle_seconds, settings.session_absolute_seconds)
        limits = Limits(store.client, secret, settings.limits)
        rooms = Rooms(
            relays,
            staff,
            limits,
            Seal(secret),
            settings.public_url,
            lan_host(settings.host),
            settings.session_absolute_seconds,
            {office.id: Places(store.client, office, wait_aof) for office in offices_by_id.values()},
            Press(STATIC / "vendor" / "inter"),
        )
        hosts = (settings.public_url,) if settings.public_url else ()
        unshared = ", ".join(MISSING) or ("" if settings.shared_frame else "KAYAN_SHARED_FRAME is off")
        knocks = Knocks(settings.limits, settings.trusted_proxies, metrics.turned_away, room)
        notices = health.notices(rooms, store.durability, limits, unshared) + room.notices
        seen = health.Health(store.client, store.durability, knocks, metrics, settings.metrics_token, notices, crew)
        async with doorkeeper(staff, store.listening) as door:
            put_out_the_revoked(door, relays)
            sockets = Sockets(relays, door, hosts, not unshared)
            edge = Edge(door, relays, hosts, metrics, Remembered(store.client, secret))
            app = Starlette(routes=routes(rooms, edge, sockets, seen), exception_handlers={404: nothing_here, 405: nothing_here})
            # A fresh token ends the one before: of several workers one asks, or the link that was printed would open nothing.
            first = await staff.first_link_token() if crew is None or crew.welcomes else None
            telling = crew.telling(lambda: health.figures(rooms, metrics)) if crew else nullcontext()
            async with living(store.listening, relays, metrics, sockets, room), telling:
                yield House(app, notices, first, sockets, relays, knocks)


def routes(rooms: Rooms, edge: Edge, sockets: Sockets, seen: health.Health) -> list[BaseRoute]:
    """Every address of the house."""
    parts = (offices, tickets, counters, escalations, sessions, accounts, journal, places)
    calls = [operation for part in parts for operation in part.operations(rooms)]
    return [
        WebSocketRoute("/live/{office}", sockets.live),  # first: a stampede asks for nothing else
        *(edge.route(operation) for operation in calls),
        openapi.route(calls, VERSION),
        *health.routes(rooms, seen),
        *pages.routes(STATIC, rooms.relays),
    ]


@asynccontextmanager
async def living(
    listening: Redis, relays: Mapping[str, Relay], metrics: Metrics, sockets: Sockets, room: Descriptors
) -> AsyncIterator[None]:
    """The tasks that live as long as the house. One that dies takes the server down, so that it is restarted, and is not
    missed in silence behind a board that looks fine."""
    async with asyncio.TaskGroup() as tasks:
        hints = {relay.queue.keys.hint: relay for relay in relays.values()}
        mine = [tasks.create_task(listen_for_hints(listening, hints), name="relay.hints")]
        for office, relay in relays.items():
            mine.append(tasks.create_task(relay.follow(), name=f"relay.follow {office}"))
            mine.append(tasks.create_task(watch(relay.queue, metrics.watched), name=f"watcher {office}"))
        mine.append(tasks.create_task(pulse(sockets.everybody), name="pulse"))
        mine.append(tasks.create_task(room.watch(), name="descriptors"))
        try:
            yield
        finally:
            await end(mine)


def put_out_the_revoked(door: Doorkeeper, relays: Mapping[str, Relay]) -> None:
    """A session that is revoked, or an account that is disabled, loses its open sockets at once."""

    def revoked(account: str | None, session: str | None) -> None:
        def theirs(listener: Listener) -> bool:
            return (account is not None and listener.account == account) or (session is not None and listener.session == session)

        for relay in relays.values():
            relay.room.cut(theirs, NOT_ALLOWED, Reconnect.NEVER)

    door.on_revoked(revoked)


async def nothing_here(request: Request, error: Exception) -> Response:
    """Unknown addresses answer like every other refusal."""
    return problem(NoSuchPlace())
