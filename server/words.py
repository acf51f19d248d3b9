"""What is said of a wrong field and of a refusal's facts, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic_core import ErrorDetails

from board import errors
from board.errors import Refusal
from board.place import NAME_MAX

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


STATES_ID = {
    "waiting": "menunggu", "called": "dipanggil", "serving": "sedang dilayani", "done": "selesai", "skipped": "dilewati",
    "held": "tertunda", "cancelled": "dibatalkan", "expired": "hangus", "open": "buka", "paused": "istirahat", "closed": "tutup",
    "raised": "menunggu jawaban", "accepted": "sudah diterima", "lapsed": "lewat waktu", "resolved": "selesai", "withdrawn": "ditarik",
}  # fmt: skip

CLOSED_ID = {"closed": "Kantor sedang tutup", "break": "Loket sedang istirahat", "cutoff": "Pengambilan nomor sudah ditutup"}
CLOSED_EN = {"closed": "The office is closed", "break": "The counters are on a break", "cutoff": "Numbers are no longer given now"}

ACCOUNT_RULES = {
    "name": ("Nama akun: 2-32 huruf kecil, angka, titik, garis.", "Account names: 2-32 small letters, digits, dots, dashes."),
    "easy": ("Kata sandi ini terlalu mudah ditebak.", "This password is too easy to guess."),
    "10-200": ("Kata sandi: 10 sampai 200 karakter.", "Passwords have 10 to 200 characters."),
}

PLACE_RULES = {
    "empty": ("Nama tempat belum diisi.", "The place has no name yet."),
    "long": ("Nama tempat: paling banyak {max} karakter.", "Names of places have at most {max} characters."),
    "letter": (
        "Nama tempat memuat karakter yang tidak dapat dicetak ({letter}).",
        "A place's name cannot have {letter}: it cannot be printed.",
    ),
}


def words_of(refusal: Refusal, facts: Mapping[str, Any], zone: str | None) -> dict[str, str]:
    """What the sentences of server/refusals.py need beside a refusal's own facts; `zone` is the office's."""
    words = {"state_id": STATES_ID.get(str(facts.get("state")), "")}
    if isinstance(refusal, errors.OfficeClosed):
        words |= {"closed_id": CLOSED_ID[refusal.reason], "closed_en": CLOSED_EN[refusal.reason]}
        words |= _opening(refusal.opens_at, zone)
    if isinstance(refusal, errors.BadAccount):
        words["account_id"], words["account_en"] = ACCOUNT_RULES.get(refusal.rule, ACCOUNT_RULES["name"])
    if isinstance(refusal, errors.BadPlace):
        rule = [said.format(max=NAME_MAX, letter=refusal.letter) for said in PLACE_RULES[refusal.rule]]
        words["place_id"], words["place_en"] = rule
    if "errors" in facts:
        words["fields"] = "; ".join(f"{e['field']}: {e['detail']}" for e in facts["errors"])
        words["fields_en"] = "; ".join(f"{e['field']}: {e['detail_en']}" for e in facts["errors"])
    return words


def _opening(opens_at: int | None, zone: str | None) -> dict[str, str]:
    if opens_at is None or zone is None:
        return {"opens_id": "Belum ada jadwal buka berikutnya.", "opens_en": "No next opening is planned."}
    at = datetime.fromtimestamp(opens_at / 1000, ZoneInfo(zone))
    return {
        "opens_id": f"Buka lagi {DAYS_ID[at.weekday()]}, {at.day} {MONTHS_ID[at.month - 1]} {at.year} pukul {at:%H.%M} {at.tzname()}.",
        "opens_en": f"Open again on {DAYS_EN[at.weekday()]}, {at.day} {MONTHS_EN[at.month - 1]} {at.year} at {at:%H:%M} {at.tzname()}.",
    }


DAYS_ID = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_ID = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
