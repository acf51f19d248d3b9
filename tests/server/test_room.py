"""The room: whoever enters, leaves, lags or comes back gets frames of which each follows the one before, or a whole board."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import msgpack
import pytest

from board.events import Event, Kind
from board.fold import Board, empty, fold
from server import hub
from server.frames import NOT_ALLOWED, Codec, Frame, Reconnect, View, message
from server.hub import Room
from tests.office import FILE
from tests.stores import comes
from tests.visitors import TEN, called, event, visitor
from tests.wire import Mirror

EPOCH = "e1"


class Ear:
    """A listener that keeps all it is told."""

    def __init__(self, view: View = View.PUBLIC, codec: Codec = Codec.MSGPACK, session: str | None = None) -> None:
        self.view, self.codec, self.session = view, codec, session
        self.account: str | None = None
        self.heard: list[Frame] = []
        self.closed: tuple[int, Frame | None] | None = None
        self.mirror = Mirror()

    @property
    def write(self) -> Callable[[Frame], object]:
        return self.first

    @property
    def open(self) -> bool:
        return self.closed is None

    def first(self, frame: Frame) -> None:
        assert self.open
        self.heard.append(frame)
        self.mirror.take(self.frames[-1])

    def pulse(self) -> None:
        """Nobody pings here."""

    def close(self, code: int, last: Frame | None = None) -> None:
        self.closed = (code, last)

    @property
    def frames(self) -> list[dict[str, Any]]:
        return [msgpack.unpackb(message(frame)) for frame in self.heard]

    @property
    def kinds(self) -> list[str]:
        return [frame["t"] for frame in self.frames]


class Stage:
    """A room with the board and the journal that a relay would keep for it."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, int]] = []
        self.room = Room(FILE.id, lambda: TEN, lambda deliveries, size: self.sent.append((deliveries, size)))
        self.board: Board = empty(FILE, EPOCH)
        self.journal: list[Event] = []

    def happens(self, kind: Kind = Kind.TICKET_TAKEN) -> None:
        """One more change."""
        seen = self.board.offset
        ticket = visitor(seen + 1)
        change = event(seen + 1, kind, ticket=called(ticket, TEN) if kind is Kind.TICKET_CALLED else ticket)
        self.board = fold(self.board, change)
        self.journal.append(change)
        self.room.tell(self.board.epoch, seen, [change])

    def enters(self, ear: Ear, since: int | None = None) -> Ear:
        """`since`: the offset it goes on from."""

        def admit() -> None:
            missed: Sequence[Event] | None = None if since is None else self.journal[since:]
            self.room.join(ear, self.board, missed, since or 0)

        if since is not None:
            ear.mirror.epoch, ear.mirror.offset = EPOCH, since
        self.room.when_told(ear, admit)
        return ear

    async def told(self, *ears: Ear) -> None:
        await comes(lambda: all(ear.mirror.offset == self.board.offset for ear in ears))


@pytest.fixture
def stage() -> Stage:
    return Stage()


async def test_who_enters_during_a_tick_gets_the_board_after_it_and_then_deltas_that_follow(stage: Stage) -> None:
    first = stage.enters(Ear())
    stage.happens()
    stage.happens()
    second = stage.enters(Ear())
    third = stage.enters(Ear(), since=1)
    assert [first.kinds, second.kinds, third.kinds] == [["snapshot"], [], []]
    await stage.told(first, second, third)
    assert [first.kinds, second.kinds, third.kinds] == [["snapshot", "delta"], ["snapshot"], ["delta"]]
    stage.happens(Kind.TICKET_CALLED)
    await stage.told(first, second, third)
    for ear in (first, second, third):
        for before, after in zip(ear.frames, ear.frames[1:], strict=False):
            assert after["prev"] == before["offset"]
    assert first.mirror.board() == second.mirror.board()
    assert third.frames[0]["prev"] == 1


async def test_what_happens_within_a_tick_is_one_frame_for_all(stage: Stage) -> None:
    ears = [stage.enters(Ear(view, codec)) for view in View for codec in [Codec.MSGPACK] for _ in range(3)]
    stage.sent.clear()
    for _ in range(20):
        stage.happens()
    assert stage.sent == []
    await stage.told(*ears)
    assert all(ear.kinds == ["snapshot", "delta"] for ear in ears)
    assert [len(ear.frames[1]["events"]) for ear in ears] == [20] * 6
    assert [deliveries for deliveries, _ in stage.sent] == [3, 3]
    assert ears[0].heard[1] is ears[2].heard[1]  # the same bytes, not equal ones
    assert ears[0].heard[0] is ears[1].heard[0]


async def test_a_call_ends_the_tick_and_takes_along_what_was_held(stage: Stage) -> None:
    ear = stage.enters(Ear())
    stage.happens()
    stage.happens(Kind.TICKET_CALLED)
    assert ear.kinds == ["snapshot", "delta"]  # at once: nothing was sent in the moment before
    assert [e["kind"] for e in ear.frames[1]["events"]] == ["ticket.taken", "ticket.called"]
    stage.happens(Kind.TICKET_CALLED)
    stage.happens(Kind.TICKET_CALLED)
    assert ear.kinds == ["snapshot", "delta"]
    await stage.told(ear)
    assert ear.kinds == ["snapshot", "delta", "delta"]


