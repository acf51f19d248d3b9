"""Places over HTTP: the administrator's sheets, whatever host a request names, and scans by anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.browser.qr import decoded
from tests.driver import API, OFFICE, Person
from tests.house import House, house
from tests.printed import pictures, public_address

Comes = Callable[..., Person]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A board with an address of its own."""
    with house(tmp_path_factory.mktemp("places"), public_address()) as office:
        yield office


@pytest.fixture
def wira(office: House, people: Comes) -> Person:
    return people(office, "wira")


async def place(wira: Person) -> dict[str, Any]:
    """A new one."""
    answer = await wira.post(f"{API}/places", {"name": f"Pintu {uuid4().hex[:8]}"})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def scanned(wira: Person, code: str) -> dict[str, Any]:
    """The place as the administrator sees it."""
    found = (await wira.http.get(f"{API}/places")).json()["places"]
    return next(dict(each) for each in found if each["code"] == code)


async def test_a_sheet_holds_the_places_that_were_chosen(wira: Person, tmp_path: Path) -> None:
    one, two = [await place(wira) for _ in range(2)]
    answer = await wira.http.get(f"{API}/stickers", params={"sheet": "2", "place": [one["code"], two["code"]]})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == f'attachment; filename="kayan-{OFFICE}-2.pdf"'
    [page] = pictures(answer.content, tmp_path, 110)
    urls = [(await scanned(wira, each["code"]))["url"] for each in (one, two)]
    assert sorted(decoded(page)) == sorted(urls)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "antrean.example.go.id.evil.example", "[::1]"])
async def test_no_code_leads_to_a_host_that_only_the_request_names(office: House, wira: Person, tmp_path: Path, host: str) -> None:
    one = await place(wira)
    address = f"http://antrean.example.go.id:{office.process.port}"
    headers = {"Host": host, "X-Forwarded-Host": host, "X-Forwarded-Proto": "https", "Forwarded": f"host={host}"}
    answer = await wira.http.get(f"{API}/stickers", params={"sheet": "a5", "place": one["code"]}, headers=headers)
    [page] = pictures(answer.content, tmp_path, 110)
    assert decoded(page) == [f"{address}/{OFFICE}?s={one['code']}"]
    assert (await wira.http.get(f"{API}/places", headers=headers)).json()["address"] == address


async def test_a_board_that_no_phone_can_reach_prints_nothing(tmp_path: Path, people: Comes) -> None:
    with house(tmp_path / "data") as alone:  # it listens to this computer alone
        wira = people(alone, "wira")
        await place(wira)
        found = (await wira.http.get(f"{API}/places")).json()
        assert (found["address"], found["lasting"], found["places"][0]["url"]) == (None, False, None)
        answer = await wira.http.get(f"{API}/stickers")
        assert (answer.status_code, answer.json()["code"]) == (409, "no-address")


async def test_a_retired_place_is_printed_no_more_and_its_code_stays_when_it_moves(wira: Person) -> None:
    one = await place(wira)
    moved = await wira.post(f"{API}/places/{one['code']}/rename", {"name": f"Meja {uuid4().hex[:8]}"})
    assert (moved.status_code, moved.json()["code"]) == (200, one["code"])
    assert (await wira.post(f"{API}/places/{one['code']}/retire")).json()["retired"] is True
    assert (await wira.http.get(f"{API}/stickers", params={"place": one["code"]})).status_code == 404
    assert (await wira.post(f"{API}/places/{one['code']}/restore")).json()["retired"] is False


async def test_a_press_that_is_repeated_adds_one_place(wira: Person) -> None:
    name, key = f"Pintu {uuid4().hex[:8]}", str(uuid4())
    first, again = [await wira.post(f"{API}/places", {"name": name}, key) for _ in range(2)]
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert (await wira.post(f"{API}/places", {"name": "another"}, key)).status_code == 422
    taken = await wira.post(f"{API}/places", {"name": name.upper()})
    assert (taken.status_code, taken.json()["code"]) == (409, "place-exists")


async def test_anybody_scans_and_one_scan_counts_once(office: House, people: Comes, wira: Person) -> None:
    one, visitor = await place(wira), people(office)
    key = str(uuid4())
    for _ in range(3):
        assert (await visitor.post(f"{API}/scans", {"place": one["code"]}, key)).json() == {"counted": True}
    assert (await visitor.post(f"{API}/scans", {"place": "k7m2b"}, key)).status_code == 422
    assert (await visitor.post(f"{API}/scans", {"place": "k7m2b"})).json() == {"counted": False}
    found = await scanned(wira, one["code"])
    assert (found["today"], found["month"]) == (1, 1)
    assert found["last"] is not None


async def test_a_sticker_opens_the_offices_page_whatever_has_become_of_its_place(office: House, people: Comes, wira: Person) -> None:
    one, visitor = await place(wira), people(office)
    await wira.post(f"{API}/places/{one['code']}/retire")
    pages = [(await visitor.http.get(f"/{OFFICE}{query}")) for query in ("", f"?s={one['code']}", "?s=k7m2b", "?s=%00", "?s=" + "x" * 500)]
    assert {(page.status_code, page.text) for page in pages} == {(200, pages[0].text)}
    assert (await visitor.post(f"{API}/scans", {"place": one["code"]})).json() == {"counted": False}
    assert (await scanned(wira, one["code"]))["today"] == 0  # to open the page changes nothing: it is a GET
