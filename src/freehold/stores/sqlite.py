"""The embedded engine: one SQLite file in WAL mode.

One idea: operations are done one after the other and written together. Those of one turn of the event loop share a
transaction, which is committed without fsync; before answers leave, one fsync of the log covers all (group commit). So
"answered" means "on disk", and a thousand writers pay for one fsync. What an operation puts is held back until it reads
or ends: one that ends with a single write needs no savepoint, and puts of one kind are one statement. It may not know
what the records mean.
"""

import asyncio
import logging
from collections.abc import Callable
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import apsw

from freehold.kernel.identity import Principal
from freehold.kernel.signals import Bell, Bells
from freehold.kernel.store import KINDS, R, Record, Scalar, Seat, T
from freehold.stores.group_commit import GroupCommit
from freehold.stores.sqlite_schema import Statements, prepare

log = logging.getLogger("freehold.store")
PRAGMAS = (
    "journal_mode=WAL", "synchronous=NORMAL", "wal_autocheckpoint=0", "journal_size_limit=0", "temp_store=MEMORY",
    "cache_size=-16384",
)  # fmt: skip


class SqliteStore:
    """A `Store` over `path`. `on_commit` is called with the deliveries that an operation hands over to this node, and
    `on_loss` when operations that were done could not be written after all."""

    def __init__(self, path: Path, bells: Bells):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # what tenants keep is not the machine's other users' to read; SQLite's log follows it
        path.chmod(0o600)
        self.path, self.bells = path, bells
        self.on_commit: Callable[[list[Any]], None] = lambda work: None
        self.on_loss: Callable[[], None] = lambda: None
        self.losses = 0
        self.db = apsw.Connection(str(path), statementcachesize=1_024)
        self.db.set_busy_timeout(10_000)
        self.db.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)  # or every new value of a `?` may prepare its text again
        for pragma in PRAGMAS:
            self.db.execute(f"PRAGMA {pragma}").fetchall()
        self.statements: dict[type, Statements] = {}
        self._fresh: list[type] = []  # kinds whose tables the transaction under way has made
        self.busy = False  # an operation is under way
        self.writing = False  # and has written
        self.saved = False  # to a savepoint
        self.open = False  # operations that were done are not committed yet
        self._log = GroupCommit(path, self.settle)

    def of(self, kind: type[Record]) -> Statements:
        """The statements of a kind, its table made or brought up to date at first use."""
        found = self.statements.get(kind)
        if not found:
            found = self.statements[kind] = prepare(self.db, kind)
            self._fresh.append(kind)
        return found

    def open_all(self) -> None:
        """Make every known table now, so that no request pays for it and old documents are upgraded at once. Inside a
        transaction it is left to the first use of each."""
        missing = [kind for kind in KINDS.values() if kind not in self.statements]
        if self.busy or not missing:
            return
        self.settle()
        self.db.execute("BEGIN IMMEDIATE")
        for kind in missing:
            self.of(kind)
        self.db.execute("COMMIT")
        self._fresh.clear()

    def occupied(self) -> list[str]:
        """The tables that hold a record, of kinds known or not."""
        names: list[Any] = self.db.execute("SELECT name FROM sqlite_schema WHERE type='table'").fetchall()
        return [name for (name,) in names if self.db.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()]

    async def transact(self, seat: Seat, work: Callable[..., T], *args: Any) -> T:
        """Do an operation; it is committed with the others of this turn of the event loop."""
        alone = not self.open
        result = self._do(seat, work, args)
        if alone and self.open:
            asyncio.get_running_loop().call_soon(self.settle)
        return result

    def run(self, seat: Seat, work: Callable[..., T], *args: Any) -> T:
        """Do an operation and commit it."""
        result = self._do(seat, work, args)
        self.settle()
        return result

    def begin(self, once: bool) -> None:
        """The operation under way is about to write, and if `once` by one statement, which is done whole or not at
        all."""
        self.saved = self.open and not once
        if not self.open:
            self.db.execute("BEGIN IMMEDIATE")
        elif self.saved:
            self.db.execute("SAVEPOINT operation")
        self.writing = True

    def _end(self) -> None:
        if self.saved:
            self.db.execute("RELEASE operation")
        self.open = True
        self._log.written += 1

    def _undo(self) -> None:
        if not self.db.in_transaction:  # SQLite gave up all of it, as it may when the disk is full
            self.open = False
            self._lose(apsw.FullError("the transaction was given up"))
            return
        if self.saved:
            self.db.execute("ROLLBACK TO operation")
            self.db.execute("RELEASE operation")
        elif not self.open:
            self.db.execute("ROLLBACK")
        for kind in self._fresh:  # its table went back with the rest
            del self.statements[kind]

    def settle(self) -> None:
        """Commit the operations that were done. If that fails (a full disk), none of them was."""
        if not self.open:
            return
        self.open = False
        try:
            self.db.execute("COMMIT")
        except apsw.Error as error:
            log.critical("the store could not be written: %s", error)
            self._lose(error)

    def _lose(self, error: Exception) -> None:
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")
        self.statements.clear()  # tables may have gone back too
        self.losses += 1
        self._log.lose(error)
        self.on_loss()

    def _do(self, seat: Seat, work: Callable[..., T], args: tuple) -> T:
        if self.busy:
            raise RuntimeError("a transaction inside a transaction")
        self.busy = True
        shared = Shared(self)
        try:
            result = work(SqliteTx(shared, seat), *args)
            if shared.held:
                shared.write(last=True)
            if self.writing:
                self._end()
        except BaseException:
            if self.writing:
                self._undo()
            raise
        finally:
            self.busy = self.writing = self.saved = False
            self._fresh.clear()
        for bell in shared.bells:
            self.bells.ring(bell)
        if shared.handed:
            self.on_commit(shared.handed)
        return result

    async def durable(self) -> None:
        log = self._log
        if log.flushed < log.written:
            await log.flush()

    def backup(self, to: str) -> None:
        self.settle()
        target = apsw.Connection(to)
        with target.backup("main", self.db, "main") as copy:
            copy.step()
        target.close()

    def close(self) -> None:
        self.settle()
        self._log.close()
        self.db.close()


