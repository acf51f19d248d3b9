"""The shape of an office file: which keys there are, of what kind, and what is right for each."""

from __future__ import annotations

import re
from datetime import date, time
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from config.findings import suggestion
from config.settings import DAY, SECONDS, WARN_SECONDS

PAGES = ("tv", "kiosk", "desk", "officer", "supervisor", "admin", "login", "t")
ENDPOINTS = ("static", "api", "live", "healthz", "readyz", "metrics", "favicon.ico", "manifest.webmanifest")
WARN_AFTER = (1800, 2400)  # seconds: 30 and 40 of the 45 minutes promised
CLOCK = 'a time of day such as "08:00"'
DAY_PLAN = '{ opens = "08:00", closes = "15:00", breaks = [["12:00", "13:00"]] }, or "closed"'


def a_clock_time(value: object) -> object:
    """`"08:00"`, or a TOML time without zone."""
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        return time.fromisoformat(value)
    return value


def a_date(value: object) -> object:
    """A date as a key, `2026-12-24`."""
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("a date such as 2026-12-24")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("a date that exists, such as 2026-12-24") from None


def a_day(value: object) -> object:
    """`"closed"` stands for no opening at all."""
    if value == "closed":
        return None
    if not isinstance(value, dict):
        raise ValueError(DAY_PLAN)  # noqa: TRY004, only a ValueError becomes a finding
    return value


Clock = Annotated[time, BeforeValidator(a_clock_time)]
Name = Annotated[str, Field(pattern=r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]{0,78}[^\s\x00-\x1f\x7f])?$")]
NAME = "a text of 1 to 80 characters on one line"
Letter = Annotated[str, Field(pattern=r"^[A-Z]$")]
Language = Literal["id", "en"]


