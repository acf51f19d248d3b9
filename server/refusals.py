"""The one table from what is refused to what the outside is told: status, stable type, words in both languages."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from board import errors
from board.errors import Refusal
from board.place import NAME_MAX


@dataclass(eq=False)
class BadInput(Refusal):
    """The request itself is wrong; each entry of `errors` is {field, detail, detail_en}."""

    errors: list[dict[str, str]]


@dataclass(eq=False)
class TooLarge(Refusal):
    limit: int


@dataclass(eq=False)
class NotSignedIn(Refusal):
    """No session, or one that has ended."""


@dataclass(eq=False)
class BadSecret(Refusal):
    """No ticket opens with this secret; whether there ever was one is not said."""


@dataclass(eq=False)
class NotAllowed(Refusal):
    """Signed in, and this is not for that role or office."""


@dataclass(eq=False)
class OtherOrigin(Refusal):
    """The browser says that another site sent this."""


@dataclass(eq=False)
class EpochChanged(Refusal):
    """The point to go on from belongs to a numbering that no longer holds."""

    epoch: str


@dataclass(eq=False)
class NoAddress(Refusal):
    """No address is known that a phone could open: nothing can be printed that would still work."""


@dataclass(eq=False)
class NotPrintable(Refusal):
    """The office's name holds a character that our printed letters do not have."""

    office: str
    letter: str


@dataclass(eq=False)
class NoSuchPlace(Refusal):
    """Nothing is at this address."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a refusal is said. The words may name the refusal's facts."""

    status: int
    code: str
    id: str
    en: str


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

ANSWERS: Mapping[type[Refusal], Answer] = {
    errors.UnknownOffice: Answer(404, "unknown-office", "Kantor {office} tidak ada.", "There is no office {office}."),
    errors.UnknownService: Answer(
        404, "unknown-service", "Layanan {service} tidak ada di kantor ini.", "There is no service {service} here."
    ),
    errors.UnknownCounter: Answer(
        404, "unknown-counter", "Loket {counter} tidak ada di kantor ini.", "There is no counter {counter} here."
    ),
    errors.UnknownTicket: Answer(404, "unknown-ticket", "Nomor itu tidak ada hari ini.", "There is no such number today."),
    errors.UnknownEscalation: Answer(404, "unknown-escalation", "Panggilan bantuan itu tidak ada.", "There is no such escalation."),
    errors.OfficeClosed: Answer(409, "office-closed", "{closed_id}. {opens_id}", "{closed_en}. {opens_en}"),
    errors.CounterNotOpen: Answer(409, "counter-not-open", "Loket {counter} sedang {state_id}.", "Counter {counter} is {state}."),
    errors.CounterAlreadyOpen: Answer(
        409, "counter-already-open", "Loket {counter} sudah {state_id}.", "Counter {counter} is {state} already."
    ),
    errors.CounterTaken: Answer(
        409,
        "counter-taken",
        "Loket {counter} ({state_id}) dipegang petugas lain.",
        "Counter {counter} ({state}) is held by another officer.",
    ),
    errors.StillServing: Answer(
        409,
        "still-serving",
        "Nomor {number} masih {state_id} di loket {counter}.",
        "Number {number} is still {state} at counter {counter}.",
    ),
    errors.NobodyWaiting: Answer(
        409,
        "nobody-waiting",
        "Tidak ada yang menunggu untuk loket {counter} ({state_id}).",
        "Nobody waits for counter {counter} ({state}).",
    ),
    errors.NothingCalled: Answer(
        409, "nothing-called", "Tidak ada nomor di loket {counter} ({state_id}).", "There is no number at counter {counter} ({state})."
    ),
    errors.WrongState: Answer(409, "wrong-state", "Nomor {number} sudah {state_id}.", "Number {number} is {state} already."),
    errors.SameService: Answer(
        409,
        "same-service",
        "Nomor {number} ({state_id}) sudah di layanan {service}.",
        "Number {number} ({state}) is in service {service} already.",
    ),
    errors.NotReserve: Answer(
        409, "not-reserve", "Loket {counter} ({state_id}) bukan loket cadangan.", "Counter {counter} ({state}) is not a reserve counter."
    ),
    errors.ServiceNotHere: Answer(
        409,
        "service-not-here",
        "Loket {counter} ({state_id}) tidak melayani {service}.",
        "Counter {counter} ({state}) does not serve {service}.",
    ),
    errors.EscalationAnswered: Answer(
        409, "escalation-answered", "Panggilan bantuan ini {state_id}.", "This escalation is {state} already."
    ),
    errors.KeyReused: Answer(
        422,
        "key-reused",
        "Idempotency-Key ini sudah dipakai untuk permintaan lain.",
        "This Idempotency-Key came with another request before.",
    ),
    errors.StoreUnavailable: Answer(
        503,
        "store-unavailable",
        "Penyimpanan sedang tidak terjangkau. Belum ada yang berubah; silakan coba lagi.",
        "The store cannot be reached. Nothing has changed; please try again.",
    ),
    errors.TooMany: Answer(
        429,
        "too-many",
        "Terlalu banyak permintaan dari alamat ini. Coba lagi dalam {retry_after} detik.",
        "Too many requests from this address. Try again in {retry_after} seconds.",
    ),
    BadInput: Answer(422, "bad-input", "Isian belum benar: {fields}.", "The request is not right: {fields_en}."),
    TooLarge: Answer(413, "too-large", "Permintaan lebih dari {limit} byte.", "The request is larger than {limit} bytes."),
    errors.UnknownAccount: Answer(404, "unknown-account", "Akun {name} tidak ada.", "There is no account {name}."),
    errors.AccountExists: Answer(409, "account-exists", "Akun {name} sudah ada.", "There is an account {name} already."),
    errors.LastAdministrator: Answer(
        409, "last-administrator", "{name} adalah administrator aktif yang terakhir.", "{name} is the last administrator who is active."
    ),
    errors.BadAccount: Answer(422, "bad-account", "{account_id}", "{account_en}"),
    errors.WrongPassword: Answer(401, "wrong-password", "Nama atau kata sandi salah.", "The name or the password is wrong."),
    errors.BadFirstToken: Answer(
        403,
        "bad-first-token",
        "Tautan administrator pertama sudah dipakai atau tidak berlaku lagi.",
        "The link for the first administrator was used or is not valid any more.",
    ),
    errors.UnknownPlace: Answer(404, "unknown-place", "Tempat {place} tidak ada.", "There is no place {place}."),
    errors.PlaceExists: Answer(409, "place-exists", "Tempat {name} sudah ada.", "There is a place {name} already."),
    errors.PlacesFull: Answer(409, "places-full", "Sudah ada {limit} tempat.", "There are {limit} places already."),
    errors.BadPlace: Answer(422, "bad-place", "{place_id}", "{place_en}"),
    NoAddress: Answer(
        409,
        "no-address",
        "Alamat untuk stiker belum diketahui; atur KAYAN_PUBLIC_URL.",
        "No address for stickers is known; set KAYAN_PUBLIC_URL.",
    ),
    NotPrintable: Answer(
        409,
        "not-printable",
        "Nama kantor memuat karakter yang tidak dapat dicetak ({letter}).",
        "The name of the office {office} has {letter}, which cannot be printed.",
    ),
    NotSignedIn: Answer(401, "not-signed-in", "Silakan masuk terlebih dahulu.", "Please sign in first."),
    BadSecret: Answer(401, "bad-secret", "Tautan nomor ini tidak berlaku.", "This ticket link is not valid."),
    NotAllowed: Answer(403, "not-allowed", "Akun Anda tidak berwenang untuk ini.", "Your account is not allowed to do this."),
    OtherOrigin: Answer(403, "other-origin", "Permintaan dari situs lain ditolak.", "Requests from another site are refused."),
    EpochChanged: Answer(
        409,
        "epoch-changed",
        "Penomoran jurnal sudah berganti; mulai lagi dari awal.",
        "The journal is numbered anew; begin again from its start.",
    ),
    NoSuchPlace: Answer(404, "no-such-place", "Tidak ada apa pun di alamat ini.", "There is nothing at this address."),
}


