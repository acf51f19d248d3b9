"""What the Autobahn test-suite asks of a server, as far as it concerns one that is told nothing but `ping`: framing, pings and pongs,
reserved bits, opcodes, fragmentation, UTF-8, close handling, limits. A list of our own, since the suite itself runs on Python 2 or in
Docker; its sections are named. Left out: 9 (performance, tests/bench) and 12, 13 (compression, which we never agree to).

Each case is run over the shared frame and over the fallback, where uvicorn speaks the protocol."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from server.reader import FRAME_MAX, PIECES_MAX
from tests.driver import Person
from tests.house import House, house
from tests.rawsocket import BINARY, CLOSE, CONT, PING, PONG, TEXT, Frame, closes, complaints, counted, live, masked
from tests.stores import comes

Comes = Callable[..., Person]
NONSENSE, TOO_BIG, BROKEN, NOT_TEXT = 1008, 1009, 1002, 1007
Outcome = tuple[tuple[Frame, ...], int | None]  # answers, and how it was closed
WAYS = {"shared frame": "on", "fallback": "off"}


@pytest.fixture(scope="module", params=WAYS)
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("wire"), {"KAYAN_SHARED_FRAME": WAYS[request.param]}, staff={}) as office:
        yield office


@dataclass(frozen=True, slots=True)
class Case:
    """What a client says, and how it is closed for it. `code` None: it is not, and a ping afterwards is answered. `talks_on`: after its own
    close; the server has hung up, and with the answer of the network to the rest the client may lose our close, too."""

    name: str
    says: tuple[bytes, ...]
    code: int | None = None
    answers: tuple[Frame, ...] = ()
    talks_on: bool = False

    def cut(self) -> Case:
        """For clients that say each byte on its own: of a frame that is too large not much more than its length."""
        return replace(self, says=(self.says[0][:16],)) if self.code == TOO_BIG and len(self.says) == 1 else self


def is_fallback(office: House) -> bool:
    """Whether the start said that frames are not shared."""
    return any("frames are not shared" in line for line in office.process.said)


def text(payload: bytes, fin: bool = True) -> bytes:
    return masked(TEXT, payload, fin)


LENGTHS = (0, 1, 125, 126, 127, 128, FRAME_MAX, FRAME_MAX + 1, 65535, 65536)
FRAMING = [  # section 1
    *(
        Case(f"{name} of {n}", (masked(kind, b"*" * n),), TOO_BIG if n > FRAME_MAX else NONSENSE)
        for name, kind in (("text", TEXT), ("binary", BINARY))
        for n in LENGTHS
    ),
    Case("ping as text", (text(b"ping"),)),
    Case("ping as binary", (masked(BINARY, b"ping"),)),
    Case("a length of nine exabytes", (b"\x82\xff" + b"\x7f" + b"\xff" * 7,), TOO_BIG),
    Case("a length with the highest bit set", (b"\x82\xff" + b"\xff" * 8,), TOO_BIG),
    # The RFC wants the shortest form (5.2); websockets takes the longer ones, too, and so do we.
    Case("length in two bytes where one would do", (masked(TEXT, b"ping", length_in=2),)),
    Case("length in eight bytes where one would do", (masked(TEXT, b"ping", length_in=8),)),
    Case("length in eight bytes, too large", (masked(BINARY, b"*" * (FRAME_MAX + 1), length_in=8),), TOO_BIG),
    Case("not masked", (b"\x81\x04ping",), BROKEN),
    Case("empty and not masked", (b"\x82\x00",), BROKEN),
    Case("a ping that is not masked", (b"\x89\x00",), BROKEN),
    Case("a close that is not masked", (b"\x88\x02\x03\xe8",), BROKEN),
]
PINGS = [  # section 2
    *(
        Case(f"ping with {n}", (masked(PING, bytes(range(256))[-n:] if n else b""),), None, ((PONG, bytes(range(256))[-n:] if n else b""),))
        for n in (0, 1, 2, 64, 124, 125)
    ),
    Case("ping with 126", (masked(PING, b"*" * 126),), BROKEN),
    Case("ping with 126, its length in eight bytes", (masked(PING, b"*" * 126, length_in=8),), BROKEN),
    Case("pong nobody asked for", (masked(PONG),)),
    Case("pong nobody asked for, with words", (masked(PONG, b"*" * 125),)),
    Case("pong, then ping", (masked(PONG, b"no"), masked(PING, b"yes")), None, ((PONG, b"yes"),)),
    Case("pong with 126", (masked(PONG, b"*" * 126),), BROKEN),
    Case("ten pings", tuple(masked(PING, b"%d" % n) for n in range(10)), None, tuple((PONG, b"%d" % n) for n in range(10))),
    Case(
        "ten pings in one piece", (b"".join(masked(PING, b"%d" % n) for n in range(10)),), None, tuple((PONG, b"%d" % n) for n in range(10))
    ),
]
RESERVED = [  # section 3
    *(Case(f"reserved bits {bits}", (masked(TEXT, b"ping", reserved=bits),), BROKEN) for bits in range(1, 8)),
    Case("reserved bits after a good frame", (text(b"ping"), masked(TEXT, b"ping", reserved=4)), BROKEN),
    Case("reserved bits of a ping", (masked(PING, reserved=2),), BROKEN),
    Case("reserved bits of a close", (masked(CLOSE, b"\x03\xe8", reserved=7),), BROKEN),
]
OPCODES = [  # section 4
    Case(f"opcode {opcode}{' with words' * bool(words)}", (masked(opcode, words),), BROKEN)
    for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
    for words in (b"", b"ping")
]
ENDLESS = (text(b"", fin=False), *(masked(CONT, b"", fin=False) for _ in range(PIECES_MAX)))
PIECES = [  # section 5
    Case("ping in pieces", (masked(PING, b"a", fin=False), masked(CONT, b"b")), BROKEN),
    Case("pong in pieces", (masked(PONG, b"a", fin=False), masked(CONT, b"b")), BROKEN),
    Case("close in pieces", (masked(CLOSE, b"\x03\xe8", fin=False), masked(CONT)), BROKEN),
    Case("two pieces", (text(b"pi", fin=False), masked(CONT, b"ng"))),
    Case("two pieces of bytes", (masked(BINARY, b"pi", fin=False), masked(CONT, b"ng"))),
    Case("two pieces in one segment", (text(b"pi", fin=False) + masked(CONT, b"ng"),)),
    Case("empty pieces around it", (text(b"", fin=False), masked(CONT, b"ping", fin=False), masked(CONT))),
    Case("nonsense in two pieces", (text(b"pi", fin=False), masked(CONT, b"pi")), NONSENSE),
    Case("all empty", (text(b"", fin=False), masked(CONT, b"", fin=False), masked(CONT)), NONSENSE),
    Case("a ping between", (text(b"pi", fin=False), masked(PING, b"!"), masked(CONT, b"ng")), None, ((PONG, b"!"),)),
    Case(
        "pings between",
        (text(b"p", fin=False), *(masked(PING, b"!"), masked(CONT, b"", fin=False)) * 5, masked(CONT, b"ing")),
        None,
        ((PONG, b"!"),) * 5,
    ),
    Case("a pong between", (text(b"pi", fin=False), masked(PONG, b"!"), masked(CONT, b"ng"))),
    Case("goes on with nothing", (masked(CONT, b"ping"),), BROKEN),
    Case("goes on with nothing, and more to come", (masked(CONT, b"pi", fin=False), masked(CONT, b"ng")), BROKEN),
    Case("goes on after the end", (text(b"ping"), masked(CONT, b"ping")), BROKEN),
    Case("goes on after the end of pieces", (text(b"pi", fin=False), masked(CONT, b"ng"), masked(CONT, b"ng")), BROKEN),
    Case("a message within a message", (text(b"pi", fin=False), text(b"ping")), BROKEN),
    Case("a message of bytes within text", (text(b"pi", fin=False), masked(BINARY, b"ng", fin=False)), BROKEN),
    Case("a message that never ends", (text(b"*", fin=False), *(masked(CONT, b"*" * 64, fin=False) for _ in range(20))), TOO_BIG),
    # The fallback counts bytes alone, and takes empty pieces until their end: here it ends after a few more than we take.
    Case("empty pieces without end", (*ENDLESS, masked(CONT)), NONSENSE),
    # The RFC lets a close come between pieces; websockets takes it for an error, and so do we.
    Case("a close between", (text(b"pi", fin=False), closes(1000)), BROKEN),
]
BAD_TEXT = {
    "a byte of none": b"\xff",
    "a lone second byte": b"\x80",
    "cut short": b"\xce\xba\xe1\xbd",
    "too long a form": b"\xc0\xaf",
    "too long a form of three": b"\xe0\x80\xaf",
    "half a surrogate": b"\xed\xa0\x80",
    "beyond the last": b"\xf4\x90\x80\x80",
    "in the middle": b"pi\xf0\x28\x8c\x28ng",
}
WORDS = "κόσμε 𝄞".encode()
UTF_8 = [  # section 6
    *(Case(f"{name}", (text(bad),), NOT_TEXT) for name, bad in BAD_TEXT.items()),
    *(Case(f"{name}, in pieces", (text(bad[:1], fin=False), masked(CONT, bad[1:])), NOT_TEXT) for name, bad in BAD_TEXT.items()),
    *(Case(f"{name}, as bytes", (masked(BINARY, bad),), NONSENSE) for name, bad in BAD_TEXT.items()),
    *(Case(f"words cut after {n}", (text(WORDS[:n], fin=False), masked(CONT, WORDS[n:])), NONSENSE) for n in range(1, len(WORDS))),
]
GOOD_CODES = (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999)
BAD_CODES = (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
CLOSING = [  # section 7
    *(Case(f"closes with {code}", (closes(code),), code) for code in GOOD_CODES),
    *(Case(f"closes with {code}, which is none", (closes(code),), BROKEN) for code in BAD_CODES),
    Case("closes without a code", (masked(CLOSE),), 1005),
    Case("closes with half a code", (masked(CLOSE, b"\x03"),), BROKEN),
    Case("closes with a reason", (closes(1000, b"selesai"),), 1000),
    Case("closes with the longest reason", (closes(1000, b"*" * 123),), 1000),
    Case("closes with too long a reason", (closes(1000, b"*" * 124),), BROKEN),
    Case("closes with a reason that is no text", (closes(1000, b"\xce\xba\xe1\xbd"),), NOT_TEXT),
    Case("closes twice", (closes(1000), closes(1001)), 1000, talks_on=True),
    Case("closes and pings", (closes(1000), masked(PING, b"?")), 1000, talks_on=True),
    Case("closes and talks", (closes(1000), text(b"hello")), 1000, talks_on=True),
    Case("closes and talks in one segment", (closes(1000) + text(b"hello") + b"\xff" * 64,), 1000, talks_on=True),
    Case("closes after pieces", (text(b"pi", fin=False), masked(CONT, b"ng"), closes(4000)), 4000),
]
SECTIONS = {
    "framing": FRAMING,
    "pings": PINGS,
    "reserved": RESERVED,
    "opcodes": OPCODES,
    "pieces": PIECES,
    "utf-8": UTF_8,
    "closing": CLOSING,
}


@pytest.mark.parametrize("chopped", [False, True], ids=["whole", "byte by byte"])
@pytest.mark.parametrize("section", SECTIONS)
async def test_a_client_is_answered_as_the_protocol_says_and_the_others_see_on(
    office: House, people: Comes, section: str, chopped: bool
) -> None:
    async with live(office.url) as quiet:
        cases = [case.cut() if chopped else case for case in SECTIONS[section]]
        found = await asyncio.gather(*(comes_of(office, case, chopped) for case in cases))
        assert [(case.name, was) for case, was in zip(cases, found, strict=True) if was != expected(office, case, was)] == []
        number = (await people(office).takes())["ticket"]["number"]
        while f'"number":"{number}"'.encode() not in (await quiet.frame())[1]:
            pass


async def comes_of(office: House, case: Case, chopped: bool) -> Outcome:
    """What a client gets for what it says."""
    async with live(office.url) as client:
        await client.frame()
        await client.says(*case.says, chopped=chopped)
        answers = tuple(await client.answers(len(case.answers)))
        if case.code is not None:
            return answers, await client.ends()
        await client.says(masked(PING, b"still here"))
        assert await client.answers(1) == [(PONG, b"still here")]
        return answers, None


def expected(office: House, case: Case, was: Outcome) -> Outcome:
    """What it should get, in the light of what it got."""
    # The fallback hangs up on what is wrong without listening to the rest, and the network's answer to that rest may overtake the close.
    may_be_lost = case.talks_on or (case.code in (BROKEN, TOO_BIG, NOT_TEXT) and is_fallback(office))
    return case.answers, None if may_be_lost and was[1] is None else case.code


async def test_after_a_close_nothing_more_is_said(office: House, people: Comes) -> None:
    async with live(office.url) as client:
        await client.frame()
        await client.says(closes(1000, b"selesai") + masked(PING, b"?") + text(b"hello"))
        assert await client.answers(1) == [(CLOSE, struct.pack("!H", 1000) + b"selesai")]
        assert await client.gone() == b""


async def test_who_does_not_answer_a_close_is_hung_up_on(office: House, people: Comes) -> None:
    async with live(office.url) as client:
        await client.frame()
        await client.says(text(b"hello"))
        assert await client.answers(1) == [(CLOSE, struct.pack("!H", NONSENSE))]
        for _ in range(3):
            await client.says(masked(PING, b"still here"), text(b"and talking"))
        said = await client.gone()  # the fallback waits ten seconds, and answers pings until then
        assert said == b"" or (is_fallback(office) and said.replace(b"\x8a\x0astill here", b"") == b"")
        assert await people(office).board()


async def test_who_hangs_up_one_way_is_hung_up_on(office: House, people: Comes) -> None:
    async with live(office.url) as client:
        await client.frame()
        client.writer.write_eof()
        await client.gone()
        assert await people(office).board()


async def test_each_close_is_counted_by_its_code(office: House, people: Comes) -> None:
    visitor = people(office)
    for said, code in (
        (b"\xff" * 64, BROKEN),
        (text(b"hello"), NONSENSE),
        (masked(BINARY, b"*" * 2000), TOO_BIG),
        (text(b"\xff"), NOT_TEXT),
    ):
        before = (await visitor.http.get("/metrics")).text
        async with live(office.url) as client:
            await client.says(said)
            assert await client.ends() == code

        async def counted_it(code: int = code, before: str = before) -> bool:
            after = (await visitor.http.get("/metrics")).text
            return counted(after, "kayan_closes_total", code=str(code)) == counted(before, "kayan_closes_total", code=str(code)) + 1

        await comes(counted_it)


async def test_none_of_this_is_told_to_the_operator(office: House) -> None:
    assert complaints(office.process.said) == []
