"""CBOR read as values whose times stay numbers: RFC 8949's forms, and what is none of them."""

import cbor2
import pytest

from freehold.wire.codecs import plaincbor


@pytest.mark.parametrize(
    "value", [0, -1, 2**40, -(2**40), 1.5, True, None, "é", b"\x01", [1, [2]], {"a": {"b": []}}, "x" * 300, [0] * 70]
)
def test_values_are_read_as_they_were_written(value):
    assert plaincbor.read(cbor2.dumps(value)) == value


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"\xbf\x61a\x01\xff", {"a": 1}),
        (b"\x9f\x01\x02\xff", [1, 2]),
        (b"\x7f\x61a\x61b\xff", "ab"),
        (b"\x5f\x41a\x41b\xff", b"ab"),
        (b"\xc1\x1b\x00\x00\x01\x90\x00\x00\x00\x00", 0x19000000000),
        (b"\xf9\x3c\x00", 1.0),
    ],
)
def test_indefinite_lengths_tags_and_short_floats(body, value):
    assert plaincbor.read(body) == value


@pytest.mark.parametrize("body", [b"\x61", b"\xbf\x61a", b"\xf8\x20", b"\x1c", b"\x9f" * 5_000, b"\xa1\x80\x00", b""])
def test_what_is_no_cbor_is_refused(body):
    with pytest.raises(ValueError):
        plaincbor.read(body)
