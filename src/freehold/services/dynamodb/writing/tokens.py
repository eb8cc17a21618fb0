"""Client tokens: a transaction that is sent twice is done once.

One idea: a token remembers a digest of what was done under it, for ten minutes. It may not know transactions.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
"""

import hashlib

import msgspec

from freehold.kernel.store import Record, Tx
from freehold.services.dynamodb.errors import IdempotentParameterMismatchException

REMEMBERED_S = 600
FORGET_MAX = 1_000


class Token(Record, table="dynamodb_tokens", key="token", index="forgotten_at"):
    """A token that was used; `digest` of the request under it."""

    token: str
    digest: bytes
    forgotten_at: float


def take(tx: Tx, token: str, wanted: object) -> bool:
    """Whether the token is new, and from now on taken. Raises if it was used for something else."""
    digest = hashlib.sha256(msgspec.msgpack.encode(wanted, order="sorted")).digest()
    known = tx.get(Token, token)
    if known and known.forgotten_at > tx.now:
        if known.digest != digest:
            raise IdempotentParameterMismatchException()
        return False
    tx.put(Token(token=token, digest=digest, forgotten_at=tx.now + REMEMBERED_S))
    return True


def forget(tx: Tx) -> None:
    """Remove tokens that no longer mean anything, everywhere."""
    for account, region in tx.scopes(Token):
        here = tx.within(account, region)
        for token in here.range(Token, index="forgotten_at", high=tx.now, limit=FORGET_MAX):
            here.delete(Token, token.token)
