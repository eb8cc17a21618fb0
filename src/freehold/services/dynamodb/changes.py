"""Changes: what a table's stream remembers of each write.

One idea: a change is one row, written in the transaction of the write it tells of, under the number that follows the
last one's; so a stream has no gaps, and its order is that of the writes. It may not know who reads.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from freehold.engines.expressions import Item, item_size
from freehold.engines.shards import BELL
from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.dynamodb import errors
from freehold.services.dynamodb.tables import Keys, Table, new_space

KEPT_S = 24 * 3_600
INSERT, MODIFY, REMOVE = "INSERT", "MODIFY", "REMOVE"
NEW_VIEWS, OLD_VIEWS = ("NEW_IMAGE", "NEW_AND_OLD_IMAGES"), ("OLD_IMAGE", "NEW_AND_OLD_IMAGES")


class Stream(Record, table="dynamodb_streams", key="table label"):
    """A table's stream; `closed_at` is 0 while it is written to. Its changes lie in `space`, a day long."""

    table: str
    label: str
    space: str
    view: str
    keys: Keys
    opened_at: float
    closed_at: float = 0.0
    policy: str = ""
    policy_revision: str = ""


class Change(Record, table="dynamodb_changes", key="space number"):
    """What became of an item, in stored form, as far as the stream's view shows it. `size` in bytes of what is told;
    `expired` if the item's time to live was over. `made_at` never falls as `number` grows."""

    space: str
    number: int
    kind: str
    made_at: float
    keys: Item
    old: Item | None = None
    new: Item | None = None
    size: int = 0
    expired: bool = False


def specify(tx: Tx, table: Table, wanted: dict[str, Any]) -> None:
    """Begin or end the table's stream as a StreamSpecification says. Raises ValidationException."""
    view = wanted.get("StreamViewType", "")
    if not wanted["StreamEnabled"]:
        if view:
            raise errors.ViewWithoutStream()
        if not table.stream:
            raise errors.NoStreamToDisable(name=table.name)
        close(tx, table)
        return
    if not view:
        raise errors.ViewMissing()
    if table.stream:
        raise errors.StreamAlready(name=table.name)
    open_stream(tx, table, view)


def begin(tx: Tx, table: Table, wanted: dict[str, Any]) -> None:
    """Begin the stream of a new table, if a StreamSpecification asks for one. Raises ValidationException."""
    view = wanted.get("StreamViewType", "")
    if not wanted.get("StreamEnabled"):
        if view:
            raise errors.NewViewWithoutStream()
        return
    if not view:
        raise errors.NewViewMissing()
    open_stream(tx, table, view)


def open_stream(tx: Tx, table: Table, view: str) -> None:
    moment = datetime.fromtimestamp(tx.now, UTC)
    while tx.get(Stream, table.name, label := moment.isoformat(timespec="milliseconds")[:23]):
        moment += timedelta(milliseconds=1)
    stream = Stream(
        table=table.name, label=label, space=new_space(tx), view=view, keys=table.keys, opened_at=tx.now
    )  # fmt: skip
    tx.put(stream)
    table.stream, table.stream_label, table.stream_view = stream.space, label, view


def close(tx: Tx, table: Table) -> None:
    """End the table's stream, if it has one: what it holds can be read for a day."""
    stream = tx.get(Stream, table.name, table.stream_label) if table.stream else None
    if stream:
        stream.closed_at = tx.now
        tx.put(stream)
        tx.ring(BELL, stream_arn(tx, table.name, stream.label))
    table.stream = table.stream_view = ""


def stream_arn(tx: Tx, table: str, label: str) -> str:
    return arns.arn("dynamodb", tx.region, tx.account, f"table/{table}/stream/{label}")


def note(tx: Tx, table: Table, old: Item | None, new: Item | None, sizes: tuple[int, int], expired: bool) -> None:
    """Write down that an item of a table with a stream became another, `sizes` being the bytes of both."""
    item = old if new is None else new
    if old == new or item is None:
        return
    last = last_change(tx, table.stream)
    keys = {name: item[name] for name, _ in table.keys}
    shown_old, shown_new = (table.stream_view in views for views in (OLD_VIEWS, NEW_VIEWS))
    tx.put(
        Change(
            space=table.stream, number=last.number + 1 if last else 1, keys=keys, expired=expired,
            kind=INSERT if old is None else REMOVE if new is None else MODIFY,
            made_at=max(tx.now, last.made_at) if last else tx.now,
            old=old if shown_old else None, new=new if shown_new else None,
            size=item_size(keys) + shown_old * sizes[0] + shown_new * sizes[1],
        )
    )  # fmt: skip
    tx.ring(BELL, stream_arn(tx, table.name, table.stream_label))


def last_change(tx: Tx, space: str) -> Change | None:
    """The newest change of a stream, which is kept however old it is: the next one's number follows from it."""
    found = tx.range(Change, space, reverse=True, limit=1)
    return found[0] if found else None
