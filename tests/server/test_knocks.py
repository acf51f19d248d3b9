"""How many connections one address may open: a burst, so many more a second, and nobody pays for somebody else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server import knocks
from server.descriptors import MOST, Descriptors
from server.knocks import A_SECOND, ADDRESSES, AT_ONCE, Knocks

BAD, GOOD = "198.51.100.7", "203.0.113.9"


def door(on: bool = True, trusted: str = "") -> Knocks:
    return Knocks(on, trusted, lambda why: None, Descriptors(MOST))


def let_in(at: Knocks, address: str, knocks: int, now: float) -> int:
    """How many of so many knocks in one moment are let in."""
    return sum(at.allowed(address, now) for _ in range(knocks))


def test_a_burst_is_let_in_and_a_flood_is_not() -> None:
    at = door()
    assert let_in(at, BAD, 10_000, 0) == AT_ONCE
    assert let_in(at, BAD, 10_000, 1) == A_SECOND
    assert let_in(at, BAD, 10_000, 1) == 0


def test_another_address_does_not_notice() -> None:
    at = door()
    let_in(at, BAD, 10_000, 0)
    assert let_in(at, GOOD, 100, 0) == 100


def test_one_subscriber_is_one_address_though_ipv6_gives_him_many() -> None:
    at = door()
    assert sum(at.allowed(f"2001:db8:1:2::{n:x}", 0) for n in range(AT_ONCE + 500)) == AT_ONCE
    assert let_in(at, "2001:db8:1:3::1", 100, 0) == 100
    assert let_in(at, f"::ffff:{GOOD}", AT_ONCE, 0) == AT_ONCE
    assert not at.allowed(GOOD, 0)


def test_who_was_turned_away_is_let_in_again_later_and_not_punished_for_knocking() -> None:
    at = door()
    let_in(at, BAD, AT_ONCE + 10_000, 0)
    assert let_in(at, BAD, 10_000, 10) == 10 * A_SECOND
    assert let_in(at, BAD, 10_000, 10 + 2 * AT_ONCE / A_SECOND) == AT_ONCE


@settings(deadline=None)  # thousands of knocks, on a machine that does much else
@given(st.lists(st.tuples(st.floats(0, 3), st.integers(0, 4000)), max_size=20))
def test_never_more_than_the_burst_and_the_seconds_allow(bursts: list[tuple[float, int]]) -> None:
    at, now, entered = door(), 0.0, 0
    for pause, knocks_ in bursts:
        now += pause
        entered += let_in(at, BAD, knocks_, now)
        assert entered <= AT_ONCE + now * A_SECOND + 1e-6


@settings(deadline=None)  # thousands of knocks, on a machine that does much else
@given(st.floats(0.006, 5))
def test_whoever_keeps_to_the_pace_is_always_let_in(pause: float) -> None:
    at = door()
    let_in(at, BAD, AT_ONCE - 1, 0)
    assert all(at.allowed(BAD, n * pause) for n in range(1, 200))


def test_with_the_limits_off_everybody_is_let_in() -> None:
    assert let_in(door(on=False), BAD, 10_000, 0) == 10_000


@pytest.mark.parametrize(("proxy", "trusted"), [("10.0.0.5", "10.0.0.0/8"), ("::1", "::1"), (BAD, f"10.0.0.1,{BAD}")])
def test_a_proxy_knocks_in_the_name_of_many(proxy: str, trusted: str) -> None:
    at = door(trusted=trusted)
    assert let_in(at, proxy, 10_000, 0) == 10_000
    assert let_in(at, GOOD, 10_000, 0) == AT_ONCE


def test_an_attack_from_everywhere_fills_no_memory_and_forgets_nobody_who_knocks_now(monkeypatch: pytest.MonkeyPatch) -> None:
    at = door()
    let_in(at, BAD, 10_000, 100)
    for n in range(ADDRESSES - 1):
        assert at.allowed(f"old {n}", 0)
    assert at.allowed(GOOD, 100)
    assert not at.allowed(BAD, 100)
    for n in range(3 * ADDRESSES):
        assert at.allowed(f"new {n}", 101)
        assert len(at._left) <= ADDRESSES


def test_the_patience_is_longer_than_a_slow_phone_needs_and_as_short_as_promised() -> None:
    assert knocks.PATIENCE == 10
