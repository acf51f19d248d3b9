"""A place where a sticker hangs: its name, its code, and what may be printed on a sticker."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from board.errors import BadPlace

NAME_MAX = 60  # characters; two lines on the smallest sticker
# Neither vowels nor letters that look like digits: no code is a word, and one that is read out over the phone arrives.
CODE_LETTERS = "bcdfghjkmnpqrstvwxz23456789"
CODE_LENGTH = 5  # 14 million: a guess counts nothing that could not be counted by walking to the sticker
# What our printed letters can draw (static/vendor/inter/*.ttf): Latin with its accents, and the usual marks. A test compares the two.
PRINTABLE = frozenset(chr(n) for n in (*range(0x20, 0x7F), *range(0xA1, 0x100)) if n != 0xAD) | frozenset("–—‘’“”…")
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sticker hangs. The code is in the sticker's address and never changes; the name is the office's own and may. A retired
    place's sticker still opens the office's page, and is counted no more."""

    code: str
    name: str
    retired: bool


@dataclass(frozen=True, slots=True)
class Scanned:
    """A place with how often its sticker was scanned: today, in the last 30 days, and when last (ms; None: never)."""

    place: Place
    today: int
    month: int
    last: int | None


def new_code() -> str:
    """A code for a new place."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def is_code(text: str) -> bool:
    """Whether this could be a place's code."""
    return len(text) == CODE_LENGTH and all(letter in CODE_LETTERS for letter in text)


def place_name(text: str) -> str:
    """The name as it is kept: composed letters, single spaces. Raises BadPlace."""
    composed = unicodedata.normalize("NFC", text)
    wrong = unprintable(composed)
    if wrong:
        raise BadPlace("name", "letter", wrong)
    name = " ".join(composed.split())
    if not name:
        raise BadPlace("name", "empty")
    if len(name) > NAME_MAX:
        raise BadPlace("name", "long")
    return name


def unprintable(text: str) -> str:
    """The first character that a sticker cannot show, as a reader of any screen can tell it: U+1F600; empty when there is none."""
    return next((f"U+{ord(letter):04X}" for letter in text if letter not in PRINTABLE), "")


def same_name(one: str, other: str) -> bool:
    """Whether people would take the two names for the same place."""
    return one.casefold() == other.casefold()


def day_number(day: date) -> int:
    """Days since 1970-01-01, as scans are counted by."""
    return (day - EPOCH) // timedelta(days=1)
