"""A store whose clock the test sets, so that a 45-minute promise, a night or a year passes at once.

The scripts are the real ones but for the one line that reads the clock; everything else still happens in a real store.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from redis.asyncio import Redis

from board import office
from board.store import verbs
from board.times import Millis
from tests.office import FILE, Dated

READS = "local NOW = clock()"
IS_TOLD = "local NOW = cmd.now"


class Clocked(Dated):
    """The queue at the moment `at`. Needs `set_clocks`."""

    def __init__(self, client: Redis, file: office.Office = FILE, at: int = 0, **plan: Any) -> None:
        super().__init__(client, file, **plan)
        self.at = Millis(at)

    def _command(self, what: dict[str, Any]) -> dict[str, Any]:
        return {**super()._command(what), "now": self.at}

    def _local_now(self) -> Millis:
        return self.at

    async def now(self) -> Millis:
        """The clock that the test has set."""
        return self.at


def set_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the test's end every queue has to be a Clocked one."""
    monkeypatch.setattr(verbs, "SCRIPTS", {name: _told(script) for name, script in verbs.SCRIPTS.items()})


def _told(script: verbs.Script) -> verbs.Script:
    assert script.text.count(READS) == 1
    text = script.text.replace(READS, IS_TOLD)
    return verbs.Script(script.name, text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())
