"""Pages of lists and of events: opaque tokens that say where to go on.

One idea: a token is the key of the last thing shown, or the gap to read on from. It may not know what is listed.
"""

import re

from freehold import pages
from freehold.pages import T, write_token
from freehold.services.logs.errors import InvalidToken
from freehold.services.logs.events import Position

__all__ = ["read_directed", "read_token", "write_directed", "write_token"]

DIRECTED = re.compile(r"([fb])/([\w=-]+)/s")


def read_token(token: str, kind: type[T]) -> T:
    """What a token says. Raises InvalidParameterException."""
    return pages.read_token(token, kind, InvalidToken)


def write_directed(way: str, position: Position) -> str:
    """A token of GetLogEvents: to read on from a gap forward (`f`) or backward (`b`)."""
    return f"{way}/{write_token(position)}/s"


def read_directed(token: str) -> tuple[bool, Position]:
    """Whether a token of GetLogEvents leads forward, and from which gap."""
    found = DIRECTED.fullmatch(token)
    if not found:
        raise InvalidToken()
    return found[1] == "f", read_token(found[2], Position)
