"""A board that cannot start as it was told says what is wrong, where, and what would be right; never with a traceback."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.driver import ROOT, environment, running
from tests.stores import DURABLE, redis_server, store_process

OFFICE_FILE = (ROOT / "config" / "office.toml").read_text()


def start(data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """A start that must end by itself."""
    found = subprocess.run(
        [sys.executable, "-m", "server"],
        cwd=ROOT,
        env=environment(data, **settings),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert "Traceback" not in found.stderr
    return found


ONE_MORE = '[[services]]\ncode = "F"\nname = { id = "Umum", en = "General" }\n'
# What is wrong, by what in the office file, and what the line must tell
FILES = [
    ("an impossible time", ('closes = "15:00"', 'closes = "25:00"'), '"25:00"', '"08:00"'),
    ("closing before opening", ('opens = "08:00", closes = "15:00"', 'opens = "16:00", closes = "15:00"'), "hours.week.mon", "earlier"),
    ("a service nobody serves", ("[[counters]]", f"{ONE_MORE}\n[[counters]]"), '"F"', "services of a counter"),
    ("a counter for nothing", ('services = ["C", "E"]', 'services = ["C", "X"]'), '"X"', "service"),
    ("an unknown zone", ('"Asia/Makassar"', '"Asia/Makasar"'), '"Asia/Makasar"', "Asia/Makassar"),
    ("an unknown key", ("phone_taking = true", "phone_take = true"), "phone_take", "phone_taking"),
    ("no TOML", ("[guarantee]", "[guarantee"), "guarantee", ""),
    ("a promise of no time", ("seconds = 2700", "seconds = 0"), "= 0", "86400"),
]


@pytest.mark.parametrize(("wrong", "change", "named", "remedy"), FILES, ids=[case[0].replace(" ", "-") for case in FILES])
def test_a_wrong_office_file_is_named_with_its_line(tmp_path: Path, wrong: str, change: tuple[str, str], named: str, remedy: str) -> None:
    file = tmp_path / "office.toml"
    text = OFFICE_FILE.replace(*change, 1)
    assert text != OFFICE_FILE
    file.write_text(text)
    found = start(tmp_path / "data", KAYAN_OFFICES=str(file))
    assert found.returncode == 2, wrong
    told = next(line for line in found.stderr.splitlines() if named in line)
    place = re.search(rf"{re.escape(str(file))}:(\d+):", told)
    assert place
    assert abs(int(place[1]) - line_of(text, change[1])) <= 1  # a day's hours are on one line, an unclosed bracket is found on the next
    assert remedy in told
    assert not (tmp_path / "data").exists()


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


SETTINGS = [
    ("KAYAN_PORT", "eighty"),
    ("KAYAN_PORT", "70000"),
    ("KAYAN_GUARANTEE__SECONDS", "0"),
    ("KAYAN_STORE_URL", "http://127.0.0.1/"),
    ("KAYAN_LIMITS", "perhaps"),
    ("KAYAN_SECRET", "short"),
    ("KAYAN_PUBLIC_URL", "antrean.example.go.id/kayan"),
    ("KAYAN_OFFICES", "/nowhere/office.toml"),
    ("KAYAN_TRUSTED_PROXIES", "everybody"),
]


@pytest.mark.parametrize(("name", "value"), SETTINGS, ids=lambda value: value.replace("/", "_"))
def test_a_wrong_setting_is_named_with_its_value(tmp_path: Path, name: str, value: str) -> None:
    found = start(tmp_path / "data", **{name: value})
    assert found.returncode == 2
    told = next(line for line in found.stderr.splitlines() if name in line)
    assert (value in told) == (name != "KAYAN_SECRET")  # a secret is not thrown back
    assert not (tmp_path / "data").exists()


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_a_port_that_is_taken_is_said_and_the_store_ends_again(tmp_path: Path, taken_port: int) -> None:
    found = start(tmp_path, KAYAN_PORT=str(taken_port))
    assert found.returncode == 1
    assert str(taken_port) in found.stderr
    assert "KAYAN_PORT" in found.stderr


def test_two_boards_on_one_data_folder_refuse_each_other(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        found = start(tmp_path)
        assert found.returncode == 1
        assert str(first.popen.pid) in found.stderr
        assert str(tmp_path) in found.stderr


def test_a_store_that_may_forget_is_refused_unless_that_is_accepted_and_then_it_is_said(tmp_path: Path) -> None:
    with store_process(redis_server(), "--appendonly", "no") as url:
        found = start(tmp_path, KAYAN_STORE_URL=url)
        assert found.returncode == 1
        assert "KAYAN_STORE_MAY_FORGET" in found.stderr
        with running(tmp_path, KAYAN_STORE_URL=url, KAYAN_STORE_MAY_FORGET="true") as process:
            assert any("may forget" in line for line in process.said)


def test_a_store_that_is_not_there_is_said(tmp_path: Path) -> None:
    with store_process(redis_server(), *DURABLE) as url:
        gone = url
    found = start(tmp_path, KAYAN_STORE_URL=gone)
    assert found.returncode == 1
    assert "KAYAN_STORE_URL" in found.stderr
