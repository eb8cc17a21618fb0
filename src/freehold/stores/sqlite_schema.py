"""Tables of the embedded engine: made from a record's layout, and remade when the layout changes.

One idea: compared fields are columns, the record itself is one document beside them; so a changed key, index or version
is a rebuild from the documents, and added fields cost nothing. It may not know what the records mean.
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from operator import attrgetter
from typing import Any

import apsw
import msgspec

from freehold.kernel.store import Layout, Record

encode = msgspec.msgpack.Encoder().encode


def quoted(names: Iterable[str]) -> str:
    """Column names for SQL, whose own words they may be."""
    return ",".join(f'"{name}"' for name in names)


class Statements:
    """The SQL of one kind of record, each text made once."""

    def __init__(self, kind: type[Record]):
        self.layout = where = kind.layout
        self.scope = where.scope
        names = (*where.scope_columns, *where.columns)
        same = " AND ".join(f'"{name}"=?' for name in (*where.scope_columns, *where.key))
        keys = quoted((*where.scope_columns, *where.key))
        rest = [name for name in (*where.columns, "doc") if name not in where.key]
        marks = ",".join("?" * (len(names) + 1))
        insert = f"INSERT INTO {where.table} ({quoted(names)},doc) VALUES ({marks}) ON CONFLICT({keys}) DO "
        self.get = f"SELECT doc FROM {where.table} WHERE {same}"
        self.put = insert + "UPDATE SET " + ",".join(f'"{name}"=excluded."{name}"' for name in rest)
        self.add = insert + "NOTHING"
        self.delete = f"DELETE FROM {where.table} WHERE {same}"
        self.decode: Callable[[bytes], Any] = msgspec.msgpack.Decoder(kind).decode
        self._selects: dict[tuple, str] = {}

    @cached_property
    def row(self) -> Callable[[Record], tuple]:
        """A record as the values of its columns and its document."""
        columns = self.layout.columns
        if len(columns) == 1:
            only = attrgetter(columns[0])
            return lambda record: (only(record), encode(record))
        all_of = attrgetter(*columns)
        return lambda record: (*all_of(record), encode(record))

    def select(self, what: str, *form: Any) -> str:
        key = (what, *form)
        sql = self._selects.get(key)
        if sql is None:
            sql = self._selects[key] = self._select(what, *form)
        return sql

    def _select(
        self, what: str, index: str, prefix: int, low: bool, high: bool, after: int, reverse: bool, limited: bool
    ) -> str:
        order = self.layout.order(index)
        rest = order[prefix:]
        tests = [f'"{name}"=?' for name in (*self.layout.scope_columns, *order[:prefix])]
        if low:
            tests.append(f'"{rest[0]}">=?')
        if high:
            tests.append(f'"{rest[0]}"<=?')
        if after:
            marks = ",".join("?" * after)
            tests.append(f"({quoted(rest[:after])}){'<' if reverse else '>'}({marks})")
        sql = f"SELECT {what} FROM {self.layout.table}"
        if tests:
            sql += " WHERE " + " AND ".join(tests)
        if what == "doc" and rest:
            sql += " ORDER BY " + ",".join(f'"{name}" DESC' if reverse else f'"{name}"' for name in rest)
        return sql + (" LIMIT ?" if limited else "")


def prepare(db: apsw.Connection, kind: type[Record]) -> Statements:
    """The kind's statements, after making its table or bringing it to today's layout."""
    where = kind.layout
    with db:
        db.execute("CREATE TABLE IF NOT EXISTS freehold_kinds (name TEXT PRIMARY KEY, shape TEXT, version INTEGER)")
        known: Any = db.execute("SELECT shape, version FROM freehold_kinds WHERE name=?", (where.table,)).fetchone()
        if known is None:
            _create(db, where)
        elif known != (_shape(where), where.version):
            _rebuild(db, kind, known[1])
    return Statements(kind)


def _shape(where: Layout) -> str:
    return f"{where.scope}:{' '.join(where.key)}:{'/'.join(' '.join(index) for index in where.indexes)}"


def _create(db: apsw.Connection, where: Layout) -> None:
    scope = where.scope_columns
    columns, key = quoted((*scope, *where.columns)), quoted((*scope, *where.key))
    db.execute(f"CREATE TABLE {where.table} ({columns},doc BLOB NOT NULL,UNIQUE({key}))")
    for number, index in enumerate(where.indexes):
        fields = quoted((*scope, *where.order(" ".join(index))))
        db.execute(f"CREATE INDEX {where.table}_{number} ON {where.table} ({fields})")
    db.execute("INSERT INTO freehold_kinds VALUES (?,?,?)", (where.table, _shape(where), where.version))


def _rebuild(db: apsw.Connection, kind: type[Record], version: int) -> None:
    """Read every document of the old table, upgrade it, and write it to a table of today's layout."""
    where = kind.layout
    scope = where.scope_columns
    rows: list[Any] = db.execute(f"SELECT {','.join((*scope, 'doc'))} FROM {where.table}").fetchall()
    db.execute(f"DROP TABLE {where.table}")
    db.execute("DELETE FROM freehold_kinds WHERE name=?", (where.table,))
    _create(db, where)
    statements = Statements(kind)
    for row in rows:
        document = kind.upgrade(msgspec.msgpack.decode(row[-1]), version)
        db.execute(statements.put, row[:-1] + statements.row(msgspec.convert(document, kind)))
