"""The browser's fold against Python's, on ten thousand histories and as many ways of bringing them: one node process replays them all with
static/lib, and hypothesis looks for the smallest one on which the two do not show the same."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from board.events import Kind
from server.frames import Codec, View, encode, message
from tests.driver import ROOT
from tests.histories import History, Piece, Unheard, delivery, history, outcome

HISTORIES = 10_000
PHASES = (Phase.generate, Phase.shrink)
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)


class Replayer:
    """Node with the pages' own fold: one line in, one line out."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def shows(self, frames: dict[View, list[dict[str, Any]]]) -> dict[str, Any]:
        """What the browser has done at these frames and shows after them, by view."""
        assert self._process.stdin
        assert self._process.stdout
        line = message(encode(Codec.JSON, {view.value: shown for view, shown in frames.items()}))
        print(line, file=self._process.stdin, flush=True)
        return dict(json.loads(self._process.stdout.readline()))


@contextmanager
def replayer() -> Iterator[Replayer]:
    """One for the block."""
    command = ["node", str(ROOT / "tests" / "lib" / "replay.js")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        yield Replayer(process)
        assert process.stdin
        process.stdin.close()
        assert process.wait(30) == 0


def in_words(told: History, pieces: Sequence[Piece]) -> str:
    """What happened and how it came, for whoever has to find out why the two differ."""
    happened = "\n  ".join(json.dumps(e.staff(), ensure_ascii=False) for e in told.events)
    return f"after\n  {happened}\nbrought as\n  " + "\n  ".join(map(str, pieces))


@pytest.mark.timeout(600)  # some 35 s on an idle machine
def test_the_browser_shows_what_python_folds_after_ten_thousand_histories_however_they_come() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=HISTORIES, deadline=None, database=None, derandomize=True, phases=PHASES, suppress_health_check=SLOW)
    @given(st.binary(min_size=40, max_size=300), st.binary(min_size=10, max_size=80))
    def agree(happened: bytes, came: bytes) -> None:
        told = history(happened)
        pieces = delivery(told, came)
        expected = {view.value: outcome(told, pieces, view) for view in View}
        shown = browser.shows({view: [piece.frame(told, view) for piece in pieces] for view in View})
        assert shown == expected, in_words(told, pieces)
        seen.update(["unheard" if isinstance(e, Unheard) else e.kind for e in told.events])
        seen.update(did[0] for did in expected["public"]["did"])
        seen["histories"] += 1

    with replayer() as browser:
        agree()
    assert seen["histories"] >= HISTORIES
    assert {*(kind.value for kind in Kind), "unheard", "show", "ignore", "resume", "afresh"} - set(seen) == set()
