"""Signing in and out, and becoming the first administrator."""

from __future__ import annotations

from typing import Any

from board.errors import AccountExists, BadAccount, BadFirstToken, KeyReused, StoreUnavailable, TooMany, WrongPassword
from board.store.staff import Session
from server.auth import COOKIE, clear_cookie, session_cookie
from server.edge import Call, Operation, Reply
from server.refusals import NotSignedIn
from server.routes import models
from server.routes.rooms import Rooms

PATH = "/api/v1/session"


def operations(rooms: Rooms) -> list[Operation]:
    """The calls about one's own session."""

    def told(session: Session) -> dict[str, Any]:
        mine = [office for office in rooms.relays if session.offices is None or office in session.offices]
        offices = None if session.offices is None else list(session.offices)
        return {"name": session.name, "role": session.role.value, "offices": offices, "office": mine[0] if mine else ""}

    def secure(call: Call) -> bool:
        return call.request.url.scheme == "https" or rooms.public_url.startswith("https://")

    async def begun(call: Call, name: str, password: str) -> Reply:
        token, session = await rooms.staff.login(name, password, call.address, call.key)
        return Reply(told(session), {"Set-Cookie": session_cookie(token, secure(call), rooms.session_seconds)})

    async def login(call: Call) -> Reply:
        return await begun(call, call.body.name, call.body.password)

    async def first(call: Call) -> Reply:
        try:
            await rooms.staff.first_administrator(call.body.token, call.body.name, call.body.password)
        except BadFirstToken:  # the answer was lost on its way, and this is the same request again
            if call.key is None or not await rooms.staff.repeated(call.key, call.body.name, call.body.password):
                raise
        return await begun(call, call.body.name, call.body.password)

    async def shown(call: Call) -> Reply:
        if call.session is None:
            raise NotSignedIn
        return Reply(told(call.session))

    async def logout(call: Call) -> Reply:
        token = call.request.cookies.get(COOKIE)
        if token:
            await rooms.staff.logout(token)
        return Reply(None, {"Set-Cookie": clear_cookie(secure(call))})

    opens = (WrongPassword, TooMany, KeyReused, StoreUnavailable)
    return [
        Operation("POST", PATH, "login", "Sign in", login, models.SessionInfo, models.LoginBody, 201, refuses=opens),
        Operation("GET", PATH, "session", "Who am I", shown, models.SessionInfo, refuses=(NotSignedIn, StoreUnavailable)),
        Operation("DELETE", PATH, "logout", "Sign out", logout, None, status=204, refuses=(StoreUnavailable,)),
        Operation(
            "POST",
            "/api/v1/first-administrator",
            "first-administrator",
            "Create the first administrator with the link that the start printed",
            first,
            models.SessionInfo,
            models.FirstBody,
            201,
            refuses=(BadFirstToken, BadAccount, AccountExists, *opens),
        ),
    ]
