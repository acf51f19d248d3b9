"""Settings: what variables and the office file say, and how a wrong one is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import SettingsWrong
from config.places import OFFICE_FILE, ROOT
from config.settings import EscalationOverride, GuaranteeOverride, Settings, load_settings, unknown_variables


def wrong(env: dict[str, str]) -> tuple[str, ...]:
    """The lines that these variables are answered with."""
    with pytest.raises(SettingsWrong) as refusal:
        load_settings(env)
    return refusal.value.lines


def office_file(folder: Path, text: str, name: str = "office.toml") -> str:
    """The path of an office file that holds `text`."""
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


def test_with_no_variable_set_the_board_listens_on_port_8000_with_its_own_store_and_office_file() -> None:
    settings = load_settings({})
    assert (settings.host, settings.port, settings.store_url, settings.public_url) == ("0.0.0.0", 8000, "", "")
    assert settings.offices == OFFICE_FILE
    assert settings.data == ROOT / "data"
    assert settings.limits
    assert settings.always_open is None
    assert (settings.guarantee, settings.escalation) == (GuaranteeOverride(), EscalationOverride())
    assert not settings.store_may_forget
    assert settings.trusted_proxies == ""
    assert (settings.session_idle_seconds, settings.session_absolute_seconds) == (4 * 3600, 12 * 3600)


def test_the_variables_of_the_contract_are_understood() -> None:
    settings = load_settings(
        {
            "KAYAN_HOST": "127.0.0.1",
            "KAYAN_PORT": "9000",
            "KAYAN_PUBLIC_URL": "https://antrean.example.go.id/",
            "KAYAN_DATA": "elsewhere",
            "KAYAN_STORE_URL": "redis://user:word@store:6379/2",
            "KAYAN_GUARANTEE__SECONDS": "3",
            "KAYAN_GUARANTEE__WARN_SECONDS": "[1, 2]",
            "KAYAN_ESCALATION__CONFIRM_SECONDS": "4",
            "KAYAN_ESCALATION__ACCEPT_SECONDS": "5",
            "KAYAN_ESCALATION__CALL_SECONDS": "6",
            "KAYAN_ALWAYS_OPEN": "true",
            "KAYAN_LIMITS": "off",
        }
    )
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 9000, "https://antrean.example.go.id")
    assert (settings.data, settings.store_url) == (Path("elsewhere"), "redis://user:word@store:6379/2")
    assert (settings.guarantee.seconds, settings.guarantee.warn_seconds) == (3, (1, 2))
    escalation = settings.escalation
    assert (escalation.confirm_seconds, escalation.accept_seconds, escalation.call_seconds) == (4, 5, 6)
    assert settings.always_open is True
    assert settings.limits is False


@pytest.mark.parametrize("text", ["[1, 2]", "1,2", " 1, 2 "])
def test_warnings_may_be_written_as_a_list_with_or_without_brackets(text: str) -> None:
    assert load_settings({"KAYAN_GUARANTEE__WARN_SECONDS": text}).guarantee.warn_seconds == (1, 2)


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    assert load_settings({"KAYAN_PORT": "", "KAYAN_GUARANTEE__SECONDS": "", "KAYAN_OFFICES": " "}).port == 8000


def test_the_environment_of_the_process_is_not_read_behind_the_callers_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAYAN_PORT", "9999")
    assert load_settings({}).port == Settings().port == 8000


def test_trusted_proxies_are_brought_into_the_form_that_the_server_takes() -> None:
    settings = load_settings({"KAYAN_TRUSTED_PROXIES": "127.0.0.1, 10.1.2.3/8 ,::1"})
    assert settings.trusted_proxies == "127.0.0.1/32,10.0.0.0/8,::1/128"


@pytest.mark.parametrize(
    ("name", "value", "right"),
    [
        ("KAYAN_PORT", "http", "0 for any free port"),
        ("KAYAN_PORT", "65536", "0 for any free port"),
        ("KAYAN_HOST", "two words", "such as 0.0.0.0"),
        ("KAYAN_PUBLIC_URL", "antrean.example.go.id", "https://antrean.example.go.id"),
        ("KAYAN_PUBLIC_URL", "https://example.go.id/antrean", "nothing after it"),
        ("KAYAN_PUBLIC_URL", "https://example.go.id:99999", "nothing after it"),
        ("KAYAN_STORE_URL", "redis+cluster://store", "redis://host:6379/0"),
        ("KAYAN_STORE_URL", "redis://", "redis://host:6379/0"),
        ("KAYAN_STORE_URL", "unix://", "unix:///path/to/socket"),
        ("KAYAN_GUARANTEE__SECONDS", "0", "from 1 to 86400"),
        ("KAYAN_GUARANTEE__SECONDS", "45m", "from 1 to 86400"),
        ("KAYAN_GUARANTEE__WARN_SECONDS", "[30", "such as [1800, 2400]"),
        ("KAYAN_GUARANTEE", "45", "KAYAN_GUARANTEE__SECONDS"),
        ("KAYAN_ESCALATION__CALL_SECONDS", "-1", "from 1 to 86400"),
        ("KAYAN_ALWAYS_OPEN", "perhaps", "true or false"),
        ("KAYAN_LIMITS", "none", "on or off"),
        ("KAYAN_TRUSTED_PROXIES", "*", "127.0.0.1,10.0.0.0/8"),
        ("KAYAN_SESSION_IDLE_SECONDS", "5", "from 60 to 86400"),
        ("KAYAN_LOG_LEVEL", "loud", "debug, info, warning or error"),
    ],
)
def test_a_wrong_variable_is_told_with_its_value_and_what_would_be_right(name: str, value: str, right: str) -> None:
    (line,) = wrong({name: value})
    assert line.startswith(f'{name} = "{value}": must be ')
    assert right in line


def test_all_wrong_variables_are_told_at_once() -> None:
    lines = wrong({"KAYAN_PORT": "x", "KAYAN_LIMITS": "x", "KAYAN_GUARANTEE__SECONDS": "x"})
    assert [line.split(" ")[0] for line in lines] == ["KAYAN_PORT", "KAYAN_GUARANTEE__SECONDS", "KAYAN_LIMITS"]


def test_warnings_later_than_the_promise_are_refused_where_both_are_set() -> None:
    (line,) = wrong({"KAYAN_GUARANTEE__SECONDS": "3", "KAYAN_GUARANTEE__WARN_SECONDS": "[1, 3]"})
    assert line == 'KAYAN_GUARANTEE__WARN_SECONDS = "[1, 3]": must be a list of whole seconds from 1 to 2, below the guarantee'


def test_a_session_may_not_rest_longer_than_it_lives() -> None:
    (line,) = wrong({"KAYAN_SESSION_IDLE_SECONDS": "7200", "KAYAN_SESSION_ABSOLUTE_SECONDS": "3600"})
    assert line == 'KAYAN_SESSION_ABSOLUTE_SECONDS = "3600": must be at least 7200, the seconds that a session may be idle'


@pytest.mark.parametrize("name", ["KAYAN_SECRET", "KAYAN_METRICS_TOKEN"])
def test_a_secret_is_neither_told_in_a_finding_nor_shown_with_the_settings(name: str) -> None:
    assert "hush" not in wrong({name: "hush"})[0]
    good = "hush" * 8
    assert good not in repr(load_settings({name: good}))


def test_the_password_of_a_store_address_is_not_told() -> None:
    (line,) = wrong({"KAYAN_STORE_URL": "rediss+sentinel://user:pass@word@store"})
    assert line.startswith('KAYAN_STORE_URL = "rediss+sentinel://…@store": ')
    assert "word" not in repr(load_settings({"KAYAN_STORE_URL": "redis://user:word@store"}))


def test_each_setting_may_stand_in_the_office_file_where_a_variable_wins(tmp_path: Path) -> None:
    offices = office_file(tmp_path, 'id = "x"\nport = 9001\nlimits = "off"\nstore_url = "redis://store"\n')
    settings = load_settings({"KAYAN_OFFICES": offices, "KAYAN_PORT": "9002"})
    assert (settings.port, settings.limits, settings.store_url) == (9002, False, "redis://store")


def test_a_wrong_setting_in_the_office_file_is_told_with_file_and_line(tmp_path: Path) -> None:
    offices = office_file(tmp_path, 'id = "x"\n\nport = true\nhost = ""\n')
    assert wrong({"KAYAN_OFFICES": offices}) == (
        f'{offices}:4: host = "": must be an address or a host name of this computer, such as 0.0.0.0',
        f"{offices}:3: port = true: must be a whole number",
    )


def test_office_files_that_disagree_on_the_deployments_port_are_refused(tmp_path: Path) -> None:
    office_file(tmp_path, "port = 8000\n", "a.toml")
    second = office_file(tmp_path, "\nport = 9000\n", "b.toml")
    (line,) = wrong({"KAYAN_OFFICES": str(tmp_path)})
    assert line.startswith(f"{second}:2: port must be the same as in {tmp_path / 'a.toml'}")


def test_an_office_path_that_leads_nowhere_is_told_beside_other_mistakes(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere")
    first, second = wrong({"KAYAN_OFFICES": nowhere, "KAYAN_PORT": "x"})
    assert first.startswith(f'KAYAN_OFFICES = "{nowhere}": ')
    assert second.startswith("KAYAN_PORT")


def test_an_office_file_that_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    offices = office_file(tmp_path, 'id = "x"\nname = KPPN\n')
    (line,) = wrong({"KAYAN_OFFICES": offices})
    assert line.startswith(f"{offices}:2: 'name = KPPN' is not TOML (Invalid value)")


def test_a_variable_with_a_slip_of_the_pen_is_told_and_stops_nothing() -> None:
    env = {"KAYAN_PROT": "1", "KAYAN_ESCALATION__ACCEPT_SECOND": "1", "KAYAN_PORT": "1", "HOME": "/"}
    assert load_settings(env).port == 1
    assert unknown_variables(env) == [
        "KAYAN_PROT is not a setting: did you mean KAYAN_PORT?",
        "KAYAN_ESCALATION__ACCEPT_SECOND is not a setting: did you mean KAYAN_ESCALATION__ACCEPT_SECONDS?",
    ]


NAMES = ["PORT", "HOST", "PUBLIC_URL", "STORE_URL", "TRUSTED_PROXIES", "LIMITS", "SECRET", "LOG_LEVEL", "DATA", "SESSION_IDLE_SECONDS"]
NESTED = ["GUARANTEE", "GUARANTEE__SECONDS", "GUARANTEE__WARN_SECONDS", "GUARANTEE__", "ESCALATION__CALL_SECONDS", "X__Y"]


@given(st.dictionaries(st.sampled_from([f"KAYAN_{name}" for name in NAMES + NESTED]), st.text()))
def test_no_text_in_a_variable_leads_to_anything_but_settings_or_findings(env: dict[str, str]) -> None:
    lines: tuple[str, ...] = ()
    try:
        load_settings(env)
    except SettingsWrong as refusal:
        lines = refusal.lines
    assert all(line.startswith("KAYAN_") and "\n" not in line for line in lines)
