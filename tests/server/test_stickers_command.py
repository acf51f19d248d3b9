"""`kayan stickers` as an administrator types it: beside a running board, without one, and with slips of the hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from server.auth import COOKIE
from tests.browser.qr import decoded
from tests.browser.town import office_file
from tests.driver import API, ROOT, environment
from tests.house import house
from tests.printed import pictures

PUBLIC = {"KAYAN_PUBLIC_URL": "https://antrean.example.go.id"}
HERE = "https://antrean.example.go.id/tanjung-selor?s="


def kayan_stickers(data: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command, as a process of its own."""
    command = [sys.executable, "-m", "server", "stickers", *words]
    return subprocess.run(command, cwd=ROOT, env=environment(data, **settings), capture_output=True, text=True, timeout=60, check=False)


def written(data: Path, out: Path, *words: str, **settings: str) -> dict[str, str]:
    """Address by place as the command told; it must succeed."""
    found = kayan_stickers(data, "--out", str(out), *words, **{**PUBLIC, **settings})
    assert (found.returncode, found.stderr) == (0, ""), found
    lines = [line.split(maxsplit=1) for line in found.stdout.splitlines()[1:]]
    return {name: url for url, name in lines}


def test_a_sheet_is_written_whose_codes_lead_to_the_places_that_were_named(tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    told = written(tmp_path / "data", out, "--sheet", "6", "--place", "Ruang tunggu, pintu", "--place", "Kantin Bu O'Brien")
    assert list(told) == ["Ruang tunggu, pintu", "Kantin Bu O'Brien"]
    assert all(url.startswith(HERE) for url in told.values())
    [page] = pictures(out.read_bytes(), tmp_path, 110)
    assert sorted(decoded(page)) == sorted([*told.values()] * 3)
    assert out.stat().st_mode & 0o777 == 0o644


def test_a_place_that_is_printed_again_keeps_its_code_and_without_a_name_all_are_printed(tmp_path: Path, valkey_url: str) -> None:
    data, out, store = tmp_path / "data", tmp_path / "out.pdf", {"KAYAN_STORE_URL": valkey_url}
    first = written(data, out, "--place", "Pintu", "--place", "Meja", "--place", "pintu", **store)
    assert list(first) == ["Pintu", "Meja"]
    assert written(data, out, "--place", "MEJA", **store) == {"Meja": first["Meja"]}
    assert written(data, out, "--sheet", "12", **store) == first


def test_an_office_that_has_named_no_place_gets_one(tmp_path: Path, valkey_url: str) -> None:
    told = written(tmp_path / "data", tmp_path / "out.pdf", "--sheet", "a5", KAYAN_STORE_URL=valkey_url)
    assert list(told) == ["Ruang tunggu"]


def test_beside_a_running_board_it_is_the_boards_places_that_are_printed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with house(data) as board, httpx.Client(base_url=board.url, cookies={COOKIE: board.tokens["wira"]}, trust_env=False) as wira:
        told = written(data, tmp_path / "out.pdf", "--place", "Pintu")
        [known] = wira.get(f"{API}/places").json()["places"]
        assert told == {"Pintu": f"{HERE}{known['code']}"}
        wira.post(f"{API}/places/{known['code']}/rename", json={"name": "Meja"}).raise_for_status()
        assert written(data, tmp_path / "out.pdf") == {"Meja": told["Pintu"]}


def test_of_several_offices_one_must_be_named(tmp_path: Path, valkey_url: str) -> None:
    files = tmp_path / "offices"
    files.mkdir()
    for name in ("selor", "tarakan"):
        (files / f"{name}.toml").write_text(office_file(name), "utf-8")
    store = {"KAYAN_OFFICES": str(files), "KAYAN_STORE_URL": valkey_url, **PUBLIC}
    out = ("--out", str(tmp_path / "out.pdf"))
    found = kayan_stickers(tmp_path / "data", *out, **store)
    assert (found.returncode, found.stderr.count("--office: selor, tarakan")) == (2, 1)
    found = kayan_stickers(tmp_path / "data", *out, "--office", "nowhere", **store)
    assert (found.returncode, found.stderr.count("there is no office nowhere")) == (2, 1)
    assert not (tmp_path / "out.pdf").exists()
    found = kayan_stickers(tmp_path / "data", *out, "--office", "tarakan", **store)
    assert found.returncode == 0
    assert "https://antrean.example.go.id/tarakan?s=" in found.stdout


def test_without_a_public_address_the_offices_own_is_printed_with_a_warning(tmp_path: Path, valkey_url: str) -> None:
    settings = {"KAYAN_HOST": "192.0.2.7", "KAYAN_PORT": "8000", "KAYAN_STORE_URL": valkey_url}
    found = kayan_stickers(tmp_path / "data", "--out", str(tmp_path / "out.pdf"), **settings)
    assert found.returncode == 0
    assert "http://192.0.2.7:8000/tanjung-selor?s=" in found.stdout
    assert "KAYAN_PUBLIC_URL is not set" in found.stderr
    assert "stop working" in found.stderr


# Slips of the hand

OUT = ("--out", "out.pdf")
SLIPS: list[tuple[str, tuple[str, ...], dict[str, str]]] = [
    ("--out", ("--sheet", "6"), PUBLIC),
    ("'7' is not one of '2', '6', '12', 'a5'", (*OUT, "--sheet", "7"), PUBLIC),
    ("at most 60 characters", (*OUT, "--place", "W" * 61), PUBLIC),
    ("cannot have U+000A", (*OUT, "--place", "Pintu\nmasuk"), PUBLIC),
    ("cannot have U+001B", (*OUT, "--place", "Pintu\x1b[2J"), PUBLIC),
    ("cannot have U+1F600", (*OUT, "--place", "Pintu \U0001f600"), PUBLIC),
    ("no name yet", (*OUT, "--place", " "), PUBLIC),
    ("is a folder", ("--out", "."), PUBLIC),
    ("there is no folder", ("--out", "nowhere/out.pdf"), PUBLIC),
    ("no ordinary file", ("--out", "/dev/null"), PUBLIC),
    ("set KAYAN_PUBLIC_URL", OUT, {"KAYAN_HOST": "127.0.0.1", "KAYAN_PORT": "8000"}),
    ("set KAYAN_PUBLIC_URL", OUT, {"KAYAN_HOST": "192.0.2.7", "KAYAN_PORT": "0"}),
    ("nothing after it", OUT, {"KAYAN_PUBLIC_URL": "https://antrean.example.go.id/elsewhere"}),
    ("nothing after it", OUT, {"KAYAN_PUBLIC_URL": "https://antrean.example.go.id@evil.example"}),
]


@pytest.mark.parametrize(("says", "words", "settings"), SLIPS, ids=lambda value: str(value)[:40])
def test_a_slip_is_told_in_words_and_leaves_nothing_behind(
    tmp_path: Path, valkey_url: str, says: str, words: tuple[str, ...], settings: dict[str, str]
) -> None:
    given = [str(tmp_path / word) if before == "--out" else word for before, word in zip(("", *words), words, strict=False)]
    found = kayan_stickers(tmp_path / "data", *given, KAYAN_STORE_URL=valkey_url, **settings)
    assert found.returncode == 2
    assert says in found.stderr
    assert "Traceback" not in found.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_office_whose_name_cannot_be_printed_is_told_which_letter_it_is(tmp_path: Path, valkey_url: str) -> None:
    (tmp_path / "office.toml").write_text(office_file("selor", name='name = "KPPN 丹戎"'), "utf-8")
    settings = {"KAYAN_OFFICES": str(tmp_path / "office.toml"), "KAYAN_STORE_URL": valkey_url, **PUBLIC}
    found = kayan_stickers(tmp_path / "data", "--out", str(tmp_path / "out.pdf"), **settings)
    assert (found.returncode, found.stderr.count("U+4E39, which cannot be printed")) == (2, 1)


def test_a_sheet_that_is_there_is_replaced_whole_and_no_draft_is_left(tmp_path: Path, valkey_url: str) -> None:
    out = tmp_path / "out.pdf"
    out.write_bytes(b"an older sheet")
    reader = out.open("rb")
    written(tmp_path / "data", out, KAYAN_STORE_URL=valkey_url)
    assert reader.read() == b"an older sheet"  # whoever prints it at this moment gets what was there
    reader.close()
    assert out.read_bytes().startswith(b"%PDF-")
    assert [path.name for path in tmp_path.iterdir()] == ["out.pdf"]
