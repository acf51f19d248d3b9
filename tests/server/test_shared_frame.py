"""The transport changes hands after the hand-shake. What that leans on inside uvicorn and websockets is there, and where it is not, the
board runs on the fallback, says so, and sends the same."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import msgpack
import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame as WireFrame
from websockets.protocol import Protocol

from server import handover
from server.auth import COOKIE
from server.frames import Codec, encode, message
from server.tasks import end
from tests.driver import Person, running
from tests.house import House, house
from tests.rawsocket import BINARY, PING, PONG, TEXT, Caller, Frame, caller, closes, complaints, counted, handshake, live, masked
from tests.stores import comes

Comes = Callable[..., Person]
WAYS = {"shared frame": "on", "fallback": "off"}


@pytest.fixture(scope="module", params=WAYS)
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("shared"), {"KAYAN_SHARED_FRAME": WAYS[request.param]}) as office:
        yield office


def test_with_the_pinned_versions_nothing_is_missing() -> None:
    assert handover.missing() == []
    assert handover.MISSING == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [(WebSocketsSansIOProtocol, "handle_connect"), (HttpToolsProtocol, "on_message_begin"), (Protocol, "parse"), (WireFrame, "serialize")],
)
def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, kind: type, name: str) -> None:
    monkeypatch.delattr(kind, name)
    assert handover.missing() == [f"{kind.__module__}.{kind.__name__}.{name}"]
    monkeypatch.setattr(kind, name, "no method any more", raising=False)
    assert handover.missing() == [f"{kind.__module__}.{kind.__name__}.{name}"]


async def test_on_a_uvicorn_that_has_changed_inside_the_board_runs_on_the_fallback_and_says_so(tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    changed.mkdir()
    module = "uvicorn.protocols.websockets.websockets_sansio_impl"
    lines = [
        f"from {module} import WebSocketsSansIOProtocol",
        "del WebSocketsSansIOProtocol.keepalive_timeout",
    ]  # missed in 20 s at the soonest
    (changed / "sitecustomize.py").write_text("\n".join(lines), "utf-8")
    with running(tmp_path / "data", PYTHONPATH=str(changed)) as process:
        notice = f"frames are not shared between sockets: {module}.WebSocketsSansIOProtocol.keepalive_timeout"
        assert f"  ! {notice}" in process.said
        visitor = Person(process.url)
        assert notice in (await visitor.http.get("/readyz")).json()["notices"]
        async with visitor.watches() as screen:
            assert (await screen.frame())["t"] == "snapshot"
            taken = await visitor.takes()
            await screen.event("ticket.taken", id=taken["ticket"]["id"])
        await visitor.close()
        assert complaints(process.said) == []


async def test_both_ways_say_the_same_and_to_all_screens_of_a_kind_the_very_same(valkey_url: str, tmp_path: Path, people: Comes) -> None:
    with (
        house(tmp_path, {"KAYAN_STORE_URL": valkey_url}) as shared,
        running(tmp_path, KAYAN_STORE_URL=valkey_url, KAYAN_SHARED_FRAME="off") as process,
    ):
        fallback = House(process, valkey_url, shared.tokens)
        ani = people(shared, "ani")
        cookie = {"Cookie": f"{COOKIE}={shared.tokens['ani']}"}
        for codec in Codec:
            for query, headers in (("", {}), ("?view=staff", cookie)):
                asked = {"Sec-WebSocket-Protocol": codec.value, **headers}
                async with AsyncExitStack() as stack:
                    screens = [await stack.enter_async_context(live(at.url, query, asked)) for at in (shared, shared, fallback, fallback)]
                    for screen in screens:
                        await screen.frame()
                    number = (await ani.takes())["ticket"]["number"].encode()
                    said = [await the_frame_that_says(number, screen) for screen in screens]
                    assert said[0] == said[1]
                    assert said[2] == said[3]
                    read = msgpack.unpackb if codec is Codec.MSGPACK else json.loads
                    shared_way, fallback_way = (read(payload)["events"][-1] for _, payload in (said[0], said[2]))
                    assert shared_way == fallback_way
                    assert {kind for kind, _ in said} == {BINARY if codec is Codec.MSGPACK else TEXT}


async def the_frame_that_says(number: bytes, client: Caller) -> Frame:
    """The first frame in which this number is."""
    while number not in (frame := await client.frame())[1]:
        pass
    return frame


@pytest.mark.parametrize("codec", Codec)
@pytest.mark.parametrize("size", [0, 100, 125, 126, 127, 65535, 65536, 70000])
def test_the_fallback_sends_the_payload_that_the_shared_frame_carries(codec: Codec, size: int) -> None:
    said = message(encode(codec, {"t": "é" * size}))
    assert (msgpack.unpackb(said) if isinstance(said, bytes) else json.loads(said)) == {"t": "é" * size}
    assert isinstance(said, bytes) is (codec is Codec.MSGPACK)


@pytest.mark.parametrize("step", [1, 7, 64])
async def test_a_handshake_that_comes_in_pieces_is_a_handshake(office: House, step: int) -> None:
    asks = handshake()
    async with caller(office.url) as client:
        await client.says(*(asks[n : n + step] for n in range(0, len(asks), step)))
        assert (await client.head()).startswith("HTTP/1.1 101 ")
        assert (await client.frame())[1].startswith(b'{"t":"snapshot"')
        await client.says(masked(PING, b"?"))
        assert await client.answers(1) == [(PONG, b"?")]


EARLY = [
    b"".join(said) for said in ([masked(TEXT, b"ping")], [masked(TEXT, b"hello")], [masked(PING, b"?")], [closes(1000)], [b"\xff" * 64])
]
EARLY += [masked(TEXT, b"ping")[:n] for n in (1, 5, 8)]


@pytest.mark.parametrize("said", EARLY, ids=repr)
@pytest.mark.parametrize("together", [True, False], ids=["in one segment", "right behind"])
async def test_a_client_that_does_not_wait_for_its_answer_harms_nobody_but_itself(
    office: House, people: Comes, said: bytes, together: bool
) -> None:
    """The RFC forbids it (4.1), so what becomes of it is nobody's business but this: it is served or closed, and leaves nothing behind."""
    visitor = people(office)
    async with live(office.url) as quiet:
        await quiet.frame()
        for _ in range(10):
            async with caller(office.url) as client:
                await client.says(*([handshake() + said] if together else [handshake(), said]))
                await client.says(masked(PING, b"?"))
                with suppress(OSError):  # closed already
                    client.writer.write_eof()
                await client.gone()
        number = (await visitor.takes())["ticket"]["number"].encode()
        while number not in (await quiet.frame())[1]:
            pass
        await comes(lambda: only_one_is_left(visitor))


