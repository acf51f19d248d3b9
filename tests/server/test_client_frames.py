"""A screen has nothing to say but `ping`. One that says something else, or too much, is closed, alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server.reader import FRAME_MAX
from tests.driver import Person, Screen
from tests.house import House, house
from tests.stores import comes

Comes = Callable[..., Person]
NONSENSE, TOO_BIG, BROKEN, NOT_TEXT = 1008, 1009, 1002, 1007


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("frames"), staff={}) as office:
        yield office


SAID: list[tuple[str | bytes, int]] = [
    ("hello", NONSENSE),
    ("", NONSENSE),
    (b"", NONSENSE),
    ("PING", NONSENSE),
    ('{"t": "ticket.called"}', NONSENSE),
    (b"\x81\xa1t\xa4beat", NONSENSE),
    (b"\xff" * FRAME_MAX, NONSENSE),
    ("x" * FRAME_MAX, NONSENSE),
    ("x" * (FRAME_MAX + 1), TOO_BIG),
    (b"x" * (FRAME_MAX + 1), TOO_BIG),
    (b"x" * 5_000_000, TOO_BIG),
]


@pytest.mark.parametrize(
    ("said", "code"), SAID, ids=lambda value: f"{value[:12]!r}x{len(value)}" if isinstance(value, (str, bytes)) else ""
)
async def test_a_screen_that_talks_is_closed_and_the_others_see_on(office: House, people: Comes, said: str | bytes, code: int) -> None:
    visitor = people(office)
    async with visitor.watches() as quiet, visitor.watches(codec="kayan.v1") as loud:
        assert [(await screen.frame())["t"] for screen in (quiet, loud)] == ["snapshot", "snapshot"]
        try:
            await loud.socket.send(said)
        except ConnectionClosed:
            assert len(said) > FRAME_MAX  # closed before it was all said
        assert await loud.end() == code
        await sees_on(visitor, quiet)


async def test_a_message_in_many_small_pieces_is_no_way_around_the_limit(office: House, people: Comes) -> None:
    visitor = people(office)
    async with visitor.watches() as quiet, visitor.watches() as loud:
        await loud.frame()
        await quiet.frame()
        with suppress(ConnectionClosed):  # it may have said it all before it reads that nobody listens
            await loud.socket.send(b"x" * 100 for _ in range(10_000))
        assert await loud.end() == TOO_BIG
        await sees_on(visitor, quiet)


WIRE = [
    (b"\xff" * 64, {BROKEN}),  # reserved bits, unknown opcode
    (b"\x81\x05hello", {BROKEN}),  # not masked
    (b"\x81\x84\x00\x00\x00\x00\xff\xfe\xff\xfe", {NOT_TEXT}),  # text that is no UTF-8
    (b"\x82\xff\x7f" + b"\xff" * 7 + b"\x00" * 4, {BROKEN, TOO_BIG}),  # a frame of nine exabytes
    (b"\x80\x80\x00\x00\x00\x00", {BROKEN}),  # goes on with a message that never began
    (b"GET / HTTP/1.1\r\n\r\n", {BROKEN}),
]


@pytest.mark.parametrize(("bytes_", "codes"), WIRE, ids=lambda value: repr(value)[:30])
async def test_bytes_that_are_no_frames_close_that_socket_alone(office: House, people: Comes, bytes_: bytes, codes: set[int]) -> None:
    visitor = people(office)
    async with visitor.watches() as quiet, visitor.watches() as broken:
        await broken.frame()
        await quiet.frame()
        broken.socket.transport.write(bytes_)
        assert await broken.end() in codes
        await sees_on(visitor, quiet)


@pytest.mark.parametrize("ping", ["ping", b"ping"])
async def test_pings_of_both_kinds_keep_a_socket_open(office: House, people: Comes, ping: str | bytes) -> None:
    visitor = people(office)
    async with visitor.watches() as screen:
        await screen.frame()
        for _ in range(300):
            await screen.socket.send(ping)
        await (await screen.socket.ping())
        await sees_on(visitor, screen)


async def test_a_screen_that_vanishes_without_a_word_is_forgotten(office: House, people: Comes) -> None:
    visitor = people(office)

    async def sockets() -> float:
        text = (await visitor.http.get("/metrics")).text
        return float(next(line.split()[1] for line in text.splitlines() if line.startswith('kayan_sockets{view="public"}')))

    before = await sockets()
    async with visitor.watches() as screen:
        await screen.frame()
        assert await sockets() == before + 1
        screen.socket.transport.abort()

        async def forgotten() -> bool:
            return await sockets() == before

        await comes(forgotten)


async def test_an_office_that_does_not_exist_has_no_stream(office: House, people: Comes) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with people(office).watches(office="nowhere"):
            pass
    assert refused.value.response.status_code == 404


async def test_nothing_of_this_fills_the_log(office: House) -> None:
    assert [line for line in office.process.said if "ERROR" in line or "Traceback" in line] == []


async def sees_on(visitor: Person, screen: Screen) -> None:
    """The screen gets what happens next."""
    taken = await visitor.takes()
    await screen.event("ticket.taken", id=taken["ticket"]["id"])
