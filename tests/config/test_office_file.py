"""The office file: the one that ships is the office's, and a wrong one is told with file, line and what would be right."""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from board.calendar import Break, DayPlan
from board.office import EscalationPlan, Guarantee, Kind, Office, OfficeId
from config.errors import SettingsWrong
from config.office import load_offices
from config.places import OFFICE_FILE
from config.settings import Settings, load_settings

SHIPPED = OFFICE_FILE.read_text("utf-8")


def load(text: str, folder: Path, **env: str) -> Office:
    """The office of this text, with these settings."""
    path = folder / "office.toml"
    path.write_text(text, "utf-8")
    (office,) = load_offices(path, load_settings({f"KAYAN_{name}": value for name, value in env.items()})).values()
    return office


def told(text: str, folder: Path, **env: str) -> list[str]:
    """The findings, each from its line number on."""
    with pytest.raises(SettingsWrong) as refusal:
        load(text, folder, **env)
    prefix = f"{folder / 'office.toml'}:"
    assert all(line.startswith(prefix) for line in refusal.value.lines)
    return [line.removeprefix(prefix) for line in refusal.value.lines]


def changed(old: str, new: str) -> str:
    """The shipped file with `new` for the first `old`."""
    assert old in SHIPPED
    return SHIPPED.replace(old, new, 1)


def line_of(text: str, part: str) -> int:
    """The number of the first line that holds `part`."""
    return next(number for number, line in enumerate(text.split("\n"), 1) if part in line)


def shipped(**env: str) -> Office:
    """The office that ships, with these settings."""
    return load_offices(OFFICE_FILE, load_settings({f"KAYAN_{name}": value for name, value in env.items()}))[OfficeId("tanjung-selor")]


def test_the_office_that_ships_is_kppn_tanjung_selor_with_five_services_and_a_reserve_counter() -> None:
    office = shipped()
    assert (office.name, office.hours.zone, office.languages) == ("KPPN Tanjung Selor", "Asia/Makassar", ("id", "en"))
    assert [service.code for service in office.services] == ["A", "B", "C", "D", "E"]
    assert office.services[0].name == {"id": "Pencairan dana", "en": "Fund disbursement"}
    assert [plan.counter for plan in office.counters if plan.kind is Kind.RESERVE] == [5]
    assert set(office.counters[4].services) == {"A", "B", "C", "D", "E"}
    assert office.guarantee == Guarantee(seconds=2700, warn_seconds=(1800, 2400))
    assert office.escalation == EscalationPlan(confirm_seconds=10, accept_seconds=60, call_seconds=180)
    assert (office.head_start_seconds, office.phone_taking, office.hours.always_open) == (600, True, False)


def test_the_office_that_ships_serves_from_monday_to_friday_with_a_longer_break_on_friday() -> None:
    week = shipped().hours.week
    assert week[0] == week[3] == DayPlan(time(8), time(15), (Break(time(12), time(13)),))
    assert week[4] == DayPlan(time(8), time(15), (Break(time(11, 30), time(13)),))
    assert (week[5], week[6]) == (None, None)


def test_the_office_that_ships_is_closed_on_the_holidays_of_2026() -> None:
    overrides = shipped().hours.overrides
    assert len(overrides) == 25
    assert {date(2026, 1, 1), date(2026, 8, 17), date(2026, 12, 24)} <= set(overrides)
    assert set(overrides.values()) == {None}


def test_variables_replace_what_the_office_file_says() -> None:
    office = shipped(GUARANTEE__SECONDS="60", GUARANTEE__WARN_SECONDS="[40, 20]", ESCALATION__ACCEPT_SECONDS="7", ALWAYS_OPEN="true")
    assert office.guarantee == Guarantee(seconds=60, warn_seconds=(20, 40))
    assert office.escalation == EscalationPlan(confirm_seconds=10, accept_seconds=7, call_seconds=180)
    assert office.hours.always_open


def test_a_shorter_promise_from_a_variable_drops_the_warnings_that_come_too_late_for_it() -> None:
    assert shipped(GUARANTEE__SECONDS="2000").guarantee.warn_seconds == (1800,)
    assert shipped(GUARANTEE__SECONDS="3").guarantee.warn_seconds == ()


def test_always_open_in_the_file_can_be_taken_back_by_a_variable(tmp_path: Path) -> None:
    text = changed("# always_open = true", "always_open = true")
    assert load(text, tmp_path).hours.always_open
    assert not load(text, tmp_path, ALWAYS_OPEN="off").hours.always_open


def test_a_file_that_says_nothing_of_promise_and_escalation_has_those_of_the_contract(tmp_path: Path) -> None:
    text = re.sub(r"(?s)\[guarantee\].*?\n(?=\[hours\])", "", SHIPPED)
    office = load(text, tmp_path)
    assert (office.guarantee, office.escalation) == (Guarantee(2700, (1800, 2400)), EscalationPlan(10, 60, 180))


