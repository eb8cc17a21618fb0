"""Buffers: the records of a stream that are not filed yet.

One idea: to close a buffer is to write down its bounds, its file's name and where that goes; what lies within is then
filed whole, under that name, however often it is tried. It may not know S3.

https://docs.aws.amazon.com/firehose/latest/dev/buffering-hints.html
"""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from freehold.kernel.deliveries import promise
from freehold.kernel.store import Record, Tx
from freehold.kernel.timers import at
from freehold.services.firehose import prefixes
from freehold.services.firehose.streams import GZIP, Stream

MEBIBYTE = 1_048_576
TRIED_S = 86_400  # how long S3 is tried
PAGE = 1_000  # records that are read or dropped at a time


class Waiting(Record, table="firehose_records", key="stream number"):
    """A record of a stream (by id) that came `at` epoch seconds."""

    stream: str
    number: int
    at: float
    data: bytes


class Closed(Record, table="firehose_files", key="stream first"):
    """A file to be: the stream's records from `first` to `last`, its key in the bucket and the destination's facts;
    `filed` when it is there, and its records may go."""

    stream: str
    first: int
    last: int
    key: str
    destination: dict[str, Any]
    filed: bool = False


def put(tx: Tx, stream: Stream, data: bytes) -> None:
    """Take a record; the caller keeps the stream. The first one of a buffer sets the alarm that closes it."""
    hints = stream.destination["BufferingHints"]
    number = stream.next
    tx.put(Waiting(stream=stream.id, number=number, at=tx.now, data=data))
    if not stream.first:
        stream.first = number
        when = tx.now + hints["IntervalInSeconds"]
        at(tx, when, "firehose", "close_buffer", name=stream.name, id=stream.id, first=number)
    stream.next, stream.size = number + 1, stream.size + len(data)
    if stream.size >= hints["SizeInMBs"] * MEBIBYTE:
        close(tx, stream)


def close(tx: Tx, stream: Stream) -> None:
    """Promise a file of all that is in the buffer, which is empty then; the caller keeps the stream."""
    if not stream.first:
        return
    oldest = tx.get(Waiting, stream.id, stream.first)
    closed = Closed(
        stream=stream.id, first=stream.first, last=stream.next - 1, destination=stream.destination,
        key=_key(tx, stream, oldest.at if oldest else tx.now),
    )  # fmt: skip
    tx.put(closed)
    place = {"stream": stream.id, "first": stream.first}
    promise(
        tx, "firehose", "file", place, lane=f"firehose:{stream.id}", until=tx.now + TRIED_S,
        then=("firehose", "give_up"), about=place,
    )  # fmt: skip
    stream.first, stream.size = 0, 0


def _key(tx: Tx, stream: Stream, oldest_at: float) -> str:
    to = stream.destination
    when = datetime.fromtimestamp(oldest_at, ZoneInfo(to["CustomTimeZone"]) if to.get("CustomTimeZone") else UTC)
    prefix = prefixes.filled(to.get("Prefix", ""), when, lambda: tx.ids.text(prefixes.RANDOM_LENGTH))
    ending = to.get("FileExtension") or (".gz" if to["CompressionFormat"] == GZIP else "")
    return f"{prefix}{stream.name}-{stream.version}-{when:%Y-%m-%d-%H-%M-%S}-{tx.ids.uuid()}{ending}"


def closed_at(tx: Tx, stream: str, first: int) -> Closed | None:
    return tx.get(Closed, stream, first)


def page(tx: Tx, closed: Closed, number: int) -> list[bytes]:
    """The next records of a file to be, from a number on."""
    found = tx.range(Waiting, closed.stream, low=number, high=closed.last, limit=PAGE)
    return [record.data for record in found]


def drop(tx: Tx, stream: str, first: int) -> bool:
    """Forget some records of a file that is there, and at last the file; whether there are more."""
    closed = tx.get(Closed, stream, first)
    if closed is None:
        return False
    found = tx.range(Waiting, stream, low=first, high=closed.last, limit=PAGE)
    for record in found:
        tx.delete(Waiting, stream, record.number)
    if len(found) < PAGE:
        tx.delete(Closed, stream, first)
        return False
    closed.filed = True
    tx.put(closed)
    return True
