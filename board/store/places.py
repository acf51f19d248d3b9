"""The places where an office's stickers hang, in the store, and how often each is scanned."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from redis.asyncio import Redis
from redis.exceptions import RedisError

from board.errors import KeyReused, PlaceExists, PlacesFull, StoreUnavailable, UnknownPlace
from board.office import Office
from board.place import Place, Scanned, day_number, is_code, new_code, place_name, same_name
from board.store.keys import Keys

PLACES_MAX = 300  # of one office, retired ones too
SCANS_A_MINUTE = 20  # of one place; a door through which a visitor comes every three seconds is no waiting room's
SCANS_A_DAY = 5_000  # of one office; fifty times a busy day of one that we know (150 numbers), a megabyte of answers at most
DAYS_KEPT = 92
MONTH = 30  # days
KEY_KEPT = 24 * 3600  # s, contract section 3
WAIT_AOF_MS = 5000  # as board/store/queue.py
FOLDER = Path(__file__).parent / "scripts" / "places"
SCRIPTS = {name: (FOLDER / f"{name}.lua").read_text(encoding="utf-8") for name in ("add", "change", "scan")}


class Places:
    """One office's places. Every call raises StoreUnavailable when the store does not answer.

    `wait_aof`: a change counts only when the store says that it is on disk. Scans do not wait: a lost one is nobody's loss."""

    def __init__(self, client: Redis, office: Office, wait_aof: bool = False) -> None:
        self._client, self._office, self._wait = client, office, wait_aof
        self._keys = Keys(office.id, [s.code for s in office.services])

    async def all(self) -> list[Place]:
        """Every place, by name; retired ones last."""
        kept = await self._do(self._client.hgetall(self._keys.places))
        places = [_place(code.decode(), json.loads(text)) for code, text in kept.items()]
        return sorted(places, key=lambda place: (place.retired, place.name.casefold(), place.code))

    async def add(self, name: str) -> Place:
        """A new place. Raises BadPlace, PlaceExists, PlacesFull."""
        name = place_name(name)
        while True:
            code = new_code()
            kept = {"name": name, "folded": name.casefold(), "retired": False}
            match await self._change("add", code, json.dumps(kept), name.casefold(), str(PLACES_MAX)):
                case b"done":
                    return Place(code, name, retired=False)
                case b"exists":
                    raise PlaceExists(name)
                case b"full":
                    raise PlacesFull(PLACES_MAX)

    async def named(self, name: str) -> Place:
        """The place of this name; a new one when there is none. Raises BadPlace, PlacesFull."""
        wanted = place_name(name)
        while True:
            for place in await self.all():
                if not place.retired and same_name(place.name, wanted):
                    return place
            try:
                return await self.add(wanted)
            except PlaceExists:  # somebody was faster
                continue

    async def rename(self, code: str, name: str) -> Place:
        """Another name for a place, or for where its sticker hangs now. Raises BadPlace, UnknownPlace, PlaceExists."""
        name = place_name(name)
        return await self._changed(code, {"name": name, "folded": name.casefold()})

    async def retire(self, code: str) -> Place:
        """Its sticker is counted no more, and still opens the office's page. Raises UnknownPlace."""
        return await self._changed(code, {"retired": True})

    async def restore(self, code: str) -> Place:
        """A retired place is counted again. Raises UnknownPlace, PlaceExists."""
        return await self._changed(code, {"retired": False})

    async def scan(self, code: str, key: str | None, about: str) -> bool:
        """A sticker's address was opened; whether it was counted. An unknown or retired place's is not, nor what comes too often.
        Raises KeyReused."""
        if not is_code(code):
            return False
        answer = self._keys.answer(hashlib.sha256(f"scan\0{key}".encode()).hexdigest())
        fingerprint = "" if key is None else hashlib.sha256(about.encode()).hexdigest()
        places = [self._keys.places, self._keys.scans_of(code), self._keys.scans, answer]
        numbers = (self._from_utc(), SCANS_A_MINUTE, SCANS_A_DAY, DAYS_KEPT, KEY_KEPT * 1000)
        done = await self._do(self._client.eval(SCRIPTS["scan"], len(places), *places, code, fingerprint, *map(str, numbers)))
        if done == b"reused":
            raise KeyReused
        return bool(done == b"counted")

    async def scanned(self) -> list[Scanned]:
        """Every place with its scans, by name; retired ones last."""
        places = await self.all()
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.time()
            for place in places:
                pipe.hgetall(self._keys.scans_of(place.code))
            (seconds, _), *counts = await self._do(pipe.execute())
        today = day_number(datetime.fromtimestamp(seconds, ZoneInfo(self._office.hours.zone)).date())
        return [_scanned(place, count, today) for place, count in zip(places, counts, strict=True)]

    async def _changed(self, code: str, fields: Mapping[str, Any]) -> Place:
        done = await self._change("change", code, json.dumps(fields))
        if done == b"unknown":
            raise UnknownPlace(code[:16])
        if done == b"exists":
            raise PlaceExists(str(fields.get("name") or await self._name(code)))
        return _place(code, json.loads(done))

    async def _name(self, code: str) -> str:
        return next((place.name for place in await self.all() if place.code == code), code)

    async def _change(self, script: str, *arguments: str) -> Any:
        async with self._client.pipeline(transaction=False) as pipe:
            pipe.eval(SCRIPTS[script], 1, self._keys.places, *arguments)
            if self._wait:
                pipe.waitaof(1, 0, WAIT_AOF_MS)
            reply, *synced = await self._do(pipe.execute())
        if synced and synced[0][0] < 1:
            raise StoreUnavailable
        return reply

    def _from_utc(self) -> int:
        """How far the office's clock is ahead of UTC now, in ms."""
        return (datetime.now(ZoneInfo(self._office.hours.zone)).utcoffset() or timedelta()) // timedelta(milliseconds=1)

    @staticmethod
    async def _do(call: Any) -> Any:
        try:
            return await call
        except (RedisError, OSError, TimeoutError) as why:
            raise StoreUnavailable from why


def _place(code: str, kept: Mapping[str, Any]) -> Place:
    return Place(code, kept["name"], kept["retired"])


def _scanned(place: Place, counts: Mapping[bytes, bytes], today: int) -> Scanned:
    days = {int(field): int(count) for field, count in counts.items() if field.isdigit()}
    month = sum(count for day, count in days.items() if today - MONTH < day <= today)
    last = counts.get(b"last")
    return Scanned(place, days.get(today, 0), month, int(last) if last else None)
