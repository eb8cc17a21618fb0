"""What a request used, as answers tell it: capacity units, and the size of the item collections it wrote to.

One idea: units are counted by index ("" is the table itself) and only told in AWS's shape; a collection is measured
when asked for, by reading it. It may not know what used them.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ConsumedCapacity.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.ItemCollections
"""

from functools import partial
from typing import Any

from freehold.engines.expressions import Item
from freehold.kernel.call import Call
from freehold.kernel.store import Tx
from freehold.services.dynamodb.items import TABLE_ITSELF, Entry, Row, Units
from freehold.services.dynamodb.tables import Place, Table
from freehold.services.dynamodb.throughput import spend

GB = 1024**3
TIMES = 2  # what a transaction uses, for each unit that a single read or write would
TRANSACTION_SIZE_MAX = 4 * 1024 * 1024


def counts(call: Call, request: dict[str, Any]) -> bool:
    """Whether it matters what a request uses: who asks wants to be told, or this cloud holds limits."""
    return "ReturnConsumedCapacity" in request or call.door.buckets is not None


class Tally:
    """Adds up what the parts of a batch or transaction use, table by table."""

    def __init__(self, call: Call, tx: Tx, request: dict[str, Any], spent: str, kind: str = "", times: int = 1):
        """`spent` is READ or WRITE. A transaction names the `kind` of its units, and uses `times` as many."""
        self._how, self._kind, self._times = request.get("ReturnConsumedCapacity"), kind, times
        self._spend = partial(spend, call, tx)
        self._spent = spent
        self._measures = request.get("ReturnItemCollectionMetrics") == "SIZE"
        self._units: dict[str, tuple[Table, Units]] = {}
        self._collections: dict[str, list[dict[str, Any]]] = {}
        self.counts = self._measures or counts(call, request)

    def add(self, table: Table, units: Units) -> None:
        """Raises ProvisionedThroughputExceededException if the table has none left."""
        if not self.counts:
            return
        self._spend(table, {index: self._times * used for index, used in units.items()}, self._spent)
        _, sums = self._units.setdefault(table.name, (table, {}))
        for index, used in units.items():
            sums[index] = sums.get(index, 0.0) + self._times * used

    def measure(self, tx: Tx, table: Table, where: Place, item: Item | None) -> None:
        """Note the size of the collection that an item is in, if that was asked for."""
        told = collection_metrics(tx, table, where, item) if self._measures else None
        if told:
            self._collections.setdefault(table.name, []).append(told)

    def told(self) -> dict[str, Any]:
        """The members of the answer that tell of it."""
        told = [consumed(table, units, self._how, self._kind) for table, units in self._units.values()]
        members = {"ConsumedCapacity": [one for one in told if one], "ItemCollectionMetrics": self._collections}
        return {name: value for name, value in members.items() if value}


def consumed(table: Table, units: Units, how: str | None, kind: str = "") -> dict[str, Any] | None:
    """The ConsumedCapacity of one table: None unless `how` is TOTAL or INDEXES."""
    if how not in ("TOTAL", "INDEXES"):
        return None
    told: dict[str, Any] = {"TableName": table.name, **_counted(sum(units.values()), kind)}
    if how == "INDEXES":
        told["Table"] = _counted(units.get(TABLE_ITSELF, 0.0), kind)
        for index in table.indexes:
            if index.name in units:
                group = "LocalSecondaryIndexes" if index.local else "GlobalSecondaryIndexes"
                told.setdefault(group, {})[index.name] = _counted(units[index.name], kind)
    return told


def _counted(units: float, kind: str) -> dict[str, float]:
    return {"CapacityUnits": units, kind: units} if kind else {"CapacityUnits": units}


def collection_metrics(tx: Tx, table: Table, where: Place, item: Item | None) -> dict[str, Any] | None:
    """The ItemCollectionMetrics of a write; None for tables without local indexes. The size is told to within a GB."""
    if item is None or not any(index.local for index in table.indexes):
        return None
    name, hash = table.keys[0][0], where[0]
    size = sum(row.size for row in tx.range(Row, table.space, hash))
    for index in table.indexes:
        if index.local:
            size += sum(entry.size for entry in tx.range(Entry, index.space, hash))
    low = float(size // GB)
    return {"ItemCollectionKey": {name: item[name]}, "SizeEstimateRangeGB": [low, low + 1]}
