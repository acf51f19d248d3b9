"""When no numbers are given the answer says why, and when they are again: before opening, in a break, after the cut-off, on a day that
is closed. One server has an office of each kind, whose hours are laid around the moment at which the test runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract import ROOT
from tests.driver import Person
from tests.hours import CLOSED, OFFICES, opening
from tests.house import House, house

Comes = Callable[..., Person]


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
    opens = opening(minutes)
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
