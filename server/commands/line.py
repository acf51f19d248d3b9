"""The command line: `kayan`, `kayan serve`, and the rest."""

from __future__ import annotations

import signal

import click
import uvloop

from board.store.unusable import StoreUnusable
from server.app import VERSION
from server.commands.check import check
from server.commands.common import fail, offices_or_exit, settings_or_exit
from server.commands.demo import demo
from server.commands.serving import serve as serve_board
from server.commands.stickers import stickers
from server.commands.user import user


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="kayan")
@click.pass_context
def main(context: click.Context) -> None:
    """KAYAN: the live queue board of an office. Without a command it serves."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # from here on every command ends in order (__main__.py)
    if context.invoked_subcommand is None:
        context.invoke(serve)


@main.command()
def serve() -> None:
    """Start the board: the server, its watcher and, with no store URL set, an embedded Valkey."""
    settings = settings_or_exit()
    offices = offices_or_exit(settings)
    try:
        uvloop.run(serve_board(settings, offices, click.echo))
    except StoreUnusable as why:
        fail(1, str(why))


main.add_command(check)
main.add_command(demo)
main.add_command(stickers)
main.add_command(user)
