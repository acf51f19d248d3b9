"""However the network cuts what a client says into pieces, it says the same."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st
from websockets.frames import Opcode

from server.reader import FRAME_MAX, PIECES_MAX, Reader
from tests.rawsocket import BINARY, CONT, PING, PONG, TEXT, masked

Stream = tuple[bytes, list[bytes]]  # bytes on the wire, and the messages in them


@st.composite
def messages(draw: st.DrawFn) -> Stream:
    """A message in one or more frames with control frames between them; its bytes on the wire, and what it says."""
    parts = draw(st.lists(st.binary(max_size=100), min_size=1, max_size=5))
    wire = b""
    for n, part in enumerate(parts):
        wire += masked(TEXT if n == 0 else CONT, part, fin=n == len(parts) - 1)
        wire += b"".join(masked(kind, b"!") for kind in draw(st.lists(st.sampled_from([PING, PONG]), max_size=2)))
    return wire, [b"".join(parts)]


controls: st.SearchStrategy[Stream] = st.builds(
    lambda kind, words: (masked(kind, words), []), st.sampled_from([PING, PONG]), st.binary(max_size=125)
)
whole: st.SearchStrategy[Stream] = st.builds(lambda words: (masked(BINARY, words), [words]), st.binary(max_size=FRAME_MAX))
streams = st.lists(st.one_of(messages(), controls, whole), max_size=6)


def heard(reader: Reader, data: bytes) -> list[bytes]:
    """The messages that end in `data`."""
    return [said for frame in reader.read(data) if (said := reader.message(frame)) is not None]


@settings(deadline=None)
@given(streams, st.lists(st.integers(1, 300), max_size=40))
@example([(masked(TEXT, b"ping"), [b"ping"])], [1] * 10)
def test_any_split_of_a_stream_gives_the_same_messages(stream: list[Stream], cuts: list[int]) -> None:
    wire = b"".join(part for part, _ in stream)
    reader, found, answered, at = Reader(), [], b"", 0
    for size in [*cuts, len(wire) or 1]:
        found += heard(reader, wire[at : at + size])
        answered += b"".join(reader.data_to_send())
        at += size
    assert reader.broken is None
    assert found == [said for _, says in stream for said in says]
    other = Reader()
    heard(other, wire)
    assert answered == b"".join(other.data_to_send())


@settings(deadline=None)
@given(streams)
def test_it_rests_where_everything_said_is_complete_and_nowhere_else(stream: list[Stream]) -> None:
    reader = Reader()
    assert reader.rests
    for part, _ in stream:
        for n, byte in enumerate(part):
            heard(reader, bytes([byte]))
            assert reader.rests == (n == len(part) - 1) or between_frames(part, n)
        assert reader.rests


def between_frames(part: bytes, n: int) -> bool:
    """Whether the n-th byte ends a frame after the message's own end: the pings and pongs that follow it."""
    reader = Reader()
    reader.read(part[: n + 1])
    return reader.current_size is None and not reader.reader.buffer


@settings(deadline=None)
@given(st.integers(0, FRAME_MAX), st.sampled_from([2, 8]))
def test_a_length_that_is_longer_than_it_need_be_only_keeps_its_reader_alive(size: int, length_in: int) -> None:
    reader = Reader()
    assert heard(reader, masked(BINARY, b"*" * size, length_in=length_in)) == [b"*" * size]
    assert heard(reader, masked(TEXT, b"ping")) == [b"ping"]
    assert reader.broken is None


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    reader = Reader()
    heard(reader, data)
    assert reader.broken in (None, 1002, 1007, 1009)
    if reader.broken is not None:
        assert heard(reader, b"more") == []
        assert not reader.rests


def test_text_is_text_only_as_a_whole() -> None:
    for cut in range(len("κόσμε".encode())):
        words = "κόσμε".encode()
        reader = Reader()
        assert heard(reader, masked(TEXT, words[:cut], fin=False)) == []
        assert heard(reader, masked(CONT, words[cut:])) == [words]
        assert reader.readable
    reader = Reader()
    assert heard(reader, masked(TEXT, b"\xce", fin=False) + masked(CONT, b"\xce")) == [b"\xce\xce"]
    assert not reader.readable
    assert heard(reader, masked(BINARY, b"\xce\xce")) == [b"\xce\xce"]
    assert reader.readable


def test_so_many_pieces_and_no_more() -> None:
    reader = Reader()
    assert heard(reader, masked(TEXT, b"ping", fin=False) + masked(CONT, fin=False) * (PIECES_MAX - 2) + masked(CONT)) == [b"ping"]
    assert heard(reader, masked(TEXT, b"ping", fin=False) + masked(CONT, fin=False) * (PIECES_MAX - 1)) == []
    assert heard(reader, masked(CONT, fin=False)) == [b"ping"]


def test_the_protocols_own_frames_are_no_messages() -> None:
    reader = Reader()
    frames = reader.read(masked(PING, b"?") + masked(PONG))
    assert [frame.opcode for frame in frames] == [Opcode.PING, Opcode.PONG]
    assert [reader.message(frame) for frame in frames] == [None, None]
