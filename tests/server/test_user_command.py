"""`kayan user` as an administrator types it: beside a running board, without one, on a store of one's own, and with slips of the hand."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from board.errors import WrongPassword
from board.store.attempts import Attempts
from board.store.passwords import Passwords
from board.store.staff import Staff
from server.store import SEALED_WITH
from tests.driver import PASSWORD, ROOT, Person, Process, environment, running
from tests.staff import DESK, HOUR, client_of

OTHER_PASSWORD = b"kapur-gambir-selor\n"
GIVEN = PASSWORD.encode() + b"\n"


def kayan_user(data: Path, *words: str, given: bytes = b"", **settings: str) -> subprocess.CompletedProcess[bytes]:
    """The command, as a process of its own."""
    command = [sys.executable, "-m", "server", "user", *words]
    return subprocess.run(command, cwd=ROOT, env=environment(data, **settings), input=given, capture_output=True, timeout=60, check=False)


def done(data: Path, *words: str, given: bytes = b"", **settings: str) -> str:
    """What the command printed; it must succeed."""
    found = kayan_user(data, *words, given=given, **settings)
    assert (found.returncode, found.stderr) == (0, b""), found
    return found.stdout.decode()


def opens(url: str, name: str, password: bytes) -> bool:
    """Whether this name and password log in on the store at `url`."""

    async def tried() -> bool:
        async with client_of(url) as client:
            secret = await client.get(SEALED_WITH)
            assert isinstance(secret, bytes)
            try:
                await Staff(client, secret, HOUR, HOUR, Passwords(), Attempts(client, secret)).login(name, password.decode(), DESK, None)
            except WrongPassword:
                return False
        return True

    return asyncio.run(tried())


def test_accounts_are_kept_in_the_data_folder_without_a_running_board(tmp_path: Path) -> None:
    assert done(tmp_path, "add", "Siti", "--role", "officer", "--office", "tanjung-selor", "--password-stdin", given=GIVEN)
    assert done(tmp_path, "disable", "siti") == "siti disabled\n"
    assert done(tmp_path, "list").split() == ["siti", "officer", "tanjung-selor", "disabled"]
    assert done(tmp_path, "enable", "siti") == "siti enabled\n"
    assert done(tmp_path, "list").split() == ["siti", "officer", "tanjung-selor"]


def test_accounts_are_kept_in_the_store_of_the_url(tmp_path: Path, store_url: str) -> None:
    add = ("add", "siti", "--role", "supervisor", "--password-stdin")
    assert done(tmp_path, *add, given=GIVEN, KAYAN_STORE_URL=store_url) == "siti added as supervisor\n"
    assert opens(store_url, "siti", GIVEN[:-1])
    done(tmp_path, "password", "siti", "--password-stdin", given=OTHER_PASSWORD, KAYAN_STORE_URL=store_url)
    assert opens(store_url, "siti", OTHER_PASSWORD[:-1])
    assert not opens(store_url, "siti", GIVEN[:-1])
    assert list(tmp_path.iterdir()) == []


def test_a_password_from_windows_is_the_same_password(tmp_path: Path, store_url: str) -> None:
    add = ("add", "siti", "--role", "officer", "--password-stdin")
    done(tmp_path, *add, given=GIVEN[:-1] + b"\r\n", KAYAN_STORE_URL=store_url)
    assert opens(store_url, "siti", GIVEN[:-1])


def test_a_typed_password_is_asked_for_twice_and_never_printed(tmp_path: Path, valkey_url: str) -> None:
    add = ("add", "siti", "--role", "officer")
    found = kayan_user(tmp_path, *add, given=GIVEN * 2, KAYAN_STORE_URL=valkey_url)
    assert (found.returncode, found.stdout.splitlines()[-1]) == (0, b"siti added as officer")
    assert PASSWORD.encode() not in found.stdout + found.stderr
    assert opens(valkey_url, "siti", GIVEN[:-1])


def test_a_list_that_nobody_reads_is_nobodys_trouble(tmp_path: Path, valkey_url: str) -> None:
    done(tmp_path, *ADD, given=GIVEN, KAYAN_STORE_URL=valkey_url)
    reads, writes = os.pipe()
    os.close(reads)
    env = environment(tmp_path, KAYAN_STORE_URL=valkey_url)
    with os.fdopen(writes, "wb") as nobody:
        lists = [sys.executable, "-m", "server", "user", "list"]
        found = subprocess.run(lists, cwd=ROOT, env=env, stdout=nobody, stderr=subprocess.PIPE, timeout=60, check=False)
    assert found.stderr == b""


def test_an_empty_list_says_how_to_begin(tmp_path: Path, valkey_url: str) -> None:
    found = kayan_user(tmp_path, "list", KAYAN_STORE_URL=valkey_url)
    assert (found.returncode, found.stdout) == (0, b"")
    assert b"kayan user add" in found.stderr


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Process]:
    """A board on `tmp_path`, running."""
    with running(tmp_path) as process:
        yield process


async def test_beside_a_running_board_an_account_works_at_once_and_is_out_at_once_with_its_sockets(board: Process, tmp_path: Path) -> None:
    await asyncio.to_thread(done, tmp_path, "add", "siti", "--role", "officer", "--password-stdin", given=GIVEN)
    siti = await Person(board.url).logs_in("siti")
    async with siti.watches("?view=staff") as screen:
        assert (await screen.frame())["t"] == "snapshot"
        await asyncio.to_thread(done, tmp_path, "disable", "siti")
        assert await screen.end() == 4401
        assert screen.seen[-1]["t"] == "bye"
        assert screen.seen[-1]["reconnect"] == "never"
    assert (await siti.http.get("/api/v1/session")).status_code == 401
    assert (await siti.post("/api/v1/session", {"name": "siti", "password": PASSWORD})).status_code == 401
    await siti.close()


# Slips of the hand

ADD = ("add", "siti", "--role", "officer", "--password-stdin")
SLIPS: list[tuple[int, str, tuple[str, ...], bytes]] = [
    (1, "There is no account nobody", ("disable", "nobody"), b""),
    (1, "There is no account nobody", ("enable", "nobody"), b""),
    (1, "There is no account nobody", ("password", "nobody", "--password-stdin"), GIVEN),
    (2, "10 to 200 characters", ADD, b"short\n"),
    (2, "10 to 200 characters", ADD, b""),
    (2, "10 to 200 characters", ADD, b"a-b-c-d" * 10_000),
    (2, "easy to guess", ADD, b"1234567890\n"),
    (2, "not UTF-8", ADD, b"\xff\xfe-loket-dua-terbuka\n"),
    (2, "2-32 small letters", ("add", "siti nur", "--role", "officer", "--password-stdin"), GIVEN),
    (2, "there is no office tarakan", (*ADD, "--office", "tarakan"), GIVEN),
    (2, "manager", ("add", "siti", "--role", "manager", "--password-stdin"), GIVEN),
    (2, "--role", ("add", "siti", "--password-stdin"), GIVEN),
    (2, "No such command", ("remove", "siti"), b""),
]


@pytest.mark.parametrize(("code", "says", "words", "given"), SLIPS, ids=lambda value: str(value)[:40])
def test_a_slip_is_told_in_words_and_changes_nothing(
    tmp_path: Path, valkey_url: str, code: int, says: str, words: tuple[str, ...], given: bytes
) -> None:
    found = kayan_user(tmp_path, *words, given=given, KAYAN_STORE_URL=valkey_url)
    assert found.returncode == code
    assert says in found.stderr.decode()
    assert b"Traceback" not in found.stderr
    assert done_list(tmp_path, valkey_url) == b""


def done_list(data: Path, url: str) -> bytes:
    """The accounts there are."""
    return kayan_user(data, "list", KAYAN_STORE_URL=url).stdout


def test_a_name_that_is_taken_is_not_given_again(tmp_path: Path, valkey_url: str) -> None:
    done(tmp_path, *ADD, given=GIVEN, KAYAN_STORE_URL=valkey_url)
    found = kayan_user(tmp_path, *ADD, given=OTHER_PASSWORD, KAYAN_STORE_URL=valkey_url)
    assert (found.returncode, found.stderr) == (1, b"kayan: There is an account siti already.\n")
    assert opens(valkey_url, "siti", GIVEN[:-1])


def test_the_last_administrator_is_not_disabled(tmp_path: Path, valkey_url: str) -> None:
    done(tmp_path, "add", "wira", "--role", "administrator", "--password-stdin", given=GIVEN, KAYAN_STORE_URL=valkey_url)
    found = kayan_user(tmp_path, "disable", "wira", KAYAN_STORE_URL=valkey_url)
    assert (found.returncode, found.stderr) == (1, b"kayan: wira is the last administrator who is active.\n")
    assert b"disabled" not in done_list(tmp_path, valkey_url)


def test_two_typed_passwords_that_differ_are_asked_for_again(tmp_path: Path, valkey_url: str) -> None:
    add = ("add", "siti", "--role", "officer")
    found = kayan_user(tmp_path, *add, given=GIVEN + OTHER_PASSWORD, KAYAN_STORE_URL=valkey_url)  # and then nothing more is typed
    assert found.returncode == 1
    assert b"Traceback" not in found.stderr
    assert done_list(tmp_path, valkey_url) == b""


@pytest.mark.parametrize(
    ("says", "setting"),
    [
        ("KAYAN_STORE_URL", {"KAYAN_STORE_URL": "redis://127.0.0.1:1/0"}),
        ("KAYAN_STORE_URL", {"KAYAN_STORE_URL": "http://127.0.0.1/"}),
        ("KAYAN_SESSION_IDLE_SECONDS", {"KAYAN_SESSION_IDLE_SECONDS": "soon"}),
        ("data folder", {"KAYAN_DATA": f"{__file__}/data"}),
        ("data folder", {"KAYAN_DATA": __file__}),
    ],
    ids=lambda value: str(value)[-40:],
)
def test_a_store_or_a_setting_that_is_wrong_is_named(tmp_path: Path, says: str, setting: dict[str, str]) -> None:
    found = kayan_user(tmp_path, "list", given=b"", **setting)
    assert found.returncode in (1, 2)
    assert says in found.stderr.decode()
    assert b"Traceback" not in found.stderr
