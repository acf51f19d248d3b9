"""Where stickers hang: which names can be printed, and codes that nobody mistakes."""

from __future__ import annotations

from datetime import date

import pytest

from board.errors import BadPlace
from board.place import CODE_LETTERS, NAME_MAX, day_number, is_code, new_code, place_name, same_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ruang tunggu, pintu", "Ruang tunggu, pintu"),
        ("  Ruang   tunggu ", "Ruang tunggu"),
        ("Kantin Bu O'Brien", "Kantin Bu O'Brien"),
        ("Kantin Bu O’Brien", "Kantin Bu O’Brien"),
        ("Cafe\u0301", "Café"),
        ("Loket 1–3 (lantai 2)", "Loket 1–3 (lantai 2)"),
        ("W" * NAME_MAX, "W" * NAME_MAX),
    ],
)
def test_a_name_is_kept_as_it_is_written_on_the_sticker(typed: str, kept: str) -> None:
    assert place_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "rule", "letter"),
    [
        ("", "empty", None),
        ("   ", "empty", None),
        ("W" * (NAME_MAX + 1), "long", None),
        ("Pintu \U0001f600", "letter", "U+1F600"),
        ("Pintu\n", "letter", "U+000A"),
        ("Pintu\x00", "letter", "U+0000"),
        ("Pintu\x1b[2J", "letter", "U+001B"),
        ("Pin\u202etu", "letter", "U+202E"),
        ("Pin\u00adtu", "letter", "U+00AD"),
        ("入口", "letter", "U+5165"),
        ("\ud800", "letter", "U+D800"),
    ],
)
def test_a_name_that_a_sticker_could_not_show_is_refused_with_the_reason(typed: str, rule: str, letter: str | None) -> None:
    with pytest.raises(BadPlace) as refused:
        place_name(typed)
    assert (refused.value.field, refused.value.rule, refused.value.letter) == ("name", rule, letter)


def test_a_code_can_be_read_out_over_the_phone() -> None:
    codes = {new_code() for _ in range(1000)}
    assert all(is_code(code) for code in codes)
    assert len(codes) > 990
    assert not set("aeiouyl01") & set(CODE_LETTERS)


@pytest.mark.parametrize("text", ["", "k7m2", "k7m2bb", "K7M2B", "k7m2a", "k7m2 ", "../k7", "k7m2\n"])
def test_what_is_no_code_is_known_as_none(text: str) -> None:
    assert not is_code(text)


def test_two_names_that_differ_in_capitals_are_one_place() -> None:
    assert same_name("Ruang Tunggu", "ruang tunggu")
    assert not same_name("Ruang tunggu", "Ruang tunggu 2")


def test_days_are_counted_one_by_one() -> None:
    assert day_number(date(2026, 11, 25)) - day_number(date(2026, 11, 24)) == 1
    assert day_number(date(1970, 1, 2)) == 1
