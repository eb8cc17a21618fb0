"""The API of Firehose: one function an operation, by noun. It may not know how files are made."""

from freehold.services.firehose.catalogue import firehose
from freehold.services.firehose.service import records, streams, tags

__all__ = ["firehose", "records", "streams", "tags"]
