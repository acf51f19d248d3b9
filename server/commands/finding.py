"""What a look around found: one line each, and what to do where something is not so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How a finding begins its line."""

    OK = "ok"
    NOTE = "note"  # as somebody has set it, and worth knowing on a working day
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """`about`: the part of the house, one word. `says`: what is so; with WRONG also what to do."""

    mark: Mark
    about: str
    says: str

    def __str__(self) -> str:
        return f"{self.mark:<6}{self.about:<10}{' '.join(self.says.split())}"


def ok(about: str, says: str) -> Finding:
    """All is well here."""
    return Finding(Mark.OK, about, says)


def note(about: str, says: str) -> Finding:
    """Not as usual, on purpose."""
    return Finding(Mark.NOTE, about, says)


def wrong(about: str, says: str) -> Finding:
    """Not so."""
    return Finding(Mark.WRONG, about, says)
