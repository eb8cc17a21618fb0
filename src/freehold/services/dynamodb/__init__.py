"""DynamoDB: tables of items with keys, indexes, conditions and transactions.

One idea: an item is one row in key order and one entry in each index, written in the transaction that answers; so every
query is a range, every read is consistent, and what an expression means is the engine's affair alone.

Not done: streams, PartiQL, backups and restores, imports and exports, replicas in other regions, resource policies,
vector indexes, throttling by provisioned units. `parity.toml` has the list.
"""

from freehold.services.dynamodb import keepers, resources
from freehold.services.dynamodb.service import dynamodb

__all__ = ["dynamodb", "keepers", "resources"]
