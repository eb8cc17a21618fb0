"""Bodies: whole ones, and what a REST protocol says of them.

One idea: HTTP bindings need not know whether bodies are JSON or XML; `restjson` and `restxml` each say it once. It may
not know any service.
"""

import zlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from freehold.wire.codecs import eventstream
from freehold.wire.codecs.faults import SerializationException
from freehold.wire.http import BODY_MAX, HttpRequest
from freehold.wire.models import Member, Shape

GZIP = 16 + zlib.MAX_WBITS

RAW = {"blob": "application/octet-stream", "string": "text/plain"}  # payloads that are the body as they stand


class Bodies(NamedTuple):
    """How a protocol reads and writes bodies: of some members of a structure, and of one member that fills it.

    `empty` is the body of a response without members. Writers are told the name of the root element, if such there is.
    `written` has the headers whose names are not written in small letters, by those that are.
    """

    content_type: str
    empty: bytes
    read_members: Callable[[Mapping[str, Member]], Callable[[bytes], dict]]
    read_payload: Callable[[Member], Callable[[bytes], Any]]
    write_members: Callable[[str, Mapping[str, Member]], Callable[[dict], bytes]]
    write_payload: Callable[[str, Member], Callable[[Any], bytes]]
    events: eventstream.Bodies
    written: Mapping[str, str] = {}


def at(shape: Shape, *locations: str) -> dict[str, Member]:
    """The members of a shape in these locations."""
    return {name: use for name, use in shape.members.items() if use.location in locations}


def unbound(shape: Shape, *locations: str) -> dict[str, Member]:
    """The members of a shape that are in none of these locations, and so in the body."""
    return {name: use for name, use in shape.members.items() if use.location not in locations}


def whole(http: HttpRequest) -> bytes:
    """A body that is not streamed, without the compression that clients may put on it (Smithy's requestCompression)."""
    assert isinstance(http.body, bytes), "only operations that stream their input get an unread body"
    if http.headers.get("content-encoding").rpartition(",")[2].strip() != "gzip" or not http.body:
        return http.body
    inflate = zlib.decompressobj(GZIP)
    try:
        body = inflate.decompress(http.body, BODY_MAX)
    except zlib.error:
        raise SerializationException(message="") from None
    if not inflate.eof:
        raise SerializationException(message="")
    return body
