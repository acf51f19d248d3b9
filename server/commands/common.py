"""What every command begins and ends with."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from board.office import Office, OfficeId
from board.store.embedded import running
from board.store.unusable import FolderUnusable
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
    settings, slips = settings_and_slips()
    for line in slips:
        click.echo(f"kayan: {line}", err=True)
    return settings


def settings_and_slips() -> tuple[Settings, list[str]]:
    """The settings, and a line for each variable that sets nothing; or what is wrong, these lines first: a slip of the pen may be why."""
    slips = unknown_variables(os.environ)
    try:
        return load_settings(os.environ), slips
    except SettingsWrong as wrong:
        fail(2, *slips, *wrong.lines)


def offices_or_exit(settings: Settings) -> dict[OfficeId, Office]:
    """The offices, or what is wrong with their files and exit code 2."""
    try:
        return load_offices(settings.offices, settings)
    except SettingsWrong as wrong:
        fail(2, *wrong.lines)


async def beside(data: Path) -> str | None:
    """The store of the board that runs on this data folder, None without one. Raises FolderUnusable."""
    try:
        return await running(data)
    except OSError as trouble:
        raise FolderUnusable(data, trouble.strerror or str(trouble)) from trouble
