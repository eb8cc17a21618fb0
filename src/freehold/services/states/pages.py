"""Pages of lists.

One idea: a token is the place of the last record seen, so a page costs what it shows, and a list may change between
pages. It may not know what is listed.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import msgspec

from freehold.kernel.service import Request
from freehold.services.states.errors import InvalidToken

T = TypeVar("T")
SIZE = 100


class Page(NamedTuple):
    """Where a page starts (None: at the beginning), and how much it holds."""

    after: tuple | None
    size: int


def asked(request: Request) -> Page:
    """The page that a request's maxResults (0: the default of 100) and nextToken ask for. Raises InvalidToken."""
    token = request.get("nextToken")
    return Page(_place(token) if token else None, request.get("maxResults") or SIZE)


def _place(token: str) -> tuple:
    try:
        return tuple(msgspec.json.decode(urlsafe_b64decode(token), type=list))
    except (Error, ValueError):
        raise InvalidToken() from None


def shown(
    page: Page, found: list[T], place: Callable[[T], tuple], key: str, show: Callable[[T], Any]
) -> dict[str, Any]:
    """The answer for a page, from up to one more record than it holds."""
    answer: dict[str, Any] = {key: [show(one) for one in found[: page.size]]}
    if len(found) > page.size:
        last = msgspec.json.encode(place(found[page.size - 1]))
        answer["nextToken"] = urlsafe_b64encode(last).decode()
    return answer
