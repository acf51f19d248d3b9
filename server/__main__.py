"""The command line: `kayan`, `kayan serve`, and the rest."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click
import uvloop

from board.store.unusable import StoreUnusable
from config.errors import SettingsWrong
from config.office import load_offices
from config.settings import load_settings, unknown_variables
from server.app import VERSION
from server.commands.serving import serve as serve_board


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="kayan")
@click.pass_context
def main(context: click.Context) -> None:
    """KAYAN: the live queue board of an office. Without a command it serves."""
    if context.invoked_subcommand is None:
        context.invoke(serve)


@main.command()
def serve() -> None:
    """Start the board: the server, its watcher and, with no store URL set, an embedded Valkey."""
    try:
        settings = load_settings(os.environ)
        offices = load_offices(settings.offices, settings)
    except SettingsWrong as wrong:
        fail(2, *wrong.lines)
    for line in unknown_variables(os.environ):
        click.echo(f"kayan: {line}", err=True)
    try:
        uvloop.run(serve_board(settings, offices, click.echo))
    except StoreUnusable as why:
        fail(1, str(why))


def fail(code: int, *lines: str) -> NoReturn:
    """Ends the command with its exit code: 1 the thing asked for is not so, 2 wrong usage or settings."""
    for line in lines:
        click.echo(f"kayan: {line}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
