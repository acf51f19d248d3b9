"""`kayan user`: accounts from the command line, beside a running board and without one."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from board.errors import AccountExists, BadAccount, LastAdministrator, StoreUnavailable, UnknownAccount
from board.roles import Role
from board.store.staff import Account, Staff
from board.store.unusable import StoreUnusable
from config.settings import Settings
from server.commands.common import beside, fail, offices_or_exit, settings_or_exit
from server.refusals import told
from server.store import open_store

T = TypeVar("T")
LINE_MAX = 4096  # bytes of a password's line; longer ones are refused anyway


@click.group()
def user() -> None:
    """Staff accounts: add, list, disable, enable, password."""


password_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--office", "offices", multiple=True, help="Only for this office; may be given several times. Default: all.")
@password_stdin
def add(name: str, role: str, offices: tuple[str, ...], password_stdin: bool) -> None:
    """Add an account."""
    settings = settings_or_exit()
    known = offices_or_exit(settings)
    for office in offices:
        if office not in known:
            fail(2, f"there is no office {office}; the office files have {', '.join(known)}")
    password = read_password(password_stdin)
    account = with_staff(settings, lambda staff: staff.add(name, password, Role(role), offices or None))
    click.echo(f"{account.name} added as {account.role.value}")


@user.command("list")
def list_() -> None:
    """List the accounts."""
    accounts = with_staff(settings_or_exit(), lambda staff: staff.list())
    for account in accounts:
        click.echo(line(account))
    if not accounts:
        click.echo("kayan: there is no account yet; `kayan user add NAME --role administrator` makes the first", err=True)


@user.command()
@click.argument("name")
def disable(name: str) -> None:
    """Disable an account; whoever is in with it is out at once."""
    account = with_staff(settings_or_exit(), lambda staff: staff.disable(name))
    click.echo(f"{account.name} disabled")


@user.command()
@click.argument("name")
def enable(name: str) -> None:
    """Enable a disabled account."""
    account = with_staff(settings_or_exit(), lambda staff: staff.enable(name))
    click.echo(f"{account.name} enabled")


@user.command()
@click.argument("name")
@password_stdin
def password(name: str, password_stdin: bool) -> None:
    """Set another password; whoever is in with the old one is out at once."""
    settings = settings_or_exit()
    new = read_password(password_stdin)
    account = with_staff(settings, lambda staff: staff.set_password(name, new))
    click.echo(f"{account.name} has a new password")


def line(account: Account) -> str:
    """One account on one line."""
    offices = "all offices" if account.offices is None else ", ".join(account.offices)
    return f"{account.name:<32}  {account.role.value:<14}  {offices}{'  disabled' if account.disabled else ''}"


def read_password(from_stdin: bool) -> str:
    """From a prompt, twice, or the first line of standard input."""
    try:
        # Bytes, not sys.stdin's text: the same bytes are the same password whatever the terminal's language is.
        if from_stdin:
            return sys.stdin.buffer.readline(LINE_MAX).decode().rstrip("\r\n")
        typed = str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
        typed.encode()
    except UnicodeError:
        fail(2, "the password is not UTF-8 text")
    return typed


def with_staff(settings: Settings, act: Callable[[Staff], Awaitable[T]]) -> T:
    """Does it on the store of the running board, on the URL's, or on the data folder's own. Ends the command with 1 when it is refused."""

    async def done() -> T:
        url = settings.store_url or await beside(settings.data) or ""
        async with open_store(url, settings.data, settings.store_may_forget) as store:
            secret = await store.secret(settings.secret)
            idle, absolute = settings.session_idle_seconds, settings.session_absolute_seconds
            return await act(Staff(store.client, secret, idle, absolute, wait_aof=store.durability.how == "waitaof"))

    try:
        return asyncio.run(done())
    except BadAccount as refusal:
        fail(2, told(refusal))
    except (AccountExists, UnknownAccount, LastAdministrator, StoreUnavailable) as refusal:
        fail(1, told(refusal))
    except StoreUnusable as why:
        fail(1, str(why))
