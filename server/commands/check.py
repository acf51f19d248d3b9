"""`kayan check`: is this house right? One line a finding, each with what to do; beside a running board, and without one."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from datetime import datetime
from zoneinfo import ZoneInfo

import click
import httpx
from redis.exceptions import RedisError

from board.calendar import taking
from board.office import Office, OfficeId
from board.store.keys import Keys
from board.store.unusable import FolderInUse, StoreUnusable
from board.times import Millis
from config.places import STATIC
from config.settings import Settings
from server.commands.common import beside, offices_or_exit, settings_and_slips
from server.commands.finding import Finding, Mark, note, ok, wrong
from server.commands.port import own_address, port_trouble
from server.commands.shelves import pages, vendored
from server.descriptors import ENOUGH, REMEDY, allowed
from server.store import Store, StoreForgets, open_store

ANSWERS_WITHIN = 5.0  # s for a board that runs here
APART = 2.0  # s between the store's clock and this computer's; screens count in seconds


@click.command()
def check() -> None:
    """Say whether settings, office file, store, port, clock and pages are right."""
    settings, slips = settings_and_slips()
    offices = offices_or_exit(settings)
    sys.exit(asyncio.run(_told(settings, slips, offices)))


async def _told(settings: Settings, slips: list[str], offices: Mapping[OfficeId, Office]) -> int:
    """Tells each finding as soon as it is known; the exit code."""
    code = 0
    async with aclosing(look_around(settings, slips, offices)) as findings:  # `| head -2` hangs up while the store is still open
        async for finding in findings:
            click.echo(str(finding))
            if finding.mark is Mark.WRONG:
                code = 1
    return code


async def look_around(settings: Settings, slips: list[str], offices: Mapping[OfficeId, Office]) -> AsyncGenerator[Finding, None]:
    """All findings, the cheap ones first."""
    for finding in (*of_settings(settings, slips), of_files(allowed()), *of_offices(offices), *pages(STATIC), *vendored(STATIC)):
        yield finding
    epochs = dict.fromkeys(offices, "")
    try:
        url = settings.store_url or await beside(settings.data)
        async with open_store(url or "", settings.data, may_forget=True) as store:
            yield of_store(store, settings, runs=url is not None)
            yield of_clock(*await _clocks(store))
            epochs = {office: await _epoch(store, office) for office in offices}
    except FolderInUse as board:
        who = "a board" if board.pid is None else f"a board (process {board.pid})"
        log = settings.data / "store" / "valkey.log"
        yield wrong("store", f"{who} runs on {settings.data}, but its store does not answer: look into {log}, restart the board")
    except StoreUnusable as why:
        yield wrong("store", str(why))
    except (RedisError, OSError, TimeoutError) as why:
        yield wrong("store", f"the store stopped answering ({why}): look into its log, and check again")
    yield await of_port(settings, epochs)


def of_settings(settings: Settings, slips: list[str]) -> list[Finding]:
    """What the environment and the office files set, as far as it is worth a line."""
    found = [wrong("settings", slip) for slip in slips]
    if not settings.limits:
        found.append(note("settings", "rate limits are off (KAYAN_LIMITS): for load tests only, unset it on a working day"))
    return found or [ok("settings", f"listen on {settings.host} port {settings.port}, data in {settings.data}")]


def of_files(most: int) -> Finding:
    """How many files a board that is started here may have open."""
    if most < ENOUGH:
        return wrong("files", f"a board may have {most} open here, and each screen is one: {REMEDY}")
    return ok("files", f"a board may have {most} open here, one for each screen")


def of_offices(offices: Mapping[OfficeId, Office]) -> list[Finding]:
    """Each office with its clock, which nobody but a person in the room can compare."""
    found: list[Finding] = []
    for office in offices.values():
        here = datetime.now(ZoneInfo(office.hours.zone))
        found.append(ok("office", f"{office.id}: {office.name}, {len(office.services)} services, {len(office.counters)} counters"))
        if _never_gives_numbers(office):
            found.append(wrong("office", f"{office.id} is open on no day from now on: add days or dates to [hours] in its file"))
        if office.hours.always_open:
            found.append(note("office", f"{office.id} is always open (always_open, KAYAN_ALWAYS_OPEN): unset it on a working day"))
        zone = f"{office.hours.zone}, UTC{here.isoformat()[-6:]}"
        found.append(ok("zone", f"{office.id}: {here:%A %d %B %Y, %H:%M} ({zone}); if that is not so, set this computer's clock"))
    return found


def _never_gives_numbers(office: Office) -> bool:
    numbers = taking(office.hours, Millis(time.time_ns() // 1_000_000))
    return not numbers.open and numbers.next is None


def of_store(store: Store, settings: Settings, runs: bool) -> Finding:
    """Which store it is, and whether it keeps what it acknowledges."""
    kept = store.durability
    name = f"{(kept.kind or 'a store').capitalize()} {kept.version or 'of unknown version'}"
    where = "of KAYAN_STORE_URL" if settings.store_url else f"in {settings.data}{', of the board that runs' if runs else ''}"
    if kept.durable:
        return ok("store", f"{name} {where}. {kept.reason}")
    if settings.store_may_forget:
        return note("store", f"{name} {where}, which may forget acknowledged changes (accepted by KAYAN_STORE_MAY_FORGET). {kept.reason}")
    return wrong("store", f"{name} {where}. {StoreForgets(kept.reason)}")


async def _clocks(store: Store) -> tuple[float, float, float]:
    before = time.time()
    seconds, micros = await store.client.time()
    return seconds + micros / 1_000_000, before, time.time()


def of_clock(store: float, before: float, after: float) -> Finding:
    """The store's clock, read between two looks at this computer's; s since the epoch."""
    ahead = max(store - after, 0.0) or min(store - before, 0.0)
    if abs(ahead) <= APART:
        return ok("clock", "the store's and this computer's agree")
    how = f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'}"
    return wrong("clock", f"the store's is {how} this computer's: switch time synchronisation on at both (timedatectl set-ntp true)")


async def _epoch(store: Store, office: OfficeId) -> str:
    """Of the office's journal, which tells one store from another; empty before the first start."""
    found = await store.client.hget(Keys(office, ()).meta, "epoch")
    return found.decode() if isinstance(found, bytes) else ""


async def of_port(settings: Settings, epochs: Mapping[OfficeId, str]) -> Finding:
    """Whether a board could listen there, or does."""
    if settings.port == 0:
        return ok("port", "any free one (KAYAN_PORT is 0)")
    trouble = port_trouble(settings.host, settings.port)
    if trouble is None:
        return ok("port", f"{settings.port} is free")
    epoch = await _epoch_of_board(f"http://{own_address(settings.host)}:{settings.port}", epochs) if trouble.taken else None
    if epoch is None:
        return wrong("port", trouble.says)
    if epoch in epochs.values():
        return ok("port", f"{settings.port} is held by the board that runs on this store, and it answers")
    says = f"{settings.port} is held by a KAYAN board on another store: end that one, or set KAYAN_PORT to another port"
    return wrong("port", says)


async def _epoch_of_board(url: str, offices: Iterable[OfficeId]) -> str | None:
    """The epoch that the board at `url` shows of one of these offices; None where no such board answers."""
    async with httpx.AsyncClient(base_url=url, timeout=ANSWERS_WITHIN, trust_env=False) as here:
        try:
            for office in offices:
                answer = await here.get(f"/api/v1/offices/{office}/board")
                if answer.is_success:
                    return str(answer.json()["epoch"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError):  # somebody else's program may say anything
            pass
    return None
