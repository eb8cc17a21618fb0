"""Events: how they lie and how they are read.

One idea: time is cut into slices of ten seconds, and a batch's events of one slice are one record, a chunk; the chunks
of a slice are read together and sorted. So a writer adds a row and sorts nothing, and reading, which goes slice by
slice, may stop and go on at any gap between two events. It may not know requests.
"""

import heapq
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from freehold.kernel.store import Record, Tx
from freehold.services.logs.findings import Hidden, Place, masked
from freehold.services.logs.groups import Group
from freehold.services.logs.streams import Stream

SLICE_MS = 10_000
OVERHEAD = 26  # bytes that AWS adds to each event's message
CHUNKS_READ = 64
FOREVER = (1 << 62) - 1
NOTHING: Hidden = {}

Line = tuple[int, str]


class Chunk(Record, table="logs_chunks", key="group_id first_at stream_id number", index="stream_id first_at"):
    """The events of one slice in one batch, in order: (epoch milliseconds, message). `name` is the
    stream's, `number` counts its batches, `hidden` has what is sensitive in an event, by its number in the chunk."""

    group_id: str
    first_at: int
    stream_id: str
    number: int
    name: str
    ingested_at: int
    lines: list[Line]
    hidden: dict[int, list[Place]] = {}


class Position(NamedTuple):
    """Where an event stands among its group's; also the gap before it."""

    at: int
    ingested_at: int = 0
    stream: str = ""
    number: int = 0
    offset: int = 0

    def after(self) -> "Position":
        """The gap behind the event."""
        return self._replace(offset=self.offset + 1)


class Event(NamedTuple):
    """An event where it stands; `stream` is its stream's name."""

    position: Position
    stream: str
    message: str

    @property
    def size(self) -> int:
        return size_of(self.message)

    @property
    def id(self) -> str:
        """56 digits that no other event of the group has."""
        at, _, stream, number, offset = self.position
        return f"{at:014d}{stream:>016}{number:018d}{offset:08d}"


class Span(NamedTuple):
    """What to read: the group's events, or only some streams', from `start` to `end` (milliseconds, both inclusive),
    the latest first if `reverse`; from the gap `since` on, if one is given; as they came if `unmasked`, else without
    what is hidden in them."""

    group: Group
    streams: list[Stream] | None = None
    start: int = 0
    end: int = FOREVER
    reverse: bool = False
    since: Position | None = None
    unmasked: bool = False


def size_of(message: str) -> int:
    """What an event counts for, in bytes."""
    return len(message.encode()) + OVERHEAD


def append(tx: Tx, group: Group, stream: Stream, lines: list[Line], size: int, hidden: Hidden = NOTHING) -> None:
    """Write events, which are in order of time, and let those know who follow the group."""
    now = int(tx.now * 1_000)
    stream.puts += 1
    stream.first_at = min(stream.first_at or lines[0][0], lines[0][0])
    stream.last_at = max(stream.last_at, lines[-1][0])
    stream.ingested_at = now
    stream.stored += size
    tx.put(stream)
    first = 0
    for _, together in groupby(lines, key=lambda line: line[0] // SLICE_MS):
        kept = list(together)
        chunk = Chunk(
            group_id=group.id, first_at=kept[0][0], stream_id=stream.id, number=stream.puts,
            name=stream.name, ingested_at=now, lines=kept, hidden=_part(hidden, first, len(kept)),
        )  # fmt: skip
        tx.put(chunk)
        first += len(kept)
    tx.ring("logs", group.name)


def _part(hidden: Hidden, first: int, size: int) -> dict[int, list[Place]]:
    """What is hidden in some events that follow one another, by their numbers among these."""
    return {number: hidden[first + number] for number in range(size) if first + number in hidden} if hidden else {}


def read(tx: Tx, span: Span) -> Iterator[Event]:
    """The events of a span, one by one in order of time."""
    start, end = max(span.start, span.group.oldest(tx.now)), span.end
    if span.since and span.reverse:
        end = min(end, span.since.at)
    elif span.since:
        start = max(start, span.since.at)
    span = span._replace(start=start, end=end)
    if span.streams is None:
        found = _in_order(_living(tx, span.group, _chunks(tx, span, None)), span)
    else:
        each = [_in_order(_chunks(tx, span, stream), span) for stream in span.streams]
        found = each[0] if len(each) == 1 else heapq.merge(*each, reverse=span.reverse)
    for event in found:
        if start <= event.position.at <= end and _beyond(event.position, span):
            yield event


def _beyond(position: Position, span: Span) -> bool:
    """Whether an event lies on the side of the gap that is to be read."""
    if span.since is None:
        return True
    return position < span.since if span.reverse else position >= span.since


def _chunks(tx: Tx, span: Span, stream: Stream | None) -> Iterator[Chunk]:
    """The chunks of the group or stream that may hold events of the span, in order of their first event."""
    index, prefix = ("stream_id first_at", stream.id) if stream else ("", span.group.id)
    low, after = span.start - span.start % SLICE_MS, None
    while True:
        found = tx.range(
            Chunk, prefix, index=index, low=low, high=span.end, after=after, reverse=span.reverse, limit=CHUNKS_READ
        )
        yield from found
        if len(found) < CHUNKS_READ:
            return
        last = found[-1]
        after = (last.first_at, last.group_id if stream else last.stream_id, last.number)


def _living(tx: Tx, group: Group, chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """Without the chunks of streams that are deleted and whose rows are not yet."""
    living: dict[str, bool] = {}
    for chunk in chunks:
        if chunk.stream_id not in living:
            stream = tx.get(Stream, group.id, chunk.name)
            living[chunk.stream_id] = stream is not None and stream.id == chunk.stream_id
        if living[chunk.stream_id]:
            yield chunk


def _in_order(chunks: Iterable[Chunk], span: Span) -> Iterator[Event]:
    """The events of chunks, sorted within each slice."""
    for _, together in groupby(chunks, key=lambda chunk: chunk.first_at // SLICE_MS):
        yield from sorted((event for chunk in together for event in _events(chunk, span)), reverse=span.reverse)


def _events(chunk: Chunk, span: Span) -> Iterator[Event]:
    lines = chunk.lines if span.unmasked or not chunk.hidden else _masked(chunk)
    for offset, (at, message) in enumerate(lines):
        yield Event(Position(at, chunk.ingested_at, chunk.stream_id, chunk.number, offset), chunk.name, message)


def _masked(chunk: Chunk) -> list[Line]:
    hidden = chunk.hidden
    return [(at, masked(text, hidden.get(number, ()))) for number, (at, text) in enumerate(chunk.lines)]
