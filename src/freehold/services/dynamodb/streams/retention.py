"""What is older than a day is removed, some at a time. It may not know who reads.

The last change of a stream that is written to stays, whatever its age: the next one's number follows from it.
"""

from freehold.kernel.store import Tx
from freehold.services.dynamodb.changes import Change, Stream
from freehold.services.dynamodb.streams import shards

REMOVED_MAX = 500


def trim(tx: Tx) -> bool:
    """Remove some changes that are too old, of every account and region; whether there may be more."""
    more = False
    for account, region in tx.scopes(Stream):
        here = tx.within(account, region)
        for stream in here.range(Stream):
            more = _trim(here, stream) or more
    return more


def _trim(tx: Tx, stream: Stream) -> bool:
    over = shards.gone(tx, stream)
    kept = shards.following(tx, stream) if over else min(shards.horizon(tx, stream), shards.following(tx, stream) - 1)
    old = tx.range(Change, stream.space, high=kept - 1, limit=REMOVED_MAX)
    for change in old:
        tx.delete(Change, stream.space, change.number)
    if over and len(old) < REMOVED_MAX:
        tx.delete(Stream, stream.table, stream.label)
    return len(old) == REMOVED_MAX