class Shared:
    """What all seats of one transaction share: the engine, the bells to ring, the work to hand over, and the puts that
    are held back."""

    __slots__ = ("bells", "handed", "held", "store")

    def __init__(self, store: SqliteStore):
        self.store = store
        self.bells: list[Bell] = []
        self.handed: list[Any] = []
        self.held: list[tuple[str, tuple]] = []

    def write(self, last: bool = False) -> None:
        """Write what is held back; `last`, if nothing will follow it."""
        held, self.held = self.held, []
        if not self.store.writing:
            self.store.begin(once=last and len(held) == 1)
        if len(held) == 1:
            self.store.db.execute(*held[0])
            return
        for sql, same in groupby(held, itemgetter(0)):
            values = [one[1] for one in same]
            if len(values) == 1:
                self.store.db.execute(sql, values[0])
            else:
                self.store.db.executemany(sql, values)

    def change(self, sql: str, values: tuple) -> bool:
        """Whether a statement changes anything."""
        if self.held:
            self.write()
        if not self.store.writing:
            self.store.begin(once=False)
        self.store.db.execute(sql, values)
        return self.store.db.changes() > 0

    def read(self, sql: str, values: tuple) -> Any:
        if self.held:
            self.write()
        return self.store.db.execute(sql, values)


class SqliteTx:
    """A `Tx`. Reads need no BEGIN, as nothing interleaves; the first write begins."""

    __slots__ = ("_places", "_seat", "_shared")

    def __init__(self, shared: Shared, seat: Seat):
        self._shared, self._seat = shared, seat
        self._places = {"region": (seat.account, seat.region), "account": (seat.account,), "global": ()}

    account = property(lambda self: self._seat.account)
    region = property(lambda self: self._seat.region)
    now = property(lambda self: self._seat.now)
    ids = property(lambda self: self._seat.ids)
    principal = property(lambda self: self._seat.principal)
    trace = property(lambda self: self._seat.trace)

    def get(self, kind: type[R], *key: Scalar) -> R | None:
        table = self._shared.store.of(kind)
        row = self._shared.read(table.get, self._places[table.scope] + key).fetchone()
        return table.decode(row[0]) if row else None

    def put(self, record: Record) -> None:
        table = self._shared.store.of(type(record))
        self._shared.held.append((table.put, self._places[table.scope] + table.row(record)))

    def add(self, record: Record) -> bool:
        table = self._shared.store.of(type(record))
        return self._shared.change(table.add, self._places[table.scope] + table.row(record))

    def delete(self, kind: type[Record], *key: Scalar) -> bool:
        table = self._shared.store.of(kind)
        return self._shared.change(table.delete, self._places[table.scope] + key)

    def range(
        self, kind: type[R], *prefix: Scalar, index: str = "", low: Scalar = None, high: Scalar = None,
        after: tuple | None = None, reverse: bool = False, limit: int | None = None,
    ) -> list[R]:  # fmt: skip
        table = self._shared.store.of(kind)
        if after:  # where a page continues is a tighter bound than where the range begins
            low, high = (low, None) if reverse else (None, high)
        bounds = (low is not None, high is not None, len(after or ()))
        sql = table.select("doc", index, len(prefix), *bounds, reverse, limit is not None)
        values = self._places[table.scope] + prefix
        if low is not None:
            values += (low,)
        if high is not None:
            values += (high,)
        if after:
            values += after
        if limit is not None:
            values += (limit,)
        rows: list[Any] = self._shared.read(sql, values).fetchall()
        return [table.decode(row[0]) for row in rows]

    def claim(
        self, kind: type[R], *prefix: Scalar, index: str = "", high: Scalar = None, limit: int | None = None
    ) -> list[R]:
        return self.range(kind, *prefix, index=index, high=high, limit=limit)

    def count(
        self, kind: type[Record], *prefix: Scalar, index: str = "", low: Scalar = None, high: Scalar = None
    ) -> int:
        table = self._shared.store.of(kind)
        sql = table.select("count(*)", index, len(prefix), low is not None, high is not None, 0, False, False)
        values = self._places[table.scope] + prefix + tuple(v for v in (low, high) if v is not None)
        return self._shared.read(sql, values).get

    def scopes(self, kind: type[Record]) -> list[tuple[str, str]]:
        columns = kind.layout.scope_columns
        if not columns:
            return [("", "")]
        self._shared.store.of(kind)
        names, marks = ",".join(columns), ",".join("?" * len(columns))
        sql = f"SELECT {names} FROM {kind.layout.table} WHERE ({names})>({marks}) ORDER BY {names} LIMIT 1"
        found, last = [], ("",) * len(columns)
        while row := self._shared.read(sql, last).fetchone():
            last = tuple(map(str, row))
            found.append((last[0], last[1] if len(last) > 1 else ""))
        return found

    def within(self, account: str, region: str | None = None) -> "SqliteTx":
        seat, region = self._seat, region or self._seat.region
        if account == seat.account and region == seat.region:
            return self
        return SqliteTx(self._shared, Seat(account, region, seat.now, seat.ids, seat.principal, seat.trace))

    def acting(self, principal: Principal, trace: str | None = None) -> "SqliteTx":
        seat, trace = self._seat, self._seat.trace if trace is None else trace
        if principal is seat.principal and trace == seat.trace:
            return self
        return SqliteTx(self._shared, Seat(seat.account, seat.region, seat.now, seat.ids, principal, trace))

    def ring(self, *bell: str) -> None:
        self._shared.bells.append((self._seat.account, self._seat.region, *bell))

    def hand_over(self, work: Any) -> None:
        self._shared.handed.append(work)
