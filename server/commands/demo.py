"""`kayan demo`: the board on a throw-away folder, with an office day going on."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import click
import uvloop

from board.office import CounterPlan, Office
from board.store.unusable import StoreUnusable
from config.settings import Settings
from server.app import House, house
from server.commands.common import fail, offices_or_exit, settings_or_exit
from server.commands.port import own_address, port_trouble
from server.commands.serving import Server, base_url, configured, doors_or_exit, welcome
from server.simulation.cast import ADMINISTRATOR, NEWCOMERS, PASSWORD, perform
from server.simulation.officers import HUMAN_FIRST
from server.simulation.play import Play
from server.simulation.scenery import free_counter, hastened, with_counter
from server.simulation.street import every

SEED = 45  # the same day every time: what one newcomer saw, another can see
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # the last one: the terminal was closed
FASTEST = 300.0  # beyond it the promise is shorter than the answers of a small computer


@click.command()
@click.option("--speed", type=click.FloatRange(1, FASTEST), default=60.0, show_default=True, help="Seconds of the office in one.")
@click.option("--port", type=click.IntRange(0, 65535), help="Where to listen; 0: any free port. Default: the setting's.")
def demo(speed: float, port: int | None) -> None:
    """Show a simulated office day on a folder that is removed at the end."""
    settings = settings_or_exit()
    settings = settings.model_copy(update={"port": settings.port if port is None else port})
    office = hastened(next(iter(offices_or_exit(settings).values())), speed)
    trouble = port_trouble(settings.host, settings.port)
    if trouble is not None:
        fail(1, f"{trouble.says}; here also with --port")
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)  # until there is a task to end
    with suppress(asyncio.CancelledError):
        try:
            uvloop.run(_passing(settings, Play(office, speed, random.Random(SEED))))  # noqa: S311
        except StoreUnusable as why:
            fail(1, str(why))


async def _passing(settings: Settings, play: Play) -> None:
    """The demo on a folder that is removed, whatever ends it. Raises StoreUnusable."""
    with _ended_by_signals(), tempfile.TemporaryDirectory(prefix="kayan-demo-") as folder:
        await _played(_throw_away(settings, Path(folder)), play)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Cancels the task at a signal, so that whatever is going on ends in order. While the server runs it has its own handlers, and ends
    calmly. (A handler that raises would do so in the middle of the loop, where an exception may get lost and the demo goes on.)"""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    for number in ENDS:
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(task.cancel))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
    try:
        yield
    finally:
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)  # the end has begun


def _throw_away(settings: Settings, folder: Path) -> Settings:
    """The settings of the demo: an own store, and nothing that belongs to the office's real board. Without the public address the pages use
    the one that they were opened with."""
    return settings.model_copy(
        update={"data": folder, "store_url": "", "secret": None, "public_url": "", "trusted_proxies": "", "limits": False}
    )


async def _played(settings: Settings, play: Play) -> None:
    """Serves the board and lives the day until told to stop. Raises StoreUnusable."""
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for talkative in ("uvicorn", "httpx"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    free = free_counter(play.office)
    office = with_counter(play.office, free)
    async with house(settings, {office.id: office}) as running:
        assert running.first_token is not None  # the folder is new
        listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        server = Server(configured(settings, running), listening.set_result, running.goodbye)
        players = asyncio.create_task(_players(settings, office, free, play, running, listening), name="demo")
        players.add_done_callback(lambda _: server.handle_exit(signal.SIGTERM, None))
        try:
            await server.serve(doors_or_exit(settings))
        finally:
            players.cancel()
            await asyncio.wait([players])
        if not players.cancelled():
            players.result()


async def _players(
    settings: Settings, office: Office, free: CounterPlan, play: Play, running: House, listening: asyncio.Future[int]
) -> None:
    port = await listening
    for line in welcome(settings, [office], replace(running, first_token=None), port):
        click.echo(line)
    address = base_url(settings, port)

    def ready() -> None:
        for line in invitation(address, play, free):
            click.echo(line)

    assert running.first_token is not None
    await perform(play, f"http://{own_address(settings.host)}:{port}", running.first_token, ready)


def invitation(address: str, play: Play, free: CounterPlan) -> list[str]:
    """What a newcomer may try."""
    logins = {**NEWCOMERS, ADMINISTRATOR: "administrator"}
    promise = play.office.guarantee.seconds
    return [
        f"This is a demo, {play.speed:g} times as fast: simulated visitors and officers, a promise of {promise} s, and nothing is kept.",
        f"Sign in at {address}/login, password {PASSWORD}:",
        *(f"  {name:<14} {role}{f', counter {free.counter} is free' if role == 'officer' else ''}" for name, role in logins.items()),
        f"About every {every(play) / 60:.0f} min a promise falls due: accept it within {HUMAN_FIRST // 1000} s, or watch it done.",
        "Ctrl-C ends it.",
        "",
    ]
