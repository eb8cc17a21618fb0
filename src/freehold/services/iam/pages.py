"""Pages: IAM's Marker, MaxItems and IsTruncated.

One idea: a marker is the last key of the page before. It may not know what is listed.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
"""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from freehold.services.iam.errors import ValidationError

T = TypeVar("T")
ITEMS = 100


def page(request: dict[str, Any], items: Iterable[T], key: Callable[[T], str]) -> tuple[list[T], dict[str, Any]]:
    """The items of the page that a request asks for, in order of their keys, and the members that say what follows."""
    marker, limit = request.get("Marker"), request.get("MaxItems", ITEMS)
    after = _key(marker) if marker else ""
    rest = sorted((item for item in items if key(item) > after), key=key)
    shown = rest[:limit]
    if len(rest) <= limit:
        return shown, {"IsTruncated": False}
    last = urlsafe_b64encode(key(shown[-1]).encode()).decode()
    return shown, {"IsTruncated": True, "Marker": last}


def _key(marker: str) -> str:
    try:
        return b64decode(marker, b"-_", validate=True).decode()
    except ValueError:
        raise ValidationError(reason="Invalid Marker.") from None
