"""Kinesis streams that a table's changes are sent to.

One idea: a change is promised to the stream in the transaction that makes it, one after the other; so none is lost, and
each comes once. It may not know how changes are asked for.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html
"""

import hashlib
from typing import Any

import msgspec

from freehold.engines.expressions import Item, item_size
from freehold.kernel.deliveries import promise
from freehold.kernel.identity import root
from freehold.kernel.store import Tx
from freehold.services.dynamodb.changes import INSERT, MODIFY, REMOVE
from freehold.services.dynamodb.tables import Table

PRECISIONS = {"MILLISECOND": 1_000, "MICROSECOND": 1_000_000}  # how many of them a second has
EXPIRED_BY = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}


def send(tx: Tx, table: Table, old: Item | None, new: Item | None, sizes: tuple[int, int], expired: bool) -> None:
    """Promise to tell every active destination that an item became another, `sizes` being the bytes of both."""
    item = old if new is None else new
    if old == new or item is None:
        return
    keys = {name: item[name] for name, _ in table.keys}
    told: dict[str, Any] = {
        "awsRegion": tx.region,
        "eventID": tx.ids.uuid(),
        "eventName": INSERT if old is None else REMOVE if new is None else MODIFY,
        "userIdentity": EXPIRED_BY if expired else None,
        "recordFormat": "application/json",
        "tableName": table.name,
    }
    images = {name: image for name, image in (("NewImage", new), ("OldImage", old)) if image is not None}
    size = item_size(keys) + sum(sizes)
    hash = hashlib.md5(msgspec.json.encode(keys[table.keys[0][0]]), usedforsecurity=False).hexdigest()
    owner = tx.acting(root(tx.account))
    for arn, destination in table.destinations.items():
        if destination.active:
            moment = {"ApproximateCreationDateTime": int(tx.now * PRECISIONS[destination.precision or "MILLISECOND"])}
            exact = {"ApproximateCreationDateTimePrecision": destination.precision} if destination.precision else {}
            change = moment | {"Keys": keys} | images | {"SizeBytes": size} | exact
            data = msgspec.json.encode(told | {"dynamodb": change, "eventSource": "aws:dynamodb"})
            put = {"StreamARN": arn, "Data": data, "PartitionKey": hash}
            promise(owner, "kinesis", "PutRecord", put, lane=f"dynamodb-kinesis:{table.space}", width=1)
