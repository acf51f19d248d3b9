"""A busy morning at an office, lived at a stroke: four counters have worked since eight, eleven visitors wait, one longer than promised.

The verbs are the real ones, in the store of a board that does not run yet; only their clock is told (tests/clock.py).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from board.office import Office as OfficeFile
from board.office import OfficeId, ServiceCode
from board.times import Millis
from config.office import load_offices
from config.settings import load_settings
from tests.browser.town import office_file
from tests.clock import Clocked, set_clocks
from tests.driver import environment
from tests.hours import WEEK, zone_where_it_is
from tests.office import Office

SELOR = "tanjung-selor"
NEIGHBOURS = {"balikpapan": "KPPN Balikpapan", "nunukan": "KPPN Nunukan", "samarinda": "KPPN Samarinda", "tarakan": "KPPN Tarakan"}
AT_COUNTER = {1: "ani.lestari", 2: "budi.santoso", 3: "dewi.rahma", 4: "eko.prasetyo"}
MORNING = zone_where_it_is(10)
HOURS = '{ opens = "08:00", closes = "15:00", breaks = [["12:00", "13:00"]] }'
PATIENT = "accept_seconds = 600"  # an alert stays at its first call while pictures are taken

Step = tuple[float, Callable[[], Awaitable[Any]]]  # minutes before now, as a negative number, and what happens then
# What the first of each three visitors in a row want; they come every 6.6 minutes and are called every nine, so the wait grows.
EARLY = ("ADC", "BDC", "AAC", "ADC", "BDC", "ADB", "AAB", "BDB", "ADB", "ADB", "BDB")
EVERY, CALLED_EVERY = 6.6, 9.0
# The morning's end: when each service was taken. The first three are at the counters by now, the fourth is called next, the fifth waits too
# long; of those who wait, the third is warned about soon after the board starts.
LATE = ((-50, "C"), (-48, "A"), (-47.5, "C"), (-42, "A"), (-45.3, "C"))
WAITING = ((-36, "A"), (-33, "D"), (-29.7, "B"), (-27, "A"), (-22, "E"), (-18, "B"), (-14, "A"), (-9, "D"), (-5, "C"), (-2, "A"))
PRIORITY = -14


def office_text(office: str, name: str) -> str:
    """The usual office where it is a morning of a working day now."""
    text = office_file(office, name=f'name = "{name}"', time_zone=f'time_zone = "{MORNING}"', accept_seconds=PATIENT)
    week = "\n".join(f"{day} = {HOURS}" for day in WEEK)
    return re.sub(r"^\[hours\.week\]$.*?(?=^# Services\.)", f"[hours.week]\n{week}\n\n", text, flags=re.MULTILINE | re.DOTALL)


def office_folder(folder: Path) -> Path:
    """The files of the office and its neighbours."""
    folder.mkdir()
    for office, name in {SELOR: "KPPN Tanjung Selor", **NEIGHBOURS}.items():
        (folder / f"{office}.toml").write_text(office_text(office, name), "utf-8")
    return folder


def office_of(files: Path, data: Path) -> OfficeFile:
    """The office as the board will read it."""
    settings = load_settings({**environment(data), "KAYAN_OFFICES": str(files), "KAYAN_ALWAYS_OPEN": "false"})
    return load_offices(files, settings)[OfficeId(SELOR)]


async def lived(url: str, office: OfficeFile, now: Millis) -> None:
    """The office's morning until `now` is in the store."""
    client = Redis.from_url(url)
    with pytest.MonkeyPatch.context() as patch:
        set_clocks(patch)
        queue = Clocked(client, office)
        people = Office(queue, client)
        for minutes, step in sorted(_morning(people), key=lambda step: step[0]):
            queue.at = Millis(now + int(minutes * 60_000))
            await people.watches()
            await step()
        queue.at = now
        await people.watches()
    await client.aclose()


def _morning(people: Office) -> list[Step]:
    steps: list[Step] = [(-119.0, partial(people.opens, n, by=AT_COUNTER[n])) for n in (1, 2, 3)]
    steps += [(-67.0, partial(people.opens, 4, by=AT_COUNTER[4]))]
    for i, wanted in enumerate(EARLY):
        for n, service in enumerate(wanted):
            steps += [_takes(people, -118 + i * EVERY + n * 2, service)]
            steps += _visit(people, -112 + i * CALLED_EVERY + n / 10, n + 1, 6 + (i * 5 + n * 7) % 4 / 2)
    steps += _fourth_counter(people) + _end(people)
    return steps


def _fourth_counter(people: Office) -> list[Step]:
    """Opens late: its first visitor waited longer than promised. The third is not there, the fourth has to fetch a document."""
    steps = [_takes(people, at, "E") for at in (-112.0, -75.0, -69.0, -64.0, -60.0)]
    steps += _visit(people, -66, 4, 9) + _visit(people, -54, 4, 8) + _visit(people, -24, 4, 9)
    calls, by = partial(people.does, "call_next", 4, by=AT_COUNTER[4]), AT_COUNTER[4]
    steps += [(-42.0, calls), (-40.0, partial(people.does, "skip", 4, by=by))]
    steps += [(-38.0, calls), (-37.0, partial(people.does, "serve", 4, by=by))]
    return [*steps, (-34.0, partial(people.does, "hold", 4, "Melengkapi dokumen", by=by))]


def _end(people: Office) -> list[Step]:
    """Those of now: three are at counters 3, 1 and 4, the others wait."""
    steps = [_takes(people, at, service) for at, service in (*LATE, *WAITING)]
    for called, counter in ((-13.5, 3), (-11.0, 1), (-7.6, 4)):
        steps += _visit(people, called, counter)
    return steps


def _takes(people: Office, at: float, service: str) -> Step:
    return at, partial(people.takes, ServiceCode(service), satker="527010", priority=at == PRIORITY)


def _visit(people: Office, called: float, counter: int, lasts: float | None = None) -> list[Step]:
    """Called, served, and finished after so many minutes, or still there."""
    does, by = people.does, AT_COUNTER[counter]
    steps: list[Step] = [(called, partial(does, "call_next", counter, by=by)), (called + 0.8, partial(does, "serve", counter, by=by))]
    return steps if lasts is None else [*steps, (called + 0.8 + lasts, partial(does, "finish", counter, by=by))]
