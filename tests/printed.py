"""Printed sheets as an office gets them: the PDF as pictures, and what is to be read on them. Debian's pdftoppm and zbarimg look at them,
which know nothing of ours."""

from __future__ import annotations

import shutil
import socket
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from re import findall

POINTS_A_MM = 72 / 25.4


def public_address() -> dict[str, str]:
    """Settings of a board with an address of its own; its port is in it, so that tests find the board."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {"KAYAN_PORT": str(port), "KAYAN_PUBLIC_URL": f"http://antrean.example.go.id:{port}"}


def pictures(document: bytes, folder: Path, dpi: int) -> list[Path]:
    """A grey picture of each page."""
    assert shutil.which("pdftoppm"), "the tests need pdftoppm: apt install poppler-utils"
    (folder / "sheet.pdf").write_bytes(document)
    subprocess.run(["pdftoppm", "-gray", "-png", "-r", str(dpi), folder / "sheet.pdf", folder / "page"], check=True)
    return sorted(folder.glob("page-*.png"))


@dataclass(frozen=True)
class Word:
    """A word on a page, in mm from the top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def words(document: bytes, folder: Path) -> list[list[Word]]:
    """Every word of each page."""
    (folder / "words.pdf").write_bytes(document)
    subprocess.run(["pdftotext", "-bbox", folder / "words.pdf", folder / "words.html"], check=True)
    pages = (folder / "words.html").read_text("utf-8").split("<page ")[1:]
    found = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>'
    return [[Word(unescape(text), *(float(n) / POINTS_A_MM for n in edges)) for *edges, text in findall(found, page)] for page in pages]
