"""The relay between the store and the screens: hints get lost, stores restart, hang, and come back older than they were. No screen ever
shows a wrong board in silence."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from board.store.folder import socket_url
from tests.driver import Person
from tests.house import House, house
from tests.rawsocket import counted
from tests.scribe import note
from tests.staff import client_of
from tests.stores import DURABLE, comes, redis_server, store_process, valkey_server
from tests.wire import Mirror, follows, mirrors, until

Comes = Callable[..., Person]


class Kept:
    """A store whose files the test keeps, stops, copies and replaces; its URL stays the same."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self.folder, self._binary = folder, binary
        self._running = ExitStack()
        self.url = socket_url(folder / "store.sock")

    def start(self) -> None:
        assert self._running.enter_context(store_process(self._binary, *DURABLE, kept_in=self.folder)) == self.url

    def stop(self) -> None:
        self._running.close()

    async def pid(self) -> int:
        async with client_of(self.url) as client:
            return int((await client.info("server"))["process_id"])

    def copy(self, to: Path) -> None:
        """A backup, taken while it runs; what it has acknowledged is on the disk."""
        shutil.copytree(self.folder / "appendonlydir", to)

    def restore(self, copy: Path) -> None:
        """The backup in place of what there is. The store must be stopped."""
        shutil.rmtree(self.folder / "appendonlydir")
        shutil.copytree(copy, self.folder / "appendonlydir")


@pytest.fixture(params=["valkey", "redis"])
def kept(request: pytest.FixtureRequest) -> Iterator[Kept]:
    folder = Path(tempfile.mkdtemp(prefix="kayan-test-"))
    store = Kept({"valkey": valkey_server, "redis": redis_server}[request.param](), folder)
    store.start()
    try:
        yield store
    finally:
        store.stop()
        shutil.rmtree(folder)


@pytest.fixture
def office(kept: Kept, tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, {"KAYAN_STORE_URL": kept.url}, staff={}) as office:
        yield office


@asynccontextmanager
async def screens(person: Person, how_many: int) -> AsyncIterator[list[Mirror]]:
    """Screens that come back by themselves, for the block."""
    seen = [Mirror() for _ in range(how_many)]
    following = [asyncio.create_task(follows(person, mirror)) for mirror in seen]
    await comes(lambda: all(mirror.epoch for mirror in seen))
    try:
        yield seen
    finally:
        for task in following:
            task.cancel()
        ended = await asyncio.gather(*following, return_exceptions=True)
        assert [why for why in ended if not isinstance(why, asyncio.CancelledError)] == []  # no hole


async def all_right(person: Person, seen: list[Mirror]) -> None:
    """Waits until every screen shows what the server says."""

    async def right() -> bool:
        return all([await mirrors(mirror, person) for mirror in seen])

    await comes(right, 40)


async def takes(person: Person, how_many: int) -> None:
    """Visitors who press again until they get a number."""
    for n in range(how_many):
        key = f"{id(person)} {os.urandom(8).hex()} {n}"

        async def got(key: str = key) -> bool:
            answer = await person.post("/api/v1/offices/tanjung-selor/tickets", {"service": "A"}, key)
            assert answer.status_code in (201, 503), answer.text
            return answer.status_code == 201

        await comes(got, 40)


async def ready(person: Person) -> dict[str, Any]:
    return dict((await person.http.get("/readyz")).json())


async def test_a_change_whose_hint_is_lost_is_shown_all_the_same(office: House, people: Comes) -> None:
    visitor, mirror = people(office), Mirror()
    async with client_of(office.store) as store, visitor.watches() as screen:
        mirror.take(await screen.frame())
        for _ in range(3):
            offset = await note(store, hinted=False)
            await until(screen, mirror, partial(stands_at, offset))
        assert mirror.snapshots == 1


def stands_at(offset: int, seen: Mirror) -> bool:
    return seen.offset == offset


async def test_the_hints_come_back_after_their_connection_was_cut(office: House, people: Comes) -> None:
    visitor = people(office)
    async with client_of(office.store) as store, screens(visitor, 3) as seen:
        for _ in range(5):
            before = {int(c["id"]) for c in await store.client_list(_type="pubsub")}
            assert before
            await store.client_kill_filter(_type="pubsub")
            await note(store)
            await note(store, hinted=False)

            async def listens_again(before: set[int] = before, store: Redis = store) -> bool:
                now = {int(c["id"]) for c in await store.client_list(_type="pubsub")}
                return len(now) == len(before) and not now & before

            await comes(listens_again)
            await all_right(visitor, seen)
        assert [mirror.snapshots for mirror in seen] == [1, 1, 1]


