"""The edge of HTTP: what comes in is bounded, parsed once and either a call or a refusal; what goes out is JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from board.errors import Refusal, StoreUnavailable, UnknownOffice
from board.roles import Action, may
from board.store.request import Request as Asked
from board.store.staff import Session
from server.auth import COOKIE, Doorkeeper, same_origin
from server.metrics import Metrics
from server.refusals import BadInput, NotAllowed, NotSignedIn, OtherOrigin, TooLarge, problem
from server.relay import Relay
from server.remembered import Remembered
from server.words import invalid

BODY_MAX = 16 * 1024  # bytes; the largest command is a few hundred
KEY_MAX = 200  # characters of an Idempotency-Key


@dataclass(frozen=True, slots=True)
class Call:
    """One request, parsed: what a handler may know of it. `key` is the Idempotency-Key or None; `body` an instance of the operation's
    model or None; `about` the request as text, for comparing a repeated key; `uncertain`: a request with this key came before, and
    whether it was carried out is not known, so that what it would have made is no stranger's."""

    request: Request
    session: Session | None
    body: Any
    key: str | None
    about: str
    uncertain: bool = False

    def named(self, name: str) -> str:
        """A parameter of the path."""
        return str(self.request.path_params[name])

    @property
    def by(self) -> str | None:
        """The account that asks; None for a visitor."""
        return self.session.name if self.session else None

    @property
    def address(self) -> str:
        """Where it comes from; a proxy's word counts only when KAYAN_TRUSTED_PROXIES names the proxy."""
        return self.request.client.host if self.request.client else "local"

    @property
    def origin(self) -> str:
        """Scheme and host as the visitor's browser wrote them."""
        return f"{self.request.url.scheme}://{self.request.url.netloc}"

    def asks(self) -> Asked:
        """The request as the queue wants it."""
        if self.key is None:
            return Asked.fresh(self.by)
        return Asked(f"{self.by or ''}|{self.key}", self.about, self.by)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers: JSON, or bytes of the operation's own kind."""

    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Call], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of the public API. Routes and the OpenAPI document are both made from it, so that they cannot differ.

    `action` None: for everybody; else a session that may do it. `refuses` are the refusals beyond those that every call has.
    `remembers`: the edge keeps the answer under the idempotency key; the queue's verbs and the log-in do so themselves, in one step.
    """

    method: str
    path: str
    name: str
    summary: str
    handler: Handler
    answers: type[BaseModel] | None
    takes: type[BaseModel] | None = None
    status: int = 200
    action: Action | None = None
    refuses: tuple[type[Refusal], ...] = ()
    queries: tuple[str, ...] = ()
    remembers: bool = False
    kind: str = "application/json"


class Edge:
    """Turns operations into routes."""

    def __init__(
        self, doorkeeper: Doorkeeper, relays: Mapping[str, Relay], hosts: tuple[str, ...], metrics: Metrics, remembered: Remembered
    ) -> None:
        self._doorkeeper, self._relays, self._hosts, self._metrics = doorkeeper, relays, hosts, metrics
        self._remembered = remembered

    def route(self, operation: Operation) -> Route:
        """The route of one operation."""

        async def endpoint(request: Request) -> Response:
            started = time.perf_counter()
            try:
                call = await self._call(operation, request)
                once = operation.remembers and call.key is not None
                response = answer(
                    await (self._once(operation, call) if once else operation.handler(call)), operation.status, operation.kind
                )
            except Refusal as refusal:
                response = problem(refusal, self._zone(request))
            except ClientDisconnect:
                response = Response(status_code=499)  # nobody is there to read it
            if operation.method != "GET":
                verb = request.path_params.get("verb", operation.name) if response.status_code < 404 else operation.name
                self._metrics.commanded(str(verb), response.status_code, time.perf_counter() - started)
            return response

        return Route(operation.path, endpoint, methods=[operation.method], name=operation.name)

    async def _call(self, operation: Operation, request: Request) -> Call:
        if operation.method != "GET" and not same_origin(request.headers, self._hosts):
            raise OtherOrigin
        posted = operation.method == "POST"
        key = _key(request) if posted else None
        raw = await _body(request) if posted else b""
        office = request.path_params.get("office")
        if office is not None and office not in self._relays:
            raise UnknownOffice(office[:64])
        session = await self._doorkeeper.session(request.cookies.get(COOKIE))
        if operation.action is not None:
            if session is None:
                raise NotSignedIn
            if not may(session.role, session.offices, office, operation.action):
                raise NotAllowed
        body = _parsed(operation.takes, raw) if operation.takes else None
        return Call(request, session, body, key, f"{request.method} {request.url.path}\n{_canonical(raw)}")

    async def _once(self, operation: Operation, call: Call) -> Reply:
        assert call.key is not None
        key, about = f"{call.by}|{call.key}", call.about
        known = await self._remembered.before(key, about)
        if known.answered:
            return Reply(known.body)
        try:
            reply = await operation.handler(replace(call, uncertain=known.uncertain))
        except StoreUnavailable:
            await self._remembered.leave(key)
            raise
        except Refusal:
            await self._remembered.forget(key)
            raise
        await self._remembered.after(key, about, reply.body)
        return reply

    def _zone(self, request: Request) -> str | None:
        relay = self._relays.get(request.path_params.get("office", ""))
        return relay.office.hours.zone if relay else None


def answer(reply: Reply, status: int, kind: str) -> Response:
    """JSON, or bytes of this kind, that no cache keeps: every answer is about now."""
    headers = {"Cache-Control": "no-store", **reply.headers}
    if status == 204:
        return Response(status_code=204, headers=headers)
    if isinstance(reply.body, bytes):
        return Response(reply.body, status, headers, kind)
    text = json.dumps(reply.body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, headers, kind)


def wrong(field_name: str, detail: str, detail_en: str) -> NoReturn:
    """Refuses the request for one field. Raises BadInput."""
    raise BadInput([{"field": field_name, "detail": detail, "detail_en": detail_en}])


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not (1 <= len(key) <= KEY_MAX and key.isascii() and key.isprintable()):
        wrong("Idempotency-Key", f"1 sampai {KEY_MAX} karakter ASCII", f"1 to {KEY_MAX} printable ASCII characters")
    return key


async def _body(request: Request) -> bytes:
    """The whole body, never more than the limit in memory. Raises TooLarge."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > BODY_MAX:
        raise TooLarge(BODY_MAX)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_MAX:
            raise TooLarge(BODY_MAX)
    return bytes(body)


def _json(raw: bytes) -> Any:
    def constant(name: str) -> NoReturn:
        raise ValueError(name)

    try:
        return json.loads(raw or b"{}", parse_constant=constant)
    except (ValueError, RecursionError):  # RecursionError: 16 KB of opening brackets
        wrong("body", "bukan JSON yang sah", "not valid JSON")


def _canonical(raw: bytes) -> str:
    """The body's meaning, so that a repeat with other white space is still the same request."""
    return json.dumps(_json(raw), sort_keys=True)


def _parsed(model: type[BaseModel], raw: bytes) -> BaseModel:
    value = _json(raw)
    if not isinstance(value, dict):
        wrong("body", "harus berupa objek JSON", "must be a JSON object")
    try:
        return model.model_validate(value)
    except ValidationError as why:
        raise BadInput([invalid(error) for error in why.errors(include_url=False)]) from None
