"""What is deleted or too old is removed, some at a time. Every answer is right without it.

It may not know who reads.
"""

from freehold.kernel.deliveries import promise
from freehold.kernel.store import Tx
from freehold.services.kinesis import records, shards
from freehold.services.kinesis.consumers import Consumer
from freehold.services.kinesis.records import Datum
from freehold.services.kinesis.shards import Shard
from freehold.services.kinesis.streams import Stream

REMOVED_MAX = 500
LANE = "kinesis-removal"


def clear(tx: Tx, stream: str) -> None:
    """Promise to remove what the stream of this id held; nothing refers to it any more."""
    promise(tx, "kinesis", "clear_stream", {"stream": stream}, lane=LANE)


def clear_some(tx: Tx, stream: str) -> None:
    """Remove some of it, and promise to remove the rest."""
    data = tx.range(Datum, stream, limit=REMOVED_MAX)
    for datum in data:
        tx.delete(Datum, stream, datum.shard, datum.number)
    if len(data) == REMOVED_MAX:
        clear(tx, stream)
        return
    for shard in tx.range(Shard, stream):
        tx.delete(Shard, stream, shard.number)
    for consumer in tx.range(Consumer, stream):
        tx.delete(Consumer, stream, consumer.name)


def trim(tx: Tx) -> bool:
    """Remove some records that are too old, and shards of which none is left; whether there may be more."""
    more = False
    for account, region in tx.scopes(Stream):
        here = tx.within(account, region)
        for stream in here.range(Stream):
            for shard in here.range(Shard, stream.id):
                more = _trim(here, stream, shard) or more
    return more


def _trim(tx: Tx, stream: Stream, shard: Shard) -> bool:
    kept = records.since(tx, shard, tx.now - stream.retention_s)
    old = tx.range(Datum, stream.id, shard.number, high=kept - 1, limit=REMOVED_MAX)
    for datum in old:
        tx.delete(Datum, stream.id, shard.number, datum.number)
    if shards.gone(tx, stream, shard) and len(old) < REMOVED_MAX:
        tx.delete(Shard, stream.id, shard.number)
    return len(old) == REMOVED_MAX
