"""The beat of the sockets: who answers stays, who does not is cut off in the next round, and each has a whole round to answer in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from server.frames import GONE, PING, TOO_SLOW, Codec, View, closing
from server.live import PONG, SAY_MAX, LiveSocket
from server.pulse import TURNS, pulse, turn_of
from server.tasks import end
from tests.rawsocket import TEXT, masked
from tests.stores import comes

ANSWER = PONG + b"\0\0\0\0"


class Wire(asyncio.Transport):
    """A transport that keeps what is written, and hangs up when told to."""

    def __init__(self, answers: bool) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.listener: LiveSocket | None = None
        self._answers, self._over = answers, False

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing is ever kept back."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))
        if self._answers and data == PING and self.listener is not None:
            asyncio.get_running_loop().call_soon(self.listener.data_received, ANSWER)

    def is_closing(self) -> bool:
        return self._over

    def close(self) -> None:
        self.abort()

    def abort(self) -> None:
        self._over = True


class Hall:
    """Where the sockets belong."""

    def __init__(self) -> None:
        self.here: list[LiveSocket] = []
        self.left: list[LiveSocket] = []
        self.went: list[tuple[LiveSocket, int]] = []

    def enters(self, answers: bool) -> tuple[LiveSocket, Wire]:
        listener, wire = LiveSocket(self, View.PUBLIC, Codec.MSGPACK), Wire(answers)
        wire.listener = listener
        listener.connection_made(wire)
        self.here.append(listener)
        return listener, wire

    def leaves(self, listener: LiveSocket) -> None:
        self.left.append(listener)

    def gone(self, listener: LiveSocket, code: int) -> None:
        self.went.append((listener, code))


@asynccontextmanager
async def beating(listeners: Callable[[], list[LiveSocket]], every: float = 0.04) -> AsyncIterator[None]:
    task = asyncio.create_task(pulse(listeners, every))
    try:
        yield
    finally:
        await end([task])


async def test_who_answers_stays_and_who_does_not_is_cut_off_alone() -> None:
    hall = Hall()
    awake = [hall.enters(answers=True) for _ in range(40)]
    asleep = [hall.enters(answers=False) for _ in range(40)]
    async with beating(lambda: hall.here):
        await comes(lambda: all(wire.written.count(PING) >= 3 for _, wire in awake))
    assert all(listener.open for listener, _ in awake)
    assert [wire.written for _, wire in asleep] == [[PING, closing(TOO_SLOW)]] * 40
    assert sorted(map(id, hall.left)) == sorted(id(listener) for listener, _ in asleep)


async def test_who_is_cut_off_and_does_not_hang_up_is_dropped() -> None:
    hall = Hall()
    listener, wire = hall.enters(answers=False)
    listener.pulse()
    listener.pulse()
    assert not listener.open
    listener.pulse()
    listener.close(1000)
    assert wire.written == [PING, closing(TOO_SLOW)]
    await comes(wire.is_closing)
    listener.connection_lost(None)
    assert hall.went == [(listener, TOO_SLOW)]


async def test_whatever_a_client_says_shows_that_it_lives() -> None:
    hall = Hall()
    for said in (ANSWER, masked(TEXT, b"ping"), masked(9, b"?"), masked(10, b"other words")):
        listener, _ = hall.enters(answers=False)
        for _ in range(3):
            listener.pulse()
            listener.data_received(said)
        assert listener.open


async def test_a_client_may_say_so_much_between_two_beats_and_no_more() -> None:
    hall = Hall()
    listener, wire = hall.enters(answers=False)
    for _ in range(3):
        listener.data_received(masked(TEXT, b"ping") * SAY_MAX)
        assert listener.open
        listener.pulse()
    listener.data_received(masked(TEXT, b"ping") * (SAY_MAX + 1))
    assert not listener.open
    assert wire.written[-1] == closing(1008)
    listener.connection_lost(None)
    assert hall.went == [(listener, 1008)]


async def test_who_hangs_up_is_not_pinged_and_is_counted_as_gone() -> None:
    hall = Hall()
    listener, wire = hall.enters(answers=False)
    listener.connection_lost(ConnectionResetError())
    assert not listener.open
    assert hall.went == [(listener, GONE)]
    assert wire.written == []


async def test_a_socket_has_the_same_turn_in_every_round_and_the_turns_are_about_as_long() -> None:
    hall = Hall()
    crowd = [hall.enters(answers=True)[0] for _ in range(2000)]
    turns = [turn_of(listener) for listener in crowd]
    hall.here = crowd[::2]
    assert [turn_of(listener) for listener in crowd] == turns
    sizes = [turns.count(turn) for turn in range(TURNS)]
    assert sum(sizes) == 2000
    assert max(sizes) <= 2 * 2000 / TURNS
