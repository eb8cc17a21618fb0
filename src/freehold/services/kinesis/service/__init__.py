"""The API of Kinesis Data Streams: one function an operation, by noun. It may not know how records lie."""

from freehold.services.kinesis.service import consumers, records, settings, shards, streams, tags
from freehold.services.kinesis.service.catalogue import kinesis

__all__ = ["consumers", "kinesis", "records", "settings", "shards", "streams", "tags"]