async def test_who_is_put_out_while_waiting_to_enter_gets_bye_and_no_board(stage: Stage) -> None:
    stage.enters(Ear())
    stage.happens()
    revoked = stage.enters(Ear(View.STAFF, session="s1"))
    stays = stage.enters(Ear(View.STAFF, session="s2"))
    assert stage.room.cut(lambda listener: listener.session == "s1", NOT_ALLOWED, Reconnect.NEVER) == 1
    await stage.told(stays)
    assert revoked.heard == []
    assert revoked.closed is not None
    assert revoked.closed[0] == NOT_ALLOWED
    assert stage.room.count(View.STAFF) == 1


async def test_who_hangs_up_while_waiting_to_enter_is_forgotten(stage: Stage) -> None:
    other = stage.enters(Ear())
    stage.happens()
    gone = stage.enters(Ear())
    gone.close(1006)
    stage.room.leave(gone)
    await stage.told(other)
    assert stage.room.listeners() == [other]
    assert gone.heard == []


async def test_who_is_cut_off_by_a_frame_does_not_keep_it_from_the_others(stage: Stage) -> None:
    class Slow(Ear):
        def first(self, frame: Frame) -> None:
            super().first(frame)
            if len(self.heard) == 2:
                self.close(4008)
                stage.room.leave(self)

    ears = [stage.enters(Slow() if n % 2 else Ear()) for n in range(10)]
    stage.happens(Kind.TICKET_CALLED)
    assert [len(ear.heard) for ear in ears] == [2] * 10
    stage.happens(Kind.TICKET_CALLED)
    await stage.told(*ears[::2])
    assert [len(ear.heard) for ear in ears] == [3, 2] * 5


async def test_a_new_epoch_during_a_tick_is_a_board_for_all_and_nothing_of_the_old_numbering(stage: Stage) -> None:
    ears = [stage.enters(Ear()), stage.enters(Ear(View.STAFF)), stage.enters(Ear(codec=Codec.MSGPACK), since=0)]
    stage.happens()
    waiting, resuming = stage.enters(Ear()), stage.enters(Ear())
    stage.board = replace(empty(FILE, "e2"), offset=0)
    stage.room.restart(stage.board)
    everybody = [*ears, waiting, resuming]
    assert [(ear.mirror.epoch, ear.mirror.offset) for ear in everybody] == [("e2", 0)] * 5
    stage.journal.clear()
    stage.happens(Kind.TICKET_CALLED)
    await stage.told(*everybody)
    assert ["delta" not in ear.kinds[:-1] or ear is ears[2] for ear in everybody] == [True] * 5
    assert all(ear.frames[-1]["epoch"] == "e2" and ear.frames[-1]["prev"] == 0 for ear in everybody)


async def test_those_who_come_back_share_frames_and_none_gets_that_of_another_offset_or_view(stage: Stage) -> None:
    for _ in range(5):
        stage.happens(Kind.TICKET_CALLED)
    await comes(lambda: not stage.room._held)
    back = {(since, view, n): stage.enters(Ear(view), since) for since in range(6) for view in View for n in range(3)}
    fresh = [stage.enters(Ear()) for _ in range(3)]
    for (since, view, _), ear in back.items():
        [frame] = ear.frames
        assert (frame["prev"], frame["offset"], [e["offset"] for e in frame["events"]]) == (since, 5, list(range(since + 1, 6)))
        assert all(("satker" in e["ticket"]) is (view is View.STAFF) for e in frame["events"])
        assert ear.heard[0] is back[since, view, 0].heard[0]
    assert [ear.kinds for ear in fresh] == [["snapshot"]] * 3
    stage.happens(Kind.TICKET_CALLED)
    late = stage.enters(Ear(), since=3)
    await stage.told(late, *back.values(), *fresh)
    assert late.mirror.offset == 6


async def test_more_offsets_than_are_kept_are_served_all_the_same(stage: Stage) -> None:
    for _ in range(hub.KEPT_AT_ONCE + 20):
        stage.happens()
    await comes(lambda: not stage.room._held)
    back = [stage.enters(Ear(), since) for since in range(stage.board.offset + 1)]
    assert [ear.frames[0]["prev"] for ear in back] == list(range(stage.board.offset + 1))
    assert all(ear.mirror.offset == stage.board.offset for ear in back)
    assert len(stage.room._firsts) <= hub.KEPT_AT_ONCE


async def test_an_office_where_nothing_happens_says_only_beats(stage: Stage) -> None:
    ear = stage.enters(Ear())
    stage.room.beat_if_silent(stage.board, 1e9)
    assert ear.kinds == ["snapshot"]
    stage.room.beat_if_silent(stage.board, 0)
    assert ear.kinds == ["snapshot", "beat"]
    stage.happens()
    stage.room.beat_if_silent(stage.board, 0)  # what is held will be said in a moment, and a beat before it would be a hole
    assert ear.kinds == ["snapshot", "beat"]
    await stage.told(ear)


async def test_what_a_view_may_not_see_moves_its_number_on(stage: Stage) -> None:
    public, staff = stage.enters(Ear()), stage.enters(Ear(View.STAFF))
    stage.happens(Kind.ESCALATION_DECLINED)
    await stage.told(public, staff)
    assert [len(ear.frames[-1]["events"]) for ear in (public, staff)] == [0, 1]
    assert public.frames[-1]["offset"] == 1
