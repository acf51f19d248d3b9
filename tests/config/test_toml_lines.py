"""A finding names the line on which its value stands, however the file is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import SettingsWrong
from config.toml_file import Step, TomlFile, read_toml, toml_files

Places = dict[tuple[Step, ...], int]


def written(folder: Path, data: str | bytes) -> Path:
    """A file with this in it."""
    path = folder / "some.toml"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def read(folder: Path, text: str) -> TomlFile:
    """The file with this text, read."""
    return read_toml(written(folder, text))


def refused(folder: Path, data: str | bytes) -> str:
    """The one line with which this is refused."""
    with pytest.raises(SettingsWrong) as refusal:
        read_toml(written(folder, data))
    (line,) = refusal.value.lines
    return line


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, Places]:
    """A TOML text and the line of each value in it."""
    lines: list[str] = []
    places: Places = {}

    def put(text: str, *steps: tuple[Step, ...]) -> None:
        lines.extend(draw(st.sampled_from([[], [""], ["# a = 1"], ["", "# [[x]]"]])))
        lines.append(text)
        places.update(dict.fromkeys(steps, len(lines)))

    def value(key: str, above: tuple[Step, ...]) -> None:
        here = (*above, key)
        match draw(st.sampled_from(["plain", "inline", "dotted", "list", "long list", "list of tables", "long text"])):
            case "plain":
                put(f"{key} = 1", here)
            case "inline":
                put(f'{key} = {{ x = 1, y = ["]", 2] }}', here, (*here, "x"), (*here, "y", 1))
            case "dotted":
                put(f"{key}.x = 1", here, (*here, "x"))
                put(f"{key}.y = 1", (*here, "y"))
            case "list":
                put(f"{key} = [[1, 2], [3]]", here, (*here, 0), (*here, 1, 0))
            case "long list":
                put(f"{key} = [  # [", here)
                put("'a',", (*here, 0))
                put("[2, 3], [", (*here, 1), (*here, 1, 1), (*here, 2))
                put("4", (*here, 2, 0))
                put("]]")
            case "list of tables":
                put(f"{key} = [{{ x = 1 }},", here, (*here, 0), (*here, 0, "x"))
                put("{ x = [[2]] }]", (*here, 1), (*here, 1, "x", 0, 0))
            case _:
                lines.append(f'{key} = """ [')
                places[here] = len(lines)
                lines.extend(["[[x]]", "z = 1", '"""'])

    for name in draw(st.lists(st.sampled_from("abc"), unique=True)):
        value(name, ())
    for name in draw(st.lists(st.sampled_from("def"), unique=True)):
        if draw(st.booleans()):
            put(f"[{name}.g]", (name,), (name, "g"))
            value("k", (name, "g"))
        else:
            for place in range(draw(st.integers(1, 3))):
                put(f"[[{name}]]", (name, place), *([(name,)] if place == 0 else []))
                value("k", (name, place))
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines), places


@settings(deadline=None)  # a machine that does much else is no finding
@given(documents())
def test_each_value_is_found_on_the_line_where_it_begins(document: tuple[str, Places]) -> None:
    text, places = document
    path = Path("some.toml")
    file = TomlFile(path, text, {})
    assert {steps: file.line(steps) for steps in places} == places


def test_a_missing_key_is_told_at_the_table_that_should_hold_it(tmp_path: Path) -> None:
    file = read(tmp_path, "a = 1\n[[b]]\nc = 1\n[[b]]\nd = 1\n")
    assert file.line(["b", 1, "c"]) == 4
    assert file.line(["x", "y"]) == 1


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert read_toml(written(tmp_path, b"\xef\xbb\xbfa = 1\n")).data == {"a": 1}


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a = 1\nb = \n", 2, "Invalid value"),
        ("a = 1\n\na = 2\n", 3, "each key and table stands once"),
        ("a = [1,\n2,\n", 2, "a list in [ ]"),
        ('a = "KPPN\n', 1, "text in quotes"),
        ("ä = 1\n", 1, "key = value"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line_and_text(tmp_path: Path, text: str, line: int, reason: str) -> None:
    told = refused(tmp_path, text)
    assert told.startswith(f"{tmp_path / 'some.toml'}:{line}: ")
    assert reason in told


def test_a_byte_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    assert ":2: holds a byte that is not UTF-8" in refused(tmp_path, b"a = 1\nb = '\xe9'\n")


def test_a_folder_without_any_office_file_and_a_path_to_nothing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match=r"holds no \*\.toml file"):
        toml_files(tmp_path)
    with pytest.raises(SettingsWrong, match="no such file or folder"):
        toml_files(tmp_path / "nothing")
    with pytest.raises(SettingsWrong, match="cannot be read"):
        read_toml(tmp_path)
