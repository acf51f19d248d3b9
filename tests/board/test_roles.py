"""Least rights: who may do what, in which office."""

from __future__ import annotations

import pytest

from board.roles import Action, Role, may

EVERYBODY = set(Role)
SERVING = {Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR}
ALLOWED = {
    Action.OPERATE_COUNTERS: SERVING,
    Action.ANSWER_ESCALATIONS: SERVING,
    Action.TAKE_OVER: {Role.SUPERVISOR, Role.ADMINISTRATOR},
    Action.GIVE_NUMBERS: EVERYBODY,
    Action.READ_JOURNAL: EVERYBODY,
    Action.SEE_STAFF_VIEW: EVERYBODY,
    Action.MANAGE_ACCOUNTS: {Role.ADMINISTRATOR},
    Action.MANAGE_PLACES: {Role.ADMINISTRATOR},
}


@pytest.mark.parametrize("action", Action)
def test_every_role_may_do_what_the_office_gave_it_and_nothing_else(action: Action) -> None:
    assert {role for role in Role if may(role, None, "tanjung-selor", action)} == ALLOWED[action]


@pytest.mark.parametrize("role", Role)
def test_an_account_of_one_office_has_no_say_in_another_or_in_the_whole_deployment(role: Role) -> None:
    for action in Action:
        assert may(role, ["tarakan"], "tarakan", action) == may(role, None, "tarakan", action)
        assert not may(role, ["tarakan"], "tanjung-selor", action)
        assert not may(role, ["tarakan"], None, action)
        assert not may(role, [], "tarakan", action)
