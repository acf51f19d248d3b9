"""The live stream over two servers on one store: every change on either is told on both, in order and without a hole, in both codecs;
the public is told less than staff and misses nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Any

import pytest

from tests.browser.town import Place, office_file
from tests.morning import SATKER, Seat, a_morning, plain, seats, shown
from tests.servers import Event, Servers, at_once, has_happened, servers
from tests.stores import flush

FIELDS = {
    "snapshot": {"t", "epoch", "offset", "now", "board"},
    "delta": {"t", "epoch", "prev", "offset", "now", "events"},
    "beat": {"t", "epoch", "offset", "now"},
}
SECRET_FIELDS = {"satker", "via", "officer", "by", "verdict", "accepted_by", "declined_by"}
OFFICES = {name: office_file(name) for name in ("morning", "codecs", "pages")}
OFFICES["alerts"] = office_file("alerts", 1, warn_seconds="warn_seconds = []")


@pytest.fixture(scope="module", params=["valkey", "redis"])
def two(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Two servers on one store of each kind."""
    store = request.getfixturevalue(f"{request.param}_session")
    flush(store)
    with servers(2, store, tmp_path_factory.mktemp("stream"), OFFICES) as two:
        yield two


async def test_what_happens_at_either_server_is_told_at_both_without_a_hole(two: Servers) -> None:
    async with two.office("morning") as places:
        sari = await places[0].staff("sari", "supervisor")
        people = [sari, places[1].same(sari)]
        async with seats(people) as all_seats:
            assert {seat.screen.seen[0]["t"] for seat in all_seats} == {"snapshot"}
            await a_morning(places)
            journal = await sari.journal()
            await at_once(*(seat.reaches(journal[-1]["offset"]) for seat in all_seats))
            async with seats(people) as fresh:
                for seat, new in zip(all_seats, fresh, strict=True):
                    missed = [event for event in journal if event["offset"] > seat.screen.seen[0]["offset"]]
                    assert [event["offset"] for event in seat.mirror.events] == shown(missed, seat.view)
                    assert seat.view == "public" or seat.mirror.events == missed
                    assert seat.mirror.board() == new.mirror.board()
                    assert seat.mirror.snapshots == 1


async def test_both_codecs_carry_the_same_maps_of_the_fields_that_are_promised(two: Servers) -> None:
    async with two.office("codecs") as places:
        sari = await places[0].staff("sari", "supervisor")
        async with seats([sari]) as early:
            await a_morning(places)
            top = (await sari.journal())[-1]["offset"]
            await at_once(*(seat.reaches(top) for seat in early))
            async with seats([sari]) as late:
                for binary, text in (early[:2], early[2:], late[:2], late[2:]):
                    assert (binary.view, binary.codec, text.codec) == (text.view, "kayan.v1", "kayan.v1.json")
                    assert timeless(binary.screen.seen[0]) == timeless(text.screen.seen[0])
                    assert binary.mirror.events == text.mirror.events
                for seat in early + late:
                    for frame in seat.screen.seen:
                        assert set(frame) >= FIELDS[frame["t"]]
                        assert plain(frame)


def timeless(snapshot: dict[str, Any]) -> dict[str, Any]:
    """A snapshot but for the moment at which it was made."""
    return {**snapshot, "now": 0, "board": {**snapshot["board"], "now": 0}}


# What the public does not see


def words_in(value: Any) -> Iterator[str]:
    """Every key and every text in a frame."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from (key, *words_in(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from words_in(inner)
    elif isinstance(value, str):
        yield value


async def test_the_public_sees_no_treasury_unit_no_way_of_taking_and_no_officer_and_a_hidden_event_is_no_hole(two: Servers) -> None:
    async with two.office("alerts") as places:
        sari = await places[0].staff("sari", "supervisor")
        people = [sari, places[1].same(sari)]
        async with seats(people) as early:
            await an_alert_is_declined_and_accepted(places)
            await a_morning(places)
            journal = await sari.journal()
            top, hidden = journal[-1]["offset"], next(e["offset"] for e in journal if e["kind"] == "escalation.declined")
            await at_once(*(seat.reaches(top) for seat in early))
            for seat in early:
                told = [event["offset"] for event in seat.mirror.events]
                assert [n for n in told if n <= top] == [n for n in shown(journal, seat.view) if n > seat.screen.seen[0]["offset"]]
                assert (hidden in told) == (seat.view == "staff")
            async with seats(people, resume_at(early[0], hidden - 1)) as missed, seats(people, resume_at(early[0], hidden)) as late:
                public = [seat for seat in early + missed + late if seat.view == "public"]
                staff = [seat for seat in early + missed + late if seat.view == "staff"]
                assert {seat.screen.seen[0]["t"] for seat in missed + late} == {"delta"}
                seen = {word for seat in public for frame in seat.screen.seen for word in words_in(frame)}
                seen |= {word for guest in (places[0].guest(), places[1].guest()) for word in words_in(await guest.board())}
                known = {word for seat in staff for frame in seat.screen.seen for word in words_in(frame)}
        secret = SECRET_FIELDS | {SATKER, *(f"{name}-alerts" for name in ("ani", "budi", "citra", "tuti", "umar"))}
        assert seen & secret == set()
        assert known & secret == secret  # or nothing of it would have been there to be hidden


def resume_at(seat: Seat, offset: int) -> str:
    return f"resume={seat.mirror.epoch}:{offset}"


async def an_alert_is_declined_and_accepted(places: Sequence[Place]) -> None:
    """Tuti cannot come; Umar does."""
    tuti, umar = await places[0].staff("tuti"), await places[1].staff("umar")
    sari = places[0].same(tuti)
    await umar.does(3, "open")
    taken = await places[1].guest().takes("B", satker=SATKER)
    await has_happened(sari, 1, "escalation.raised")
    assert (await tuti.post(f"{tuti.api}/escalations/e-{taken['ticket']['id']}/decline")).status_code == 200
    assert (await umar.accepts(taken)).status_code == 200


# The journal


async def test_the_journals_pages_are_what_the_stream_told_at_either_server(two: Servers) -> None:
    async with two.office("pages") as places:
        sari = await places[0].staff("sari", "supervisor")
        hands = cycle([sari, places[1].same(sari)])
        async with seats([sari]) as all_seats:
            began = all_seats[0].mirror
            point, epoch = f"{began.epoch}:{began.offset}", began.epoch
            await a_morning(places)
            whole = await sari.journal()
            top = whole[-1]["offset"]
            await at_once(*(seat.reaches(top) for seat in all_seats))
            pages: list[Event] = []
            while point != f"{epoch}:{top}":
                page = (await next(hands).http.get(f"{sari.api}/journal", params={"after": point, "limit": "3"})).json()
                assert 0 < len(page["events"]) <= 3
                pages, point = pages + page["events"], page["next"]
            assert all(seat.mirror.events == pages for seat in all_seats if seat.view == "staff")
            assert whole[-len(pages) :] == pages
            for hand in islice(hands, 2):
                end = (await hand.http.get(f"{sari.api}/journal", params={"after": point})).json()
                assert end == {"events": [], "next": point}
                other = await hand.http.get(f"{sari.api}/journal", params={"after": f"other:{top}"})
                assert (other.status_code, other.json()["code"], other.json()["epoch"]) == (409, "epoch-changed", epoch)
