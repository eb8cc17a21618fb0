"""Pages of lists: a token is the key of the last thing shown. It may not know what is listed."""

import base64
import binascii
from collections.abc import Callable
from typing import TypeVar

from freehold.kernel.store import Tx
from freehold.services.ssm.errors import InvalidNextToken
from freehold.services.ssm.names import LAST
from freehold.services.ssm.parameters import Parameter

T = TypeVar("T")
READ_MAX = 50


def write_token(key: str | int) -> str:
    return base64.urlsafe_b64encode(str(key).encode()).decode()


def read_token(token: str, kind: Callable[[str], T]) -> T:
    """The key that a token says. Raises InvalidNextToken."""
    try:
        return kind(base64.b64decode(token, b"-_", validate=True).decode())
    except (binascii.Error, ValueError) as fault:
        raise InvalidNextToken() from fault


def page(
    tx: Tx, prefix: str, chosen: Callable[[Parameter], bool], token: str | None, limit: int
) -> tuple[list[Parameter], dict[str, str]]:
    """The next chosen parameters whose names begin with the prefix, and the NextToken if there are more."""
    after = (read_token(token, str),) if token else None
    low, high = (prefix, prefix + LAST) if prefix else (None, None)
    found: list[Parameter] = []
    while len(found) <= limit:
        some = tx.range(Parameter, low=low, high=high, after=after, limit=READ_MAX)
        found += filter(chosen, some)
        if len(some) < READ_MAX:
            break
        after = (some[-1].name,)
    return found[:limit], {"NextToken": write_token(found[limit - 1].name)} if len(found) > limit else {}
