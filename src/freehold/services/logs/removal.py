"""Removal of events: of what was deleted, and of what retention has ended.

One idea: rows go some hundreds at a time, in transactions of their own, as nobody sees them any more. It may not know
requests.
"""

from collections import Counter

from freehold.kernel.deliveries import promise
from freehold.kernel.store import Tx
from freehold.services.logs.events import SLICE_MS, Chunk, size_of
from freehold.services.logs.groups import Group
from freehold.services.logs.guards import Guard
from freehold.services.logs.streams import Stream

REMOVED_MAX = 500
LANE = "logs-removal"


def delete_group(tx: Tx, group: Group) -> None:
    """The group is gone; its streams and events follow."""
    tx.delete(Group, group.name)
    if group.guarded:
        tx.delete(Guard, group.id)
    clear(tx, group=group.id)


def delete_stream(tx: Tx, stream: Stream) -> None:
    tx.delete(Stream, stream.group_id, stream.name)
    clear(tx, stream=stream.id)


def clear(tx: Tx, group: str = "", stream: str = "") -> None:
    """Promise to remove what is left of a group or stream, by its id."""
    promise(tx, "logs", "remove_events", {"group": group, "stream": stream}, lane=LANE, width=1)


def remove_some(tx: Tx, group: str, stream: str) -> None:
    """Remove some rows of a deleted group or stream, and promise to go on if there are more."""
    chunks = (
        tx.range(Chunk, group, limit=REMOVED_MAX)
        if group
        else tx.range(Chunk, stream, index="stream_id first_at", limit=REMOVED_MAX)
    )
    streams = tx.range(Stream, group, limit=REMOVED_MAX) if group else []
    _remove(tx, chunks)
    for one in streams:
        tx.delete(Stream, one.group_id, one.name)
    if REMOVED_MAX in (len(chunks), len(streams)):
        clear(tx, group, stream)


def expire_some(tx: Tx) -> bool:
    """Remove some chunks all of whose events are older than their group keeps them, of every account and region;
    whether there may be more."""
    more = False
    for account, region in tx.scopes(Group):
        here = tx.within(account, region)
        for group in here.range(Group):
            if not group.retention:
                continue
            ended = here.range(Chunk, group.id, high=group.oldest(tx.now) - SLICE_MS, limit=REMOVED_MAX)
            more = more or len(ended) == REMOVED_MAX
            _forget(here, group, ended)
            _remove(here, ended)
    return more


def _forget(tx: Tx, group: Group, chunks: list[Chunk]) -> None:
    """Take the chunks' bytes off what their streams hold."""
    sizes: Counter[str] = Counter()
    for chunk in chunks:
        sizes[chunk.name] += sum(size_of(message) for _, message in chunk.lines)
    for name, size in sizes.items():
        stream = tx.get(Stream, group.id, name)
        if stream:
            stream.stored = max(0, stream.stored - size)
            tx.put(stream)


def _remove(tx: Tx, chunks: list[Chunk]) -> None:
    for chunk in chunks:
        tx.delete(Chunk, chunk.group_id, chunk.first_at, chunk.stream_id, chunk.number)
