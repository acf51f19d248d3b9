"""How many numbers one address may take: enough for a waiting room, too few for who drains the line, however he writes himself."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from board.errors import TooMany
from board.office import OfficeId
from board.store.keys import Keys
from server.limits import TAKES, Limits
from tests.staff import SECRET, client_of

KEYS = Keys(OfficeId("tanjung-selor"), ())
GOOD = "2001:db8:1:3::1"


@pytest.fixture
async def limits(store_url: str) -> AsyncIterator[Limits]:
    async with client_of(store_url) as client:
        yield Limits(client, SECRET, on=True)


async def given(limits: Limits, *addresses: str) -> int:
    """How many of these who ask are given a number."""
    numbers = 0
    for address in addresses:
        try:
            await limits.take(KEYS, address)
        except TooMany:
            continue
        numbers += 1
    return numbers


async def test_one_subscriber_is_one_address_though_ipv6_gives_him_many(limits: Limits) -> None:
    assert await given(limits, *(f"2001:db8:1:2::{n:x}" for n in range(2 * TAKES))) == TAKES
    assert await given(limits, GOOD) == 1


async def test_an_address_is_the_same_in_both_ways_to_write_it(limits: Limits) -> None:
    assert await given(limits, *["203.0.113.9", "::ffff:203.0.113.9"] * TAKES) == TAKES
    assert await given(limits, "203.0.113.10", GOOD) == 2
