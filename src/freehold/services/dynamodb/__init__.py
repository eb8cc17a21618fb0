"""DynamoDB: tables of items with keys, indexes, conditions and transactions.

One idea: an item is one row in key order and one entry in each index, written in the transaction that answers; so every
query is a range, every read is consistent, and what an expression means is the engine's affair alone.

Its wings are `definitions`, `policies`, `reading`, `recovery`, `replicas`, `statements`, `streams`, `transfers` and
`writing`; `streams` answers an API of its own, `dynamodbstreams`.

Not done: vector indexes. `parity.toml` has the list.
"""

from freehold.services.dynamodb import (
    keepers,
    reading,
    recovery,
    replicas,
    resources,
    statements,
    streams,
    transfers,
    writing,
)
from freehold.services.dynamodb.definitions import insights
from freehold.services.dynamodb.policies import operations as resource_policies
from freehold.services.dynamodb.service import dynamodb
from freehold.services.dynamodb.streams import dynamodbstreams

__all__ = [
    "dynamodb",
    "dynamodbstreams",
    "insights",
    "keepers",
    "reading",
    "recovery",
    "replicas",
    "resource_policies",
    "resources",
    "statements",
    "streams",
    "transfers",
    "writing",
]
