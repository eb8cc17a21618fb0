"""The wing of streams: the changes of tables, read by their own API, and which streams of Kinesis are sent them.

One idea: a stream is one shard, and a shard is the table's changes in the order of their numbers; what is older than a
day is passed over before it is removed. It may not change items; `policies` say who may read them.
"""

from freehold.services.dynamodb.streams import destinations, operations, retention
from freehold.services.dynamodb.streams.catalogue import dynamodbstreams

__all__ = ["destinations", "dynamodbstreams", "operations", "retention"]
