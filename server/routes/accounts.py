"""Accounts, for administrators."""

from __future__ import annotations

from typing import Any

from board.errors import AccountExists, BadAccount, KeyReused, LastAdministrator, Refusal, StoreUnavailable, UnknownAccount, UnknownOffice
from board.roles import Action, Role
from board.store.staff import Account
from server.edge import Call, Handler, Operation, Reply
from server.routes import models
from server.routes.rooms import Rooms

PATH = "/api/v1/accounts"


def shown(account: Account) -> dict[str, Any]:
    """An account as the administrator sees it."""
    offices = None if account.offices is None else list(account.offices)
    return {"name": account.name, "role": account.role.value, "offices": offices, "disabled": account.disabled}


def operations(rooms: Rooms) -> list[Operation]:
    """The calls about accounts."""

    async def listed(call: Call) -> Reply:
        return Reply([shown(account) for account in await rooms.staff.list()])

    async def add(call: Call) -> Reply:
        for office in call.body.offices or ():
            if office not in rooms.relays:
                raise UnknownOffice(office)
        asked = (call.body.name, call.body.password, Role(call.body.role), call.body.offices)
        try:
            return Reply(shown(await rooms.staff.add(*asked)))
        except AccountExists:
            # The answer to this very request may have been lost on its way from the store: then it is there already.
            made = await rooms.staff.made_so(*asked) if call.uncertain else None
            if made is None:
                raise
            return Reply(shown(made))

    async def disable(call: Call) -> Reply:
        return Reply(shown(await rooms.staff.disable(call.named("name"))))

    async def enable(call: Call) -> Reply:
        return Reply(shown(await rooms.staff.enable(call.named("name"))))

    async def password(call: Call) -> Reply:
        return Reply(shown(await rooms.staff.set_password(call.named("name"), call.body.password)))

    manage = Action.MANAGE_ACCOUNTS
    known = (UnknownAccount, KeyReused, StoreUnavailable)

    def changing(
        verb: str, name: str, summary: str, act: Handler, takes: type[models.Body], refuses: tuple[type[Refusal], ...]
    ) -> Operation:
        path = f"{PATH}/{{name}}/{verb}"
        return Operation("POST", path, name, summary, act, models.Account, takes, 200, manage, refuses, remembers=True)

    return [
        Operation("GET", PATH, "accounts", "Every account", listed, models.Accounts, action=manage, refuses=(StoreUnavailable,)),
        Operation(
            "POST",
            PATH,
            "add-account",
            "A new account",
            add,
            models.Account,
            models.AccountBody,
            201,
            manage,
            (UnknownOffice, BadAccount, AccountExists, KeyReused, StoreUnavailable),
            remembers=True,
        ),
        changing("disable", "disable-account", "Out at once", disable, models.Nothing, (LastAdministrator, *known)),
        changing("enable", "enable-account", "In again", enable, models.Nothing, known),
        changing("password", "set-password", "Another password; its sessions end", password, models.PasswordBody, (BadAccount, *known)),
    ]
