"""Other people's files are those that we say they are: unchanged, complete, each package with its licence."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHELVES = [ROOT / "static/vendor", ROOT / "tests/browser/vendor"]
ROW = re.compile(r"^\| `(?P<file>[^`]+)` \| `(?P<sha256>[0-9a-f]{64})` \|$", re.MULTILINE)


def listed(shelf: Path) -> dict[str, str]:
    """The checksum of each file, as the shelf's README says."""
    return {row["file"]: row["sha256"] for row in ROW.finditer((shelf / "README.md").read_text())}


def present(shelf: Path) -> dict[str, str]:
    """The checksum of each file, as it lies there."""
    files = (path for path in shelf.rglob("*") if path.is_file() and path.name != "README.md")
    return {path.relative_to(shelf).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("shelf", SHELVES, ids=["static", "tests"])
def test_every_vendored_file_is_listed_and_unchanged(shelf: Path) -> None:
    assert present(shelf) == listed(shelf)


@pytest.mark.parametrize("shelf", SHELVES, ids=["static", "tests"])
def test_every_vendored_package_comes_with_its_licence(shelf: Path) -> None:
    packages = [folder for folder in shelf.iterdir() if folder.is_dir()]
    assert packages
    assert [folder.name for folder in packages if not (folder / "LICENSE").is_file()] == []
