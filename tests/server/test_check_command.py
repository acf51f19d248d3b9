"""`kayan check` as somebody types it before opening the doors: all is well, or one line says what is not and what to do."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from server.commands.check import of_clock
from server.commands.finding import Mark
from server.commands.shelves import pages, vendored
from tests.driver import ROOT, command, environment, running
from tests.stores import DURABLE, redis_server, store_process

OFFICE_FILE = (ROOT / "config" / "office.toml").read_text()
ABOUT = ["settings", "files", "office", "zone", "pages", "vendor", "fonts", "store", "clock", "port"]
WORKING_DAY = {"KAYAN_ALWAYS_OPEN": "", "KAYAN_LIMITS": ""}


def checked(data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command, as a process of its own; it never shows its inside."""
    command = [sys.executable, "-m", "server", "check"]
    env = environment(data, **{**WORKING_DAY, **settings})
    found = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in found.stdout + found.stderr
    return found


def line(found: subprocess.CompletedProcess[str], mark: str, about: str) -> str:
    """What the one finding with this mark says about that part of the house."""
    (said,) = [said for said in found.stdout.splitlines() if said.split()[:2] == [mark, about]]
    return said.split(maxsplit=2)[2]


def marks(found: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """The mark of each part."""
    return {said.split()[1]: said.split()[0] for said in found.stdout.splitlines()}


def wrongs(found: subprocess.CompletedProcess[str]) -> list[str]:
    return [said.split()[1] for said in found.stdout.splitlines() if said.startswith("wrong")]


@pytest.fixture
def free_port() -> int:
    """One that nobody holds now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_house_that_is_right_is_told_in_a_line_for_each_part_without_a_board(tmp_path: Path, free_port: int) -> None:
    found = checked(tmp_path, KAYAN_PORT=str(free_port))
    assert (found.returncode, found.stderr) == (0, "")
    assert [said.split()[:2] for said in found.stdout.splitlines()] == [["ok", about] for about in ABOUT]
    assert line(found, "ok", "store").startswith("Valkey 9.")
    assert "Asia/Makassar, UTC+08:00" in line(found, "ok", "zone")
    assert line(found, "ok", "port") == f"{free_port} is free"


def test_whoever_has_read_enough_may_hang_up_and_nothing_is_said_of_it(tmp_path: Path) -> None:
    check = [sys.executable, "-m", "server", "check"]
    env = environment(tmp_path, **WORKING_DAY)
    with subprocess.Popen(check, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as looks:
        assert looks.stdout
        assert looks.stderr
        while " fonts " not in looks.stdout.readline():  # behind it the store is opened, and the next line finds nobody
            assert looks.poll() is None
        looks.stdout.close()
        assert looks.stderr.read() == ""
    assert checked(tmp_path).returncode == 0  # the store was closed in order


def test_a_computer_that_lets_few_files_be_open_is_wrong_and_the_line_says_where_that_is_set(tmp_path: Path) -> None:
    env = environment(tmp_path, **WORKING_DAY)
    check = command("check", files="512")
    found = subprocess.run(check, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (found.returncode, wrongs(found)) == (1, ["files"])
    assert "512" in line(found, "wrong", "files")
    for remedy in ("LimitNOFILE", "ulimit -Hn"):
        assert remedy in line(found, "wrong", "files")


def test_beside_a_running_board_its_store_is_looked_at_and_its_port_is_no_trouble(tmp_path: Path) -> None:
    with running(tmp_path) as board:
        found = checked(tmp_path, KAYAN_PORT=str(board.port))
        assert (found.returncode, found.stderr) == (0, "")
        assert "of the board that runs" in line(found, "ok", "store")
        assert line(found, "ok", "port") == f"{board.port} is held by the board that runs on this store, and it answers"
    assert checked(tmp_path, KAYAN_PORT=str(board.port)).returncode == 0  # it has left nothing behind


def test_a_port_that_a_board_on_another_folder_holds_is_trouble(tmp_path: Path) -> None:
    with running(tmp_path / "theirs") as board:
        found = checked(tmp_path / "ours", KAYAN_PORT=str(board.port))
    assert found.returncode == 1
    assert "a KAYAN board on another store" in line(found, "wrong", "port")
    assert "KAYAN_PORT" in line(found, "wrong", "port")


def test_a_port_that_another_program_holds_is_trouble_also_when_it_never_answers(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        found = checked(tmp_path, KAYAN_PORT=str(port))
    assert found.returncode == 1
    assert wrongs(found) == ["port"]
    assert line(found, "wrong", "port") == f"port {port} is in use by another program: end that one, or set KAYAN_PORT to another port"


def test_an_address_that_is_not_this_computers_is_trouble(tmp_path: Path, free_port: int) -> None:
    found = checked(tmp_path, KAYAN_HOST="192.0.2.77", KAYAN_PORT=str(free_port))
    assert found.returncode == 1
    assert "KAYAN_HOST" in line(found, "wrong", "port")


def test_a_store_of_a_url_is_named_with_its_version(tmp_path: Path, store_url: str) -> None:
    found = checked(tmp_path, KAYAN_STORE_URL=store_url)
    assert (found.returncode, found.stderr) == (0, "")
    assert " of KAYAN_STORE_URL. What the store acknowledges is on disk." in line(found, "ok", "store")
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_may_forget_is_wrong_unless_that_is_accepted_and_then_it_is_a_note(tmp_path: Path) -> None:
    with store_process(redis_server(), "--appendonly", "no") as url:
        refused = checked(tmp_path, KAYAN_STORE_URL=url)
        accepted = checked(tmp_path, KAYAN_STORE_URL=url, KAYAN_STORE_MAY_FORGET="true")
    assert (refused.returncode, accepted.returncode) == (1, 0)
    assert "set `appendonly yes`" in line(refused, "wrong", "store")
    assert "KAYAN_STORE_MAY_FORGET" in line(refused, "wrong", "store")
    assert "may forget" in line(accepted, "note", "store")


def test_a_store_that_is_not_there_is_wrong_and_the_rest_is_told_all_the_same(tmp_path: Path) -> None:
    with store_process(redis_server(), *DURABLE) as url:
        gone = url
    found = checked(tmp_path, KAYAN_STORE_URL=gone)
    assert found.returncode == 1
    assert wrongs(found) == ["store"]
    assert "KAYAN_STORE_URL" in line(found, "wrong", "store")
    assert marks(found)["port"] == "ok"


def test_a_data_folder_that_cannot_be_one_is_wrong(tmp_path: Path) -> None:
    found = checked(tmp_path, KAYAN_DATA=__file__)
    assert found.returncode == 1
    assert "KAYAN_DATA" in line(found, "wrong", "store")


def test_what_is_set_for_tests_is_a_note_and_a_variable_that_sets_nothing_is_wrong(tmp_path: Path) -> None:
    for_tests = checked(tmp_path, KAYAN_LIMITS="off", KAYAN_ALWAYS_OPEN="true")
    assert for_tests.returncode == 0
    assert "KAYAN_LIMITS" in line(for_tests, "note", "settings")
    assert "KAYAN_ALWAYS_OPEN" in line(for_tests, "note", "office")
    slip = checked(tmp_path, KAYAN_PROT="8000")
    assert slip.returncode == 1
    assert line(slip, "wrong", "settings") == "KAYAN_PROT is not a setting: did you mean KAYAN_PORT?"


def test_an_office_that_is_open_on_no_day_is_wrong(tmp_path: Path) -> None:
    week = OFFICE_FILE.index("mon = {"), OFFICE_FILE.index("# Single dates that differ")
    file = tmp_path / "office.toml"
    file.write_text(OFFICE_FILE[: week[0]] + OFFICE_FILE[week[1] :])
    found = checked(tmp_path / "data", KAYAN_OFFICES=str(file))
    assert found.returncode == 1
    assert "[hours]" in line(found, "wrong", "office")


WRONG_SETTINGS = [("KAYAN_PORT", "eighty"), ("KAYAN_OFFICES", "/nowhere/office.toml")]


@pytest.mark.parametrize(("name", "value"), WRONG_SETTINGS, ids=lambda value: value.replace("/", "_"))
def test_wrong_settings_end_it_with_2_and_touch_nothing(tmp_path: Path, name: str, value: str) -> None:
    found = checked(tmp_path / "data", **{name: value})
    assert (found.returncode, found.stdout) == (2, "")
    assert name in found.stderr
    assert not (tmp_path / "data").exists()


def test_a_store_whose_clock_differs_is_wrong_and_the_time_of_the_answer_does_not_count() -> None:
    assert of_clock(1000.5, 1000.0, 1001.0).mark is Mark.OK
    assert of_clock(1000.5, 990.0, 1001.0).mark is Mark.OK  # a slow answer tells nothing
    assert "behind" in of_clock(1000.0, 1010.0, 1010.1).says
    assert "3600 s ahead of" in of_clock(4600.1, 1000.0, 1000.1).says


@pytest.fixture
def static(tmp_path: Path) -> Path:
    """The pages, to be spoilt."""
    return Path(shutil.copytree(ROOT / "static", tmp_path / "static"))


def test_a_page_or_a_file_of_it_that_is_missing_is_named(static: Path) -> None:
    (static / "kiosk" / "index.html").unlink()
    (static / "tv" / "page.js").unlink()
    (found,) = pages(static)
    assert found.mark is Mark.WRONG
    assert "tv/page.js, kiosk/index.html;" in found.says
    assert "git status" in found.says


def test_a_changed_file_and_a_missing_font_are_named(static: Path) -> None:
    with (static / "vendor" / "lit" / "lit-html.js").open("a") as changed:
        changed.write("\n")
    (static / "vendor" / "inter" / "inter-ascii-800.woff2").unlink()
    shelf, fonts = vendored(static)
    assert (shelf.mark, fonts.mark) == (Mark.WRONG, Mark.WRONG)
    assert "inter/inter-ascii-800.woff2, lit/lit-html.js;" in shelf.says
    assert "3 of 4 are usable" in fonts.says


def test_a_folder_without_the_list_of_other_peoples_files_is_told(static: Path) -> None:
    shutil.rmtree(static / "vendor")
    (found,) = vendored(static)
    assert found.mark is Mark.WRONG
    assert "README.md lists no file" in found.says
