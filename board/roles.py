"""Who may do what: least rights, said in one table."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Role(StrEnum):
    """What an account is for."""

    OFFICER = "officer"
    RECEPTIONIST = "receptionist"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """What staff may be allowed to do."""

    OPERATE_COUNTERS = "operate_counters"
    TAKE_OVER = "take_over"
    GIVE_NUMBERS = "give_numbers"
    ANSWER_ESCALATIONS = "answer_escalations"
    READ_JOURNAL = "read_journal"
    SEE_STAFF_VIEW = "see_staff_view"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_PLACES = "manage_places"


SEE = frozenset({Action.SEE_STAFF_VIEW, Action.READ_JOURNAL, Action.GIVE_NUMBERS})
SERVE = SEE | {Action.OPERATE_COUNTERS, Action.ANSWER_ESCALATIONS}
ALLOWED = {
    Role.RECEPTIONIST: SEE,
    Role.OFFICER: SERVE,
    Role.SUPERVISOR: SERVE | {Action.TAKE_OVER},
    Role.ADMINISTRATOR: SERVE | {Action.TAKE_OVER, Action.MANAGE_ACCOUNTS, Action.MANAGE_PLACES},
}


def may(role: Role, offices: Collection[str] | None, office: str | None, action: Action) -> bool:
    """Whether an account of this role and these offices (None: all) may do this in `office` (None: in the whole deployment, for
    which an account of single offices has no say)."""
    if action not in ALLOWED[role]:
        return False
    return offices is None or (office is not None and office in offices)
