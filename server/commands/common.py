"""What every command begins and ends with."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from board.office import Office, OfficeId
from config.errors import SettingsWrong
from config.office import load_offices
from config.settings import Settings, load_settings, unknown_variables


def fail(code: int, *lines: str) -> NoReturn:
    """Ends the command with its exit code: 1 the thing asked for is not so, 2 wrong usage or settings."""
    for line in lines:
        click.echo(f"kayan: {line}", err=True)
    sys.exit(code)


def settings_or_exit() -> Settings:
    """The settings, or what is wrong with them and exit code 2. A variable that sets nothing is told."""
    for line in unknown_variables(os.environ):  # first: a slip of the pen here may be why another one is wrong
        click.echo(f"kayan: {line}", err=True)
    try:
        return load_settings(os.environ)
    except SettingsWrong as wrong:
        fail(2, *wrong.lines)


def offices_or_exit(settings: Settings) -> dict[OfficeId, Office]:
    """The offices, or what is wrong with their files and exit code 2."""
    try:
        return load_offices(settings.offices, settings)
    except SettingsWrong as wrong:
        fail(2, *wrong.lines)
