"""DynamoDB: tables of items with keys, indexes, conditions and transactions.

One idea: an item is one row in key order and one entry in each index, written in the transaction that answers; so every
query is a range, every read is consistent, and what an expression means is the engine's affair alone.

Its wings are `access`, `definitions`, `reading`, `recovery`, `replicas`, `streams` and `transfers`; `streams` answers
an API of its own, `dynamodbstreams`.

Not done: PartiQL, vector indexes, throttling by provisioned units. `parity.toml` has the list.
"""

from freehold.services.dynamodb import keepers, reading, recovery, replicas, resources, streams, transfers
from freehold.services.dynamodb.access import operations as policies
from freehold.services.dynamodb.definitions import insights
from freehold.services.dynamodb.service import dynamodb
from freehold.services.dynamodb.streams import dynamodbstreams

__all__ = [
    "dynamodb",
    "dynamodbstreams",
    "insights",
    "keepers",
    "policies",
    "reading",
    "recovery",
    "replicas",
    "resources",
    "streams",
    "transfers",
]
