"""Tables and their indexes: what is remembered of them, and where the items of each are kept.

One idea: a table or index keeps its rows in a *space*, a name that nothing had before and nothing will have again. So a
table that is deleted is gone at once, whatever time its rows take to be removed. It may not know requests.
"""

import re
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from freehold.engines.expressions import AttributeValue, Item, check_key, encode_key, join_keys, scatter
from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.services.dynamodb.errors import (
    AccessDeniedException,
    KeysAreScalars,
    ResourceNotFoundException,
    TableNotFound,
    WrongTableName,
)

ON_DEMAND, PROVISIONED = "PAY_PER_REQUEST", "PROVISIONED"
CREATING, ACTIVE, UPDATING, DELETING = "CREATING", "ACTIVE", "UPDATING", "DELETING"
SLOTS = 1 << 32
SLOT_BYTES = 4
SPACE_LENGTH = 12
BELL = "dynamodb-table"  # rung with a table's name whenever it is written or removed
FIT = re.compile(r"[a-zA-Z0-9_.-]+")  # what may be a table's name

Keys = tuple[tuple[str, str], ...]  # (name, type) of the hash key's attributes, then of the range key's, if it has one
Place = tuple[bytes, bytes]


class Index(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A secondary index. `attributes` are the names it projects, None for all; `local` if it shares the hash key. Its
    hash key is the first `hashes` of its `keys`."""

    name: str
    space: str
    keys: Keys
    projection: str
    hashes: int = 1
    included: tuple[str, ...] = ()
    attributes: tuple[str, ...] | None = None
    local: bool = False
    status: str = ACTIVE
    read_units: int = 0
    write_units: int = 0
    on_demand: dict[str, int] = {}
    warm: dict[str, int] = {}


class Destination(msgspec.Struct, omit_defaults=True):
    """A Kinesis stream that changes are sent to while it is `active`; `precision` of their times, if it was given.
    `failure` tells why it never was; `since` when it became what it is (epoch seconds)."""

    active: bool
    precision: str = ""
    failure: str = ""
    since: float = 0.0


class Encryption(msgspec.Struct, omit_defaults=True):
    """A key of KMS that a table names for itself."""

    key: str


class Insight(msgspec.Struct, omit_defaults=True):
    """What was asked of Contributor Insights for a table or an index."""

    enabled: bool
    mode: str
    updated_at: float


class Replica(msgspec.Struct, omit_defaults=True):
    """A table of the same name in another region that is written what this one is, and writes it back. `asked` is what
    the replica has of its own, as UpdateTable had it."""

    since: float
    asked: dict[str, Any] = {}


class Table(Record, table="dynamodb_tables", key="name"):
    """A table.

    `state` is CREATING while its items are brought from elsewhere. `expiry_space` keeps the moments at which items
    expire, while `expiry_attribute` is set. `stream` is the space of its stream's changes, while it has one;
    `stream_label` names the latest it had. `warm` is what WarmThroughput asked for; `destinations` are the Kinesis
    streams it was ever sent to, by ARN. `counted` is the census of `counted_at`: {space: (items, bytes)}.
    `recovery_days` is how long its past is remembered, from `recovery_since` on; `held_for` are the moments at which
    others look at it, by who they are, `cut_at` the latest of those there ever was; `restored` tells where its items
    come from. `scattered` if items lie in AWS's order, as all do but those of tables made before that order was known.
    Moments in epoch seconds.
    """

    name: str
    id: str
    space: str
    created_at: float
    attributes: dict[str, str]
    keys: Keys
    indexes: list[Index] = []
    billing: str = PROVISIONED
    on_demand_at: float = 0.0
    read_units: int = 0
    write_units: int = 0
    on_demand: dict[str, int] = {}
    table_class: str = ""
    protected: bool = False
    expiry_attribute: str = ""
    expiry_space: str = ""
    stream: str = ""
    stream_label: str = ""
    stream_view: str = ""
    warm: dict[str, int] = {}
    destinations: dict[str, Destination] = {}
    tags: dict[str, str] = {}
    counted: dict[str, tuple[int, int]] = {}
    counted_at: float = 0.0
    scattered: bool = False
    state: str = ""
    encryption: Encryption | None = None
    policy: str = ""
    policy_revision: str = ""
    recovery_days: int = 0
    recovery_since: float = 0.0
    held_for: dict[str, float] = {}
    cut_at: float = 0.0
    restored: dict[str, Any] = {}
    insights: dict[str, Insight] = {}
    replicas: dict[str, Replica] = {}

    @property
    def remembers(self) -> bool:
        """Whether the past of its items is written down."""
        return bool(self.recovery_days or self.held_for)

    @property
    def followed(self) -> bool:
        """Whether anything but its row follows from what an item becomes."""
        others = self.expiry_space or self.stream or self.destinations or self.replicas
        return bool(self.indexes or others or self.recovery_days or self.held_for)

    @property
    def status(self) -> str:
        return self.state or self._index_status

    @property
    def _index_status(self) -> str:
        return UPDATING if any(index.status != ACTIVE for index in self.indexes) else ACTIVE

    def index(self, name: str) -> Index | None:
        return next((index for index in self.indexes if index.name == name), None)

    def place(self, item: Item) -> Place:
        """Where an item stands: slot and hash key, then range key (empty if there is none)."""
        keys = self.keys
        return self.hashed((item[keys[0][0]],)), encode_key(item[keys[1][0]]) if len(keys) > 1 else b""

    def place_of(self, key: Item) -> Place:
        """Where the item of a request's Key is. Raises ValidationException if it is not one of the table's keys."""
        check_key(key, self.keys)
        return self.place(key)

    def entry_place(self, index: Index, item: Item) -> Place:
        """Where an item stands in an index."""
        values = [item[name] for name, _ in index.keys]
        return self.hashed(values[: index.hashes]), join_keys(values[index.hashes :])

    def behind(self, index: Index, item: Item) -> Place:
        """What orders items of equal index keys: in a local index their place, in a global one a digest first."""
        where = self.place(item)
        if index.local or not self.scattered:
            return where
        return scatter([item[name] for name, _ in self.keys])[:SLOT_BYTES] + where[0], where[1]

    def hashed(self, values: Sequence[AttributeValue]) -> bytes:
        """A hash key's bytes, its slot before them: so that items lie scattered, and segments of a scan are ranges."""
        key = join_keys(values)
        return (scatter(values)[:SLOT_BYTES] if self.scattered else zlib.crc32(key).to_bytes(SLOT_BYTES, "big")) + key

    def spaces(self) -> list[str]:
        """The spaces that hold its items and their index entries."""
        return [self.space, *(index.space for index in self.indexes)]


def new_space(tx: Tx) -> str:
    return tx.ids.text(SPACE_LENGTH)


def put_table(tx: Tx, table: Table) -> None:
    """Insert or replace a table; whoever has it at hand learns that it is another."""
    tx.put(table)
    tx.ring(BELL, table.name)


def remove_table(tx: Tx, name: str) -> None:
    tx.delete(Table, name)
    tx.ring(BELL, name)


def find_table(tx: Tx, name: str) -> Table | None:
    """The table of a name or ARN, None if there is none in this region. Raises AccessDeniedException for another
    account's."""
    if not name.startswith("arn:"):
        return tx.get(Table, name)
    parts = arns.parse(name)
    if parts is None or parts.region != tx.region:
        return None
    if parts.account != tx.account:
        raise AccessDeniedException(principal=tx.principal.arn, arn=name)
    return tx.get(Table, name_of(name))


def open_table(tx: Tx, name: str) -> Table:
    """As `find_table`. Raises ResourceNotFoundException if there is none, WrongTableName if there can be none."""
    return opened(find_table(tx, name), name)


def opened(table: Table | None, name: str) -> Table:
    """A table that was found under a name, if items can be in it. Raises as `open_table`."""
    if table is None or table.state == CREATING:
        if not name.startswith("arn:") and not FIT.fullmatch(name):
            raise WrongTableName(name=name)
        raise ResourceNotFoundException()
    return table


def named_table(tx: Tx, name: str) -> Table:
    """As `open_table`. Raises a refusal that names the table."""
    table = find_table(tx, name)
    if table is None or table.state == CREATING:
        raise TableNotFound(name=name_of(name))
    return table


def name_of(text: str) -> str:
    """The name in a table's ARN (`…:table/Name` and what may follow), or the name itself."""
    if not text.startswith("arn:"):
        return text
    return text.split(":", 5)[-1].removeprefix("table/").partition("/")[0]


def check_paths(table: Table, paths: Iterable[tuple[str | int, ...]]) -> None:
    """Refuse document paths into key attributes, the table's or an index's. Raises ValidationException."""
    nested = {path[0] for path in paths if len(path) > 1}
    if not nested:
        return
    for kind, keys in (("Key", table.keys), *(("IndexKey", index.keys) for index in table.indexes)):
        for name, _ in keys:
            if name in nested:
                raise KeysAreScalars(kind=kind, name=name)
