"""Pages of lists, as EventBridge asks for them. It may not know what is listed."""

from collections.abc import Callable
from typing import Any

from freehold import pages
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.pages import LAST, PAGE, R
from freehold.services.events.errors import BadParameter

__all__ = ["LAST", "page"]


def page(
    tx: Tx, kind: type[R], request: Request, told: str, show: Callable[[R], Any], *prefix: str, **more: Any
) -> Response:
    """A page of up to Limit records behind the NextToken. Raises ValidationException."""
    token, place = request.get("NextToken"), list[str | int]
    after = tuple(pages.read_token(token, place, lambda: BadParameter(name="NextToken"))) if token else None
    limit = request.get("Limit", PAGE)
    start = request.get("NamePrefix", "")
    return pages.page(tx, kind, told, show, *prefix, start=start, limit=limit, after=after, **more)
