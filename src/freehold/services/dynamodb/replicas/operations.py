"""What UpdateTable asks of replicas, and what is told of them. It may not know how items lie."""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.services.dynamodb.replicas import errors, groups
from freehold.services.dynamodb.service.catalogue import dynamodb
from freehold.services.dynamodb.tables import Table

ACTIONS = ("Create", "Update", "Delete")
TOLD = ("KMSMasterKeyId", "ProvisionedThroughputOverride", "OnDemandThroughputOverride", "GlobalSecondaryIndexes")


def update(tx: Tx, table: Table, updates: list[dict[str, Any]]) -> list[tuple[Tx, Table]]:
    """Do what ReplicaUpdates asks; the table has to be put. The replicas that are to be deleted. Raises
    ValidationException."""
    asked = [(name, one[name]) for one in updates for name in ACTIONS if one.get(name)]
    if not asked:
        raise errors.ReplicaUpdateEmpty()
    if sum(name != "Update" for name, _ in asked) > 1:
        raise errors.TooManyReplicaUpdates()
    gone = []
    for name, action in asked:
        if name == "Create":
            groups.add(tx, table, action)
        elif name == "Update":
            groups.change(tx, table, action)
        else:
            gone.append(groups.remove(tx, table, action["RegionName"]))
    return gone


def told(tx: Tx, table: Table) -> dict[str, Any]:
    """The members of a table's description that tell of its replicas, if it has any."""
    described = []
    for there, replica in groups.others(tx, table):
        asked = table.replicas[there.region].asked
        one: dict[str, Any] = {"RegionName": there.region, "ReplicaStatus": replica.status}
        one |= {part: asked[part] for part in TOLD if part in asked}
        if replica.table_class:
            one["ReplicaTableClassSummary"] = {"TableClass": replica.table_class}
        described.append(one)
    return {"GlobalTableVersion": "2019.11.21", "Replicas": described} if described else {}


@dynamodb.internal
def bring_to_replica(call: Call, tx: Tx, request: Request) -> None:
    """Go on bringing a table's items to a replica."""
    hash, sort = request["after"]
    groups.bring(tx, request["table"], request["region"], (hash, sort))
