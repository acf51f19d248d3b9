"""Is it alive, is it ready, what does it measure."""

from __future__ import annotations

import asyncio
import hmac
import time
from dataclasses import dataclass
from ipaddress import ip_address

from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from board.store.durability import Durability
from board.ticket import State
from server.crew import Crew
from server.frames import View
from server.knocks import Knocks
from server.limits import Limits
from server.metrics import Metrics
from server.refusals import NotAllowed, problem
from server.routes.rooms import Rooms

ANSWERS_WITHIN = 2.0  # s; a store that hangs is not ready, and whoever asks wants to know now


@dataclass(frozen=True, slots=True)
class Health:
    """What the health routes look at. `metrics_token` None: metrics are for this computer alone. `notices`: what is not as it should
    be on a working day. `crew` None: no other workers."""

    client: Redis
    durability: Durability
    knocks: Knocks
    metrics: Metrics
    metrics_token: str | None
    notices: list[str]
    crew: Crew | None = None


def routes(rooms: Rooms, health: Health) -> list[Route]:
    """`/healthz`, `/readyz`, `/metrics`."""

    async def healthz(request: Request) -> Response:
        return JSONResponse({"alive": True})

    async def readyz(request: Request) -> Response:
        behind = {office: behind_for(relay.behind_since) for office, relay in rooms.relays.items()}
        # The relays first: they know of a store that hangs, and whoever asks does not wait as long as our PING would.
        reachable = not any(relay.behind for relay in rooms.relays.values()) and await _answers(health.client)
        ready = reachable and not health.knocks.closing
        durability = health.durability
        body = {
            "ready": ready,
            "store": {"reachable": reachable, "durable": durability.durable, "how": durability.how},
            "behind_seconds": {office: round(seconds, 3) for office, seconds in behind.items()},
            "notices": health.notices,
        }
        return JSONResponse(body, 200 if ready else 503)

    async def metrics(request: Request) -> Response:
        if not _may_read(request, health.metrics_token):
            return problem(NotAllowed())
        told = await health.crew.figures() if health.crew else figures(rooms, health.metrics)
        return Response(told, media_type="text/plain; version=0.0.4")

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


def figures(rooms: Rooms, metrics: Metrics) -> bytes:
    """What this process measures, as it is now."""
    for office, relay in rooms.relays.items():
        waiting = sum(t.state is State.WAITING for t in relay.board.tickets.values())
        metrics.office(office, behind_for(relay.behind_since), len(relay.board.escalations), waiting)
    for view in View:
        metrics.sockets(view.value, sum(relay.room.count(view) for relay in rooms.relays.values()))
    return metrics.text()


def notices(rooms: Rooms, durability: Durability, limits: Limits, unshared: str) -> list[str]:
    """What is not as it should be on a working day, said at the start and on `/readyz`. `unshared`: why frames are not shared."""
    forgets = [] if durability.durable else [f"the store may forget acknowledged changes, which was accepted: {durability.reason}"]
    lifted = [] if limits.on else ["rate limits are off (KAYAN_LIMITS)"]
    open_offices = [f"{r.office.id} is always open (KAYAN_ALWAYS_OPEN)" for r in rooms.relays.values() if r.office.hours.always_open]
    slower = [f"frames are not shared between sockets: {unshared}"] if unshared else []
    return forgets + lifted + open_offices + slower


def behind_for(since: float | None) -> float:
    """Seconds since the store was last heard; 0 when it answers."""
    return 0.0 if since is None else time.monotonic() - since


async def _answers(client: Redis) -> bool:
    try:
        async with asyncio.timeout(ANSWERS_WITHIN):
            return bool(await client.ping())
    except (RedisError, OSError, TimeoutError):
        return False


def _may_read(request: Request, token: str | None) -> bool:
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    # A proxy on this computer is local, too, but whom it speaks for is not.
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    return request.client is not None and _is_this_computer(request.client.host) and not forwarded


def _is_this_computer(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:  # whatever somebody wrote into X-Forwarded-For, which a trusted proxy may only pass on
        return False
