"""Client tokens: what was asked twice with one token is done once.

One idea: the answer lies under the token for a while, beside a digest of what was asked; every SDK sends a token of its
own and the same again when it tries again. It may not know what is asked.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import msgspec

from freehold.kernel.service import Request, Response
from freehold.kernel.store import Record, Tx

LASTING_S = 3_600.0
FORGOTTEN = 2  # each new token makes room for as many old ones, so that they never pile up


class Token(Record, table="scheduler_tokens", key="operation token", index="at"):
    """What an operation answered to a token; `asked` is a digest of the request."""

    operation: str
    token: str
    asked: str
    answer: dict[str, Any]
    at: float


def once(tx: Tx, operation: str, request: Request, work: Callable[[], Response]) -> Response:
    """The answer of `work`, or what it answered to the same request with the same ClientToken before."""
    token = request.get("ClientToken")
    if not token:
        return work()
    asked = sha256(msgspec.json.encode(request, order="sorted")).hexdigest()
    known = tx.get(Token, operation, token)
    if known and known.asked == asked and tx.now - known.at < LASTING_S:
        return known.answer
    answer = work()
    for old in tx.range(Token, index="at", high=tx.now - LASTING_S, limit=FORGOTTEN):
        tx.delete(Token, old.operation, old.token)
    tx.put(Token(operation=operation, token=token, asked=asked, answer=answer, at=tx.now))
    return answer
