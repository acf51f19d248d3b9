"""The names of an office's keys. All share the hash tag `{office}`: one slot, so each script runs whole on a cluster, too."""

from __future__ import annotations

from collections.abc import Sequence

from board.office import OfficeId, ServiceCode


def key(office: OfficeId, *parts: str) -> str:
    """`kayan:{tanjung-selor}:waiting:A`."""
    return ":".join((f"kayan:{{{office}}}", *parts))


# In the order in which scripts/shared.lua names them.
FIXED = ("meta", "journal", "tickets", "numbers", "counters", "escalations", "deadlines", "warnings", "answers_due", "called")


class Keys:
    """Every key of one office, made once."""

    def __init__(self, office: OfficeId, services: Sequence[ServiceCode]) -> None:
        self.journal = key(office, "journal")
        self.meta = key(office, "meta")
        self.hint = key(office, "hint")
        self.places = key(office, "places")
        self.scans = key(office, "scans")
        self._answer = key(office, "answer", "")
        self._before = tuple(key(office, name) for name in FIXED)
        self._after = tuple(key(office, name, code) for code in services for name in ("waiting", "overdue"))

    def of_script(self, answer: str) -> tuple[str, ...]:
        """KEYS as every script expects them; `answer` names the place where this request's answer is kept."""
        return (*self._before, self._answer + answer, *self._after)

    def answer(self, hashed: str) -> str:
        """Where the answer to an idempotency key is kept."""
        return self._answer + hashed

    def scans_of(self, place: str) -> str:
        """Where the scans of one place are counted."""
        return f"{self.scans}:{place}"

    def limit(self, what: str, who: str) -> str:
        """Where the attempts of one address are counted."""
        return self._answer[: -len("answer:")] + f"limit:{what}:{who}"
