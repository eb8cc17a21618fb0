"""Pages of lists and of events: opaque tokens that say where to go on.

One idea: a token is the key of the last thing shown, or the gap to read on from. It may not know what is listed.
"""

import base64
import binascii
import re
from typing import Any, TypeVar

import msgspec

from freehold.services.logs.errors import InvalidToken
from freehold.services.logs.events import Position

T = TypeVar("T")

DIRECTED = re.compile(r"([fb])/([\w=-]+)/s")


def write_token(value: Any) -> str:
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(value)).decode()


def read_token(token: str, kind: type[T]) -> T:
    """What a token says. Raises InvalidParameterException."""
    try:
        return msgspec.msgpack.decode(base64.b64decode(token, b"-_", validate=True), type=kind)
    except (binascii.Error, ValueError, msgspec.DecodeError) as fault:
        raise InvalidToken() from fault


def write_directed(way: str, position: Position) -> str:
    """A token of GetLogEvents: to read on from a gap forward (`f`) or backward (`b`)."""
    return f"{way}/{write_token(position)}/s"


def read_directed(token: str) -> tuple[bool, Position]:
    """Whether a token of GetLogEvents leads forward, and from which gap."""
    found = DIRECTED.fullmatch(token)
    if not found:
        raise InvalidToken()
    return found[1] == "f", read_token(found[2], Position)
