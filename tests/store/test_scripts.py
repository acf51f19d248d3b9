"""What the scripts say about themselves is so: the refusals and keys named in their heads are those in their code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from board.errors import Refusal
from board.store import keys, verbs
from board.store.queue import REFUSALS
from board.store.verbs import SCRIPTS

HANDLED_BY_THE_QUEUE = {"office_closed", "calendar_stale"}  # made with the calendar's words; asked again
REFUSED = re.compile(r"""refuse\('(\w+)'|"refused":"(\w+)\"""")


def source(name: str) -> str:
    """A script's file."""
    return (verbs.FOLDER / f"{name}.lua").read_text("utf-8")


def head(text: str) -> str:
    """The comment that a script begins with."""
    lines = text.splitlines()
    return " ".join(line.removeprefix("-- ") for line in lines[: next(n for n, line in enumerate(lines) if not line.startswith("--"))])


def functions(*names: str) -> dict[str, str]:
    """The functions of the shared parts, each with its text and whatever follows it at the top level."""
    parts = [part for name in names for part in re.split(r"^local function ", source(name), flags=re.MULTILINE)[1:]]
    return {part.split("(")[0]: part for part in parts}


SHARED = functions("shared", "day")


def reached(text: str, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """The text, and that of all shared functions it uses, however far down."""
    code = re.sub(r"--.*", "", text)
    yield code
    for name in SHARED.keys() - seen - {"run"}:  # `run` refuses a reused key for every verb alike
        if re.search(rf"\b{name}\b", re.sub(r"'[^']*'", "", code)):
            yield from reached(SHARED[name], seen | {name})


def refusals(name: str) -> set[str]:
    """Every code with which this verb can refuse."""
    return {one or other for code in reached(source(name)) for one, other in REFUSED.findall(code)}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_names_exactly_the_refusals_that_it_can_give(name: str) -> None:
    said = head(source(name))
    assert "Refuses" in said, "its head says what it refuses, or that it refuses nothing"
    _, _, named = said.partition("Refuses")
    assert set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", named)) == refusals(name)


def test_every_refusal_of_a_script_has_its_class() -> None:
    given = {code for name in SCRIPTS for code in refusals(name)} | {"key_reused"}
    assert given == REFUSALS.keys() | HANDLED_BY_THE_QUEUE
    assert all(issubclass(kind, Refusal) for kind in REFUSALS.values())


def test_the_shared_head_names_the_keys_in_the_order_in_which_they_are_given() -> None:
    said = head(source("shared"))
    assert ", ".join(f"{n} {name}" for n, name in enumerate((*keys.FIXED, "answer"), 1)) in re.sub(r"\s+", " ", said)
    taken = re.findall(r"^local ([A-Z_, ]+) = (KEYS\[.*)$", source("shared"), re.MULTILINE)
    names = [name.strip() for left, _ in taken for name in left.split(",")]
    numbers = [int(n) for _, right in taken for n in re.findall(r"KEYS\[(\d+)\]", right)]
    assert dict(zip(numbers, names, strict=True)) == {n: name.upper() for n, name in enumerate((*keys.FIXED, "answer"), 1)}


def test_every_verb_reads_the_time_from_the_store() -> None:
    for name in (*SCRIPTS, "shared", "day"):
        code = re.sub(r"--.*", "", source(name))
        assert len(re.findall(r"'TIME'|os\.\w+", code)) == (1 if name == "shared" else 0)


def test_every_file_is_a_verb_or_a_part_of_one() -> None:
    files = {path.stem for path in Path(verbs.FOLDER).glob("*.lua")}
    assert files == SCRIPTS.keys() | verbs.NOT_VERBS
    uses_the_day = {name for name in SCRIPTS if re.search(r"\b(turn_day|today)\(|\bturn_day\b", source(name))}
    assert uses_the_day == verbs.WITH_DAY


async def test_both_stores_take_every_script_and_know_it_by_our_checksum(store_url: str) -> None:
    async with Redis.from_url(store_url) as client:
        for script in SCRIPTS.values():
            assert await client.script_load(script.text) == script.sha
