"""The store's port: records, transactions, and what every engine must do.

One idea: state says where it lives in its class line (`class Queue(Record, table="sqs_queues", key="name")`), and a
transaction adds account and region, so no query can forget them. It may not know which database is below.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol, TypeVar, dataclass_transform

import msgspec

from freehold.kernel.identity import Principal

if TYPE_CHECKING:
    from freehold.kernel.ids import Ids

SCOPES: dict[str, tuple[str, ...]] = {"region": ("account", "region"), "account": ("account",), "global": ()}

Scalar = str | int | float | bytes | bool | None


class Layout(NamedTuple):
    """Where a kind of record lives: its table, key fields, indexes (each a tuple of fields), scope and version."""

    table: str
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...]
    scope: str
    version: int

    @property
    def scope_columns(self) -> tuple[str, ...]:
        return SCOPES[self.scope]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every field that is compared by the database: the key's, then those of the indexes."""
        fields = dict.fromkeys(self.key)
        for index in self.indexes:
            fields.update(dict.fromkeys(index))
        return tuple(fields)

    def order(self, index: str) -> tuple[str, ...]:
        """The fields that a range over `index` (or the key, if empty) is sorted by; the key breaks ties."""
        fields = tuple(index.split())
        if fields and fields not in self.indexes:
            raise LookupError(f"{self.table} has no index {index!r}")
        return fields + tuple(name for name in self.key if name not in fields)


class RecordType(type(msgspec.Struct)):  # type: ignore[misc]
    """Reads `table`, `key`, `index`, `scope` and `version` from a record's class line."""

    def __new__(
        mcs, name: str, bases: tuple, body: dict, *, table: str = "", key: str = "", index: str | Iterable[str] = (),
        scope: str = "region", version: int = 1, **options: Any,
    ) -> "RecordType":  # fmt: skip
        options = {"kw_only": True, "omit_defaults": True, "gc": False} | options
        cls = super().__new__(mcs, name, bases, body, **options)
        if table:
            indexes = (index,) if isinstance(index, str) else tuple(index)
            cls.layout = Layout(table, tuple(key.split()), tuple(tuple(i.split()) for i in indexes), scope, version)
            KINDS[table] = cls
        return cls


KINDS: dict[str, RecordType] = {}


if TYPE_CHECKING:

    @dataclass_transform(kw_only_default=True)
    class _Record:
        """How type checkers see a record: they do not follow a metaclass of msgspec's."""

        def __init_subclass__(
            cls, *, table: str = "", key: str = "", index: str | Iterable[str] = (), scope: str = "region",
            version: int = 1,
        ) -> None: ...  # fmt: skip

else:

    class _Record(msgspec.Struct, metaclass=RecordType):
        pass


class Record(_Record):
    """Something a room remembers. Fields with defaults may be added at any time; for anything else raise `version`
    and say in `upgrade` how an older document becomes a newer one."""

    layout: ClassVar[Layout]

    @classmethod
    def upgrade(cls, document: dict[str, Any], version: int) -> dict[str, Any]:
        """An older document (as plain values, written under `version`) in today's form."""
        return document


R = TypeVar("R", bound=Record)
T = TypeVar("T")


class Tx(Protocol):
    """One transaction, seen from one account and region. Nothing of it is visible outside before it commits."""

    account: str
    region: str
    now: float
    ids: "Ids"
    principal: Principal
    trace: str

    def get(self, kind: type[R], *key: Scalar) -> R | None: ...

    def put(self, record: Record) -> None:
        """Insert the record or replace the one with its key."""

    def add(self, record: Record) -> bool:
        """Insert the record unless its key is taken; whether it was inserted."""

    def delete(self, kind: type[Record], *key: Scalar) -> bool:
        """Remove one record; whether there was one."""

    def range(
        self, kind: type[R], *prefix: Scalar, index: str = "", low: Scalar = None, high: Scalar = None,
        after: tuple | None = None, reverse: bool = False, limit: int | None = None,
    ) -> list[R]:  # fmt: skip
        """Records whose leading key (or `index`) fields equal `prefix`, in order of the fields that follow.

        `low` and `high` bound the next field, both inclusive. `after` continues a page: the values of all fields that
        follow the prefix (for an index, the key's last) of the last record seen; the range starts behind it.
        """

    def claim(
        self, kind: type[R], *prefix: Scalar, index: str = "", high: Scalar = None, limit: int | None = None
    ) -> list[R]:
        """As `range`, for records the caller is about to change: what another node has claimed is passed over."""

    def count(
        self, kind: type[Record], *prefix: Scalar, index: str = "", low: Scalar = None, high: Scalar = None
    ) -> int: ...

    def scopes(self, kind: type[Record]) -> list[tuple[str, str]]:
        """Every (account, region) that holds a record of this kind."""

    def within(self, account: str, region: str | None = None) -> "Tx":
        """The same transaction, seen from another account or region."""

    def acting(self, principal: Principal, trace: str | None = None) -> "Tx":
        """The same transaction, acted in by another principal, or for a request of another trace."""

    def ring(self, *bell: str) -> None:
        """Wake those who wait for this bell in this account and region, after the commit."""

    def hand_over(self, work: Any) -> None:
        """Pass a promised delivery to this node's courier, after the commit."""


class Seat(NamedTuple):
    """From where a transaction is seen: what `Tx` shows its operation besides the records."""

    account: str
    region: str
    now: float
    ids: "Ids"
    principal: Principal
    trace: str = ""


class Store(Protocol):
    """An engine: runs functions in transactions and says when what they wrote is on disk.

    `losses` counts how often operations that were done could not be written after all: who finds it changed when he is
    about to answer may have been among them.
    """

    losses: int

    async def transact(self, seat: Seat, work: Callable[..., T], *args: Any) -> T:
        """Run `work(tx, *args)` in one transaction and commit it. Whatever it raises rolls everything back."""
        ...

    async def durable(self) -> None:
        """Return when all that this node has done or could have read so far would survive a power cut. Raises whatever
        keeps it from being written."""

    def backup(self, to: str) -> None:
        """Write a consistent copy of the database to a new file while the store is in use."""

    def close(self) -> None: ...
