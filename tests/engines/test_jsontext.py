"""JSON of others: read, unless it is nested too deeply."""

import msgspec
import pytest

from freehold.engines import jackson, jsontext

BOUND = jsontext.DEPTH_MAX


def nested(levels, opening="[", closing="]"):
    return opening * levels + "1" + closing * levels


@pytest.mark.parametrize("text", [nested(BOUND), nested(BOUND, '{"a":', "}"), '["' + "[{" * BOUND + '\\"["]'])
def test_what_is_read(text):
    assert jsontext.read(text) == jsontext.read(text.encode())


@pytest.mark.parametrize("levels", [BOUND + 1, 1_000, 100_000])
def test_what_is_too_deep_is_no_json(levels):
    for text in (nested(levels), nested(levels, '{"a":', "}"), "[" * levels):
        with pytest.raises(msgspec.DecodeError):
            jsontext.read(text)
        assert jackson.fault(text) == jsontext.TOO_DEEP
        assert jackson.redacted_place(text)


def test_many_brackets_are_not_depth():
    assert len(jsontext.read("[" + ",".join(["{}"] * 10 * BOUND) + "]")) == 10 * BOUND
