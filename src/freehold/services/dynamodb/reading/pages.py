"""Pages: what Query and Scan read, of a table or an index, up to a limit or a megabyte.

One idea: every question is a span, a stretch of rows in key order with a place to start behind; pages differ in nothing
else. It may not know requests.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from freehold.engines.expressions import Item, KeyQuery
from freehold.engines.expressions.errors import StartKeyInvalid, ValidationException
from freehold.engines.expressions.keys import check_start_element
from freehold.kernel.store import Tx
from freehold.services.dynamodb.reading.errors import (
    StartKeyAtOneRow,
    StartKeyFault,
    StartKeyInOtherSegment,
    StartKeyMismatch,
    StartKeyOutside,
    StartKeyWithoutSort,
)
from freehold.services.dynamodb.reading.sources import Held, Source
from freehold.services.dynamodb.tables import ON_DEMAND, SLOT_BYTES, SLOTS

PAGE_SIZE_MAX = 1024 * 1024
CHUNK = 64
PARTS = 4_096
PARTITIONS = 4  # of a table on demand, before it grows


class Span(NamedTuple):
    """Rows of a source in order. Queries fix the hash key (`prefix`) and bound the sort key, scans bound the hash key;
    from `low` up to, and without, `high`. `after` holds the key fields behind the prefix of the row to start behind."""

    source: Source
    prefix: tuple[bytes, ...]
    low: bytes | None = None
    high: bytes | None = None
    reverse: bool = False
    after: tuple[bytes, ...] | None = None


class Page(NamedTuple):
    """The items that passed, how many were looked at and how large they were, and the last if there may be more."""

    items: list[Item]
    scanned: int
    size: int
    last: Held | None


def query_span(source: Source, query: KeyQuery, reverse: bool, start: Item | None) -> Span:
    """Raises ValidationException for a start that the query would not have come to."""
    hash = source.table.hashed(query.hash)
    low, high = query.sort or (None, None)
    after = None
    if start is not None:
        (start_hash, start_sort), rest = _start(source, start)
        if query.sort and ((low is not None and start_sort < low) or (high is not None and start_sort >= high)):
            raise StartKeyMismatch()
        if start_hash != hash:
            raise StartKeyAtOneRow() if query.sort else StartKeyOutside()
        if not source.index and len(source.keys) == 1:
            raise StartKeyWithoutSort(key=_shown(start))
        after = (start_sort, *rest)
    return Span(source, (hash,), low, high, reverse, after)


def _shown(key: Item) -> str:
    return ", ".join(
        f"{name}=AttributeValue: {{{kind}:{content}}}" for name, value in key.items() for kind, content in value.items()
    )


def scan_span(source: Source, segment: int, total: int, start: Item | None) -> Span:
    """The part of a scan that is segment `segment` of `total`. Raises ValidationException for a start outside it."""
    low = _slot(segment, total)
    high = _slot(segment + 1, total) if segment + 1 < total else None
    after = None
    if start is not None:
        (start_hash, start_sort), rest = _start(source, start)
        if start_hash < low or (high is not None and start_hash >= high):
            raise StartKeyInOtherSegment(total=total, segment=segment)
        after = (start_hash, start_sort, *rest)
    return Span(source, (), low, high, False, after)


def _slot(segment: int, total: int) -> bytes:
    """Where a segment begins: AWS counts in 4,096ths of the slots."""
    return (-(-PARTS * segment // total) * (SLOTS // PARTS)).to_bytes(SLOT_BYTES, "big")


def check_start(source: Source, start: Item) -> None:
    """Refuse an ExclusiveStartKey that has too few or too many attributes. Raises StartKeyInvalid."""
    if len(start) != len(source.key_names):
        raise StartKeyInvalid()


def check_index_start(source: Source, start: Item) -> None:
    """Refuse an ExclusiveStartKey whose attributes cannot be the index's keys."""
    for position, (name, expected) in enumerate(source.keys):
        check_start_element(start, name, expected, position)


def _start(source: Source, start: Item) -> tuple[tuple[bytes, bytes], tuple[bytes, ...]]:
    """An ExclusiveStartKey as its place in the source, and for an index its place in the table."""
    table = source.table
    try:
        keys = {name: start[name] for name, _ in table.keys if name in start} if source.index else start
        where = table.place_of(keys)
    except ValidationException as fault:
        raise StartKeyFault(fault=fault.message) from None
    return (source.place(start), table.behind(source.index, start)) if source.index else (where, ())


def read_page(
    tx: Tx, span: Span, limit: int | None, keep: Callable[[Item], bool] | None, whole: Callable[[Held], Item] | None
) -> Page:
    """Read at most `limit` rows and about a megabyte. `whole` gives a row's item, where the row itself does not do."""
    items, scanned, size = [], 0, 0
    for chunk in _chunks(tx, span, limit):
        for row in chunk:
            item = whole(row) if whole else row.item
            scanned += 1
            size += row.size
            if keep is None or keep(item):
                items.append(item)
            if scanned == limit or size >= PAGE_SIZE_MAX:
                return Page(items, scanned, size, row)
    return Page(items, scanned, size, None)


def _chunks(tx: Tx, span: Span, limit: int | None) -> Iterator[list[Held]]:
    """All rows of a span, read a chunk at a time. What is equal to `high` is passed over: the store includes it.

    The bound that a start has passed is not given: the store would look through all that lies between again.
    """
    kind, space, prefix, after = span.source.kind, span.source.space, span.prefix, span.after
    fields = kind.layout.key[1 + len(prefix) :]
    size = min(limit or CHUNK, CHUNK)
    while True:
        low = span.low if after is None or span.reverse else None
        high = span.high if after is None or not span.reverse else None
        chunk = tx.range(kind, space, *prefix, low=low, high=high, after=after, reverse=span.reverse, limit=size)
        yield chunk if high is None else [row for row in chunk if getattr(row, fields[0]) < high]
        if len(chunk) < size:
            return
        after = tuple(getattr(chunk[-1], field) for field in fields)
        size = CHUNK


def last_key(source: Source, row: Held) -> Item:
    """The LastEvaluatedKey at a row."""
    return {name: row.item[name] for name in source.key_names}


def visited(span: Span, page: Page) -> int:
    """How many partitions a page was read from, each of which takes at least one read. A table on demand begins with
    four, one with provisioned units with one."""
    if span.prefix or span.source.table.billing != ON_DEMAND:
        return 1
    begin = span.after[0] if span.after else span.low or b""
    end = page.last.hash if page.last else span.high
    last = (int.from_bytes(end[:SLOT_BYTES], "big") - (not page.last)) if end is not None else SLOTS - 1
    return PARTITIONS * last // SLOTS - PARTITIONS * int.from_bytes(begin[:SLOT_BYTES], "big") // SLOTS + 1