class _Table(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class DayShape(_Table):
    """One day's hours."""

    opens: Clock = Field(description=CLOCK)
    closes: Clock = Field(description=CLOCK)
    breaks: list[Annotated[list[Clock], Field(min_length=2, max_length=2)]] = Field(
        default=[], max_length=6, description='a list of [start, end], such as [["12:00", "13:00"]]'
    )

    @model_validator(mode="after")
    def in_order(self) -> DayShape:
        """opens < break < break < closes."""
        if self.opens >= self.closes:
            raise ValueError("opens earlier than closes")
        times = [self.opens, *(edge for pause in self.breaks for edge in pause), self.closes]
        starts_and_ends = all(start < end for start, end in self.breaks)
        if not starts_and_ends or any(later < earlier for earlier, later in pairwise(times)):
            raise ValueError("breaks within the hours, each ending after it starts, one after another")
        return self


Day = Annotated[DayShape | None, BeforeValidator(a_day)]


class WeekShape(_Table):
    """The usual week; a day that is left out is closed."""

    mon: Day = Field(default=None, description=DAY_PLAN)
    tue: Day = Field(default=None, description=DAY_PLAN)
    wed: Day = Field(default=None, description=DAY_PLAN)
    thu: Day = Field(default=None, description=DAY_PLAN)
    fri: Day = Field(default=None, description=DAY_PLAN)
    sat: Day = Field(default=None, description=DAY_PLAN)
    sun: Day = Field(default=None, description=DAY_PLAN)


class HoursShape(_Table):
    """When the office serves and when it gives out numbers."""

    week: WeekShape = Field(description="a table [hours.week] with mon, tue, wed, thu, fri, sat, sun")
    overrides: dict[Annotated[date, BeforeValidator(a_date)], Day] = Field(default={}, max_length=1000, description=DAY_PLAN)
    break_mode: Literal["closed", "rota"] = Field(default="closed", description='"closed" or "rota"')
    last_number_minutes: int = Field(default=30, ge=0, le=480, description="a whole number of minutes from 0 to 480")
    last_number_before_break_minutes: int = Field(default=30, ge=0, le=480, description="a whole number of minutes from 0 to 480")
    grace_minutes: int = Field(default=60, ge=0, le=480, description="a whole number of minutes from 0 to 480")


class GuaranteeShape(_Table):
    """The promise."""

    seconds: int = Field(default=2700, ge=1, le=DAY, description=SECONDS)
    warn_seconds: list[int] | None = Field(default=None, max_length=10, description=WARN_SECONDS)

    @field_validator("warn_seconds")
    @classmethod
    def within_the_promise(cls, value: list[int] | None, info: ValidationInfo) -> list[int] | None:
        """Warnings come after the taking and before the promise falls due."""
        limit = info.data.get("seconds", DAY)
        if value is not None and not all(1 <= warn < limit for warn in value):
            raise ValueError(f"a list of whole seconds from 1 to {limit - 1}, below the guarantee")
        return value

    def warnings(self) -> tuple[int, ...]:
        """Those of the file, or of the usual ones those that come before the promise falls due."""
        return tuple(warn for warn in WARN_AFTER if warn < self.seconds) if self.warn_seconds is None else tuple(self.warn_seconds)


class EscalationShape(_Table):
    """How long an alert may go unheard, unanswered, and accepted but not called."""

    confirm_seconds: int = Field(default=10, ge=1, le=DAY, description=SECONDS)
    accept_seconds: int = Field(default=60, ge=1, le=DAY, description=SECONDS)
    call_seconds: int = Field(default=180, ge=1, le=DAY, description=SECONDS)


class NameShape(_Table):
    """A name in both languages."""

    id: Name = Field(description=NAME)
    en: Name = Field(description=NAME)


class ServiceShape(_Table):
    """A line of work."""

    code: Letter = Field(description='one capital letter, such as "A"')
    name: NameShape = Field(description='a table with both languages, { id = "Gaji", en = "Salaries" }')
    standard_minutes: int | None = Field(default=None, ge=1, le=100_000, description="a whole number of minutes from 1 to 100000")


class CounterShape(_Table):
    """A counter."""

    number: int = Field(ge=1, le=99, description="a whole number from 1 to 99")
    kind: Literal["ordinary", "reserve"] = Field(default="ordinary", description='"ordinary" or "reserve"')
    services: list[Letter] = Field(min_length=1, max_length=26, description='a list of service codes, such as ["A", "B"]')


class OfficeShape(_Table):
    """The whole file, but for the keys that are the deployment's (`config.settings.SERVER_KEYS`)."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,40}$", description='up to 41 small letters, digits and "-", such as "tanjung-selor"')
    name: Name = Field(description=NAME)
    time_zone: str = Field(description='a time zone of the IANA database, such as "Asia/Makassar"')
    languages: list[Language] = Field(
        default=["id", "en"], min_length=1, max_length=2, description='a list of "id" and "en", the first one first'
    )
    phone_taking: bool = Field(default=True, description="true or false")
    head_start_seconds: int = Field(default=600, ge=0, le=DAY, description="a whole number of seconds from 0 to 86400")
    always_open: bool = Field(default=False, description="true or false")
    guarantee: GuaranteeShape = Field(default=GuaranteeShape(), description="a table [guarantee]")
    escalation: EscalationShape = Field(default=EscalationShape(), description="a table [escalation]")
    hours: HoursShape = Field(description="a table [hours] with a table [hours.week]")
    services: list[ServiceShape] = Field(min_length=1, max_length=26, description="a table [[services]] for each service")
    counters: list[CounterShape] = Field(min_length=1, max_length=99, description="a table [[counters]] for each counter")

    @field_validator("id")
    @classmethod
    def no_page(cls, value: str) -> str:
        """`/{office}` must not hide a page or an endpoint."""
        if value in PAGES + ENDPOINTS:
            raise ValueError("another id: this one is the address of a page")
        return value

    @field_validator("time_zone")
    @classmethod
    def a_zone(cls, value: str) -> str:
        """A zone that this computer or the tzdata package knows."""
        try:
            return ZoneInfo(value).key
        except (KeyError, ValueError, OSError):
            near = suggestion(value, sorted(available_timezones())) if value else ""
            hint = near if near.startswith(": did you mean") else ""
            raise ValueError(f'a time zone of the IANA database, such as "Asia/Makassar"{hint}') from None

    @field_validator("languages")
    @classmethod
    def each_once(cls, value: list[Language]) -> list[Language]:
        """No language twice."""
        if len(set(value)) < len(value):
            raise ValueError("a list that names each language once")
        return value
