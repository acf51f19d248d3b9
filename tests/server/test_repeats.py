"""A key acts once for each who sends it, whatever became of the first answer: lost behind a limit, or because the store hung."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from board.errors import KeyReused, StoreUnavailable
from board.roles import Role
from board.store.embedded import running as embedded_url
from board.store.places import Places
from board.store.staff import Staff
from config.office import load_offices
from config.settings import load_settings
from server.app import house as wired
from server.remembered import Known, Remembered
from tests.driver import API, OFFICE, PASSWORD, ROOT, Person, environment
from tests.house import House, house
from tests.staff import SECRET, client_of, staff_of

Comes = Callable[..., Person]

ACCOUNTS = "/api/v1/accounts"
NO_PHONES = "tarakan"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A board with limits; a second office of it gives no numbers to phones."""
    folder: Path = tmp_path_factory.mktemp("offices")
    ours = (ROOT / "config" / "office.toml").read_text("utf-8")
    (folder / "ours.toml").write_text(ours)
    other = ours.replace(f'id = "{OFFICE}"', f'id = "{NO_PHONES}"')
    assert "phone_taking = true" in other
    (folder / "other.toml").write_text(other.replace("phone_taking = true", "phone_taking = false"))
    with house(tmp_path_factory.mktemp("repeats"), {"KAYAN_LIMITS": "on", "KAYAN_OFFICES": str(folder)}) as office:
        yield office


async def test_one_key_of_two_holders_is_two_keys(office: House, people: Comes) -> None:
    visitor = people(office)
    mine, another = await visitor.takes("C"), await visitor.takes("C")
    answers = [await cancels(visitor, taken["secret"], "same") for taken in (mine, another, mine)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [answer.json()["ticket"]["number"] for answer in answers] == [t["ticket"]["number"] for t in (mine, another, mine)]
    assert all(answer.json()["ticket"]["state"] == "cancelled" for answer in answers)


async def cancels(visitor: Person, secret: str, key: str) -> httpx.Response:
    return await visitor.post("/api/v1/ticket/cancel", {}, key, Authorization=f"Bearer {secret}")


async def test_who_repeats_a_request_for_a_number_gets_it_also_when_the_address_may_take_no_more(office: House, people: Comes) -> None:
    visitor = people(office)
    body = {"service": "A"}
    first = await visitor.post(f"{API}/tickets", body, "first")
    assert first.status_code == 201
    for n in range(40):
        if (await visitor.post(f"{API}/tickets", body, f"more-{n}")).status_code == 429:
            break
    else:
        raise AssertionError("nothing limits this address")
    again = await visitor.post(f"{API}/tickets", body, "first")
    assert (again.status_code, again.json()) == (201, first.json())
    assert (await visitor.post(f"{API}/tickets", body, "one-more")).status_code == 429


async def test_an_office_without_numbers_for_phones_gives_them_at_the_kiosk_and_the_desk_alone(office: House, people: Comes) -> None:
    visitor, citra = people(office), people(office, "citra")
    tickets = f"/api/v1/offices/{NO_PHONES}/tickets"
    for body in ({"service": "A"}, {"service": "A", "via": "phone"}, {"service": "A", "via": "selor"}):
        refused = await visitor.post(tickets, body)
        assert (refused.status_code, refused.json()["code"]) == (403, "phone-taking-off")
    assert (await visitor.post(tickets, {"service": "A", "via": "kiosk"})).status_code == 201
    assert (await citra.post(tickets, {"service": "A", "via": "desk"})).status_code == 201


@pytest.mark.parametrize(
    ("what", "path", "body"),
    [
        ((Staff, "add"), ACCOUNTS, {"name": "hana", "password": PASSWORD, "role": "officer"}),
        ((Places, "add"), f"{API}/places", {"name": "Lorong"}),
    ],
    ids=["account", "place"],
)
async def test_what_was_made_before_the_answer_was_lost_is_answered_to_the_same_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: tuple[type, str], path: str, body: dict[str, str]
) -> None:
    settings = load_settings(environment(tmp_path / "data"))
    async with wired(settings, load_offices(settings.offices, settings)) as here:
        async with client_of(await embedded_url(settings.data) or "") as client:
            await staff_of(client).add("wira", PASSWORD, Role.ADMINISTRATOR)
        transport = httpx.ASGITransport(app=here.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://board") as wira:
            assert (await wira.post("/api/v1/session", json={"name": "wira", "password": PASSWORD})).status_code == 201

            async def post(key: str, **changed: str) -> httpx.Response:
                return await wira.post(path, json={**body, **changed}, headers={"Idempotency-Key": key})

            with monkeypatch.context() as patched:
                loses_its_answer(patched, *what)
                lost = await post("lost")
                assert lost.status_code == 503
                assert "Nothing has changed" not in lost.text
            answer = await post("lost")
            assert answer.status_code == 201, answer.text
            assert answer.json()["name"] == body["name"]
            assert (await post("lost")).json() == answer.json()
            assert (await post("another")).status_code == 409, "who did not make it hears that it is there"
            assert (await post("lost", name="another")).status_code == 422


def loses_its_answer(patched: pytest.MonkeyPatch, room: type, verb: str) -> None:
    """The store does what it is asked, and hangs before it says so."""
    does = getattr(room, verb)

    async def and_hangs(*args: Any, **facts: Any) -> Any:
        await does(*args, **facts)
        raise StoreUnavailable

    patched.setattr(room, verb, and_hangs)


async def test_an_account_of_another_password_is_not_taken_for_the_one_that_was_asked_for(store_url: str) -> None:
    async with client_of(store_url) as client:
        staff = staff_of(client)
        made = await staff.add("hana", PASSWORD, Role.OFFICER)
        assert await staff.made_so("hana", PASSWORD, Role.OFFICER) == made
        assert await staff.made_so("hana", "sirih-pinang-selor", Role.OFFICER) is None
        assert await staff.made_so("hana", PASSWORD, Role.SUPERVISOR) is None
        assert await staff.made_so("hana", PASSWORD, Role.OFFICER, ["tarakan"]) is None
        assert await staff.made_so("nobody", PASSWORD, Role.OFFICER) is None


async def test_while_a_request_is_at_work_its_double_waits_and_an_end_that_nobody_knows_is_said(store_url: str) -> None:
    async with client_of(store_url) as client:
        notes = Remembered(client, SECRET)
        assert await notes.before("key", "about") == Known(answered=False)
        with pytest.raises(StoreUnavailable):
            await notes.before("key", "about")
        await notes.leave("key")
        assert await notes.before("key", "about") == Known(answered=False, uncertain=True)
        await notes.after("key", "about", {"made": 1})
        assert await notes.before("key", "about") == Known(answered=True, body={"made": 1})
        with pytest.raises(KeyReused):
            await notes.before("key", "something else")
        await notes.before("refused", "about")
        await notes.forget("refused")
        assert await notes.before("refused", "about") == Known(answered=False)
