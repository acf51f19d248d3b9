"""Places on real stores: names and codes, scans that are counted once, and how little a bored visitor can write."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from board.errors import KeyReused, PlaceExists, PlacesFull, UnknownPlace
from board.place import Place
from board.store import places as rules
from board.store.keys import Keys
from board.store.places import DAYS_KEPT, SCANS_A_DAY, SCANS_A_MINUTE, Places
from config.office import load_offices
from config.settings import load_settings
from tests.staff import all_that_is_kept, client_of
from tests.stores import comes

[OFFICE] = load_offices(load_settings({}).offices, load_settings({})).values()
KEYS = Keys(OFFICE.id, ())


@pytest.fixture
async def client(store_url: str) -> AsyncIterator[Redis]:
    async with client_of(store_url) as client:
        yield client


@pytest.fixture
def places(client: Redis) -> Places:
    return Places(client, OFFICE)


async def scans(places: Places, code: str, times: int) -> int:
    """So many phones at once; how many were counted."""
    return sum(await asyncio.gather(*(places.scan(code, f"{code} phone {n}", code) for n in range(times))))


# Places


async def test_a_place_keeps_its_code_whatever_becomes_of_it(places: Places) -> None:
    door = await places.add(" Ruang tunggu,  pintu ")
    assert await places.all() == [Place(door.code, "Ruang tunggu, pintu", retired=False)]
    assert await places.rename(door.code, "Meja resepsionis") == Place(door.code, "Meja resepsionis", retired=False)
    assert (await places.retire(door.code)).retired
    assert await places.restore(door.code) == Place(door.code, "Meja resepsionis", retired=False)


async def test_the_same_name_is_the_same_place_however_often_it_is_asked_for(places: Places) -> None:
    found = await asyncio.gather(*(places.named(name) for name in ["Ruang tunggu", "ruang  TUNGGU"] * 5))
    assert len({place.code for place in found}) == 1
    assert len(await places.all()) == 1


async def test_of_many_who_add_the_same_place_at_once_one_does(places: Places) -> None:
    tries = await asyncio.gather(*(places.add("Pintu") for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(found, PlaceExists) for found in tries) == 9


async def test_two_places_never_have_one_name_unless_one_is_retired(places: Places) -> None:
    door, desk = await places.add("Pintu"), await places.add("Meja")
    with pytest.raises(PlaceExists):
        await places.rename(desk.code, "PINTU")
    await places.retire(door.code)
    assert (await places.rename(desk.code, "PINTU")).name == "PINTU"
    with pytest.raises(PlaceExists) as refused:
        await places.restore(door.code)
    assert refused.value.name == "Pintu"
    assert [place.retired for place in await places.all()] == [False, True]


async def test_a_place_that_does_not_exist_is_not_made_by_naming_its_code(places: Places, client: Redis) -> None:
    for change in (places.rename("k7m2b", "Pintu"), places.retire("k7m2b"), places.restore("k7m2b")):
        with pytest.raises(UnknownPlace):
            await change
    assert await client.dbsize() == 0


async def test_an_office_keeps_a_known_number_of_places(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "PLACES_MAX", 2)
    await places.retire((await places.add("Pintu")).code)
    await places.add("Meja")
    with pytest.raises(PlacesFull):
        await places.add("Kantin")


# Scans


async def test_every_scan_is_counted_at_its_place_once(places: Places) -> None:
    door, desk = await places.add("Pintu"), await places.add("Meja")
    assert await scans(places, door.code, 7) == 7
    assert await scans(places, desk.code, 2) == 2
    assert await places.scan(door.code, f"{door.code} phone 3", door.code)  # its answer was lost, and it asks again
    found = {each.place.name: each for each in await places.scanned()}
    assert (found["Pintu"].today, found["Pintu"].month, found["Meja"].today) == (7, 7, 2)
    seconds, micros = await places._client.time()
    assert 0 <= seconds * 1000 + micros // 1000 - (found["Pintu"].last or 0) < 60_000


async def test_a_scan_without_a_key_counts_each_time(places: Places) -> None:
    door = await places.add("Pintu")
    assert [await places.scan(door.code, None, "") for _ in range(3)] == [True] * 3
    [found] = await places.scanned()
    assert found.today == 3


async def test_the_same_key_for_another_scan_is_refused(places: Places) -> None:
    door = await places.add("Pintu")
    await places.scan(door.code, "one", "a")
    with pytest.raises(KeyReused):
        await places.scan(door.code, "one", "b")


async def test_an_unknown_or_retired_sticker_writes_nothing(places: Places, client: Redis) -> None:
    door = await places.add("Pintu")
    await places.retire(door.code)
    before = await all_that_is_kept(client)
    for code in (door.code, "k7m2b", "", "x" * 64, "kayan:{staff}:accounts", "\x00", "é"):
        assert await scans(places, code, 3) == 0
    assert await all_that_is_kept(client) == before


async def test_a_bored_visitor_is_counted_so_often_a_minute_and_writes_no_more(places: Places, client: Redis) -> None:
    door, desk = await places.add("Pintu"), await places.add("Meja")
    await _no_minute_ends_soon(client)
    assert await scans(places, door.code, SCANS_A_MINUTE * 3) == SCANS_A_MINUTE
    size = await client.dbsize()
    assert await scans(places, door.code, SCANS_A_MINUTE * 3) == SCANS_A_MINUTE  # the repeats of those that were counted, and no other
    assert await client.dbsize() == size
    assert await scans(places, desk.code, 1) == 1  # the others are counted as before
    [found] = [each for each in await places.scanned() if each.place == door]
    assert found.today == SCANS_A_MINUTE


async def test_an_office_counts_so_many_scans_a_day_and_no_more(places: Places, client: Redis) -> None:
    door = await places.add("Pintu")
    assert await places.scan(door.code, "first", "")
    await client.hset(KEYS.scans, "in_day", SCANS_A_DAY)
    assert not await places.scan(door.code, "second", "")
    await client.hset(KEYS.scans, "day", "1")  # that was another day
    assert await places.scan(door.code, "third", "")


async def test_counts_of_long_ago_are_forgotten_and_the_last_month_is_added_up(places: Places, client: Redis) -> None:
    door = await places.add("Pintu")
    assert await places.scan(door.code, None, "")
    key = KEYS.scans_of(door.code)
    [today] = [int(field) for field in await client.hkeys(key) if field.isdigit()]
    await client.hdel(key, str(today))
    old = {str(today - ago): 10 for ago in (1, 29, 30, DAYS_KEPT - 1, DAYS_KEPT, DAYS_KEPT + 300)}
    for field, count in old.items():
        await client.hset(key, field, str(count))
    assert await places.scan(door.code, None, "")
    [found] = await places.scanned()
    assert (found.today, found.month) == (1, 21)
    kept = {today - int(field) for field in await client.hkeys(key) if field.isdigit()}
    assert kept == {0, 1, 29, 30, DAYS_KEPT - 1}


async def test_nothing_of_a_phone_is_kept(places: Places, client: Redis) -> None:
    door = await places.add("Pintu")
    await places.scan(door.code, "a key that a phone made up", "from 192.0.2.77")
    kept = await all_that_is_kept(client)
    assert b"phone" not in kept
    assert b"192.0.2.77" not in kept
    assert set(await client.hkeys(KEYS.scans_of(door.code))) > {b"last", b"minute", b"in_minute"}


async def _no_minute_ends_soon(client: Redis) -> None:
    """Waits until the store's minute has some seconds left, so that a burst lies within one."""

    async def early() -> bool:
        seconds, _ = await client.time()
        return bool(seconds % 60 < 50)

    await comes(early)
