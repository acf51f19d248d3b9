"""The OpenAPI document, made from the same operations as the routes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from board.errors import Refusal, UnknownOffice
from server.edge import Operation
from server.refusals import ANSWERS, BadInput, NotAllowed, NotSignedIn, OtherOrigin, TooLarge

REF = "#/components/schemas/{model}"
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "detail_en"],
    "properties": {
        "type": {"type": "string", "description": "stable; /problems/{code}"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string", "description": "Indonesian"},
        "detail_en": {"type": "string", "description": "English"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}, "detail_en": {"type": "string"}},
            },
        },
    },
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "The same key with the same body gives the same answer and acts once, for 24 hours; with another body 422.",
}


def document(operations: Sequence[Operation], version: str) -> dict[str, Any]:
    """OpenAPI 3.1 of these operations."""
    models = {m for o in operations for m in (o.answers, o.takes) if m is not None}
    _, schemas = models_json_schema([(m, "validation") for m in sorted(models, key=lambda m: m.__name__)], ref_template=REF)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "KAYAN", "version": version, "description": "Komitmen Atas Layanan Antrian: the live queue of an office."},
        "paths": paths,
        "components": {
            "schemas": {**schemas.get("$defs", {}), "Problem": PROBLEM},
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "kayan_session"},
                "ticket": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _described(operation: Operation) -> dict[str, Any]:
    names = re.findall(r"{(\w+)}", operation.path)
    parameters: list[dict[str, Any]] = [{"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in names]
    if operation.method == "POST":
        parameters.append(KEY)
    parameters += [{"name": n, "in": "query", "schema": {"type": "string"}} for n in operation.queries]
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": parameters,
        "responses": {str(operation.status): _answered(operation), **_refused(operation)},
    }
    if operation.takes is not None:
        described["requestBody"] = {"content": {"application/json": {"schema": _ref(operation.takes)}}}
    if operation.action is not None:
        described["security"] = [{"session": []}]
    elif operation.path.startswith("/api/v1/ticket"):
        described["security"] = [{"ticket": []}]
    return described


def _answered(operation: Operation) -> dict[str, Any]:
    if operation.answers is None and operation.kind == "application/json":
        return {"description": "Done"}
    schema = _ref(operation.answers) if operation.answers else {"type": "string", "format": "binary"}
    return {"description": "Done", "content": {operation.kind: {"schema": schema}}}


def _refused(operation: Operation) -> dict[str, Any]:
    refusals: set[type[Refusal]] = {*operation.refuses}
    if "{office}" in operation.path:
        refusals.add(UnknownOffice)
    if operation.method != "GET":
        refusals.add(OtherOrigin)
    if operation.method == "POST":
        refusals |= {BadInput, TooLarge}
    if operation.action is not None:
        refusals |= {NotSignedIn, NotAllowed}
    codes: dict[int, list[str]] = {}
    for refusal in refusals:
        codes.setdefault(ANSWERS[refusal].status, []).append(ANSWERS[refusal].code)
    schema = {"application/problem+json": {"schema": {"$ref": REF.format(model="Problem")}}}
    return {str(status): {"description": ", ".join(sorted(names)), "content": schema} for status, names in sorted(codes.items())}


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REF.format(model=model.__name__)}


def route(operations: Sequence[Operation], version: str) -> Route:
    """`GET /api/v1/openapi.json`."""
    described = document(operations, version)

    async def endpoint(request: Request) -> Response:
        return JSONResponse(described)

    return Route("/api/v1/openapi.json", endpoint)