def told(refusal: Refusal) -> str:
    """The refusal in English, for the command line."""
    facts = refusal.facts()
    return ANSWERS[type(refusal)].en.format(**{**facts, **_words(refusal, facts, None)})


def problem(refusal: Refusal, zone: str | None = None) -> Response:
    """The refusal as RFC 9457 problem+json. `detail` is Indonesian, `detail_en` English; facts are extension members."""
    answer = ANSWERS[type(refusal)]
    facts = refusal.facts()
    words = {**facts, **_words(refusal, facts, zone)}
    body: dict[str, Any] = {
        **facts,
        "type": f"/problems/{answer.code}",
        "title": answer.code.replace("-", " ").capitalize(),
        "status": answer.status,
        "code": answer.code,
        "detail": answer.id.format(**words),
        "detail_en": answer.en.format(**words),
    }
    if answer.status == 422:  # whoever refuses it, a page finds the field in one place
        said = {"detail": body["detail"], "detail_en": body["detail_en"]}
        body.setdefault("errors", [{"field": facts.get("field", "Idempotency-Key"), **said}])
    headers = {"Cache-Control": "no-store"}
    if (wait := facts.get("retry_after")) is not None:
        headers["Retry-After"] = str(wait)
    elif answer.status == 503:
        headers["Retry-After"] = "2"
    if isinstance(refusal, BadSecret):
        headers["WWW-Authenticate"] = "Bearer"
    return Response(json.dumps(body, ensure_ascii=False), answer.status, headers, "application/problem+json")


def _words(refusal: Refusal, facts: Mapping[str, Any], zone: str | None) -> dict[str, str]:
    words = {"state_id": STATES_ID.get(str(facts.get("state")), "")}
    if isinstance(refusal, errors.OfficeClosed):
        words |= {"closed_id": CLOSED_ID[refusal.reason], "closed_en": CLOSED_EN[refusal.reason]}
        words |= _opening(refusal.opens_at, zone)
    if isinstance(refusal, errors.BadAccount):
        words["account_id"], words["account_en"] = ACCOUNT_RULES.get(refusal.rule, ACCOUNT_RULES["name"])
    if isinstance(refusal, errors.BadPlace):
        rule = [said.format(max=NAME_MAX, letter=refusal.letter) for said in PLACE_RULES[refusal.rule]]
        words["place_id"], words["place_en"] = rule
    if isinstance(refusal, BadInput):
        words["fields"] = "; ".join(f"{e['field']}: {e['detail']}" for e in refusal.errors)
        words["fields_en"] = "; ".join(f"{e['field']}: {e['detail_en']}" for e in refusal.errors)
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

Handler = Callable[[Refusal], Response]
