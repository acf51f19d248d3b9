"""HTTPS and WSS from the board itself: everything as over plain TCP, and nothing without the certificate."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
import uvloop

from config.office import load_offices
from config.settings import load_settings
from server.app import House, house
from server.commands import serving
from server.commands.port import listeners
from server.commands.serving import Server, configured
from server.commands.tls import Certificate
from server.frames import TOO_SLOW, Codec, encode
from server.hub import Listener
from server.live import BUFFER_CAP
from tests.certificates import Careful, Paper, self_signed
from tests.driver import OFFICE, ROOT, Process, add_user, environment, running
from tests.stores import comes
from tests.wire import Mirror, mirrors, until

KNOCK = f"GET /live/{OFFICE} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: kayan.v1.json\r\n\r\n"
PADDED = encode(Codec.JSON, {"t": "a kind of later days", "pad": "x" * 64 * 1024})
MOST_KEPT = 16 * 1024 * 1024  # bytes that the kernel and the buffer together may hold before the cap is noticed


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    return self_signed(tmp_path_factory.mktemp("paper"))


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory, paper: Paper) -> Iterator[Process]:
    data = tmp_path_factory.mktemp("tls") / "data"
    with running(data, *paper.words) as process:
        add_user(data, "ani", "officer")
        yield process


@pytest.fixture
async def visitor(board: Process, paper: Paper) -> AsyncIterator[Careful]:
    person = Careful(board.url, paper)
    yield person
    await person.close()


def refused(data: Path, *words: str) -> str:
    """What is said to a start that ends with 2 and makes nothing."""
    command = [sys.executable, "-m", "server", "serve", *words]
    found = subprocess.run(command, cwd=ROOT, env=environment(data), capture_output=True, text=True, timeout=50, check=False)
    assert (found.returncode, found.stdout) == (2, ""), found.stderr
    assert "Traceback" not in found.stderr
    assert not data.exists()
    return found.stderr


def test_certificate_and_key_go_together(tmp_path: Path, paper: Paper) -> None:
    for words in (("--tls-cert", str(paper.cert)), ("--tls-key", str(paper.key))):
        assert "go together" in refused(tmp_path / "data", *words)


def test_a_wrong_certificate_or_key_is_named_with_what_would_be_right(tmp_path: Path, paper: Paper) -> None:
    other, locked, empty = self_signed(tmp_path / "other"), tmp_path / "locked.pem", tmp_path / "empty.pem"
    command = ["openssl", "pkey", "-in", str(paper.key), "-aes256", "-passout", "pass:sirih", "-out", str(locked)]
    subprocess.run(command, check=True, capture_output=True)
    empty.write_text("")
    cut = tmp_path / "cut.pem"
    cut.write_text(paper.cert.read_text()[:120])
    for cert, key, named, told in (
        (tmp_path / "none.pem", paper.key, "--tls-cert", "cannot be read"),
        (paper.cert, tmp_path, "--tls-key", "cannot be read"),
        (empty, paper.key, "--tls-cert", "holds no certificate"),
        (paper.cert, paper.cert, "--tls-key", "holds no private key"),
        (cut, paper.key, "--tls-cert", "make them anew"),
        (paper.cert, other.key, "--tls-key", "does not belong"),
        (paper.cert, locked, "--tls-key", "password"),
    ):
        said = refused(tmp_path / "data", "--tls-cert", str(cert), "--tls-key", str(key))
        assert len(said.splitlines()) == 1
        assert named in said
        assert told in said


async def test_the_addresses_are_https_and_the_session_travels_by_https_alone(board: Process, visitor: Careful) -> None:
    addresses = [word for line in board.said for word in line.split() if "://" in word]
    assert addresses
    assert all(address.startswith("https://") for address in addresses)
    await visitor.logs_in("ani")
    (cookie,) = visitor.http.cookies.jar
    assert cookie.secure
    assert (await visitor.http.get("/api/v1/session")).json()["name"] == "ani"
    assert (await visitor.takes("A"))["url"].startswith("https://")
    assert (await visitor.http.get(f"/{OFFICE}/tv")).status_code == 200


def test_plain_http_gets_no_answer_there(board: Process) -> None:
    with pytest.raises(httpx.TransportError):
        httpx.get(f"http://127.0.0.1:{board.port}/healthz", trust_env=False)


@pytest.mark.parametrize("codec", ["kayan.v1", "kayan.v1.json"])
async def test_a_screen_sees_all_over_tls_and_goes_on_where_it_stood(visitor: Careful, codec: str) -> None:
    mirror = Mirror()
    for _ in range(2):
        async with visitor.watches(f"?{mirror.resume}" if mirror.epoch else "", codec=codec) as screen:
            taken = await visitor.takes("B")
            await until(screen, mirror, lambda seen: taken["ticket"]["id"] in seen.tickets)  # noqa: B023
            while not await mirrors(mirror, visitor):
                mirror.take(await screen.frame())
        await visitor.takes("A")  # while the screen is away
    assert mirror.snapshots == 1


async def test_a_screen_over_tls_is_closed_with_the_same_codes(visitor: Careful) -> None:
    async with visitor.watches() as talks, visitor.watches("?view=staff") as stranger, visitor.watches("?resume=nonsense") as lost:
        await talks.socket.send("hello")
        assert [await screen.end() for screen in (talks, stranger, lost)] == [1008, 4401, 4001]
        assert [screen.seen[-1]["t"] for screen in (stranger, lost)] == ["bye", "bye"]


async def test_told_to_stop_the_board_says_goodbye_over_tls(tmp_path: Path, paper: Paper) -> None:
    with running(tmp_path, *paper.words, "--workers", "2") as process:
        visitor = Careful(process.url, paper)
        async with visitor.watches() as screen:
            await screen.frame()
            silent = socket.create_connection(("127.0.0.1", process.port))  # never begins its hand-shake
            process.popen.terminate()
            assert await screen.end() == 1012
            assert screen.seen[-1]["t"] == "bye"
        assert await asyncio.to_thread(process.popen.wait, 30) == 0
        silent.close()
        await visitor.close()


@asynccontextmanager
async def board_inside(data: Path, paper: Paper | None) -> AsyncIterator[tuple[House, int]]:
    """A board in this process, as `serve` runs it; its port."""
    settings = load_settings(environment(data))
    async with house(settings, load_offices(settings.offices, settings)) as inside:
        doors = listeners("127.0.0.1", 0)
        assert isinstance(doors, list)
        port: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        tls = Certificate(paper.cert, paper.key) if paper else None
        server = Server(configured(settings, inside, tls), port.set_result, inside.goodbye)
        serving = asyncio.create_task(server.serve(doors))
        try:
            yield inside, await port
        finally:
            server.should_exit = True
            await serving


def knock(port: int, paper: Paper | None) -> socket.socket:
    """A screen that has shaken hands, and whose kernel keeps little."""
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.settimeout(20)
    plain.connect(("127.0.0.1", port))
    client = paper.believed().wrap_socket(plain, server_hostname="localhost") if paper else plain
    client.sendall((KNOCK + KEY).encode())
    return client


def read_all(client: socket.socket, got: bytearray) -> None:
    """Until the board hangs up."""
    with suppress(OSError):
        while part := client.recv(1 << 20):
            got += part


async def listens(inside: House, client: Callable[[], socket.socket]) -> tuple[socket.socket, Listener]:
    """This client comes in; its socket here and the board's end of it."""
    before = inside.sockets.everybody()
    came = await asyncio.to_thread(client)
    await comes(lambda: len(inside.sockets.everybody()) > len(before))
    (listener,) = (one for one in inside.sockets.everybody() if one not in before)
    return came, listener


