"""What is raised when the settings or an office file cannot be used."""

from __future__ import annotations

from collections.abc import Iterable


class SettingsWrong(Exception):
    """Something that the office has set is not usable. `lines` are for printing as they stand, one finding each: the file and
    line or the variable, the value, and what would be right."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))
