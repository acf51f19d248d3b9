"""Holds every answer that a person gets against the OpenAPI document."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from tests.driver import Person

ROOT = "/api/v1"


class Document:
    """The document of a running server, and what has been seen of its calls: (operation, status) and how often."""

    def __init__(self, found: Mapping[str, Any]) -> None:
        self.found = found
        self.seen: Counter[tuple[str, int]] = Counter()
        self._paths = [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), path) for path in found["paths"]]

    @property
    def operations(self) -> dict[str, tuple[str, str]]:
        """(method, path) by operation."""
        paths = self.found["paths"].items()
        return {about["operationId"]: (method, path) for path, methods in paths for method, about in methods.items()}

    def watch(self, person: Person) -> Person:
        """From now on every answer that this person gets is checked."""

        async def check(response: httpx.Response) -> None:
            await response.aread()
            self.check(response)

        person.http.event_hooks = {"response": [check]}
        return person

    def check(self, response: httpx.Response) -> None:
        """One answer: its status, its content type and its body are those of the document."""
        request = response.request
        path = request.url.raw_path.decode().partition("?")[0]
        if not path.startswith(f"{ROOT}/") or path.endswith("/openapi.json"):
            return
        template = next((template for pattern, template in self._paths if pattern.fullmatch(path)), None)
        assert template is not None, f"{path} is not in the document"
        operation = self.found["paths"][template][request.method.lower()]
        what = f"{operation['operationId']}: {response.status_code} {response.text[:500]}"
        documented = operation["responses"].get(str(response.status_code))
        assert documented is not None, f"not in the document: {what}"
        assert response.headers["cache-control"] == "no-store", what
        self.seen[operation["operationId"], response.status_code] += 1
        self._check_body(response, documented, what)

    def _check_body(self, response: httpx.Response, documented: Mapping[str, Any], what: str) -> None:
        if "content" not in documented:
            assert response.content == b"", what
            return
        [(kind, content)] = documented["content"].items()
        assert response.headers["content-type"] == kind, what
        if kind == "application/pdf":
            assert response.content.startswith(b"%PDF-"), what
            return
        body = json.loads(response.content)
        schema = {**content["schema"], "components": self.found["components"]}
        found = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(body)]
        assert found == [], what
        if response.status_code >= 400:
            assert body["status"] == response.status_code, what
            assert body["type"] == f"/problems/{body['code']}", what
            assert body["code"] in documented["description"].split(", "), f"not in the document: {what}"
            assert body["detail"] != body["detail_en"], what
            assert (body.get("errors") is not None) == (response.status_code == 422), what


def document(url: str) -> Document:
    """The document that the server at this address gives."""
    answer = httpx.get(f"{url}{ROOT}/openapi.json")
    assert answer.status_code == 200
    return Document(answer.json())


def schemas_in(part: Any) -> Iterator[dict[str, Any]]:
    """Every schema below this part of the document."""
    if isinstance(part, dict):
        if isinstance(part.get("schema"), dict):
            yield part["schema"]
        for value in part.values():
            yield from schemas_in(value)
    if isinstance(part, list):
        for value in part:
            yield from schemas_in(value)


def refs_in(part: Any) -> Iterator[str]:
    """Every reference below this part of the document."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from refs_in(value)
    if isinstance(part, list):
        for value in part:
            yield from refs_in(value)


def resolved(found: Any, ref: str) -> Any:
    """What a reference points at, None where that is nothing."""
    for step in ref.removeprefix("#/").split("/"):
        found = found.get(step) if isinstance(found, dict) else None
    return found


# What an OpenAPI 3.1 document looks like, as far as ours goes (https://spec.openapis.org/oas/v3.1.0, 4.8)

CONTENT = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {"type": "object", "required": ["schema"], "additionalProperties": False, "properties": {"schema": {}}},
}
PARAMETER = {
    "type": "object",
    "required": ["name", "in", "schema"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string"},
        "in": {"enum": ["path", "query", "header"]},
        "required": {"type": "boolean"},
        "schema": {"type": "object"},
        "description": {"type": "string"},
    },
    "if": {"properties": {"in": {"const": "path"}}},
    "then": {"required": ["required"], "properties": {"required": {"const": True}}},
}
ANSWER = {
    "type": "object",
    "required": ["description"],
    "additionalProperties": False,
    "properties": {"description": {"type": "string"}, "content": CONTENT},
}
OPERATION = {
    "type": "object",
    "required": ["operationId", "summary", "responses"],
    "additionalProperties": False,
    "properties": {
        "operationId": {"type": "string"},
        "summary": {"type": "string", "minLength": 1},
        "parameters": {"type": "array", "items": PARAMETER},
        "requestBody": {
            "type": "object",
            "required": ["content"],
            "additionalProperties": False,
            "properties": {"content": CONTENT, "required": {"type": "boolean"}},
        },
        "responses": {
            "type": "object",
            "minProperties": 1,
            "patternProperties": {"^[1-5][0-9]{2}$": ANSWER},
            "additionalProperties": False,
        },
        "security": {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}},
    },
}
SHAPE = {
    "type": "object",
    "required": ["openapi", "info", "paths"],
    "additionalProperties": False,
    "properties": {
        "openapi": {"pattern": r"^3\.1\.\d+$"},
        "info": {"type": "object", "required": ["title", "version"]},
        "paths": {
            "type": "object",
            "patternProperties": {
                "^/": {"type": "object", "patternProperties": {"^(get|post|delete)$": OPERATION}, "additionalProperties": False}
            },
            "additionalProperties": False,
        },
        "components": {"type": "object", "required": ["schemas", "securitySchemes"]},
    },
}
