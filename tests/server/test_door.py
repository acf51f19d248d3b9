"""The house's door: a caller that never says what it wants is let go, a flood from one address is turned away, and nobody else notices."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, suppress

import pytest

from server.tasks import end
from tests.driver import API, Person
from tests.house import House, house
from tests.rawsocket import CLOSE, TEXT, Caller, caller, counted, handshake, live, masked

Comes = Callable[..., Person]
WAYS = {"shared frame": "on", "fallback": "off"}


@pytest.fixture(scope="module", params=WAYS)
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = {"KAYAN_SHARED_FRAME": WAYS[request.param], "KAYAN_LIMITS": "on"}
    with house(tmp_path_factory.mktemp("door"), settings, staff={}) as office:
        yield office


async def metrics(visitor: Person) -> str:
    return (await visitor.http.get("/metrics")).text


EACH = 300  # callers of each kind
HALF = {
    "nothing": b"",
    "half a line": b"GET /live",
    "half a hand-shake": handshake()[:-20],
    "half a command": f"POST {API}/tickets HTTP/1.1\r\nHost: kayan\r\nContent-Length: 100\r\n\r\n{{".encode(),
    "a chunk that never comes": f"POST {API}/tickets HTTP/1.1\r\nHost: kayan\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n".encode(),
}


async def test_whoever_does_not_finish_asking_is_let_go_and_counted_and_the_others_are_served_meanwhile(
    office: House, people: Comes
) -> None:
    visitor = people(office)
    before = counted(await metrics(visitor), "kayan_turned_away_total", why="slow")
    async with AsyncExitStack() as stack:
        slow = []
        for said in HALF.values():
            slow += [await stack.enter_async_context(caller(office.url)) for _ in range(EACH)]
            for one in slow[-EACH:]:
                await one.says(said)
        async with live(office.url) as quiet:
            await quiet.frame()
            await sees_on(visitor, quiet)
            assert counted(await metrics(visitor), "kayan_turned_away_total", why="slow") == before  # nobody has lost patience yet
            # Each says one byte more now and then, which must not buy it more time.
            dribble = asyncio.create_task(dribbles(slow[EACH : 2 * EACH]))
            await asyncio.gather(*(one.gone() for one in slow))
            dribble.cancel()
            await sees_on(visitor, quiet)
    assert counted(await metrics(visitor), "kayan_turned_away_total", why="slow") == before + len(slow)


async def sees_on(visitor: Person, client: Caller) -> None:
    """The client is told what happens next."""
    number = (await visitor.takes())["ticket"]["number"]
    while f'"number":"{number}"'.encode() not in (await client.frame())[1]:
        pass


async def dribbles(slow: list[Caller]) -> None:
    while True:
        for one in slow:
            await one.says(b"a")
        await asyncio.sleep(0.5)  # slower than anybody speaks


NOT_A_HANDSHAKE = {
    "a header too long": handshake(headers={"X-Long": "x" * 9000}),
    "too many headers": handshake(headers={f"X-{n}": "x" for n in range(200)}),
    "a line too long": handshake(query="?" + "x" * 9000),
    "a command": handshake().replace(b"GET", b"POST"),
    "a body": handshake(headers={"Content-Length": "5"}) + b"hello",
    "chunks": handshake(headers={"Transfer-Encoding": "chunked"}) + b"5\r\nhello\r\n",
    "no key": handshake().replace(b"Sec-WebSocket-Key", b"X-Key"),
    "a key that is none": handshake(headers={"Sec-WebSocket-Key": "short"}),
    "another version": handshake(headers={"Sec-WebSocket-Version": "8"}),
    "HTTP/9.9": handshake().replace(b"HTTP/1.1", b"HTTP/9.9"),
    "a path of no alphabet": handshake().replace(b"/live/", b"/live/\xff"),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(200)),
    "nonsense": b"\xff" * 300 + b"\r\n\r\n",
}


@pytest.mark.parametrize("said", NOT_A_HANDSHAKE.values(), ids=NOT_A_HANDSHAKE)
async def test_what_is_no_handshake_is_refused_at_once_and_never_left_open(office: House, people: Comes, said: bytes) -> None:
    visitor = people(office)
    before = counted(await metrics(visitor), "kayan_turned_away_total", why="slow")
    async with caller(office.url) as client:
        await client.says(said)
        assert (await client.gone()).split()[1] in (b"400", b"405")
    assert counted(await metrics(visitor), "kayan_turned_away_total", why="slow") == before  # it was answered, and not waited for


async def test_a_flood_from_one_address_is_turned_away_and_counted_and_the_others_are_let_in(office: House, people: Comes) -> None:
    visitor = people(office)

    async def knocks() -> None:
        with suppress(OSError):  # turned away while it still knocks
            async with caller(office.url, comes_from="127.0.0.2"):
                pass

    async def flood() -> None:
        while True:
            await asyncio.gather(*(knocks() for _ in range(250)))

    flooding = asyncio.create_task(flood())
    while not (turned_away := counted(await metrics(visitor), "kayan_turned_away_total", why="flood")):
        assert await visitor.board()
    for _ in range(20):
        async with live(office.url) as client:
            assert (await client.frame())[0] == TEXT
    while counted(await metrics(visitor), "kayan_turned_away_total", why="flood") == turned_away:
        assert await visitor.board()
    await end([flooding])


NOT_ALLOWED, RESUME_REFUSED = 4401, 4001
WRONG = {
    "?view=staff": (NOT_ALLOWED, "never"),
    "?view=": (NOT_ALLOWED, "never"),
    "?view=PUBLIC": (NOT_ALLOWED, "never"),
    "?view=manager": (NOT_ALLOWED, "never"),
    "?view=public&view=staff": (NOT_ALLOWED, "never"),
    "?view=staff&resume=e:1": (NOT_ALLOWED, "never"),
    "?resume=": (RESUME_REFUSED, "soon"),
    "?resume=e": (RESUME_REFUSED, "soon"),
    "?resume=:": (RESUME_REFUSED, "soon"),
    "?resume=e:": (RESUME_REFUSED, "soon"),
    "?resume=e:-1": (RESUME_REFUSED, "soon"),
    "?resume=e:1.5": (RESUME_REFUSED, "soon"),
    "?resume=e:1e3": (RESUME_REFUSED, "soon"),
    "?resume=e:0x10": (RESUME_REFUSED, "soon"),
    "?resume=e:%D9%A1": (RESUME_REFUSED, "soon"),
    "?resume=e:1%0A": (RESUME_REFUSED, "soon"),
    f"?resume=e:{'9' * 16}": (RESUME_REFUSED, "soon"),
    f"?resume=e:{'9' * 5000}": (RESUME_REFUSED, "soon"),
    f"?resume={'e' * 65}:1": (RESUME_REFUSED, "soon"),
    "?resume=%00:1": (RESUME_REFUSED, "soon"),
    "?resume=e;drop:1": (RESUME_REFUSED, "soon"),
}


@pytest.mark.parametrize("query", WRONG, ids=lambda query: query[:30])
async def test_a_view_that_is_not_ones_own_and_a_resume_that_is_none_are_closed_with_a_word(
    office: House, people: Comes, query: str
) -> None:
    code, reconnect = WRONG[query]
    async with live(office.url) as quiet, live(office.url, query) as client:
        assert await client.frame() == (TEXT, f'{{"t":"bye","reconnect":"{reconnect}","after":0}}'.encode())
        assert await client.frame() == (CLOSE, code.to_bytes(2, "big"))
        await client.says(masked(CLOSE, code.to_bytes(2, "big")))
        assert await client.gone() == b""
        await quiet.frame()
        await sees_on(people(office), quiet)


ABSURD = ["another:0", "another:1", f"another:{'9' * 15}", f"{{epoch}}:{'9' * 15}", "{epoch}:000000000999999", "-:1", "_:0"]


@pytest.mark.parametrize("resume", ABSURD, ids=lambda resume: resume[:30])
async def test_a_resume_from_where_we_never_were_gets_the_whole_board(office: House, people: Comes, resume: str) -> None:
    epoch = (await people(office).board())["epoch"]
    async with live(office.url, f"?resume={resume.format(epoch=epoch)}") as client:
        assert (await client.frame())[1].startswith(b'{"t":"snapshot"')


async def test_none_of_this_is_an_error_of_ours(office: House) -> None:
    assert [line for line in office.process.said if "ERROR" in line or "Traceback" in line] == []
