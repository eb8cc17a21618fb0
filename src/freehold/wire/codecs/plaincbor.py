"""CBOR as values in which tagged times stay the numbers they are written as.

One idea: one function a major type. CBOR 1.1 writes milliseconds where RFC 8949 has seconds, which the usual reader
takes for dates ten thousand years ahead. It may not know shapes. Specification: RFC 8949.
"""

import struct
from collections.abc import Callable
from typing import Any

FLOATS = {25: ">e", 26: ">f", 27: ">d"}
SIMPLE: dict[int, Any] = {20: False, 21: True, 22: None, 23: None}
INDEFINITE, BREAK = 31, 0xFF
DEPTH_MAX = 200


class _Reader:
    """What is left of a body."""

    def __init__(self, body: bytes):
        self.body, self.at, self.depth = body, 0, 0

    def take(self, count: int) -> bytes:
        end = self.at + count
        if end > len(self.body):
            raise ValueError("the value is cut off")
        taken, self.at = self.body[self.at : end], end
        return taken

    def value(self) -> Any:
        (first,) = self.take(1)
        major, more = first >> 5, first & 31
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise ValueError("the value is nested too deeply")
        found = MAJORS[major](self, more)
        self.depth -= 1
        return found

    def number(self, more: int) -> int:
        if more < 24:
            return more
        if more > 27:
            raise ValueError("the length is of no known form")
        return int.from_bytes(self.take(1 << (more - 24)), "big")

    def ended(self) -> bool:
        """Whether something of indefinite length ends here; the mark is passed over."""
        if self.body[self.at : self.at + 1] != bytes([BREAK]):
            return False
        self.at += 1
        return True


def _text(reader: _Reader, more: int) -> str:
    return _bytes(reader, more).decode()


def _bytes(reader: _Reader, more: int) -> bytes:
    if more != INDEFINITE:
        return reader.take(reader.number(more))
    parts = []
    while not reader.ended():
        part = reader.value()
        parts.append(part.encode() if isinstance(part, str) else part)
    return b"".join(parts)


def _list(reader: _Reader, more: int) -> list[Any]:
    if more != INDEFINITE:
        return [reader.value() for _ in range(reader.number(more))]
    found = []
    while not reader.ended():
        found.append(reader.value())
    return found


def _map(reader: _Reader, more: int) -> dict[Any, Any]:
    found = {}
    left = -1 if more == INDEFINITE else reader.number(more)
    while left and not (left < 0 and reader.ended()):
        name = reader.value()
        found[name] = reader.value()
        left -= 1
    return found


def _tagged(reader: _Reader, more: int) -> Any:
    reader.number(more)
    return reader.value()


def _simple(reader: _Reader, more: int) -> Any:
    if more in FLOATS:
        return struct.unpack(FLOATS[more], reader.take(1 << (more - 24)))[0]
    if more not in SIMPLE:
        raise ValueError("there is no such simple value")
    return SIMPLE[more]


MAJORS: tuple[Callable[[_Reader, int], Any], ...] = (
    lambda reader, more: reader.number(more),
    lambda reader, more: -1 - reader.number(more),
    _bytes,
    _text,
    _list,
    _map,
    _tagged,
    _simple,
)


def read(body: bytes) -> Any:
    """The value that a body is. Raises ValueError if it is none."""
    reader = _Reader(body)
    try:
        return reader.value()
    except TypeError as wrong:  # a list or map in place of a name or a part
        raise ValueError(str(wrong)) from wrong
