"""The server's beat and the patience of our pages need each other, and are written in two languages."""

from __future__ import annotations

import re

from server.relay import BEAT_AFTER, LOOK_EVERY
from tests.driver import ROOT

JOURNEY = 2_000  # ms that a beat may take to a phone on a slow network
SOCKET = (ROOT / "static" / "lib" / "socket.js").read_text("utf-8")


def patience(name: str) -> int:
    """A constant of the browser's side, in ms."""
    found = re.search(rf"^export const {name} = ([\d_]+);$", SOCKET, re.MULTILINE)
    assert found, name
    return int(found[1].replace("_", ""))


def test_a_page_that_wakes_doubts_a_connection_as_soon_as_a_beat_is_overdue_and_no_sooner() -> None:
    latest = (BEAT_AFTER + LOOK_EVERY) * 1000
    assert latest + JOURNEY < patience("STALE") < 2 * latest


def test_a_page_gives_a_silent_connection_up_when_two_beats_have_not_come() -> None:
    assert patience("SILENCE") == 2 * BEAT_AFTER * 1000
