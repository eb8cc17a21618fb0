"""DNS messages: one question read, one answer written.

One idea: what a stub resolver asks is one name, and an answer repeats the question and points back at it; that is all
of RFC 1035 that is spoken here. It may not know who is asked, nor what names lead to.

https://www.rfc-editor.org/rfc/rfc1035  https://www.rfc-editor.org/rfc/rfc8020 (no error, no data)
"""

import struct
from collections.abc import Iterable
from typing import NamedTuple

A, AAAA, ANY, INTERNET = 1, 28, 255, 1
NO_ERROR, FORMAT_ERROR, SERVER_FAILURE, NO_SUCH_NAME, NOT_IMPLEMENTED, REFUSED = range(6)
UDP_MAX = 512  # bytes of a message, where nothing larger was agreed on
NAME_MAX, LABEL_MAX = 255, 63

_HEAD = struct.Struct("!6H")
_RECORD = struct.Struct("!HHHIH")
_RESPONSE, _OPERATION, _AUTHORITATIVE, _RECURSION = 0x8000, 0x7800, 0x0400, 0x0100
_AVAILABLE = 0x0080
_TO_QUESTION = 0xC000 | _HEAD.size


class Query(NamedTuple):
    """A question. `name` is in lower case without the last dot; `fault` the code that answers what is no question of
    ours; `asked` the question's own bytes.
    """

    id: int
    flags: int
    name: str = ""
    type: int = 0
    fault: int = NO_ERROR
    asked: bytes = b""


def read(packet: bytes) -> Query | None:
    """The question in a packet; None for what is no question at all, which nobody answers."""
    if len(packet) < _HEAD.size:
        return None
    id, flags, questions, *_ = _HEAD.unpack_from(packet)
    if flags & _RESPONSE:
        return None
    if flags & _OPERATION:
        return Query(id, flags, fault=NOT_IMPLEMENTED)
    name, at = _name(packet) if questions == 1 else ("", 0)
    if not at or len(packet) < at + 4:
        return Query(id, flags, fault=FORMAT_ERROR)
    type, kind = struct.unpack_from("!HH", packet, at)
    return Query(id, flags, name, type, NO_ERROR if kind == INTERNET else REFUSED, packet[_HEAD.size : at + 4])


def _name(packet: bytes) -> tuple[str, int]:
    """The name that follows the head, and where it ends; 0 if it is none."""
    labels: list[str] = []
    at = _HEAD.size
    while at < len(packet) and at - _HEAD.size < NAME_MAX:
        size, at = packet[at], at + 1
        if not size:
            return ".".join(labels).lower(), at
        label = packet[at : at + size]
        if size > LABEL_MAX or len(label) < size or b"." in label or not label.isascii():
            break
        labels.append(label.decode())
        at += size
    return "", 0


def answer(query: Query, addresses: Iterable[bytes] = (), ttl_s: int = 60, code: int = NO_ERROR) -> bytes:
    """A packet that answers with addresses (4 bytes for A, 16 for AAAA), as many as fit; or with an error's code."""
    flags = _RESPONSE | _AUTHORITATIVE | _AVAILABLE | (query.flags & (_OPERATION | _RECURSION)) | code
    records: list[bytes] = []
    room = UDP_MAX - _HEAD.size - len(query.asked)
    for address in addresses:
        type = A if len(address) == 4 else AAAA
        record = _RECORD.pack(_TO_QUESTION, type, INTERNET, ttl_s, len(address)) + address
        if room < len(record):
            break
        room -= len(record)
        records.append(record)
    head = _HEAD.pack(query.id, flags, 1 if query.asked else 0, len(records), 0, 0)
    return head + query.asked + b"".join(records)