async def a_room_with_a_sleeper(data: Path, paper: Paper | None, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[int]]:
    """Bytes that were sent until the one who never reads was cut off, and the codes that sockets were closed with meanwhile."""
    codes: list[int] = []
    async with board_inside(data, paper) as (inside, port):
        (relay,) = inside.relays.values()
        monkeypatch.setattr(relay, "gone", lambda _, code: codes.append(code))  # as the metrics hear of it
        slow, sleeper = await listens(inside, lambda: knock(port, paper))
        quick, reader = await listens(inside, lambda: knock(port, paper))
        got, sent = bytearray(), 0
        threading.Thread(target=read_all, args=(quick, got), daemon=True).start()
        try:
            while sleeper.open and sent < MOST_KEPT:
                sleeper.write(PADDED)
                reader.write(PADDED)
                sent += len(PADDED)
                all_sent = sent
                await comes(lambda: len(got) >= all_sent)  # noqa: B023
            assert reader.open
            await comes(lambda: codes)
            return sent, codes[:]
        finally:
            slow.close()
            quick.close()


@pytest.mark.parametrize("over", ["tcp", "tls"])
def test_a_screen_that_never_reads_is_cut_off_alone_before_it_holds_much_memory(
    tmp_path: Path, paper: Paper, over: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, codes = uvloop.run(a_room_with_a_sleeper(tmp_path / "data", paper if over == "tls" else None, monkeypatch))
    assert BUFFER_CAP < sent < MOST_KEPT
    assert codes == [TOO_SLOW]


async def a_silent_caller(data: Path, paper: Paper) -> bytes:
    """What somebody hears who never begins the hand-shake."""
    async with board_inside(data, paper) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            return await reader.read()
        finally:
            writer.close()


def test_who_never_begins_the_hand_shake_is_shown_out(tmp_path: Path, paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "PATIENCE", 0.2)
    assert uvloop.run(a_silent_caller(tmp_path / "data", paper)) == b""
