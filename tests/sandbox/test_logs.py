"""Log events out of bytes that arrive in any pieces."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from freehold.sandbox.logs import EVENT_BYTES_MAX, FRAME_HEAD, FrameSplitter, LineSplitter, Splitter

LINES = st.lists(st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), min_size=1), max_size=6)
EVENTS = st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=6)
CUTS = st.lists(st.integers(0, 200), max_size=8)


def fed(splitter: Splitter, data: bytes, cuts: list[int]) -> list[str]:
    """All events of `data` given in pieces."""
    places = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    events = [event for start, end in pairwise(places) for event in splitter.feed(data[start:end])]
    return events + splitter.flush()


def frame(text: str) -> bytes:
    body = text.encode()
    return FRAME_HEAD.pack(0xA55A0003, len(body), 1) + body


@given(LINES, CUTS, st.booleans())
def test_lines_do_not_depend_on_the_pieces(lines: list[str], cuts: list[int], ended: bool) -> None:
    data = "\n".join(lines).encode() + (b"\n" if ended and lines else b"")
    ends = ["\n"] * (len(lines) - 1) + ["\n" if ended else ""]
    assert fed(LineSplitter(), data, cuts) == [line + end for line, end in zip(lines, ends, strict=False)]


@given(EVENTS, CUTS)
def test_frames_do_not_depend_on_the_pieces(events: list[str], cuts: list[int]) -> None:
    assert fed(FrameSplitter(), b"".join(map(frame, events)), cuts) == events


@given(st.binary(max_size=300), CUTS)
def test_any_bytes_on_the_telemetry_pipe_are_survived(data: bytes, cuts: list[int]) -> None:
    fed(FrameSplitter(), data, cuts)


def test_a_long_line_is_cut_to_events() -> None:
    events = fed(LineSplitter(), b"x" * (2 * EVENT_BYTES_MAX + 5) + b"\n", [])
    assert [len(event) for event in events] == [EVENT_BYTES_MAX, EVENT_BYTES_MAX, 6]


def test_a_frame_cut_off_by_its_writers_end_is_kept() -> None:
    assert fed(FrameSplitter(), frame("whole") + frame("cut off here")[:-5], []) == ["whole", "cut off"]


def test_frames_below_a_level_are_left_out() -> None:
    levels = [FRAME_HEAD.pack(0xA55A0003 | level << 2, 1, 1) + str(level).encode() for level in range(7)]
    assert fed(FrameSplitter(least=4), b"".join(levels), []) == ["0", "4", "5", "6"]
