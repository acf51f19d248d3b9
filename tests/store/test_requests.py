"""A request sent twice acts once: after a lost reply, from two servers, after a restart of the store's memory of scripts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from board.errors import CounterNotOpen, KeyReused, NobodyWaiting, OfficeClosed, StoreUnavailable
from board.events import Kind
from board.office import OfficeId
from board.store import queue as store_queue
from board.store.queue import Queue
from board.store.request import Request
from tests.office import FILE, TUESDAY, A, B, Office, day, office_at, officer
from tests.stores import DURABLE, redis_server, store_process, valkey_server

OTHER = {"about": "another body"}


@pytest.fixture
async def office(store_url: str) -> AsyncIterator[Office]:
    async with office_at(store_url) as office:
        yield office


def asks(key: str = "k1", about: str = "take A", by: str | None = None) -> Request:
    return Request(key, about, by)


async def test_the_same_request_gets_the_same_answer_and_acts_once(office: Office) -> None:
    first = await office.queue.take(A, asks())
    await office.take(A, A)
    again = await office.queue.take(A, asks())
    assert again == first
    assert (
        await office.line() == [f"20261124-{n:05}".replace("20261124", first.ticket.id[:8]) for n in (1, 2, 3)] if first.ticket else False
    )


async def test_a_repeat_is_known_to_another_server_on_the_store(store_url: str, office: Office) -> None:
    first = await office.queue.take(A, asks())
    async with Redis.from_url(store_url) as other:
        assert await Queue(other, FILE).take(A, asks()) == first
    assert len(await office.journal(Kind.TICKET_TAKEN)) == 1


async def test_a_repeat_gets_the_answer_of_then_though_all_is_different_now(office: Office) -> None:
    await office.opens()
    await office.take(A, A)
    first = await office.queue.call_next(1, asks(by="officer-1"))
    await office.does("serve")
    await office.does("finish")
    assert await office.queue.call_next(1, asks(by="officer-1")) == first
    assert (await office.calls()).number == "A002"


async def test_a_refusal_is_remembered_so_that_a_late_double_does_not_act_after_all(office: Office) -> None:
    await office.opens()
    with pytest.raises(NobodyWaiting) as first:
        await office.queue.call_next(1, asks(by="officer-1"))
    await office.takes()
    with pytest.raises(NobodyWaiting) as again:
        await office.queue.call_next(1, asks(by="officer-1"))
    assert again.value.facts() == first.value.facts()
    assert (await office.calls()).number == "A001"


async def test_a_number_refused_before_opening_stays_refused_under_its_key(office: Office) -> None:
    now = await office.queue.now()
    office.queue.days = [day(now, TUESDAY, 100, 200)]
    for _ in range(2):
        with pytest.raises(OfficeClosed):
            await office.queue.take(A, asks())
        office.queue.days = [day(now)]
    assert (await office.takes()).number == "A001"


@pytest.mark.parametrize("other", [asks(about="take B"), asks(by="siti")], ids=["another body", "another person"])
async def test_the_same_key_with_something_else_is_refused_and_does_nothing(office: Office, other: Request) -> None:
    await office.queue.take(A, asks())
    kept = await office.all_kept()
    with pytest.raises(KeyReused):
        await office.queue.take(A, other)
    with pytest.raises(KeyReused):
        await office.queue.open(1, asks())  # another verb
    assert await office.all_kept() == kept


async def test_a_reused_key_does_not_make_the_first_answer_forgotten(office: Office) -> None:
    first = await office.queue.take(A, asks())
    with pytest.raises(KeyReused):
        await office.queue.take(A, asks(about="take B"))
    assert await office.queue.take(A, asks()) == first


async def test_two_offices_on_one_store_do_not_share_their_keys(office: Office) -> None:
    other = Queue(office.client, replace(FILE, id=OfficeId("tarakan")))
    await office.queue.take(A, asks())
    taken = await other.take(A, asks(about="take A"))
    assert taken.ticket is not None
    assert taken.ticket.number == "A001"
    assert len(await office.journal(Kind.TICKET_TAKEN)) == 1


async def test_of_many_doubles_sent_at_once_one_acts_and_all_get_its_answer(store_url: str, office: Office) -> None:
    await office.opens()
    taken = await office.take(A, A, A)
    async with Redis.from_url(store_url) as other:
        servers = [office.queue, Queue(other, FILE)]
        answers = await asyncio.gather(*(servers[n % 2].call_next(1, asks(by=officer(1))) for n in range(20)))
    assert {a.ticket.number for a in answers if a.ticket} == {taken[0].number}
    assert all(a == answers[0] for a in answers)
    assert len(await office.journal(Kind.TICKET_CALLED)) == 1


async def test_an_answer_is_kept_for_a_day_and_no_longer(office: Office) -> None:
    await office.queue.take(A, asks())
    (key,) = [key async for key in office.client.scan_iter("*:answer:*")]
    assert 24 * 3600 - 60 < await office.client.ttl(key) <= 24 * 3600


async def test_neither_the_key_nor_the_body_of_a_request_can_be_read_in_the_store(office: Office) -> None:
    await office.queue.take(A, asks(key="a-key-to-keep", about="a-body-to-keep"), satker="527010")
    (key,) = [key async for key in office.client.scan_iter("*:answer:*")]
    kept = key + (await office.client.get(key) or b"")
    assert b"to-keep" not in kept


async def test_a_store_that_forgot_the_scripts_is_given_them_again(office: Office) -> None:
    await office.takes()
    await office.client.script_flush()
    taken, *_ = await asyncio.gather(*(office.takes() for _ in range(10)))
    assert len(await office.line()) == 11
    assert taken.number in {f"A{n:03}" for n in range(2, 12)}


async def test_a_store_that_is_away_is_said_to_be_and_the_same_request_may_be_sent_again() -> None:
    with store_process(redis_server(), *DURABLE) as url:
        async with office_at(url) as office:
            await office.opens()
            await office.takes()
    with pytest.raises(StoreUnavailable):
        await office.queue.take(B, asks())
    with pytest.raises(StoreUnavailable):
        await office.queue.snapshot()
    with pytest.raises(StoreUnavailable):
        await office.queue.read(1)
    with pytest.raises(StoreUnavailable):
        await office.queue.now()
    with pytest.raises(StoreUnavailable):
        await office.queue.watch()


async def test_where_the_store_syncs_every_second_an_answer_waits_until_it_is_on_disk() -> None:
    with store_process(valkey_server(), "--appendonly", "yes", "--appendfsync", "everysec") as url:
        async with Redis.from_url(url) as client:
            queue = Queue(client, FILE, wait_aof=True)
            taken = await asyncio.gather(*(queue.take(A, asks(f"k{n}")) for n in range(3)))
            assert sorted(t.ticket.number for t in taken if t.ticket) == ["A001", "A002", "A003"]
            with pytest.raises(CounterNotOpen):
                await queue.close(1, Request.fresh("siti"))


async def test_what_the_disk_does_not_confirm_is_no_answer_also_when_it_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_queue, "WAIT_AOF_MS", 50)
    with store_process(valkey_server(), "--appendonly", "yes", "--appendfsync", "no") as url:
        for _ in range(2):  # the repeat comes over another connection, for which the store has nothing of its own to wait for
            async with Redis.from_url(url) as client:
                with pytest.raises(StoreUnavailable):
                    await Queue(client, FILE, wait_aof=True).take(A, asks())
        monkeypatch.setattr(store_queue, "WAIT_AOF_MS", 5000)
        async with Redis.from_url(url) as client:
            await client.config_set("appendfsync", "everysec")
            taken = await Queue(client, FILE, wait_aof=True).take(A, asks())
            assert taken.ticket is not None
            assert (taken.ticket.number, (await Queue(client, FILE).read(1)).top) == ("A001", 2)
