"""How a strict reader takes bytes for requests, after RFC 9112: the oracle for what the door takes them for.

Where the standard lets a recipient be lenient or refuse, this refuses: line ends that are no CRLF, folded lines, spaces
before a colon, more than one length. A few things it does not look at, as they tell no end: which characters a target
is made of, how many spaces are around it, which method it is, how empty lines before that end (2.2, 3), and what a
chunk's extension says in its line (7.1.1).
"""

import re
from typing import NamedTuple

TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
LINE = re.compile(rb"(" + TOKEN + rb") +([\x21-\x7e\x80-\xff]+) +HTTP/(1\.[01])\r\n")
FIELD = re.compile(rb"(" + TOKEN + rb"):[ \t]*((?:[\t \x21-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)[ \t]*\r\n")
CHUNK = re.compile(rb"([0-9A-Fa-f]+)(?:;[\t \x21-\x7e\x80-\xff]*)?\r\n")
ABSOLUTE = re.compile(rb"https?://([^/]+)(/.*)?", re.I | re.DOTALL)


class Refused(Exception):
    """This is no request, or might be read as another."""


class Unfinished(Exception):
    """More is to come."""


class Request(NamedTuple):
    method: bytes
    target: bytes
    body: bytes


def requests(text: bytes) -> list[Request]:
    """Those that come one after the other, until something is none, or not whole, or the last of its connection."""
    found, at = [], 0
    try:
        while at < len(text):
            while text[at : at + 1] in (b"\r", b"\n"):
                at += 1
            request, at, last = _request(text, at)
            found.append(request)
            if last:
                break
    except (Refused, Unfinished):
        pass
    return found


def _request(text: bytes, at: int) -> tuple[Request, int, bool]:
    line = LINE.match(text, at)
    if not line:
        raise Refused
    method, target, version = line.groups()
    fields, at = _fields(text, line.end())
    hosts = [value for name, value in fields if name == b"host"]
    if len(hosts) > 1 or (version == b"1.1" and not hosts):
        raise Refused
    absolute = ABSOLUTE.fullmatch(target)
    if not target.startswith(b"/"):
        if not absolute or (hosts and absolute[1].lower() != hosts[0].lower()):
            raise Refused
        target = absolute[2] or b"/"
    target = target.partition(b"#")[0].removesuffix(b"?")
    body, at = _body(text, at, fields, version)
    wishes = b",".join(value for name, value in fields if name == b"connection").lower().split(b",")
    return Request(method, target, body), at, version == b"1.0" or b"close" in [wish.strip() for wish in wishes]


def _fields(text: bytes, at: int) -> tuple[list[tuple[bytes, bytes]], int]:
    fields = []
    while not text.startswith(b"\r\n", at):
        field = FIELD.match(text, at)
        if not field:
            raise Refused
        fields.append((field[1].lower(), field[2]))
        at = field.end()
    return fields, at + 2


def _body(text: bytes, at: int, fields: list[tuple[bytes, bytes]], version: bytes) -> tuple[bytes, int]:
    """6.3: how long it is."""
    lengths = [value for name, value in fields if name == b"content-length"]
    codings = [value for name, value in fields if name == b"transfer-encoding"]
    if codings:
        if lengths or version == b"1.0" or [coding.lower() for coding in codings] != [b"chunked"]:
            raise Refused
        return _chunks(text, at)
    if len(lengths) > 1 or (lengths and not re.fullmatch(rb"[0-9]+", lengths[0])):
        raise Refused
    size = int(lengths[0]) if lengths else 0
    if len(text) < at + size:
        raise Unfinished
    return text[at : at + size], at + size


def _chunks(text: bytes, at: int) -> tuple[bytes, int]:
    """7.1, and trailers, which are passed over."""
    body = b""
    while chunk := CHUNK.match(text, at):
        size, at = int(chunk[1], 16), chunk.end()
        if not size:
            return body, _fields(text, at)[1]
        if text[at + size : at + size + 2] != b"\r\n":
            raise Refused
        body, at = body + text[at : at + size], at + size + 2
    raise Refused
