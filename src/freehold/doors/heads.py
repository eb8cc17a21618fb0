"""Heads of HTTP/1.1 messages: names read, answers' heads written.

One idea: what tells a body's end is decided here once, for the bytes that follow to keep to. It may not know sockets.

https://www.rfc-editor.org/rfc/rfc9112 (6: message body), https://www.rfc-editor.org/rfc/rfc9110 (5: fields)
"""

import re
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple

from freehold.web import HttpResponse

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
LAST = b"0\r\n\r\n"  # the chunk that ends a body
TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # what no header's value may hold (RFC 9110, 5.5)
PHRASES = {status.value: status.phrase for status in HTTPStatus}
LENGTH, CODING, CONNECTION = "content-length", "transfer-encoding", "connection"
FRAMING = (LENGTH, CODING, CONNECTION)


class Head(NamedTuple):
    """An answer's head as it is sent, and what follows: nothing, chunks, so many bytes, or all until the end."""

    text: bytes
    bodiless: bool
    chunked: bool
    length: int | None
    keep: bool


@lru_cache(4_096)
def name_of(name: bytes) -> str:
    """A request's header name, in lower case."""
    return name.decode("latin-1").lower()


@lru_cache(4_096)
def _line_of(name: str) -> tuple[str, str]:
    """How the line of an answer's header begins, and its name in lower case if it tells of the body or connection.
    Raises ValueError for what is no name."""
    if not TOKEN.fullmatch(name):
        raise ValueError(f"{name!r} is no header's name")
    small = name.lower()
    return f"{name}: ", small if small in FRAMING else ""


@lru_cache(64)
def _status(status: int, second: int) -> str:
    date = formatdate(second, usegmt=True)
    return f"HTTP/1.1 {status} {PHRASES.get(status, '')}\r\ndate: {date}\r\n"


def head(response: HttpResponse, method: str, modern: bool, keep: bool, now: float) -> Head:
    """The head of an answer to a request of this method, by a client that knows HTTP/1.1 (`modern`) and wants to `keep`
    the connection. Raises ValueError for a name that is none, or a length that is not the body's."""
    lines, framed = [_status(response.status, int(now))], {}
    for name, value in response.headers:
        begin, framing = _line_of(name)
        if framing:
            framed[framing] = value
        if framing != CONNECTION:
            lines.append(f"{begin}{CONTROL.sub(' ', value) if CONTROL.search(value) else value}\r\n")
    bodiless = method == "HEAD" or response.status in (204, 304)
    length = int(framed[LENGTH]) if LENGTH in framed else None
    chunked = CODING in framed
    if isinstance(response.body, bytes) and not chunked and response.status != 204:
        if length is None:
            length = len(response.body)
            lines.append(f"content-length: {length}\r\n")
        elif length != len(response.body) and not bodiless:
            raise ValueError("the body is not as long as its Content-Length")
    elif length is None and not chunked and not bodiless and modern:
        chunked = True
        lines.append("transfer-encoding: chunked\r\n")
    keep = keep and "close" not in framed.get(CONNECTION, "").lower() and (bodiless or chunked or length is not None)
    lines.append("\r\n" if keep else "connection: close\r\n\r\n")
    return Head(_encoded("".join(lines)), bodiless, chunked, length, keep)


def chunk(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece)


def _encoded(text: str) -> bytes:
    """A character a byte; of what a head cannot say so, the bytes in UTF-8."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()
