"""The one table from what is refused to what the outside is told: status, stable type, words in both languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from board import errors
from board.errors import Refusal
from server.words import words_of


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
class PhoneTakingOff(Refusal):
    """This office gives its numbers at the kiosk and at the desk."""


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
    PhoneTakingOff: Answer(
        403,
        "phone-taking-off",
        "Nomor antrean kantor ini diambil di kios atau meja resepsionis.",
        "This office gives its queue numbers at the kiosk and at the reception desk.",
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
        "Penyimpanan sedang tidak terjangkau; belum pasti apakah ini sudah tercatat. Silakan coba lagi.",
        "The store cannot be reached; it is not known whether this was recorded. Please try again.",
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
    return ANSWERS[type(refusal)].en.format(**{**facts, **words_of(refusal, facts, None)})


def problem(refusal: Refusal, zone: str | None = None) -> Response:
    """The refusal as RFC 9457 problem+json. `detail` is Indonesian, `detail_en` English; facts are extension members."""
    answer = ANSWERS[type(refusal)]
    facts = refusal.facts()
    words = {**facts, **words_of(refusal, facts, zone)}
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
