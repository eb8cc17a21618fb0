"""What a SELECT reads: one item by its key, or a page of spans.

One idea: where the hash key is bound, each of its values is a query, else the table is scanned; a token says in which
span to go on, behind which key. It may not know requests.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html
"""

import base64
import binascii
import hashlib
from typing import Any, NamedTuple

import msgspec

from freehold.engines.expressions import Item, KeyQuery, ValidationException, condition_of, key_range, read_units
from freehold.engines.expressions.errors import KeyConditionType
from freehold.engines.expressions.values import compare
from freehold.engines.partiql import Bindings, Columns, Select, Statement, equalities, exact_key, key_test
from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.dynamodb.at_hand import open_table
from freehold.services.dynamodb.items import TABLE_ITSELF, Row, Units
from freehold.services.dynamodb.reading.pages import (
    PAGE_SIZE_MAX,
    Page,
    Span,
    last_key,
    query_span,
    read_page,
    scan_span,
)
from freehold.services.dynamodb.reading.sources import Source, fetches, open_source, whole
from freehold.services.dynamodb.statements import errors
from freehold.services.dynamodb.statements.changes import KIND
from freehold.services.dynamodb.tables import Table

Where = tuple[int, Item | None]  # the span to go on in, and the key to start behind


class Found(NamedTuple):
    """A page of a SELECT; `token` and `last` are empty at the end."""

    items: list[Item]
    token: str
    last: Item | None
    table: Table
    units: Units


class Asked(NamedTuple):
    """A SELECT with its values. `mark` tells one question from others."""

    statement: Statement
    select: Select
    bindings: Bindings
    consistent: bool
    mark: bytes


def ask(statement: Statement, select: Select, parameters: list[Any], consistent: bool) -> Asked:
    """Raises ValidationException for parameters that do not fit."""
    bindings = Bindings(statement, parameters)
    mark = hashlib.sha256(repr((statement, parameters)).encode()).digest()[:8]
    return Asked(statement, select, bindings, consistent, mark)


def page(call: Call, tx: Tx, asked: Asked, limit: int | None, token: str) -> Found:
    """The next page. Raises ValidationException."""
    statement, select = asked.statement, asked.select
    wanted = {"TableName": statement.table, "ConsistentRead": asked.consistent}
    source = open_source(call, tx, wanted | ({"IndexName": statement.index_name} if statement.index_name else {}))
    condition = condition_of(KIND, select.where, asked.bindings) if select.where else None
    columns = Columns(select.columns)
    fetched = fetches(source, {str(path[0]) for path in columns.paths}, everything=False)
    begin, start = _begin(asked, token)
    spans = _spans(asked, source)
    items: list[Item] = []
    scanned = size = 0
    following: Where | None = None
    for place in range(begin, len(spans)):
        read = read_page(
            tx, _after(spans[place], source, start), limit - scanned if limit else None,
            condition.holds if condition else None, whole(tx, source) if fetched else None,
        )  # fmt: skip
        items, scanned, size, start = items + read.items, scanned + read.scanned, size + read.size, None
        following = _following(source, read, place, len(spans), full=scanned == limit or size >= PAGE_SIZE_MAX)
        if following:
            break
    units = {statement.index_name or TABLE_ITSELF: read_units(size, consistent=asked.consistent)}
    last = following[1] if following else None
    return Found([columns.of(item) for item in items], _token(asked, following), last, source.table, units)


def _following(source: Source, read: Page, place: int, spans: int, full: bool) -> Where | None:
    """Where to go on after a page of a span; None if it is at once, in the next span, or nowhere."""
    if read.last:
        return place, last_key(source, read.last)
    return (place + 1, None) if full and place + 1 < spans else None


class _Plan(NamedTuple):
    """A span that is not yet told where to start: a query, or the whole source."""

    query: KeyQuery | None
    reverse: bool


def _after(plan: _Plan, source: Source, start: Item | None) -> Span:
    if plan.query is None:
        return scan_span(source, 0, 1, start)
    return query_span(source, plan.query, plan.reverse, start)


def _spans(asked: Asked, source: Source) -> list[_Plan]:
    """What is read one after the other."""
    where, (name, kind) = asked.select.where, source.keys[0]
    hashes = equalities(where, name, asked.bindings) if source.hashes == 1 else None
    hash_down, sort_down = _order(asked.select, source, bound=hashes is not None)
    if hashes is None:
        return [_Plan(None, False)]
    if any(kind not in value for value in hashes):
        raise KeyConditionType()
    test = key_test(where, *source.keys[1], asked.bindings) if len(source.keys) == 2 else None
    keys = key_range(test) if test else None
    if hash_down is not None:
        hashes = _sorted(hashes, hash_down)
    return [_Plan(KeyQuery((value,), keys), sort_down) for value in hashes]


def _sorted(values: list[Any], down: bool) -> list[Any]:
    done: list[Any] = []
    for value in values:
        place = next((at for at, other in enumerate(done) if compare("<", value, other)), len(done))
        done.insert(place, value)
    return done[::-1] if down else done


def _order(select: Select, source: Source, bound: bool) -> tuple[bool | None, bool]:
    """Whether hash keys descend (None: as they were given), and whether sort keys do."""
    if not select.order:
        return None, False
    if select.where is None:
        raise errors.OrderWithoutWhere()
    if not bound:
        raise errors.OrderWithoutHash()
    order, names = dict(select.order), [name for name, _ in source.keys]
    for name in order:
        if name not in names:
            raise errors.OrderByOther(name=name)
    return order.get(names[0]), any(order.get(name, False) for name in names[1:])


def _begin(asked: Asked, token: str) -> Where:
    if not token:
        return 0, None
    try:
        mark, place, start = msgspec.msgpack.decode(base64.urlsafe_b64decode(token))
    except (binascii.Error, msgspec.DecodeError, ValueError):
        raise errors.TokenInvalid() from None
    if mark != asked.mark:
        raise errors.TokenInvalid()
    return place, start


def _token(asked: Asked, following: Where | None) -> str:
    if following is None:
        return ""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode((asked.mark, *following))).decode()


def one(call: Call, tx: Tx, asked: Asked, operation: str) -> tuple[Table, Item | None, Units]:
    """The one item of a SELECT by key, None if there is none. Raises SelectWithoutKey."""
    table = open_table(call, tx, asked.statement.table)
    try:
        key = exact_key(asked.select.where, table.keys, asked.bindings)
    except ValidationException:
        raise errors.SelectWithoutKey(operation=operation) from None
    row = tx.get(Row, table.space, *table.place_of(key))
    units = {TABLE_ITSELF: read_units(row.size if row else 0, consistent=asked.consistent)}
    condition = condition_of(KIND, asked.select.where, asked.bindings) if asked.select.where else None
    if row is None or (condition and not condition.holds(row.item)):
        return table, None, units
    return table, Columns(asked.select.columns).of(row.item), units
