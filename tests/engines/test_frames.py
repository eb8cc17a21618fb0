"""Frames: what was sealed opens again, and nothing else does."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freehold.engines.frames import FRAME, TAG, Broken, Frames
from freehold.engines.macs import Mac

KEY, OTHER, SALT = Mac(bytes(32)), Mac(bytes([1]) * 32), b"salt"


def room():
    """Where a frame has place, with something in it."""
    return memoryview(bytearray(b"?" * (FRAME + 2 * TAG)))


def sealed(frames, content, step, into=None):
    async def chunks():
        for start in range(0, len(content), step):
            yield content[start : start + step]

    async def collect():
        return [bytes(frame) async for frame in frames.seal_all(chunks(), into)]

    return asyncio.run(collect())


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 2 * FRAME + 7]), st.sampled_from([1_000, FRAME]),
       st.sampled_from([(), (KEY,), (KEY, OTHER)]))  # fmt: skip
def test_contents_open_as_they_were(size, step, keys):
    frames = Frames(keys, SALT)
    content = bytes(number % 251 for number in range(size))
    found = sealed(frames, content, step)
    assert found == sealed(frames, content, step, room())
    last = len(found) - 1
    assert last == max(0, size - 1) // FRAME
    for into in (None, room()):
        opened = [bytes(frames.open(at, each, last=at == last, into=into)) for at, each in enumerate(found)]
        assert b"".join(opened) == content
    assert [frames.place(at) for at in range(last + 1)] == [sum(map(len, found[:at])) for at in range(last + 1)]
    assert not keys or size < 16 or content[:16] not in b"".join(found)


def test_no_frame_can_be_moved_cut_off_or_opened_by_another_key():
    frames = Frames([KEY], SALT)
    first, last = sealed(frames, bytes(FRAME + 1), FRAME)
    cut = ((1, last[:-1], True), (1, last[: TAG - 1], True), (1, b"", True))
    for number, frame, ends in ((1, first, False), (0, first, True), (1, last, False), *cut):
        for into in (None, room()):
            with pytest.raises(Broken):
                frames.open(number, frame, last=ends, into=into)
    with pytest.raises(Broken):
        Frames([OTHER], SALT).open(0, first, last=False)