async def test_a_store_that_restarts_loses_nothing_and_the_numbering_goes_on(office: House, kept: Kept, people: Comes) -> None:
    visitor = people(office)
    async with screens(visitor, 5) as seen:
        epoch = seen[0].epoch
        taking = asyncio.create_task(takes(visitor, 30))
        for _ in range(2):
            os.kill(await kept.pid(), signal.SIGKILL)
            await asyncio.to_thread(kept.stop)
            await asyncio.to_thread(kept.start)
            await takes(visitor, 3)
        await taking
        await all_right(visitor, seen)
        assert {mirror.epoch for mirror in seen} == {epoch}
        assert [len(mirror.tickets) for mirror in seen] == [36] * 5
        assert [mirror.snapshots for mirror in seen] == [1] * 5  # they got what they had missed


async def test_a_store_that_hangs_is_said_to_be_behind_and_its_screens_come_back_for_what_they_missed(
    office: House, kept: Kept, people: Comes
) -> None:
    visitor = people(office)
    await takes(visitor, 3)
    pid = await kept.pid()
    async with visitor.watches() as screen:
        mirror = Mirror()
        mirror.take(await screen.frame())
        os.kill(pid, signal.SIGSTOP)
        try:
            assert await screen.end() == 1012
            assert screen.seen[-1]["t"] == "bye"
            assert screen.seen[-1]["reconnect"] == "soon"
            answer = await visitor.http.get("/readyz")
            assert answer.status_code == 503
            assert answer.json()["behind_seconds"]["tanjung-selor"] > 2
            said = (await visitor.http.get("/metrics")).text
            assert counted(said, "kayan_relay_behind_seconds", office="tanjung-selor") > 2
        finally:
            os.kill(pid, signal.SIGCONT)

    async def caught_up() -> bool:
        said = await ready(visitor)
        return bool(said["ready"]) and said["behind_seconds"]["tanjung-selor"] == 0

    await comes(caught_up)
    await takes(visitor, 2)
    async with visitor.watches(f"?{mirror.resume}") as screen:
        await until(screen, mirror, lambda seen: len(seen.tickets) == 5)
    assert mirror.snapshots == 1
    assert await mirrors(mirror, visitor)


async def test_an_older_copy_of_the_store_begins_a_new_epoch_and_every_screen_gets_the_whole_board(
    office: House, kept: Kept, people: Comes, tmp_path: Path
) -> None:
    visitor = people(office)
    await takes(visitor, 5)
    await asyncio.to_thread(kept.copy, tmp_path / "backup")
    async with screens(visitor, 20) as seen:
        await takes(visitor, 7)
        await all_right(visitor, seen)
        lost = seen[0].resume
        before = [mirror.snapshots for mirror in seen]
        await asyncio.to_thread(kept.stop)
        await asyncio.to_thread(kept.restore, tmp_path / "backup")
        await asyncio.to_thread(kept.start)
        # As many changes as were lost, and more: their offsets alone would look right.
        await takes(visitor, 9)
        await all_right(visitor, seen)
        assert {mirror.epoch for mirror in seen} == {(await visitor.board())["epoch"]}
        assert seen[0].epoch not in lost
        assert [len(mirror.tickets) for mirror in seen] == [14] * 20
        assert all(now > then for now, then in zip([mirror.snapshots for mirror in seen], before, strict=True))
    async with visitor.watches(f"?{lost}") as late:
        assert (await late.frame())["t"] == "snapshot"


async def test_a_replica_that_lacks_the_last_changes_begins_a_new_epoch(tmp_path: Path, people: Comes) -> None:
    """Failover with a lost tail: the address leads to the replica from one moment to the next."""
    async with AsyncExitStack() as stack:
        first = stack.enter_context(store_process(redis_server(), *DURABLE))
        behind = stack.enter_context(store_process(redis_server(), *DURABLE))
        address = Path(tempfile.mkdtemp(prefix="kayan-test-")) / "s"
        stack.callback(shutil.rmtree, address.parent)
        address.symlink_to(first.removeprefix("unix://"))
        office = stack.enter_context(house(tmp_path, {"KAYAN_STORE_URL": socket_url(address)}, staff={}))
        visitor = people(office)
        await takes(visitor, 4)
        async with client_of(first) as store, client_of(behind) as replica:
            async for name in store.scan_iter():  # as far as the replica had come
                value = await store.dump(name)
                assert value
                await replica.restore(name, 0, value)
            async with screens(visitor, 5) as seen:
                await takes(visitor, 6)
                await all_right(visitor, seen)
                epoch = seen[0].epoch
                address.unlink()
                address.symlink_to(behind.removeprefix("unix://"))
                for kind in ("normal", "pubsub"):
                    await store.client_kill_filter(_type=kind, skipme=True)
                await takes(visitor, 6)
                await all_right(visitor, seen)
                assert epoch not in {mirror.epoch for mirror in seen}
                assert [len(mirror.tickets) for mirror in seen] == [10] * 5
