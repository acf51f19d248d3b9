"""What a validation found, in the words of the person who wrote the file or set the variable."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from config.toml_file import Step

LONGEST_VALUE = 80  # characters of a value shown; enough to find it by, and a line stays a line


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: where (`steps` into the file or the settings) and what would be right there, with the value in it."""

    steps: tuple[Step, ...]
    says: str

    @property
    def key(self) -> str:
        """The key as it is written, without the places in lists: the line tells those."""
        return ".".join(step for step in self.steps if isinstance(step, str))


def findings(error: ValidationError, model: type[BaseModel], secret: Iterable[str] = ()) -> list[Finding]:
    """Each error as a finding. What would be right is the `description` of the field nearest to it, or the words of a validator
    that raised ValueError. Values of the fields named in `secret` are not shown."""
    hidden = frozenset(secret)
    return [_finding(details, model, hidden) for details in error.errors(include_url=False)]


def _finding(details: ErrorDetails, model: type[BaseModel], hidden: frozenset[str]) -> Finding:
    steps = tuple(step for step in details["loc"] if step != "[key]")
    holder, right = _walk(model, steps)
    if details["type"] == "extra_forbidden":
        return Finding(steps, f"is not known here{suggestion(str(steps[-1]), holder.model_fields)}")
    if details["type"] == "missing":
        return Finding(steps, f"is missing: must be {right}")
    if details["type"] == "value_error":
        right = str(details["ctx"]["error"])
    value = "(not shown)" if hidden.intersection(map(str, steps)) else shown(details["input"])
    return Finding(steps, f"= {value}: must be {right}")


def suggestion(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: the nearest known one, or all of them."""
    words = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), words, n=1)
    return f": did you mean {words[near[0]]}?" if near else f": known are {', '.join(words.values())}"


def shown(value: object) -> str:
    """The value as it would be written, on one line and not too long, and without the password of an address."""
    text = re.sub(r"://\S*@", "://…@", json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _walk(model: type[BaseModel], steps: Iterable[Step]) -> tuple[type[BaseModel], str]:
    """The innermost model on the way and the description of the last field that has one."""
    right = "left out"
    for field, inner in _fields(model, steps):
        right = field.description or right
        model = inner or model
    return model, right


def _fields(model: type[BaseModel], steps: Iterable[Step]) -> Iterator[tuple[FieldInfo, type[BaseModel] | None]]:
    fields: Mapping[str, FieldInfo] = model.model_fields
    for step in steps:
        field = fields.get(str(step))
        if field is None:  # a place in a list or a key of a dict
            continue
        inner = _model_in(field.annotation)
        fields = inner.model_fields if inner else {}
        yield field, inner


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
