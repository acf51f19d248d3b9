"""What is wrong with a field, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

# By pydantic's type of error; `{…}` are the facts that it gives.
WRONG: Mapping[str, tuple[str, str]] = {
    "missing": ("wajib diisi", "is required"),
    "extra_forbidden": ("tidak dikenal", "is not known"),
    "string_type": ("harus berupa teks", "must be text"),
    "string_too_long": ("paling banyak {max_length} karakter", "at most {max_length} characters"),
    "string_too_short": ("paling sedikit {min_length} karakter", "at least {min_length} characters"),
    "string_pattern_mismatch": ("bentuknya harus {pattern}", "must have the form {pattern}"),
    "bool_type": ("harus true atau false", "must be true or false"),
    "int_type": ("harus bilangan bulat", "must be a whole number"),
    "greater_than_equal": ("paling kecil {ge}", "at least {ge}"),
    "less_than_equal": ("paling besar {le}", "at most {le}"),
    "list_type": ("harus berupa daftar", "must be a list"),
    "too_long": ("paling banyak {max_length} isi", "at most {max_length} entries"),
    "too_short": ("paling sedikit {min_length} isi", "at least {min_length} entries"),
    "literal_error": ("harus salah satu dari {expected}", "must be one of {expected}"),
    "enum": ("harus salah satu dari {expected}", "must be one of {expected}"),
}


def invalid(error: ErrorDetails) -> dict[str, str]:
    """{field, detail, detail_en} for one of pydantic's findings; the value itself is not repeated, it may be a password."""
    facts: dict[str, Any] = dict(error.get("ctx") or {})
    detail, detail_en = WRONG.get(error["type"], ("tidak sah", "is not valid"))
    name = ".".join(str(part)[:64] for part in error["loc"]) or "body"
    return {"field": name, "detail": detail.format(**facts), "detail_en": detail_en.format(**facts)}
