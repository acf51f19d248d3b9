"""When no numbers are given the answer says why, and when they are again: before opening, in a break, after the cut-off, on a day that
is closed. One server has an office of each kind, whose hours are laid around the moment at which the test runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.contract import ROOT
from tests.driver import Person
from tests.house import House, house

Comes = Callable[..., Person]
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def zone_where_it_is_noon() -> str:
    """There the hours around now lie within one day, whenever the tests run."""
    hour = datetime.now(ZoneInfo("UTC")).hour
    return f"Etc/GMT{hour - 12:+d}" if hour != 12 else "Etc/GMT"  # POSIX counts the other way round: Etc/GMT-8 is eight hours ahead


ZONE = zone_where_it_is_noon()
NOW = datetime.now(ZoneInfo(ZONE))


def clock(minutes: int) -> str:
    """So many minutes from now on the office's clock."""
    return f"{NOW + timedelta(minutes=minutes):%H:%M}"


def day(opens: int, closes: int, *pause: int) -> str:
    breaks = f'[["{clock(pause[0])}", "{clock(pause[1])}"]]' if pause else "[]"
    return f'{{ opens = "{clock(opens)}", closes = "{clock(closes)}", breaks = {breaks} }}'


def file(office: str, hours: str, days: tuple[str, ...] = WEEK, more: str = "") -> str:
    """An office file with these hours on these days."""
    week = "\n".join(f"{name} = {hours}" for name in days)
    return f"""
id = "{office}"
name = "KPPN {office}"
time_zone = "{ZONE}"
[hours]
last_number_minutes = 30
last_number_before_break_minutes = 30
{more}
[hours.week]
{week}
[[services]]
code = "A"
name = {{ id = "Gaji", en = "Salaries" }}
[[counters]]
number = 1
services = ["A"]
"""


TODAY = WEEK[NOW.weekday()]
OFFICES = {
    "open": file("open", day(-60, 120)),
    "later": file("later", day(60, 180)),
    "over": file("over", day(-180, -60)),
    "cutoff": file("cutoff", day(-120, 20)),
    "break": file("break", day(-120, 180, -10, 30)),
    "before-break": file("before-break", day(-120, 180, 20, 60)),
    "rota": file("rota", day(-120, 180, -10, 30), more='break_mode = "rota"'),
    "no-day": file("no-day", day(-60, 120), tuple(name for name in WEEK if name != TODAY)),
    "holiday": file("holiday", day(-60, 120), more=f'[hours.overrides]\n{NOW:%Y-%m-%d} = "closed"'),
    "never": file("never", '"closed"'),
}
# office: why, and in how many minutes from now, on the full minute, it gives numbers again
CLOSED: dict[str, tuple[str, int | None]] = {
    "later": ("closed", 60),
    "over": ("closed", 24 * 60 - 180),
    "cutoff": ("cutoff", 24 * 60 - 120),
    "break": ("break", 30),
    "before-break": ("cutoff", 60),
    "no-day": ("closed", 24 * 60 - 60),
    "holiday": ("closed", 24 * 60 - 60),
    "never": ("closed", None),
}


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("offices")
    for name, text in OFFICES.items():
        (folder / f"{name}.toml").write_text(text)
    settings = {"KAYAN_OFFICES": str(folder), "KAYAN_ALWAYS_OPEN": "false"}
    with house(tmp_path_factory.mktemp("hours"), settings) as offices:
        yield offices


@pytest.mark.parametrize("office", CLOSED)
@pytest.mark.parametrize("who", [None, "citra"], ids=["visitor", "desk"])
async def test_a_closed_office_says_when_it_gives_numbers_again(offices: House, people: Comes, office: str, who: str | None) -> None:
    reason, minutes = CLOSED[office]
    answer = await people(offices, who).post(f"{ROOT}/offices/{office}/tickets", {"service": "A"})
    said = answer.json()
    assert (answer.status_code, said["code"], said["reason"]) == (409, "office-closed", reason)
    if minutes is None:
        assert "opens_at" not in said
        assert "Belum ada jadwal" in said["detail"]
        return
    opens = (NOW + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    assert said["opens_at"] == opens.timestamp() * 1000
    assert f"{opens:%H.%M}" in said["detail"]
    assert f"{opens:%H:%M}" in said["detail_en"]
    assert f" {opens.day} " in said["detail"]


@pytest.mark.parametrize("office", ["open", "rota"])
async def test_an_open_office_gives_numbers_also_in_a_break_with_a_rota(offices: House, people: Comes, office: str) -> None:
    taken = await people(offices).post(f"{ROOT}/offices/{office}/tickets", {"service": "A"})
    assert (taken.status_code, taken.json()["ticket"]["number"]) == (201, "A001")


@pytest.mark.parametrize("office", OFFICES)
async def test_the_page_is_told_the_same_before_anybody_presses(offices: House, people: Comes, office: str) -> None:
    visitor = people(offices)
    about = (await visitor.http.get(f"{ROOT}/offices/{office}")).json()
    answer = await visitor.post(f"{ROOT}/offices/{office}/tickets", {"service": "A"})
    assert about["open"] == about["taking"]["open"] == (answer.status_code == 201)
    if not about["open"]:
        assert about["taking"]["reason"] == answer.json()["reason"]
        assert about["taking"]["next"] == answer.json().get("opens_at")


async def test_a_press_that_was_refused_acts_no_second_time_when_it_comes_again(offices: House, people: Comes) -> None:
    visitor = people(offices)
    answers = [await visitor.post(f"{ROOT}/offices/later/tickets", {"service": "A"}, key="one-press") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert (await visitor.http.get(f"{ROOT}/offices/later/board")).json()["tickets"] == []
