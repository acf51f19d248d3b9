"""The beat of the sockets: each is pinged in its turn, and who did not answer the last ping is cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from server.hub import Listener

EVERY = 20.0  # s between two pings of one socket: within the 30 after which proxies and phone networks may drop a silent flow
# Slices of that time: 10,000 pings at once would hold the loop for 50 ms. A prime, since the addresses by which sockets are told apart are
# multiples of a socket's size: of 20 turns five had all of them.
TURNS = 19


async def pulse(listeners: Callable[[], Sequence[Listener]], every: float = EVERY) -> None:
    """Until cancelled."""
    while True:
        turns: list[list[Listener]] = [[] for _ in range(TURNS)]
        for listener in listeners():
            turns[turn_of(listener)].append(listener)
        for turn in turns:
            for listener in turn:
                if listener.open:
                    listener.pulse()
            await asyncio.sleep(every / TURNS)


def turn_of(listener: Listener) -> int:
    """The same in every round, whoever else comes and goes: a socket always has a whole round to answer in."""
    return (id(listener) >> 5) % TURNS
