"""Pages of lists: a token says where to go on.

One idea: a token is the key of the last thing shown, so a page costs what it shows and a list may change between pages.
A room names its own members and its own refusal. It may not know what is listed.
"""

import base64
import binascii
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from freehold.kernel.errors import AwsError
from freehold.kernel.service import Response
from freehold.kernel.store import Record, Tx

T = TypeVar("T")
R = TypeVar("R", bound=Record)

PAGE = 100
LAST = "\U0010ffff"  # sorts behind every continuation of a prefix
Refuse = Callable[[], AwsError]


def write_token(place: Any) -> str:
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(place)).decode()


def read_token(token: str, kind: type[T], refuse: Refuse) -> T:
    """What a token says. Raises what `refuse` makes."""
    try:
        return msgspec.msgpack.decode(base64.b64decode(token, b"-_", validate=True), type=kind)
    except (binascii.Error, ValueError, msgspec.DecodeError) as fault:
        raise refuse() from fault


def page(
    tx: Tx, kind: type[R], told: str, show: Callable[[R], Any], *prefix: str, start: str, limit: int,
    after: tuple | None, key: Callable[[Any], tuple] = lambda record: (record.name,),
    wanted: Callable[[R], bool] = lambda record: True, index: str = "",
) -> Response:  # fmt: skip
    """A page of the records behind a prefix whose next key field begins with `start` and that are `wanted`."""
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
