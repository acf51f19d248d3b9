"""What a fresh clone needs: locks with hashes, the scripts in bin/, a wheel that holds everything."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.lock", "requirements-test.lock"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DEPENDENCIES: list[str] = PROJECT["dependencies"]
TEST_DEPENDENCIES: list[str] = PROJECT["optional-dependencies"]["test"]


def entries(lock: str) -> dict[str, str]:
    """The entries of a lock file by package name, each one logical line."""
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
    return {canonicalize_name(Requirement(line.split(" --hash")[0]).name): line for line in lines}


@pytest.mark.parametrize("lock", LOCKS)
def test_each_line_of_a_lock_pins_one_version_with_its_hashes(lock: str) -> None:
    entry = re.compile(r"[a-z0-9-]+==[^\s;]+( ; [^\\]+?)?(\s+--hash=sha256:[0-9a-f]{64})+")
    assert [line for line in entries(lock).values() if not entry.fullmatch(line.strip())] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_package_server(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host", text)


@pytest.mark.parametrize(("lock", "wanted"), [(LOCKS[0], DEPENDENCIES), (LOCKS[1], DEPENDENCIES + TEST_DEPENDENCIES)])
def test_a_lock_holds_a_fitting_version_of_all_that_the_project_asks_for(lock: str, wanted: list[str]) -> None:
    locked = entries(lock)
    for requirement in map(Requirement, wanted):
        version = locked[canonicalize_name(requirement.name)].split("==")[1].split()[0]
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}: make the lock anew"


def test_the_test_lock_holds_all_of_the_other_lock() -> None:
    assert entries(LOCKS[0]).items() <= entries(LOCKS[1]).items()


SCRIPTS = ["bin/kayan", "bin/environment", "bin/test", ".ci/run"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_can_be_run_and_has_no_mistake_of_grammar(script: str) -> None:
    path = ROOT / script
    assert os.access(path, os.X_OK)
    shell = path.read_text("utf-8").split("\n")[0].rsplit("/", 1)[1].split()[-1]
    subprocess.run([shell, "-n", path], check=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone under a path with a space, whose environment stands and whose Python prints what it is asked."""
    clone = tmp_path / "a clone"
    (clone / ".venv" / "bin").mkdir(parents=True)
    shutil.copytree(ROOT / "bin", clone / "bin")
    shutil.copy(ROOT / "requirements.lock", clone)
    shutil.copy(ROOT / "requirements.lock", clone / ".venv")
    script(clone / ".venv" / "bin" / "python", 'printf "%s|" "$PYTHONPATH" "$@"')
    return clone


def script(path: Path, *lines: str) -> None:
    """An executable shell script at `path`."""
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]), "utf-8")
    path.chmod(0o755)


def said(command: Path | str, *arguments: str, **env: str) -> str:
    """What the command prints on standard output, called from the root folder with these variables alone."""
    done = subprocess.run([command, *arguments], cwd="/", env={"PATH": os.defpath, **env}, capture_output=True, text=True, check=True)
    return done.stdout


def test_kayan_starts_from_any_folder_through_links_and_with_no_home(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "first").symlink_to("a clone/bin/kayan")
    (tmp_path / "second").symlink_to(tmp_path / "first")
    (tmp_path / "folder").symlink_to(clone / "bin")
    expected = f"{clone}|-P|-m|server|user|add|two words|"
    for way in (clone / "bin" / "kayan", tmp_path / "first", tmp_path / "second", tmp_path / "folder" / "kayan"):
        assert said(way, "user", "add", "two words") == expected


def test_kayan_prepares_its_environment_anew_once_the_lock_has_changed(clone: Path) -> None:
    script(clone / "bin" / "environment", 'echo "prepares from $1"', 'cp "${0%/bin/*}/$1" "${0%/bin/*}/.venv/$1"')
    assert not said(clone / "bin" / "kayan").startswith("prepares")
    with (clone / "requirements.lock").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    assert said(clone / "bin" / "kayan").startswith("prepares from requirements.lock\n")
    assert not said(clone / "bin" / "kayan").startswith("prepares")


def test_a_computer_without_a_fitting_python_is_told_what_to_install(clone: Path, tmp_path: Path) -> None:
    shutil.rmtree(clone / ".venv")
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("sh", "dirname", "mkdir", "cmp"):
        (tools / tool).symlink_to(shutil.which(tool) or pytest.fail(f"{tool} is missing"))
    script(tools / "python3", "exit 1")
    done = subprocess.run([clone / "bin" / "kayan"], env={"PATH": str(tools)}, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr
    assert "apt-get install python3-venv" in done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("kayan-*.whl")
    return built


def test_the_wheel_holds_all_that_the_checkout_holds_of_the_four_folders(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(
        ["git", "ls-files", "board", "server", "config", "static"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert set(listed.stdout.split()) <= packed
    assert {name.split("/")[0] for name in packed if ".dist-info/" not in name} <= {"board", "server", "config", "static"}


def test_what_is_installed_from_the_wheel_finds_its_pages_and_its_office_file(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    ask = "from config.places import *; print(STATIC, OFFICE_FILE, OFFICE_FILE.is_file(), data_folder(), sep='|')"
    answer = subprocess.run(
        [sys.executable, "-P", "-c", ask], env={"PYTHONPATH": str(tmp_path)}, cwd="/", capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == f"{tmp_path / 'static'}|{tmp_path / 'config' / 'office.toml'}|True|data"
    entry = next(name for name in zipfile.ZipFile(wheel).namelist() if name.endswith("entry_points.txt"))
    assert "kayan = server.__main__:main" in zipfile.ZipFile(wheel).read(entry).decode()
