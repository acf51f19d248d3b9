"""A TOML file that knows on which line each of its keys stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config.errors import SettingsWrong

Step = str | int
# What may close a value that is cut off at the end of a line: an array, an array in an array, a table, a long text.
CLOSERS = ("", "]", "]]", "}]", "]}", "]}]", "}", '"""', "'''")


@dataclass(frozen=True, slots=True)
class TomlFile:
    """The file at `path`, as text and as read."""

    path: Path
    text: str
    data: dict[str, object]

    def line(self, steps: Sequence[Step]) -> int:
        """The line (from 1) where what `steps` lead to begins; of something that is missing, the line of what should hold it.

        The TOML parser gives no positions, so it is asked: the first line at which the file cut off there holds the value."""
        for depth in range(len(steps), 0, -1):
            found = self._line(steps[:depth])
            if found is not None:
                return found
        return 1

    def _line(self, steps: Sequence[Step]) -> int | None:
        lines = self.text.split("\n")
        return next((n for n in range(1, len(lines) + 1) if _holds("\n".join(lines[:n]), steps)), None)


def _holds(text: str, steps: Sequence[Step]) -> bool:
    for closer in CLOSERS:
        try:
            return _leads_somewhere(tomllib.loads(f"{text}\n{closer}"), steps)
        except tomllib.TOMLDecodeError:
            continue
    return False


def _leads_somewhere(value: object, steps: Sequence[Step]) -> bool:
    for step in steps:
        here: dict[Step, object] = {}
        if isinstance(value, dict):
            here = value
        elif isinstance(value, list):
            here = dict(enumerate(value))
        if step not in here:
            return False
        value = here[step]
    return True


def read_toml(path: Path) -> TomlFile:
    """The file at `path`. Raises SettingsWrong with file and line where it cannot be read or is no TOML."""
    try:
        text = path.read_bytes().decode("utf-8-sig")  # some editors begin a file with a byte order mark
        return TomlFile(path, text, tomllib.loads(text))
    except OSError as error:
        raise SettingsWrong([f"{path}: cannot be read ({error.strerror}): must be a readable file"]) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsWrong([f"{path}:{line}: holds a byte that is not UTF-8: save the file as UTF-8 text"]) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsWrong([_not_toml(path, text, str(error))]) from error


def _not_toml(path: Path, text: str, message: str) -> str:
    lines = text.rstrip("\n").split("\n")
    found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    number = int(found[1]) if found and found[1] else len(lines)
    source = lines[min(number, len(lines)) - 1].strip()
    reason = message.removesuffix(found[0]) if found else message
    # The parser's own words for a key or table that is there already begin with "Cannot".
    right = "each key and table stands once" if reason.startswith("Cannot") else "a line is  key = value, text in quotes, a list in [ ]"
    return f"{path}:{number}: {source!r} is not TOML ({reason}): {right}"


def toml_files(path: Path) -> list[Path]:
    """The file itself, or the *.toml files of the folder in order of name. Raises SettingsWrong where there is none."""
    if path.is_dir():
        files = sorted(path.glob("*.toml"))
        if not files:
            raise SettingsWrong([f"{path}: holds no *.toml file: must hold one for each office"])
        return files
    if not path.exists():
        raise SettingsWrong([f"{path}: there is no such file or folder: must be an office file (TOML) or a folder of them"])
    return [path]
