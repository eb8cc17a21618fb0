"""DynamoDB: tables of items with keys, indexes, conditions and transactions.

One idea: an item is one row in key order and one entry in each index, written in the transaction that answers; so every
query is a range, every read is consistent, and what an expression means is the engine's affair alone.

Its wings are `reading`, `writing`, `statements` and `streams`; the last answers an API of its own, `dynamodbstreams`.

Not done: backups and restores, imports and exports, replicas in other regions, resource policies,
vector indexes, throttling by provisioned units. `parity.toml` has the list.
"""

from freehold.services.dynamodb import keepers, reading, resources, statements, streams, writing
from freehold.services.dynamodb.service import dynamodb
from freehold.services.dynamodb.streams import dynamodbstreams

__all__ = ["dynamodb", "dynamodbstreams", "keepers", "reading", "resources", "statements", "streams", "writing"]