def test_a_short_promise_without_warnings_in_the_file_has_only_the_usual_ones_that_fit(tmp_path: Path) -> None:
    text = re.sub(r"seconds = 2700\nwarn_seconds.*\n", "seconds = 2000\n", SHIPPED)
    assert load(text, tmp_path).guarantee == Guarantee(2000, (1800,))


def test_a_day_may_be_closed_or_have_its_own_hours(tmp_path: Path) -> None:
    text = changed('2026-12-25 = "closed"', '2026-12-25 = { opens = "09:00", closes = 12:30:00 }')
    hours = load(text.replace("[hours.week]", '[hours.week]\nsat = "closed"', 1), tmp_path).hours
    assert hours.overrides[date(2026, 12, 25)] == DayPlan(time(9), time(12, 30), ())
    assert hours.week[5] is None


WRONG = [
    ('id = "tanjung-selor"', 'id = "Tanjung Selor"', 'small letters, digits and "-"'),
    ('id = "tanjung-selor"', 'id = "tv"', "another id: this one is the address of a page"),
    ('name = "KPPN Tanjung Selor"', 'name = ""', "1 to 80 characters"),
    ("Asia/Makassar", "Asia/Makasar", "did you mean Asia/Makassar?"),
    ("Asia/Makassar", "../etc/passwd", "IANA"),
    ('languages = ["id", "en"]', 'languages = ["id", "id"]', "each language once"),
    ("phone_taking", "phone_takng", "is not known here: did you mean phone_taking?"),
    ("head_start_seconds = 600", "head_start_seconds = -1", "from 0 to 86400"),
    ("seconds = 2700", 'seconds = "45m"', "whole number of seconds from 1 to 86400"),
    ("seconds = 2700", "seconds = 2700.5", "whole number of seconds from 1 to 86400"),
    ("warn_seconds = [1800, 2400]", "warn_seconds = [1800, 2700]", "from 1 to 2699, below the guarantee"),
    ("call_seconds = 180", "call_seconds = true", "from 1 to 86400"),
    ("grace_minutes = 60", "grace_minuts = 60", "did you mean grace_minutes?"),
    ('break_mode = "closed"', 'break_mode = "open"', '"closed" or "rota"'),
    ('closes = "15:00", breaks = [["12:00", "13:00"]] }   # Rabu', 'closes = "25:00" }  # Rabu', 'such as "08:00"'),
    ('closes = "15:00", breaks = [["12:00", "13:00"]] }   # Rabu', 'closes = "08:00" }  # Rabu', "opens earlier than closes"),
    ('[["12:00", "13:00"]] }   # Rabu', '[["14:30", "15:30"]] }   # Rabu', "breaks within the hours"),
    ('[["12:00", "13:00"]] }   # Rabu', '[["12:00"]] }   # Rabu', "[start, end]"),
    ("mon = {", "monday = {", "did you mean mon?"),
    ('2026-05-15 = "closed"', '2026-05-15 = "tutup"', 'or "closed"'),
    ('2026-05-15 = "closed"', '2026-02-29 = "closed"', "a date that exists"),
    ('2026-05-15 = "closed"', '15-05-2026 = "closed"', "a date such as 2026-12-24"),
    ('code = "B"', 'code = "b"', "one capital letter"),
    ('{ id = "Gaji", en = "Salaries" }', '{ id = "Gaji" }', "is missing: must be a text"),
    ('{ id = "Gaji", en = "Salaries" }', '"Gaji"', "a table with both languages"),
    ("number = 4", "number = 3  # again", "must be another one, it is in use above"),
    ("number = 4", "number = 0", "from 1 to 99"),
    ('kind = "reserve"', 'kind = "cadangan"', '"ordinary" or "reserve"'),
    ('services = ["C", "E"]', 'services = ["C", "F"]', "must be the code of a service"),
    ('services = ["C", "E"]', "services = []", "a list of service codes"),
    ('services = ["C", "E"]', 'services = ["C", "E", "C"]', "must be left out, this counter has it already"),
    ('2026-05-15 = "closed"', '9999-12-31 = { opens = "08:00", closes = "08:30" }', "longer than last_number_minutes (30)"),
    (
        'closes = "15:00", breaks = [["12:00", "13:00"]] }   # Rabu',
        'closes = "08:30" }  # Rabu',
        "hours.week.wed = 08:00 to 08:30: must be",
    ),
]


@pytest.mark.parametrize(("old", "new", "right"), WRONG)
def test_a_wrong_value_is_told_with_its_line_and_what_would_be_right(old: str, new: str, right: str, tmp_path: Path) -> None:
    text = changed(old, new)
    findings = told(text, tmp_path)
    assert f"{line_of(text, new)}: " in " ".join(findings)
    assert right in " ".join(findings)


def test_a_finding_names_file_line_key_value_and_what_would_be_right(tmp_path: Path) -> None:
    text = changed("seconds = 2700", 'seconds = "45m"')
    (finding,) = told(text, tmp_path)
    number = line_of(text, "45m")
    assert finding == f'{number}: guarantee.seconds = "45m": must be a whole number of seconds from 1 to 86400'


