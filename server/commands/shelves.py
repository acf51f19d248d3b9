"""Whether the pages and what they are made of are all there: index files, what these load, other people's files as they came, fonts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from server.commands.finding import Finding, ok, wrong
from server.routes.pages import OFFICE_PAGES, STAFF_PAGES

PAGES = ("offices", "phone", *OFFICE_PAGES, *STAFF_PAGES)
LOADS = re.compile(r"""(?:src|href)="/static/([^"?#]+)""")
CHECKSUM = re.compile(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", re.MULTILINE)
FONTS = (".woff2", ".woff", ".ttf", ".otf")
AGAIN = "get KAYAN's files anew (git status shows what was changed here), then restart the board"
TOLD = 5  # names in one line; where more are gone, one look at the folder tells


def pages(static: Path) -> Iterator[Finding]:
    """Each page's index.html, and every file that it loads."""
    lost: list[str] = []
    for page in PAGES:
        index = f"{page}/index.html"
        text = _text(static / index)
        lost += [index] if text is None else [name for name in LOADS.findall(text) if not (static / name).is_file()]
    if lost:
        yield wrong("pages", f"missing in {static}: {_names(lost)}; {AGAIN}")
    else:
        yield ok("pages", f"{len(PAGES)} pages with all that they load")


def vendored(static: Path) -> Iterator[Finding]:
    """Other people's files, fonts among them, by the checksums of their list."""
    shelf = static / "vendor"
    text = _text(shelf / "README.md")
    listed = dict(CHECKSUM.findall(text or ""))
    if not listed:
        yield wrong("vendor", f"{shelf / 'README.md'} lists no file; {AGAIN}")
        return
    other = [name for name, sha256 in listed.items() if _checksum(shelf / name) != sha256]
    if other:
        yield wrong("vendor", f"missing or changed in {shelf}: {_names(other)}; {AGAIN}")
    else:
        yield ok("vendor", f"{len(listed)} files as they came")
    fonts = [name for name in listed if name.endswith(FONTS)]
    usable = [name for name in fonts if name not in other]
    if usable == fonts != []:
        yield ok("fonts", _names(fonts))
    else:
        yield wrong("fonts", f"{len(usable)} of {len(fonts)} are usable, the screens fall back to the system's; {AGAIN}")


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return None


def _checksum(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _names(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    return ", ".join(names[:TOLD]) + (f" and {len(names) - TOLD} more" if len(names) > TOLD else "")
