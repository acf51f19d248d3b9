"""Two boards behind nginx or Caddy, as config/examples sets them up: one address, whichever board answers."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from config.settings import load_settings, unknown_variables
from server.auth import COOKIE
from server.edge import BODY_MAX
from server.knocks import AT_ONCE
from server.pulse import EVERY
from server.relay import BEAT_AFTER
from tests.certificates import Careful, Paper, self_signed
from tests.driver import API, OFFICE, ROOT, Process, running, start
from tests.house import House, house
from tests.proxies import EXAMPLES, caddy_file, free_ports, nginx_file, program, proxy
from tests.screens import nobody_noticed, room
from tests.shifts import each_acted_once, served, shifts
from tests.stores import DURABLE, redis_server, store_process

SCREENS = 16
TRUSTING = {"KAYAN_TRUSTED_PROXIES": "127.0.0.1"}
OFFICERS = {"ani": "officer", "budi": "officer", "sari": "supervisor"}
PROXIES = ["nginx", "caddy"]


def command_of(kind: str, folder: Path, boards: list[int], port: int, paper: Paper) -> list[str]:
    """The proxy of this kind with our example, its ports put in."""
    if kind == "nginx":
        (plain,) = free_ports(1)
        return [program("nginx", "nginx-light"), "-e", f"{folder}/error.log", "-c", str(nginx_file(folder, boards, port, plain, paper))]
    return [program("caddy", "caddy"), "run", "--adapter", "caddyfile", "--config", str(caddy_file(folder, boards, port, paper))]


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    return self_signed(tmp_path_factory.mktemp("paper"))


@dataclass
class Street:
    """Two boards on one store, and the address that the world knows."""

    boards: list[House]
    url: str
    paper: Paper
    data: Path

    def person(self, name: str | None = None) -> Careful:
        person = Careful(self.url, self.paper)
        if name is not None:
            person.http.cookies.set(COOKIE, self.boards[0].tokens[name], domain="127.0.0.1", path="/")
        return person

    @asynccontextmanager
    async def people(self, *names: str | None) -> AsyncIterator[list[Careful]]:
        """These for the block, visitors without a name."""
        came = [self.person(name) for name in names]
        try:
            yield came
        finally:
            for person in came:
                await person.close()

    async def restarts(self, n: int) -> None:
        """SIGTERM, and once it has ended well, the same board on the same port."""
        board = self.boards[n]
        assert await asyncio.to_thread(board.process.stop, 30) == 0
        settings = {**TRUSTING, "KAYAN_STORE_URL": board.store, "KAYAN_PORT": str(board.process.port)}
        board.process = await asyncio.to_thread(lambda: start(self.data, **settings))


@pytest.fixture(params=PROXIES)
def street(request: pytest.FixtureRequest, tmp_path: Path, paper: Paper) -> Iterator[Street]:
    with ExitStack() as stack:
        store = stack.enter_context(store_process(redis_server(), *DURABLE))
        port, *ports = free_ports(3)
        given = [{**TRUSTING, "KAYAN_STORE_URL": store, "KAYAN_PORT": str(own)} for own in ports]
        first = stack.enter_context(house(tmp_path / "data", given[0], OFFICERS))
        other = House(stack.enter_context(running(tmp_path / "data", **given[1])), store, first.tokens)
        folder = tmp_path / "proxy"
        command = command_of(request.param, folder, ports, port, paper)
        stack.enter_context(proxy(command, folder, port))
        ours = Street([first, other], f"https://127.0.0.1:{port}", paper, tmp_path / "data")
        yield ours
        for process in (board.process for board in ours.boards):
            end(process)


def end(process: Process) -> None:
    """One that a test has started anew ends here."""
    if process.popen.poll() is None:
        process.stop(30)


async def test_everything_works_through_the_proxy_as_if_it_were_the_board(street: Street) -> None:
    async with street.people(None, "ani") as (visitor, ani):
        async with visitor.watches() as screen, ani.watches("?view=staff", codec="kayan.v1") as console:
            assert [(await one.frame())["t"] for one in (screen, console)] == ["snapshot", "snapshot"]
            taken = await visitor.takes("A")
            assert taken["url"].startswith(street.url)
            for one in (screen, console):
                await one.event("ticket.taken", number=taken["ticket"]["number"])
        await visitor.logs_in("budi")
        assert [cookie.secure for cookie in visitor.http.cookies.jar] == [True]
        assert (await visitor.http.get(f"/{OFFICE}/tv")).status_code == 200
        too_large = await visitor.post(f"{API}/tickets", {"service": "A", "satker": "x" * 2 * BODY_MAX})
        assert too_large.status_code == 413


async def test_nobody_passes_for_this_computer_by_what_he_says_of_himself(street: Street) -> None:
    async with street.people(None) as (stranger,):
        for said in ({}, {"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}):
            assert (await stranger.http.get("/metrics", headers=said)).status_code == 403


async def test_a_board_that_was_killed_costs_no_command(street: Street) -> None:
    async with street.people("sari", "ani", "budi") as (sari, *officers):
        async with shifts(officers) as working:
            street.boards[0].process.kill()
            await served(working, 3)
        each_acted_once(working, await sari.journal())


@pytest.mark.parametrize("street", ["nginx"], indirect=True)
async def test_nginx_takes_a_command_that_was_refused_to_the_other_board_by_itself(street: Street) -> None:
    street.boards[0].process.kill()
    async with street.people(None) as (visitor,):
        numbers = {(await visitor.takes("A"))["ticket"]["number"] for _ in range(12)}
        assert len(numbers) == 12


@pytest.mark.timeout(180)
async def test_boards_restarted_one_after_the_other_show_no_old_news_and_lose_no_command(street: Street) -> None:
    async with street.people(None, "sari", "ani", "budi") as (visitor, sari, *officers), room(visitor, sari, SCREENS) as screens:
        async with shifts(officers) as working:
            for n in (0, 1):
                await served(working, 2)
                await street.restarts(n)
            await served(working, 2)
        await nobody_noticed(screens, sari)
        each_acted_once(working, await sari.journal())


@asynccontextmanager
async def deaf_boards(heard: list[bytes]) -> AsyncIterator[list[int]]:
    """Two that are well, but read a command and hang up without an answer; their ports."""

    async def read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.read(1 << 16)
        if head.startswith(b"POST"):
            heard.append(head)
        else:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    servers = [await asyncio.start_server(read, "127.0.0.1", 0) for _ in range(2)]
    try:
        yield [int(server.sockets[0].getsockname()[1]) for server in servers]
    finally:
        for server in servers:
            server.close()


@pytest.mark.parametrize("kind", PROXIES)
async def test_a_command_that_a_board_may_have_heard_is_sent_to_no_other(tmp_path: Path, paper: Paper, kind: str) -> None:
    heard: list[bytes] = []
    (port,) = free_ports(1)
    async with deaf_boards(heard) as boards:
        command = command_of(kind, tmp_path / "proxy", boards, port, paper)
        with proxy(command, tmp_path / "proxy", port):
            visitor = Careful(f"https://127.0.0.1:{port}", paper)
            assert (await visitor.post(f"{API}/tickets", {"service": "A"})).status_code == 502
            await visitor.close()
        assert len(heard) == 1


async def test_nginx_turns_away_one_address_that_holds_too_many_connections(tmp_path: Path, paper: Paper) -> None:
    port, plain, other = free_ports(3)
    folder = tmp_path / "proxy"
    with socket.create_server(("127.0.0.1", 0)) as silent:  # a board that never answers
        file = nginx_file(folder, [silent.getsockname()[1], other], port, plain, paper)
        ours = folder / "kayan.conf"
        ours.write_text(ours.read_text("utf-8").replace(f"kayan_connections {AT_ONCE}", "kayan_connections 1"), "utf-8")
        with proxy([program("nginx", "nginx-light"), "-e", f"{folder}/error.log", "-c", str(file)], folder, port):
            first, second = Careful(f"https://127.0.0.1:{port}", paper), Careful(f"https://127.0.0.1:{port}", paper)
            held = asyncio.create_task(first.http.get("/healthz"))
            (taken, _) = await asyncio.to_thread(silent.accept)
            with taken:
                assert (await second.http.get("/healthz")).status_code == 429
                held.cancel()
                await asyncio.wait([held])
            await first.close()
            await second.close()


def test_nginx_sends_plain_http_to_https(tmp_path: Path, paper: Paper) -> None:
    port, plain, *boards = free_ports(4)
    file = nginx_file(tmp_path / "proxy", boards, port, plain, paper)
    with proxy([program("nginx", "nginx-light"), "-e", f"{tmp_path}/proxy/error.log", "-c", str(file)], tmp_path / "proxy", plain):
        answer = httpx.get(f"http://127.0.0.1:{plain}/{OFFICE}?view=a", trust_env=False)
        assert (answer.status_code, answer.headers["location"]) == (301, f"https://127.0.0.1/{OFFICE}?view=a")


def test_what_the_examples_say_of_the_board_is_still_so() -> None:
    text = (EXAMPLES / "nginx.conf").read_text("utf-8")

    def number(name: str) -> int:
        found = re.search(rf"{name} (?:kayan_connections )?(\d+)", text)
        assert found
        return int(found[1])

    assert min(number("proxy_read_timeout"), number("proxy_send_timeout")) > 2 * max(BEAT_AFTER, EVERY)
    assert number("limit_conn") == AT_ONCE
    assert number("client_max_body_size") * 1024 == BODY_MAX


def test_the_service_file_starts_what_there_is_with_settings_that_there_are() -> None:
    lines = (EXAMPLES / "kayan@.service").read_text("utf-8").splitlines()
    said = [line.partition("=")[::2] for line in lines if "=" in line and not line.startswith("#")]
    settings = dict(value.split("=", 1) for name, value in said if name == "Environment")
    assert unknown_variables(settings) == []
    given = load_settings({name: value.replace("%i", "8001") for name, value in settings.items()})
    assert (given.port, given.trusted_proxies) == (8001, "127.0.0.1/32")
    (command,) = [value.split() for name, value in said if name == "ExecStart"]
    assert (ROOT / command[0].removeprefix("/opt/kayan/")).is_file()
    assert command[1:] == ["serve"]
