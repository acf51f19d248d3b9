"""A client that was away goes on where it stood, at whichever server it comes back to: with all that it missed, or with the whole board;
and a server that ends says so before."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator

import pytest

from server.frames import Codec
from tests.browser.town import Guest, office_file
from tests.morning import PATIENCE, Seat, a_morning, seats, shown, stands_at
from tests.servers import Servers, at_once, servers
from tests.stores import flush
from tests.wire import Mirror, mirrors, until

RESTART, REFUSED = 1012, 4001
OFFICES = {name: office_file(name) for name in ("away", "nothing", "refused", "wanders", "rolls")}


@pytest.fixture(scope="module", params=["valkey", "redis"])
def two(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Two servers on one store of each kind."""
    store = request.getfixturevalue(f"{request.param}_session")
    flush(store)
    with servers(2, store, tmp_path_factory.mktemp("resume"), OFFICES) as two:
        yield two


async def test_a_client_that_was_away_goes_on_at_the_other_server_with_exactly_what_it_missed(two: Servers) -> None:
    async with two.office("away") as places:
        sari = await places[0].staff("sari", "supervisor")
        async with seats([sari]) as before:
            await places[1].guest().takes("A")
            stood = (await sari.journal())[-1]["offset"]
            await at_once(*(seat.reaches(stood) for seat in before))
            point = before[0].mirror.resume
        await a_morning(places)
        journal = await sari.journal()
        there = places[1].same(sari)
        await stands_at(there, journal[-1]["offset"])
        async with seats([there], point) as after:
            for seat in after:
                gap = seat.screen.seen[0]
                assert (gap["t"], gap["prev"], gap["offset"]) == ("delta", stood, journal[-1]["offset"])
                assert [event["offset"] for event in gap["events"]] == [n for n in shown(journal, seat.view) if n > stood]
                if seat.view == "staff":
                    assert gap["events"] == [event for event in journal if event["offset"] > stood]


async def test_a_client_that_missed_nothing_goes_on_with_what_happens_next(two: Servers) -> None:
    async with two.office("nothing") as places:
        visitor, there = places[0].guest(), places[1].guest()
        mirror = Mirror()
        async with visitor.watches() as screen:
            mirror.take(await screen.frame(PATIENCE))
        await stands_at(there, mirror.offset)
        async with there.watches(f"?{mirror.resume}") as screen:
            taken = await visitor.takes("A")
            await until(screen, mirror, lambda mirror: taken["ticket"]["id"] in mirror.tickets, PATIENCE)
        assert (mirror.snapshots, [event["kind"] for event in mirror.events]) == (1, ["ticket.taken"])


@pytest.mark.parametrize("codec", Codec)
async def test_who_resumes_from_a_numbering_or_a_place_that_is_not_ours_gets_the_whole_board(two: Servers, codec: Codec) -> None:
    async with two.office("refused") as places:
        board = await places[0].guest().board()
        epoch, offset = board["epoch"], board["offset"]
        for place in places:
            person = place.guest()
            for point in (f"{epoch}x:{offset}", f"0:{offset}", f"{epoch}:{offset + 1000}", f"{epoch}:999999999999999"):
                async with person.watches(f"?resume={point}", codec.value) as screen:
                    frame = await screen.frame(PATIENCE)
                    assert (frame["t"], frame["epoch"]) == ("snapshot", epoch), point


NONSENSE = (
    "",
    "x",
    ":",
    ":5",
    "{epoch}:",
    "{epoch}:-1",
    "{epoch}:1e3",
    "{epoch}:1.0",
    "{epoch}:9999999999999999999999",
    "..:1",
)


@pytest.mark.parametrize("codec", Codec)
async def test_a_resume_that_is_none_is_refused_with_a_word_that_says_to_begin_anew(two: Servers, codec: Codec) -> None:
    async with two.office("refused") as places:
        person = places[1].guest()
        epoch = (await person.board())["epoch"]
        for nonsense in NONSENSE:
            async with person.watches(f"?resume={nonsense.format(epoch=epoch)}", codec.value) as screen:
                assert await screen.end(PATIENCE) == REFUSED, nonsense
                assert [(frame["t"], frame["reconnect"]) for frame in screen.seen] == [("bye", "soon")], nonsense


async def test_a_phone_that_wanders_between_the_servers_while_much_happens_ends_with_the_true_board(two: Servers) -> None:
    async with two.office("wanders") as places:
        phones = [Mirror() for _ in range(6)]
        people = [place.guest() for place in places]
        busy = asyncio.create_task(a_morning(places))

        async def wander(mirror: Mirror, step: int) -> None:
            while not busy.done():
                step += 1
                async with people[step % 2].watches(f"?{mirror.resume}" if mirror.epoch else "") as screen:
                    mirror.take(await screen.frame(PATIENCE))

        await at_once(*(wander(mirror, n) for n, mirror in enumerate(phones)))
        await busy
        top = (await people[0].board())["offset"]
        for n, mirror in enumerate(phones):
            async with people[n % 2].watches(f"?{mirror.resume}") as screen:
                await until(screen, mirror, lambda mirror: mirror.offset >= top, PATIENCE)
            assert await mirrors(mirror, people[n % 2])


# A server ends


async def says_goodbye(seat: Seat) -> None:
    """The last frame is the word that the server will be back, and then it closes."""
    assert await seat.screen.end(PATIENCE) == RESTART
    last = seat.screen.seen[-1]
    assert (last["t"], last["reconnect"]) == ("bye", "soon")
    assert set(last) >= {"t", "reconnect", "after"}
    assert isinstance(last["after"], int)
    assert last["after"] >= 0
    for frame in seat.screen.seen[1:]:
        seat.mirror.take(frame)


async def test_when_the_servers_are_restarted_in_turn_each_says_so_and_nobody_misses_anything(two: Servers) -> None:
    async with two.office("rolls") as places:
        sari = await places[0].staff("sari", "supervisor")
        hands = [sari, places[1].same(sari)]
        for n in (0, 1):
            leaving, staying = hands[n], hands[1 - n]
            async with seats([leaving]) as here, seats([staying]) as there:
                await leaving.takes("A")
                two.processes[n].popen.send_signal(signal.SIGTERM)
                await at_once(*(says_goodbye(seat) for seat in here))
                await staying.takes("B")  # the other one serves on
                top = (await staying.journal())[-1]["offset"]
                await at_once(*(seat.reaches(top) for seat in there))
                assert await asyncio.to_thread(two.processes[n].popen.wait, PATIENCE) == 0
                await goes_on(here, staying, top)
            two.start(n)
            await stands_at(leaving, top)
            await goes_on(here, leaving, top)


async def goes_on(before: list[Seat], person: Guest, top: int) -> None:
    """At this person's server each of the clients gets exactly what it missed."""
    for seat in before:
        journal = [n for n in shown(await person.journal(), seat.view) if seat.mirror.offset < n <= top]
        async with person.watches(f"?view={seat.view}&{seat.mirror.resume}", seat.codec) as screen:
            gap = await screen.frame(PATIENCE)
            assert (gap["t"], [event["offset"] for event in gap["events"]]) == ("delta", journal)
