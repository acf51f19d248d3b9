"""Office files to offices: reads the TOML, refuses what cannot work with file, line and remedy, applies the settings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from board.calendar import Break, DayPlan, Hours
from board.office import CounterNumber, CounterPlan, EscalationPlan, Guarantee, Kind, Office, OfficeId, Service, ServiceCode
from config.errors import SettingsWrong
from config.findings import Finding, findings, shown
from config.office_checks import across, in_vain
from config.office_file import DayShape, EscalationShape, GuaranteeShape, OfficeShape
from config.settings import SERVER_KEYS, EscalationOverride, GuaranteeOverride, Settings
from config.toml_file import TomlFile, read_toml, toml_files


def load_offices(path: Path, settings: Settings) -> dict[OfficeId, Office]:
    """The office of the file at `path`, or those of all *.toml files of the folder, with what `settings` say instead.

    Raises SettingsWrong with all findings in all files: file, line, key, value and what would be right."""
    offices: dict[OfficeId, Office] = {}
    wrong: list[str] = []
    for place in toml_files(path):
        try:
            file = read_toml(place)
            office = _office(_shape(file), settings)
            _refuse(file, in_vain(office.hours))
        except SettingsWrong as error:
            wrong.extend(error.lines)
            continue
        if office.id in offices:
            wrong.append(f"{place}:{file.line(['id'])}: id = {shown(office.id)}: must be another one, it is in use in this folder")
        offices[office.id] = office
    if wrong:
        raise SettingsWrong(dict.fromkeys(wrong))
    return offices


def _shape(file: TomlFile) -> OfficeShape:
    data = {key: value for key, value in file.data.items() if key not in SERVER_KEYS}
    found = list(across(data))
    try:
        shape = OfficeShape.model_validate(data)
    except ValidationError as error:
        found += findings(error, OfficeShape)
    _refuse(file, found)
    return shape


def _refuse(file: TomlFile, found: Iterable[Finding]) -> None:
    """Raises SettingsWrong unless there is nothing to tell."""
    placed = sorted((file.line(finding.steps), f"{finding.key} {finding.says}") for finding in found)
    if placed:
        raise SettingsWrong(f"{file.path}:{line}: {says}" for line, says in placed)


def _office(shape: OfficeShape, settings: Settings) -> Office:
    return Office(
        id=OfficeId(shape.id),
        name=shape.name,
        services=tuple(Service(ServiceCode(s.code), s.name.model_dump(), s.standard_minutes) for s in shape.services),
        counters=tuple(
            CounterPlan(CounterNumber(c.number), Kind(c.kind), tuple(ServiceCode(code) for code in c.services)) for c in shape.counters
        ),
        hours=_hours(shape, settings.always_open),
        guarantee=_guarantee(shape.guarantee, settings.guarantee),
        escalation=_escalation(shape.escalation, settings.escalation),
        head_start_seconds=shape.head_start_seconds,
        languages=tuple(shape.languages),
        phone_taking=shape.phone_taking,
    )


def _guarantee(shape: GuaranteeShape, override: GuaranteeOverride) -> Guarantee:
    """The promise in force. A shorter one from the settings drops the file's warnings that come too late for it."""
    seconds = override.seconds or shape.seconds
    if override.warn_seconds is None:
        return Guarantee(seconds, tuple(sorted({warn for warn in shape.warnings() if warn < seconds})))
    if any(warn >= seconds for warn in override.warn_seconds):
        value = shown(override.warn_seconds)
        raise SettingsWrong([f"KAYAN_GUARANTEE__WARN_SECONDS = {value}: must be a list of seconds below the guarantee, {seconds}"])
    return Guarantee(seconds, tuple(sorted(set(override.warn_seconds))))


def _escalation(shape: EscalationShape, override: EscalationOverride) -> EscalationPlan:
    return EscalationPlan(
        confirm_seconds=override.confirm_seconds or shape.confirm_seconds,
        accept_seconds=override.accept_seconds or shape.accept_seconds,
        call_seconds=override.call_seconds or shape.call_seconds,
    )


def _hours(shape: OfficeShape, always_open: bool | None) -> Hours:
    hours = shape.hours
    week = (hours.week.mon, hours.week.tue, hours.week.wed, hours.week.thu, hours.week.fri, hours.week.sat, hours.week.sun)
    return Hours(
        zone=shape.time_zone,
        week={number: _day(day) for number, day in enumerate(week)},
        overrides={date: _day(day) for date, day in hours.overrides.items()},
        break_mode=hours.break_mode,
        last_number_minutes=hours.last_number_minutes,
        last_number_before_break_minutes=hours.last_number_before_break_minutes,
        grace_minutes=hours.grace_minutes,
        always_open=shape.always_open if always_open is None else always_open,
    )


def _day(day: DayShape | None) -> DayPlan | None:
    if day is None:
        return None
    return DayPlan(day.opens, day.closes, tuple(Break(start, end) for start, end in day.breaks))