async def only_one_is_left(visitor: Person) -> bool:
    return counted((await visitor.http.get("/metrics")).text, "kayan_sockets", view="public") == 1


@pytest.mark.parametrize("where", ["tanjung-selor", "nowhere"])
async def test_clients_that_go_away_before_they_are_let_in_are_forgotten(office: House, people: Comes, where: str) -> None:
    visitor = people(office)
    async with live(office.url) as quiet:
        await quiet.frame()

        async def knocks_and_runs(n: int) -> None:
            async with caller(office.url) as client:
                await client.says(handshake("?view=staff" if n % 3 == 0 else "", office=where))

        await asyncio.gather(*(knocks_and_runs(n) for n in range(300)))
        await comes(lambda: only_one_is_left(visitor))
        number = (await visitor.takes())["ticket"]["number"].encode()
        while number not in (await quiet.frame())[1]:
            pass


async def test_a_server_that_stops_while_clients_knock_says_nothing_of_it(tmp_path: Path) -> None:
    with running(tmp_path) as process:

        async def knocks() -> None:
            while True:
                with suppress(OSError, asyncio.IncompleteReadError):
                    async with caller(process.url) as client:
                        await client.says(handshake("?view=staff"))
                        await client.head()

        knocking = [asyncio.create_task(knocks()) for _ in range(60)]
        async with live(process.url) as client:
            await client.frame()
            assert await asyncio.to_thread(process.stop) == 0
            assert await client.ends() == 1012
        await end(knocking)
        assert complaints(process.said) == []


async def test_none_of_this_is_told_to_the_operator(office: House) -> None:
    assert complaints(office.process.said) == []
