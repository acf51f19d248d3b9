"""The shapes of the public API: requests are parsed with these, the OpenAPI document is made of these, answers are tested against them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

# Line breaks, and marks that turn the direction of text, break screens and logs.
NO_CONTROL = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$"
Millis = Annotated[int, Field(ge=0, description="ms since the Unix epoch, UTC, by the store's clock")]
Code = Annotated[str, Field(min_length=1, max_length=8, pattern=NO_CONTROL)]
TicketState = Literal["waiting", "called", "serving", "done", "skipped", "held", "cancelled", "expired"]


class Body(BaseModel):
    """A request: what is not known is refused, and nothing is guessed from another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Nothing(Body):
    """No fields."""


class TakeBody(Body):
    service: Code
    satker: Annotated[str, Field(pattern=r"^[0-9]{6}$")] | None = None
    language: Literal["id", "en"] = "id"
    priority: bool = False
    via: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,19}$", description="the way in; `desk` is for staff")] = "phone"


class OpenBody(Body):
    services: Annotated[list[Code], Field(min_length=1, max_length=50)] | None = None


class NumberBody(Body):
    number: Annotated[str, Field(pattern=r"^[A-Z0-9]{2,16}$")]


class HoldBody(Body):
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_CONTROL)]


class TransferBody(Body):
    service: Code


class AcceptBody(Body):
    counter: Annotated[int, Field(ge=1, le=999)] | None = None


class LoginBody(Body):
    name: Annotated[str, Field(min_length=1, max_length=64, pattern=NO_CONTROL)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class FirstBody(LoginBody):
    token: Annotated[str, Field(min_length=1, max_length=200)]


class AccountBody(LoginBody):
    role: Literal["officer", "receptionist", "supervisor", "administrator"]
    offices: Annotated[list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=200)] | None = None


class PasswordBody(Body):
    password: Annotated[str, Field(min_length=1, max_length=200)]


class PlaceBody(Body):
    name: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_CONTROL)]


class ScanBody(Body):
    place: Annotated[str, Field(max_length=64, description="the code after `?s=` in a sticker's address")]


class Shape(BaseModel):
    """An answer."""

    model_config = ConfigDict(extra="forbid")


class Words(Shape):
    id: str
    en: str


class PublicTicket(Shape):
    id: str
    number: str
    service: str
    state: TicketState
    taken_at: Millis
    deadline: Millis
    called_at: Millis | None
    serving_at: Millis | None
    ended_at: Millis | None
    counter: int | None
    priority: bool


class StaffTicket(PublicTicket):
    satker: str | None
    via: str
    language: str
    reason: str | None


class PublicCounter(Shape):
    counter: int
    state: Literal["open", "paused", "closed"]
    kind: Literal["ordinary", "reserve"]
    services: list[str]
    ticket: str | None


class StaffCounter(PublicCounter):
    officer: str | None


class PublicEscalation(Shape):
    id: str
    ticket: str
    number: str
    service: str
    due_at: Millis
    raised_at: Millis
    level: Annotated[int, Field(ge=1, le=3)]
    state: Literal["raised", "accepted", "lapsed", "resolved", "withdrawn"]


class StaffEscalation(PublicEscalation):
    accepted_by: str | None
    accepted_at: Millis | None
    counter: int | None
    declined_by: list[str]
    answer_by: Millis | None


class Promise(Shape):
    kept: int
    broken: int
    excused: int


class Board(Shape):
    epoch: str
    offset: int
    now: Millis
    office: str
    day: str | None
    promise: Promise
    tickets: list[PublicTicket]
    counters: list[PublicCounter]
    escalations: list[PublicEscalation]


class ServiceInfo(Shape):
    code: str
    name: Words
    standard_minutes: int | None


class CounterInfo(Shape):
    counter: int
    kind: Literal["ordinary", "reserve"]
    services: list[str]


class GuaranteeInfo(Shape):
    seconds: int
    warn_seconds: list[int]


class Taking(Shape):
    open: bool
    until: Millis | None
    next: Millis | None
    reason: Literal["closed", "break", "cutoff"] | None


class EscalationInfo(Shape):
    accept_seconds: int
    call_seconds: int


class Office(Shape):
    id: str
    name: str
    time_zone: str
    services: list[ServiceInfo]
    counters: list[CounterInfo]
    hours: dict[str, Any]
    guarantee: GuaranteeInfo
    open: bool
    now: Millis
    taking: Taking
    always_open: bool
    head_start_ms: int
    languages: list[str]
    phone_taking: bool
    public_url: str
    escalation: EscalationInfo


class OfficeName(Shape):
    id: str
    name: str


class Offices(RootModel[list[OfficeName]]):
    pass


class Taken(Shape):
    ticket: PublicTicket
    secret: str
    url: str
    ahead: int


class MyTicket(Shape):
    ticket: PublicTicket
    ahead: int
    deadline: Millis
    now: Millis
    office: Office


class TicketOnly(Shape):
    ticket: PublicTicket


class AtCounter(Shape):
    ticket: StaffTicket | None
    counter: StaffCounter


class Escalated(Shape):
    escalation: StaffEscalation
    counter: StaffCounter | None


class SessionInfo(Shape):
    name: str
    role: str
    offices: list[str] | None
    office: str


class Account(Shape):
    name: str
    role: str
    offices: list[str] | None
    disabled: bool


class Accounts(RootModel[list[Account]]):
    pass


class Place(Shape):
    code: str
    name: str
    retired: bool


class ScannedPlace(Place):
    url: Annotated[str | None, Field(description="what its sticker opens")]
    today: int
    month: Annotated[int, Field(description="in the last 30 days")]
    last: Millis | None


class Places(Shape):
    address: Annotated[str | None, Field(description="what stickers point at; null: no address that a phone could open is known")]
    lasting: Annotated[bool, Field(description="whether it is KAYAN_PUBLIC_URL, and not this computer's address of today")]
    places: list[ScannedPlace]


class Counted(Shape):
    counted: bool


class JournalPage(Shape):
    events: list[dict[str, Any]]
    next: str
