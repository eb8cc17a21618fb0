"""Pages of lists: a marker is the key of the last thing shown. It may not know what is listed."""

import base64
import binascii
from collections.abc import Callable
from typing import Any, TypeVar

from freehold.services.lambda_.errors import BadMarker

T = TypeVar("T")
ITEMS_MAX = 50


def page(
    things: list[T], key: Callable[[T], Any], request: dict[str, Any], most: int = ITEMS_MAX
) -> tuple[list[T], dict[str, str]]:
    """At most MaxItems of the things (which are in order) behind the Marker, and the NextMarker if there are more."""
    start = 0
    if request.get("Marker"):
        last = _read(request["Marker"])
        start = next((at + 1 for at, thing in enumerate(things) if str(key(thing)) == last), len(things))
    size = min(request.get("MaxItems", most), most)
    shown = things[start : start + size]
    more = start + size < len(things)
    return shown, {"NextMarker": _written(str(key(shown[-1])))} if more else {}


def _written(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _read(marker: str) -> str:
    try:
        return base64.urlsafe_b64decode(marker.encode()).decode()
    except (binascii.Error, ValueError) as fault:
        raise BadMarker() from fault
