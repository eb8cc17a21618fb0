"""Heads of HTTP/1.1 messages: names read, answers' heads written.

One idea: what tells a body's end is decided here once, for the bytes that follow to keep to. It may not know sockets.

https://www.rfc-editor.org/rfc/rfc9112 (6: message body), https://www.rfc-editor.org/rfc/rfc9110 (5: fields)
"""

import re
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Any, NamedTuple

from freehold.web import Body, HttpResponse

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
LAST = b"0\r\n\r\n"  # the chunk that ends a body
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # what no header's value may hold (RFC 9110, 5.5)
DIGITS = re.compile(r"[0-9]{1,18}")
PHRASES = {status.value: status.phrase for status in HTTPStatus}
LENGTH, CODING, CONNECTION = "content-length", "transfer-encoding", "connection"
FRAMING = (LENGTH, CODING, CONNECTION)
KNOWN_MAX, KNOWN_LENGTH_MAX = 4_096, 64


class Head(NamedTuple):
    """An answer's head as it is sent, and what follows: nothing, chunks, so many bytes, or all until the end."""

    text: bytes
    bodiless: bool
    chunked: bool
    length: int | None
    keep: bool


class Known(dict[Any, Any]):
    """What was made of names before. Few and short ones are kept: who makes names up shall not fill the memory."""

    def __init__(self, make: Callable[[Any], Any]):
        super().__init__()
        self._make = make

    def __missing__(self, name: Any) -> Any:
        made = self._make(name)
        if len(name) <= KNOWN_LENGTH_MAX:
            if len(self) >= KNOWN_MAX:
                self.clear()
            self[name] = made
        return made


def _begin(name: str) -> tuple[str, str]:
    if not TOKEN.fullmatch(name):
        raise ValueError(f"{name!r} is no header's name")
    small = name.lower()
    return f"{name}: ", small if small in FRAMING else ""


NAMES = Known(lambda name: name.decode("latin-1").lower())  # of requests' headers, in lower case
LINES = Known(_begin)  # how an answer's line begins, and its name in lower case if it tells of the body or connection


@lru_cache(64)
def _status(status: int, second: int) -> str:
    date = formatdate(second, usegmt=True)
    return f"HTTP/1.1 {status} {PHRASES.get(status, '')}\r\ndate: {date}\r\n"


def head(response: HttpResponse, method: str, modern: bool, keep: bool, now: float) -> Head:
    """The head of an answer to a request of this method, by a client that knows HTTP/1.1 (`modern`) and wants to `keep`
    the connection. Raises ValueError for what would not be read as it is meant: a status that is not final, a name that
    is none, lengths that are not the body's, other codings."""
    status, body = response.status, response.body
    if not 200 <= status <= 999:
        raise ValueError(f"{status} ends no exchange")
    lines, framed = [_status(status, int(now))], dict[str, str]()
    for name, value in response.headers:
        begin, framing = LINES[name]
        if framing:
            if framed.setdefault(framing, value) != value and framing == LENGTH:
                raise ValueError("the body has two lengths")
        else:
            lines.append(f"{begin}{CONTROL.sub(' ', value) if CONTROL.search(value) else value}\r\n")
    bodiless = method == "HEAD" or status in (204, 304)
    length = _length(framed, body, bodiless)
    chunked = length is None and modern and not bodiless
    if chunked:
        lines.append("transfer-encoding: chunked\r\n")
    elif length is not None and status != 204:
        lines.append(f"content-length: {length}\r\n")
    keep = keep and "close" not in framed.get(CONNECTION, "").lower() and (bodiless or chunked or length is not None)
    lines.append("\r\n" if keep else "connection: close\r\n\r\n")
    return Head(_encoded("".join(lines)), bodiless, chunked, length, keep)


def _length(framed: dict[str, str], body: Body, bodiless: bool) -> int | None:
    """How long a body is, if it is not sent in chunks."""
    if CODING in framed:
        if framed[CODING].lower() != "chunked":
            raise ValueError(f"nothing here is coded as {framed[CODING]}")
        return None
    told = framed.get(LENGTH)
    if told is None:
        return len(body) if isinstance(body, bytes) else None
    if not DIGITS.fullmatch(told) or (isinstance(body, bytes) and not bodiless and int(told) != len(body)):
        raise ValueError("the body is not as long as its Content-Length")
    return int(told)


def chunk(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece)


def _encoded(text: str) -> bytes:
    """A character a byte; of what a head cannot say so, the bytes in UTF-8."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()
