"""The command line: `kayan`, `kayan serve`, and the rest."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import click
import uvloop

from board.store.unusable import StoreUnusable
from server.app import VERSION
from server.commands.check import check
from server.commands.common import fail, offices_or_exit, settings_or_exit
from server.commands.demo import demo
from server.commands.serving import serve as serve_board
from server.commands.stickers import stickers
from server.commands.tls import certificate_or_exit
from server.commands.user import user
from server.commands.worker import worker
from server.commands.workers import MOST, NotStarted, serve_together


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="kayan")
@click.pass_context
def main(context: click.Context) -> None:
    """KAYAN: the live queue board of an office. Without a command it serves."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # from here on every command ends in order (__main__.py)
    if context.invoked_subcommand is None:
        context.invoke(serve)


@main.command()
@click.option(
    "--workers", type=click.IntRange(1, MOST), default=1, show_default=True, help="Processes that answer, at most one a core. SIGHUP: anew."
)
@click.option("--tls-cert", type=click.Path(path_type=Path), help="Serve HTTPS with this certificate (PEM, with its chain).")
@click.option("--tls-key", type=click.Path(path_type=Path), help="The certificate's key (PEM).")
def serve(workers: int, tls_cert: Path | None, tls_key: Path | None) -> None:
    """Start the board: the server, its watcher and, with no store URL set, an embedded Valkey."""
    settings = settings_or_exit()
    offices = offices_or_exit(settings)
    tls = certificate_or_exit(tls_cert, tls_key)
    if workers > 1 and sys.platform != "linux":
        fail(2, "--workers above 1 needs Linux, where workers end with their board whatever happens to it: leave it out here")
    try:
        uvloop.run(serve_together(settings, workers, tls, click.echo) if workers > 1 else serve_board(settings, offices, tls, click.echo))
    except StoreUnusable as why:
        fail(1, str(why))
    except NotStarted as why:
        sys.exit(why.code)  # it has said what is wrong itself


main.add_command(check)
main.add_command(demo)
main.add_command(stickers)
main.add_command(user)
main.add_command(worker)
