"""Pages of lists: a token says where to go on. It may not know what is listed."""

import base64
import binascii
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from freehold.kernel.service import Request, Response
from freehold.kernel.store import Record, Tx
from freehold.services.events.errors import BadParameter

R = TypeVar("R", bound=Record)

PAGE = 100
LAST = "\U0010ffff"  # sorts behind every continuation of a prefix


def write_token(place: tuple) -> str:
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(place)).decode()


def read_token(request: Request) -> tuple | None:
    """The key behind which the page starts; None for the first. Raises ValidationException."""
    text = request.get("NextToken")
    if not text:
        return None
    try:
        return tuple(msgspec.msgpack.decode(base64.b64decode(text, b"-_", validate=True), type=list[str | int]))
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise BadParameter(name="NextToken") from None


def page(
    tx: Tx, kind: type[R], request: Request, told: str, show: Callable[[R], Any], *prefix: str,
    key: Callable[[Any], tuple] = lambda record: (record.name,), wanted: Callable[[R], bool] = lambda record: True,
    index: str = "",
) -> Response:  # fmt: skip
    """A page of the records behind a prefix whose next key field starts with NamePrefix and that are `wanted`."""
    limit, start, after = request.get("Limit", PAGE), request.get("NamePrefix", ""), read_token(request)
    low, high = (start, start + LAST) if start else (None, None)
    found: list[R] = []
    while len(found) <= limit:
        some = tx.range(kind, *prefix, index=index, low=low, high=high, after=after, limit=PAGE + 1)
        found += [record for record in some if wanted(record)]
        if len(some) <= PAGE:
            break
        after = key(some[-1])
    answer: Response = {told: [show(record) for record in found[:limit]]}
    return answer | ({"NextToken": write_token(key(found[limit - 1]))} if len(found) > limit else {})
