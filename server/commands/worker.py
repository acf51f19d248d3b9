"""`kayan worker`: one of several processes behind the same listening sockets, started by `kayan serve --workers` alone (workers.py)."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path

import click
import uvloop

from board.office import Office, OfficeId
from board.store.launch import tie_to
from board.store.unusable import StoreUnusable
from config.settings import Settings
from server.app import house
from server.commands.common import fail, offices_or_exit, settings_and_slips
from server.commands.serving import Server, begin_log, configured, welcome
from server.commands.tls import Certificate, certificate_or_exit
from server.crew import Crew


@click.command(hidden=True)
@click.option("--parent", type=int, required=True, help="The process that this one ends with.")
@click.option("--number", type=int, required=True, help="Its place among the workers.")
@click.option("--crew", "folder", type=click.Path(path_type=Path), required=True, help="Where the workers tell each other their figures.")
@click.option("--tell", type=int, required=True, help="The descriptor where it says that it is ready, and then closes.")
@click.option("--door", "doors", type=int, multiple=True, required=True, help="The descriptor of a listening socket.")
@click.option("--welcomes", is_flag=True, help="Whether its words are the board's; of the others one word is enough.")
@click.option("--tls-cert", type=click.Path(path_type=Path))
@click.option("--tls-key", type=click.Path(path_type=Path))
def worker(
    parent: int,
    number: int,
    folder: Path,
    tell: int,
    doors: tuple[int, ...],
    welcomes: bool,
    tls_cert: Path | None,
    tls_key: Path | None,
) -> None:
    """One of several workers."""
    tie_to(parent)
    settings, _ = settings_and_slips()  # slips were told by the parent
    offices = offices_or_exit(settings)
    tls = certificate_or_exit(tls_cert, tls_key)
    try:
        uvloop.run(_work(settings, offices, tls, Crew(folder, number, welcomes), [socket.socket(fileno=door) for door in doors], tell))
    except StoreUnusable as why:
        fail(1, str(why))


async def _work(
    settings: Settings, offices: Mapping[OfficeId, Office], tls: Certificate | None, crew: Crew, doors: list[socket.socket], tell: int
) -> None:
    """Answers until told to stop. Raises StoreUnusable."""
    begin_log(settings)
    async with house(settings, offices, crew) as running:

        def listens(port: int) -> None:
            lines = welcome(settings, list(offices.values()), running, port, tls is not None)
            with os.fdopen(tell, "w") as parent:
                parent.write("\n".join(lines))

        await Server(configured(settings, running, tls), listens, running.goodbye).serve(doors)
