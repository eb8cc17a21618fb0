"""Kinesis: streams of records in shards, kept in order for as long as their retention says.

One idea: a shard is a range of hash keys and a line of numbered records; all that is asked of it — where to start, what
follows, what is too old — is a comparison of numbers or moments. Resharding closes shards and opens others beside them.

Not done: channels, HTTP/2, limits of reading, on-demand scaling. `parity.toml` has the list.
"""

from freehold.services.kinesis import keepers, resources
from freehold.services.kinesis.service import kinesis

__all__ = ["keepers", "kinesis", "resources"]
