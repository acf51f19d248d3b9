"""People who come to a board and go home when the test is over."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from tests.driver import Person
from tests.house import House

Comes = Callable[..., Person]


@pytest.fixture
async def people() -> AsyncIterator[Callable[[House, str | None], Person]]:
    """`people(house, "ani")` is a person at her desk, `people(house)` a visitor."""
    came: list[Person] = []

    def comes(house: House, name: str | None = None) -> Person:
        came.append(house.person(name))
        return came[-1]

    yield comes
    for person in came:
        await person.close()
