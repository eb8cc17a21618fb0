"""Pages of lists: a marker is the key of the last thing shown. It may not know what is listed."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from freehold.kernel.service import Request, Response
from freehold.services.kms.errors import InvalidMarkerException

T = TypeVar("T")
LIMIT = 100


def after(request: Request) -> tuple[str, ...] | None:
    """Behind which key the wanted page begins. Raises InvalidMarkerException."""
    marker = request.get("Marker")
    if not marker:
        return None
    try:
        return (base64.b64decode(marker, b"-_", validate=True).decode(),)
    except (binascii.Error, ValueError) as fault:
        raise InvalidMarkerException() from fault


def page(
    request: Request, name: str, found: Sequence[T], tell: Callable[[T], Any], key: Callable[[T], str],
    usual: int = LIMIT,
) -> Response:  # fmt: skip
    """A list's answer; `found` may hold one more than fits, which says that there is more."""
    limit = request.get("Limit", usual)
    shown, more = found[:limit], len(found) > limit
    answer: Response = {name: [tell(one) for one in shown], "Truncated": more}
    if more:
        answer["NextMarker"] = base64.urlsafe_b64encode(key(shown[-1]).encode()).decode()
    return answer


def whole(
    request: Request, name: str, listed: Sequence[T], tell: Callable[[T], Any], key: Callable[[T], str],
    usual: int = LIMIT,
) -> Response:  # fmt: skip
    """A page of a list that is read as a whole, in the order of its keys."""
    start = after(request)
    rest = sorted((one for one in listed if not start or key(one) > start[0]), key=key)
    return page(request, name, rest, tell, key, usual)
