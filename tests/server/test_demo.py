"""`kayan demo`: a newcomer sees every screen move, one promise fall due and be answered, and nothing is left of it at the end."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.driver import OFFICE, ROOT, Person, Process, Screen, environment, running
from tests.stores import comes, until

pytestmark = pytest.mark.timeout(300)  # s; an hour of the office is a minute, and a busy machine is slow to make a dozen accounts
HOUR_MS = 60_000  # at sixty times the speed
PASSWORD = re.compile(r"Sign in at \S+, password (\S+):")
LAST = "Ctrl-C ends it."
MOVES = ("ticket.taken", "ticket.called", "ticket.serving", "ticket.done")


def demo_settings(folder: Path) -> dict[str, str]:
    """With the settings of a board that the demo has to leave alone, and a place of its own for throw-away folders."""
    folder.joinpath("passing").mkdir(exist_ok=True)
    return {"TMPDIR": str(folder / "passing"), "KAYAN_ALWAYS_OPEN": "", "KAYAN_LIMITS": ""}


def invites(demo: Process) -> None:
    """Waits until the accounts are made and the play begins."""
    until(lambda: LAST in demo.said, 120)


def left(folder: Path) -> list[Path]:
    """The demo's throw-away folders that are there."""
    return list(folder.glob("passing/kayan-demo-*"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Process]:
    """A demo that goes on through the tests of this file."""
    with running(folder / "data", "demo", "--speed", "60", **demo_settings(folder)) as process:
        invites(process)
        yield process


@asynccontextmanager
async def watching(demo: Process) -> AsyncIterator[Screen]:
    """A staff screen, opened by the supervisor whom the demo invites to sign in."""
    password = next(found[1] for line in demo.said if (found := PASSWORD.search(line)))
    penyelia = Person(demo.url)
    try:
        answer = await penyelia.post("/api/v1/session", {"name": "penyelia", "password": password})
        assert answer.status_code == 201, answer.text
        async with penyelia.watches("?view=staff") as screen:
            yield screen
    finally:
        await penyelia.close()


async def events(screen: Screen) -> AsyncIterator[dict[str, Any]]:
    """What happens from now on."""
    while True:
        for event in (await screen.frame(30)).get("events", []):
            yield event


async def test_the_screens_move_soon_tickets_are_taken_called_served_and_done(demo: Process) -> None:
    """Within ten seconds, on a computer that has nothing else to do."""
    missing = set(MOVES)
    async with watching(demo) as screen:
        async for event in events(screen):
            missing.discard(event["kind"])
            if not missing:
                break


def test_the_start_says_how_to_look_around(demo: Process) -> None:
    said = "\n".join(demo.said)
    assert f"/{OFFICE}/tv" in said
    assert "This is a demo, 60 times as fast" in said
    assert all(f"  {name} " in said for name in ("petugas", "resepsionis", "penyelia", "administrator"))
    assert "#first=" not in said  # the administrator is there


async def test_one_promise_falls_due_and_its_alert_is_seen_from_raised_to_resolved(demo: Process) -> None:
    """Accepted, too; on a busy computer it may have lapsed and been raised again before that."""
    steps: dict[str, list[str]] = {}
    async with watching(demo) as screen, asyncio.timeout(280):
        async for event in events(screen):
            if event["kind"].startswith("escalation."):
                mine = steps.setdefault(event["escalation"]["id"], [])
                mine.append(event["kind"].partition(".")[2])
                if mine[0] == "raised" and mine[-1] == "resolved" and "accepted" in mine:
                    break


async def test_it_goes_on_for_an_hour_of_the_office_and_has_nothing_to_complain_of(demo: Process) -> None:
    visitor = Person(demo.url)

    async def an_hour_has_passed() -> bool:
        board = await visitor.board()
        called = [ticket["called_at"] for ticket in board["tickets"] if ticket["called_at"] is not None]
        return bool(called) and max(called) - int(first["called_at"]) > HOUR_MS

    async with watching(demo) as screen:
        first = (await screen.event("ticket.called", within=60))["ticket"]
    await comes(an_hour_has_passed, 280)
    await visitor.close()
    assert demo.said[demo.said.index(LAST) :] == [LAST, ""]  # standard error is read with the rest


async def test_beside_a_board_with_the_same_settings_it_leaves_that_one_alone(demo: Process, folder: Path) -> None:
    with running(folder / "data", **demo_settings(folder)) as board:
        visitor = Person(board.url)
        with running(folder / "data", "demo", "--speed", "60", **demo_settings(folder)) as second:
            invites(second)
            assert len({board.port, second.port, demo.port}) == 3
            assert (await visitor.board())["tickets"] == []
        await visitor.close()
        assert "#first=" in "\n".join(board.said)  # it still waits for its own administrator


def test_a_port_that_is_taken_is_said_with_the_option_that_helps(demo: Process, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "server", "demo", "--port", str(demo.port)]
    env = environment(tmp_path, **demo_settings(tmp_path))
    found = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert found.returncode == 1
    assert f"port {demo.port} is in use" in found.stderr
    assert "--port" in found.stderr
    assert left(tmp_path) == []


@pytest.mark.parametrize("words", [["--speed", "0"], ["--speed", "1000"], ["--port", "70000"], ["--fast"]], ids=" ".join)
def test_wrong_usage_ends_it_with_2(tmp_path: Path, words: list[str]) -> None:
    command = [sys.executable, "-m", "server", "demo", *words]
    found = subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=60, check=False)
    assert found.returncode == 2
    assert words[0] in found.stderr


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_at_its_end_the_throw_away_folder_is_gone_and_nothing_was_written_elsewhere(tmp_path: Path, asked: signal.Signals) -> None:
    with running(tmp_path / "data", "demo", **demo_settings(tmp_path)) as demo:
        invites(demo)
        assert len(left(tmp_path)) == 1
        demo.popen.send_signal(asked)
        assert demo.popen.wait(30) == 0
        until(lambda: demo.popen.stdout is None or demo.popen.stdout.closed)
        assert demo.said[demo.said.index(LAST) :] == [LAST, ""]
    assert left(tmp_path) == []
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_ended_while_it_starts_it_leaves_no_folder_either(tmp_path: Path, asked: signal.Signals) -> None:
    command, env = [sys.executable, "-m", "server", "demo"], environment(tmp_path / "data", **demo_settings(tmp_path))
    with subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as demo:
        until(lambda: left(tmp_path))
        demo.send_signal(asked)
        _, said = demo.communicate(timeout=30)
    assert (demo.returncode, said) == (0, "")
    assert left(tmp_path) == []
