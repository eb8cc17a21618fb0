"""Pages of lists, as EventBridge Scheduler asks for them. It may not know what is listed."""

from collections.abc import Callable
from typing import Any

from freehold import pages
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.pages import PAGE, R
from freehold.services.scheduler.errors import Invalid

BAD_TOKEN = "Invalid NextToken."


def page(
    tx: Tx, kind: type[R], request: Request, told: str, show: Callable[[R], Any], *prefix: str, **more: Any
) -> Response:
    """A page of up to MaxResults records behind the NextToken. Raises ValidationException."""
    token = request.get("NextToken")
    after = tuple(pages.read_token(token, list[str], lambda: Invalid(reason=BAD_TOKEN))) if token else None
    limit = request.get("MaxResults", PAGE)
    start = request.get("NamePrefix", "")
    return pages.page(tx, kind, told, show, *prefix, start=start, limit=limit, after=after, **more)