def test_all_findings_are_told_at_once_in_order_of_their_lines(tmp_path: Path) -> None:
    text = SHIPPED
    for old, new in [("Asia/Makassar", "Mars"), ("grace_minutes = 60", "grace_minutes = 1.5"), ('["C", "E"]', '["C", "F", "E"]')]:
        text = text.replace(old, new, 1)
    numbers = [int(finding.split(":")[0]) for finding in told(text, tmp_path)]
    assert numbers == [line_of(text, part) for part in ("Mars", "1.5", '"F"')]


def test_a_service_that_no_counter_serves_is_refused(tmp_path: Path) -> None:
    text = changed('code = "E"', 'code = "X"')
    findings = told(text, tmp_path)
    expected = f'{line_of(text, "X")}: services.code = "X": must be among the services of a counter'
    assert any(finding.startswith(expected) for finding in findings)


def test_a_service_that_only_a_reserve_counter_serves_is_refused(tmp_path: Path) -> None:
    text = changed('services = ["C", "E"]', 'services = ["C"]')
    (finding,) = told(text, tmp_path)
    line = line_of(text, 'code = "E"')
    expected = f'{line}: services.code = "E": must be among the services of an ordinary counter'
    assert finding.startswith(expected)


def test_cut_offs_that_leave_a_day_no_time_for_a_number_are_refused(tmp_path: Path) -> None:
    before_the_break = changed("last_number_before_break_minutes = 30", "last_number_before_break_minutes = 240")
    assert load(before_the_break, tmp_path).hours.last_number_before_break_minutes == 240  # the afternoon is left
    findings = told(before_the_break.replace("last_number_minutes = 30", "last_number_minutes = 120", 1), tmp_path)
    days = [finding.split(" = ")[0].split(": ")[1] for finding in findings]
    assert days == [f"hours.week.{day}" for day in ("mon", "tue", "wed", "thu", "fri")]
    assert "last_number_minutes (120) and last_number_before_break_minutes (240)" in findings[0]


def test_an_office_of_reserve_counters_alone_is_refused(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^(number = [1-4])$", r'\1\nkind = "reserve"', SHIPPED)
    (finding,) = told(text, tmp_path)
    assert finding.endswith('counters.kind = "reserve": must be "ordinary" at one counter at least')


def test_an_empty_file_is_told_all_that_it_misses(tmp_path: Path) -> None:
    missing = [finding.split(" is missing")[0] for finding in told("port = 8000\n", tmp_path)]
    assert missing == ["1: counters", "1: hours", "1: id", "1: name", "1: services", "1: time_zone"]


def test_a_warning_from_a_variable_later_than_the_files_promise_is_refused() -> None:
    with pytest.raises(SettingsWrong, match=r"KAYAN_GUARANTEE__WARN_SECONDS = \[2700\]: must be .* below the guarantee, 2700"):
        shipped(GUARANTEE__WARN_SECONDS="2700")


def test_a_folder_of_files_is_as_many_offices(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(SHIPPED, "utf-8")
    (tmp_path / "two.toml").write_text(changed('id = "tanjung-selor"', 'id = "nunukan"'), "utf-8")
    (tmp_path / "notes.txt").write_text("no office", "utf-8")
    assert set(load_offices(tmp_path, Settings())) == {"tanjung-selor", "nunukan"}


def test_two_files_with_one_office_id_are_refused_beside_the_findings_in_a_third(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(SHIPPED, "utf-8")
    (tmp_path / "b.toml").write_text(SHIPPED, "utf-8")
    (tmp_path / "c.toml").write_text(changed("seconds = 2700", "seconds = 0"), "utf-8")
    with pytest.raises(SettingsWrong) as refusal:
        load_offices(tmp_path, Settings())
    twice, shape = refusal.value.lines
    assert twice.startswith(f'{tmp_path / "b.toml"}:{line_of(SHIPPED, "id = ")}: id = "tanjung-selor": must be another one')
    assert shape.startswith(f"{tmp_path / 'c.toml'}:{line_of(SHIPPED, 'seconds = 2700')}: guarantee.seconds")


PLACES = [match.span(1) for match in re.finditer(r"(?m)^[^#\n]*?= *([^#\n]+?)\s*(?:#.*)?$", SHIPPED)]


VALUES = ['""', "[]", "{}", "-1", "1e400", "nan", "true", "[[[{}]]]", "2026-01-01", '"\\u0000"', "0x7f", "99999999999999999999"]


@settings(deadline=None)  # a machine that does much else is no finding
@given(place=st.sampled_from(PLACES), value=st.sampled_from(VALUES))
def test_no_value_in_any_place_leads_to_anything_but_an_office_or_findings_with_lines(
    tmp_path_factory: pytest.TempPathFactory, place: tuple[int, int], value: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any-value.toml"
    path.write_text(SHIPPED[: place[0]] + value + SHIPPED[place[1] :], "utf-8")
    lines: tuple[str, ...] = ()
    try:
        load_offices(path, Settings())
    except SettingsWrong as refusal:
        lines = refusal.lines
    assert all(re.match(rf"{re.escape(str(path))}:\d+: .+", line) for line in lines)
