"""DynamoDB: tables of items with keys, indexes, conditions and transactions.

One idea: an item is one row in key order and one entry in each index, written in the transaction that answers; so every
query is a range, every read is consistent, and what an expression means is the engine's affair alone.

Its wings are `definitions`, `reading`, `writing`, `statements`, `recovery` and `streams`; the last answers an API of
its own, `dynamodbstreams`.

Not done: imports and exports, replicas in other regions, resource policies, vector indexes. `parity.toml` has the list.
"""

from freehold.services.dynamodb import (
    definitions,
    keepers,
    reading,
    recovery,
    resources,
    statements,
    streams,
    writing,
)
from freehold.services.dynamodb.service import dynamodb
from freehold.services.dynamodb.streams import dynamodbstreams

__all__ = [
    "definitions",
    "dynamodb",
    "dynamodbstreams",
    "keepers",
    "reading",
    "recovery",
    "resources",
    "statements",
    "streams",
    "writing",
]
