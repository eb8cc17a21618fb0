"""Positions: how far a reader has come in each shard of a stream, and what of the page it is at is still to be done.

One idea: a position is a row, moved in the transaction in which an outcome is recorded; so whatever happens, reading
goes on behind what is done with. A room has a kind of position of its own, whose key begins with who reads. It may not
know what records are handed to.

https://docs.aws.amazon.com/lambda/latest/dg/kinesis-polling-and-batching.html
"""

from typing import Any, TypeVar

from freehold.engines.batches import Verdict
from freehold.engines.sources import pages
from freehold.engines.sources.pages import Page
from freehold.engines.sources.streams import HORIZON, Item, Shard
from freehold.kernel.store import Record, Tx


class Position(Record):
    """All of a shard up to the sequence number `after` is done with; if there is none, reading starts as `start` says,
    at the moment `start_at`. `ended` if nothing will come any more."""

    shard: str
    start: str
    start_at: float = 0.0
    parents: tuple[str, ...] = ()
    after: str = ""
    ended: bool = False
    page: Page | None = None


P = TypeVar("P", bound=Position)


def begin(tx: Tx, kind: type[P], reader: str, shards: list[Shard], start: str, start_at: float) -> list[P]:
    """The positions in these shards. Those of a reader's first look begin as it says, others at their beginning."""
    known = {position.shard: position for position in tx.range(kind, reader)}
    where = (HORIZON, 0.0) if known else (start, start_at)
    own: dict[str, Any] = {kind.layout.key[0]: reader}
    for shard in shards:
        if shard.id not in known:
            fresh = kind(**own, shard=shard.id, start=where[0], start_at=where[1], parents=shard.parents)
            tx.put(fresh)
            known[shard.id] = fresh
    listed = {shard.id for shard in shards}
    for id in known.keys() - listed:
        tx.delete(kind, reader, id)
    return [position for id, position in known.items() if id in listed]


def forget(tx: Tx, kind: type[P], reader: str) -> None:
    for position in tx.range(kind, reader):
        tx.delete(kind, reader, position.shard)


def settle(
    tx: Tx, kind: type[P], reader: str, shard: str, planned: Page, number: int, tried: list[Item], verdict: Verdict
) -> Page:
    """Move on by a verdict about a lane's next part, whose items were `tried`. The page as it stands now."""
    position = tx.get(kind, reader, shard)
    if position is None:  # the reader is gone
        planned.lanes[number].parts.clear()
        return planned
    page = position.page or planned
    left = pages.move(page, number, tried, verdict)
    position.page = page if left else None
    if not left:
        position.after = page.last
    tx.put(position)
    return page


def skip(tx: Tx, kind: type[P], reader: str, shard: str, last: str) -> None:
    """Nothing up to a sequence number is wanted."""
    position = tx.get(kind, reader, shard)
    if position:
        position.after = last
        tx.put(position)


def end(tx: Tx, kind: type[P], reader: str, shard: str) -> None:
    """Nothing will come of the shard any more."""
    position = tx.get(kind, reader, shard)
    if position:
        position.ended = True
        tx.put(position)
