"""`kayan serve --workers`: several processes are one board, whoever of them dies or is renewed."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.crews import TWO, measured, renewed, resting, workers
from tests.driver import PASSWORD, ROOT, add_user, environment, running
from tests.house import House, house
from tests.server.conftest import Comes
from tests.stores import DURABLE, comes, lives, redis_server, store_process, until


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A board of two workers that all tests of this file share, as long as they do not end it."""
    with house(tmp_path_factory.mktemp("pair") / "data", words=TWO) as board:
        yield board


def start(data: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A start that must end by itself."""
    command = [sys.executable, "-m", "server", "serve", *words]
    found = subprocess.run(command, cwd=ROOT, env=environment(data, **settings), capture_output=True, text=True, timeout=50, check=False)
    assert "Traceback" not in found.stderr
    return found


@pytest.mark.parametrize("number", ["0", "65", "-1", "two", "1.5"])
def test_a_wrong_number_of_workers_is_wrong_usage(tmp_path: Path, number: str) -> None:
    found = start(tmp_path / "data", f"--workers={number}")
    assert (found.returncode, found.stdout) == (2, "")
    assert "--workers" in found.stderr
    assert number in found.stderr
    assert not (tmp_path / "data").exists()


def test_what_keeps_one_worker_from_starting_is_said_once_and_ends_all(tmp_path: Path) -> None:
    with store_process(redis_server(), *DURABLE) as url:
        gone = url
    found = start(tmp_path, *TWO[1:], KAYAN_STORE_URL=gone)
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.count("KAYAN_STORE_URL") == 1


def test_the_start_is_told_once_and_its_first_link_still_works(tmp_path: Path) -> None:
    with running(tmp_path, *TWO) as process:
        assert sum("Login" in line for line in process.said) == 1
        renewed(process)
        body = {"token": process.first_token, "name": "wira", "password": PASSWORD}
        answer = httpx.post(f"{process.url}/api/v1/first-administrator", json=body, headers={"Idempotency-Key": "1"}, trust_env=False)
        assert answer.status_code == 201, answer.text
        add_user(tmp_path, "ani", "officer")  # beside the running board


async def test_a_command_at_one_worker_shows_on_the_screens_of_all(pair: House, people: Comes) -> None:
    visitor, crew = people(pair), workers(pair.process)
    async with AsyncExitStack() as open_screens:
        screens = []
        for other in crew.values():
            with resting(other):
                screens.append(await open_screens.enter_async_context(visitor.watches()))
        for screen in screens:
            await screen.frame()
        assert measured(pair.process, "kayan_sockets", view="public") == {1: 1.0, 2: 1.0}
        for other in crew.values():
            with resting(other):
                taken = await people(pair).takes("A")  # over a connection of its own
            for screen in screens:
                await screen.event("ticket.taken", number=taken["ticket"]["number"])


def test_one_look_at_the_figures_shows_all_workers_each_series_and_each_family_once(pair: House) -> None:
    text = httpx.get(f"{pair.url}/metrics", trust_env=False).text
    families = list(text_string_to_metric_families(text))
    assert len({family.name for family in families}) == len(families)
    series = [(sample.name, *sorted(sample.labels.items())) for family in families for sample in family.samples]
    assert len(set(series)) == len(series)
    assert {sample.labels["worker"] for family in families for sample in family.samples} == {"1", "2"}


def test_the_figures_of_a_worker_that_hangs_are_missing_alone(pair: House) -> None:
    with resting(workers(pair.process)[1]):
        assert list(measured(pair.process, "kayan_sockets", view="public")) == [2]
    assert list(measured(pair.process, "kayan_sockets", view="public")) == [1, 2]


async def test_a_worker_that_dies_is_replaced_and_its_screens_come_back(tmp_path: Path) -> None:
    with house(tmp_path, words=TWO) as board:
        before = workers(board.process)
        visitor = board.person()
        with resting(before[2]):
            watching = visitor.watches()
            screen = await watching.__aenter__()
            await screen.frame()
        os.kill(before[1], signal.SIGKILL)
        assert await screen.end() is None
        await watching.__aexit__(None, None, None)
        await comes(lambda: set(measured(board.process, "kayan_sockets", view="public")) == {1, 2})
        assert workers(board.process)[2] == before[2]
        assert any(f"worker 1 (process {before[1]}) ended with code -9" in line for line in board.process.said)
        async with visitor.watches() as again:
            taken = await visitor.takes("A")
            await again.event("ticket.taken", number=taken["ticket"]["number"])
        await visitor.close()


def test_a_worker_that_cannot_live_is_tried_again_with_growing_pauses(tmp_path: Path) -> None:
    with running(tmp_path, *TWO) as process:
        seen: list[int] = []
        for _ in range(3):
            until(lambda: 1 in workers(process) and workers(process)[1] not in seen)
            seen.append(workers(process)[1])
            os.kill(seen[-1], signal.SIGKILL)
            until(lambda: sum("starting another in" in line for line in process.said) == len(seen))
        pauses = [float(found[1]) for line in process.said if (found := re.search(r"starting another in (\S+) s", line))]
        assert pauses == sorted(set(pauses))
        assert httpx.get(f"{process.url}/healthz", trust_env=False).status_code == 200


async def test_workers_and_store_end_with_their_parent_also_when_it_is_killed(tmp_path: Path) -> None:
    with house(tmp_path, words=TWO) as board:
        crew = workers(board.process)
        board.process.kill()
        await comes(lambda: not any(lives(pid) for pid in crew.values()))
    with running(tmp_path, *TWO) as again:  # nothing of the one before holds the folder
        assert len(workers(again)) == 2


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
async def test_told_to_stop_all_workers_say_goodbye_and_the_end_is_calm(tmp_path: Path, asked: signal.Signals) -> None:
    with house(tmp_path, words=TWO) as board:
        crew, visitor = workers(board.process), board.person()
        async with AsyncExitStack() as open_screens:
            screens = []
            for other in crew.values():
                with resting(other):
                    screens.append(await open_screens.enter_async_context(visitor.watches()))
            board.process.popen.send_signal(asked)
            assert await asyncio.gather(*(screen.end() for screen in screens)) == [1012, 1012]
            assert [screen.seen[-1]["t"] for screen in screens] == ["bye", "bye"]
        assert await asyncio.to_thread(board.process.popen.wait, 30) == 0
        assert not any(lives(pid) for pid in crew.values())
        await visitor.close()


def test_a_renewal_takes_over_a_new_office_file_and_keeps_the_old_workers_when_it_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "office.toml"
    text = (ROOT / "config" / "office.toml").read_text("utf-8")
    file.write_text(text, "utf-8")
    with running(tmp_path / "data", *TWO, KAYAN_OFFICES=str(file)) as process:
        office = f"{process.url}/api/v1/offices/tanjung-selor"
        file.write_text(text.replace('name = "KPPN Tanjung Selor"', 'name = "KPPN Bulungan"', 1), "utf-8")
        renewed(process)
        assert httpx.get(office, trust_env=False).json()["name"] == "KPPN Bulungan"
        crew = workers(process)
        file.write_text("[guarantee", "utf-8")
        process.popen.send_signal(signal.SIGHUP)
        until(lambda: any("the rolling restart stopped" in line for line in process.said))
        assert workers(process) == crew
        assert any(str(file) in line and "guarantee" in line for line in process.said)
        assert httpx.get(office, trust_env=False).json()["name"] == "KPPN Bulungan"
        assert process.stop(30) == 0
