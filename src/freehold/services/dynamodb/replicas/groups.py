"""Groups: a table and its replicas, made, changed and parted together.

One idea: each member names the others, and what is changed of one that is the group's own is changed of all in the same
transaction. It may not know requests beyond the members of UpdateTable.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from freehold.kernel.deliveries import promise
from freehold.kernel.store import Tx
from freehold.services.dynamodb import changes, items
from freehold.services.dynamodb.definitions import alterations
from freehold.services.dynamodb.items import LANE, Row
from freehold.services.dynamodb.replicas import errors
from freehold.services.dynamodb.tables import ACTIVE, CREATING, ON_DEMAND, Place, Replica, Table, new_space, put_table

REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
USUAL_VIEW = "NEW_AND_OLD_IMAGES"
STRETCH = 250
# Members of UpdateTable that are the group's own; anything else is of one replica.
SHARED = ("AttributeDefinitions", "BillingMode", "ProvisionedThroughput", "GlobalSecondaryIndexUpdates", "TableClass")
# What a replica does not take over from the table it is made of.
OWN: dict[str, Any] = {
    "protected": False, "stream": "", "stream_label": "", "expiry_space": "", "tags": {}, "counted": {},
    "counted_at": 0.0, "policy": "", "policy_revision": "", "recovery_days": 0, "recovery_since": 0.0, "held_for": {},
    "cut_at": 0.0, "insights": {}, "destinations": {}, "replicas": {}, "encryption": None,
}  # fmt: skip


def others(tx: Tx, table: Table) -> Iterator[tuple[Tx, Table]]:
    """The replicas of a table, each with the transaction as seen from its region."""
    for region in table.replicas:
        there = tx.within(tx.account, region)
        replica = there.get(Table, table.name)
        if replica:
            yield there, replica


def add(tx: Tx, table: Table, asked: dict[str, Any]) -> None:
    """Make a replica in another region; its items follow. Both have to be told of every member before. Raises
    ValidationException."""
    region = asked["RegionName"]
    if not REGION.fullmatch(region):
        raise errors.RegionUnknown(region=region)
    if region == tx.region:
        raise errors.ReplicaHere()
    there = tx.within(tx.account, region)
    if there.get(Table, table.name):
        raise errors.ReplicaTaken(name=table.name)
    if table.billing != ON_DEMAND:
        raise errors.ReplicaNotElastic()
    if not table.stream:
        changes.open_stream(tx, table, USUAL_VIEW)
    replica = _copy_of(there, table)
    members = {tx.region: table} | {seat.region: other for seat, other in others(tx, table)}
    for place, member in members.items():
        replica.replicas = replica.replicas | {place: Replica(since=tx.now)}
        member.replicas = member.replicas | {region: Replica(since=tx.now, asked=asked)}
        put_table(tx.within(tx.account, place), member)
    put_table(there, replica)
    bring(tx, table.name, region, None)


def _copy_of(there: Tx, table: Table) -> Table:
    indexes = [msgspec.structs.replace(index, space=new_space(there), status=ACTIVE) for index in table.indexes]
    replica: Table = msgspec.structs.replace(table, **OWN)  # type: ignore[type-var]
    replica.id, replica.space, replica.created_at = there.ids.uuid(), new_space(there), there.now
    replica.indexes, replica.state = indexes, CREATING
    changes.open_stream(there, replica, table.stream_view)
    if table.expiry_attribute:
        replica.expiry_space = new_space(there)
    return replica


def bring(tx: Tx, name: str, region: str, behind: Place | None) -> None:
    """Bring the items behind a place to a replica; the rest is promised. What is written meanwhile is written there
    too, so what is brought is always what is here now."""
    there = tx.within(tx.account, region)
    table, replica = tx.get(Table, name), there.get(Table, name)
    if table is None or replica is None or region not in table.replicas:
        return
    rows = tx.range(Row, table.space, after=behind, limit=STRETCH)
    for row in rows:
        where = row.hash, row.sort
        current = there.get(Row, replica.space, *where)
        items.store(there, replica, where, current, row.item, row.size, mirrored=True)
    if len(rows) == STRETCH:
        rest = {"table": name, "region": region, "after": [rows[-1].hash, rows[-1].sort]}
        promise(tx, "dynamodb", "bring_to_replica", rest, lane=LANE)
        return
    replica.state = ""
    put_table(there, replica)


def remove(tx: Tx, table: Table, region: str) -> tuple[Tx, Table]:
    """Part a replica from its group: what is left of it, to be deleted by who asked. Raises ValidationException."""
    if region == tx.region:
        raise errors.ReplicaHere()
    there = tx.within(tx.account, region)
    replica = there.get(Table, table.name) if region in table.replicas else None
    if replica is None:
        raise errors.ReplicaUnknown(region=region)
    if replica.protected:
        raise errors.ReplicaProtected(name=table.name, region=region)
    part(there, replica)
    table.replicas = {name: one for name, one in table.replicas.items() if name != region}
    return there, replica


def part(tx: Tx, table: Table) -> None:
    """Make a table's replicas forget it."""
    for there, other in others(tx, table):
        other.replicas = {region: one for region, one in other.replicas.items() if region != tx.region}
        put_table(there, other)
    table.replicas = {}


def change(tx: Tx, table: Table, asked: dict[str, Any]) -> None:
    """Change what a replica has of its own, as UpdateTable asks it. Raises ValidationException."""
    region = asked["RegionName"]
    if region not in table.replicas:
        raise errors.ReplicaUnknown(region=region)
    if "KMSMasterKeyId" in asked:
        raise errors.ReplicaKeyFixed()
    if set(asked) == {"RegionName"}:
        raise errors.ReplicaUpdateEmpty()
    known = table.replicas[region]
    table.replicas = table.replicas | {region: Replica(since=known.since, asked=known.asked | asked)}
    there = tx.within(tx.account, region)
    replica = there.get(Table, table.name)
    if replica and "TableClassOverride" in asked:
        replica.table_class = asked["TableClassOverride"]
        put_table(there, replica)


def alter_alike(tx: Tx, table: Table, wanted: dict[str, Any]) -> None:
    """Change of each replica what has been changed of the table, as far as it is the group's."""
    if table.replicas and "StreamSpecification" in wanted:
        raise errors.StreamOfReplica()
    part = {member: wanted[member] for member in SHARED if member in wanted}
    if not set(part) - {"AttributeDefinitions"}:
        return
    for there, replica in others(tx, table):
        alterations.alter(there, replica, part)
        put_table(there, replica)
