"""What templates say of tables, as requests have it.

One idea: numbers and booleans become such, and a global table becomes the table that is its replica here. It may not
know what is done with them.
"""

from collections.abc import Callable
from typing import Any

from freehold.engines.coerce import boolean, integer
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.resources import Properties, Want

INDEX_PARTS = ("IndexName", "KeySchema", "Projection", "ProvisionedThroughput", "OnDemandThroughput", "WarmThroughput")
INDEX_OF_GROUP = ("IndexName", "KeySchema", "Projection", "WarmThroughput")
# Of a replica's properties, those that are the table's own under the same name.
LOCAL = (
    "ContributorInsightsSpecification", "DeletionProtectionEnabled", "KinesisStreamSpecification",
    "PointInTimeRecoverySpecification", "ResourcePolicy", "TableClass", "Tags",
)  # fmt: skip
OF_GROUP = ("Replicas", "GlobalSecondaryIndexes", "MultiRegionConsistency", "GlobalTableWitnesses")

SCALARS: dict[str, Callable[[Any, str], Any]] = {
    "DeletionProtectionEnabled": boolean,
    "Enabled": boolean,
    "MaxReadRequestUnits": integer,
    "MaxWriteRequestUnits": integer,
    "MinCapacity": integer,
    "PointInTimeRecoveryEnabled": boolean,
    "RecoveryPeriodInDays": integer,
    "ReadCapacityUnits": integer,
    "ReadUnitsPerSecond": integer,
    "SSEEnabled": boolean,
    "WriteCapacityUnits": integer,
    "WriteUnitsPerSecond": integer,
}


def table(want: Want, properties: Properties) -> Properties:
    """A table's properties, typed."""
    given = _typed(properties)
    stream = given.get("StreamSpecification")
    if stream:
        given["StreamPolicy"] = stream.get("ResourcePolicy")
        given["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": stream["StreamViewType"]}
    sse = given.pop("SSESpecification", None)
    if sse and "SSEEnabled" in sse:
        given["SSESpecification"] = {"Enabled": sse.pop("SSEEnabled")} | sse
    elif sse:
        given["SSESpecification"] = sse
    return given


def replica_here(want: Want, properties: Properties) -> Properties:
    """A global table's properties as those of the table that is its replica in this region; `Others` are the rest."""
    given = table(want, properties)
    here = [one for one in given.get("Replicas", ()) if one.get("Region") == want.region]
    if len(here) != 1 or given.get("MultiRegionConsistency", "EVENTUAL") != "EVENTUAL":
        raise NotImplementedHere(service="dynamodb", operation="global tables without a replica in the stack's region")
    replica = here[0]
    made = {name: value for name, value in given.items() if name not in OF_GROUP}
    made |= {name: replica[name] for name in LOCAL if name in replica} | _units(given, replica)
    made["StreamPolicy"] = replica.get("ReplicaStreamSpecification", {}).get("ResourcePolicy")
    if made.get("SSESpecification"):
        made["SSESpecification"] = made["SSESpecification"] | replica.get("SSESpecification", {})
    by_name = {index["IndexName"]: index for index in replica.get("GlobalSecondaryIndexes", ())}
    indexes = [_index(index, by_name.get(index["IndexName"], {})) for index in given.get("GlobalSecondaryIndexes", ())]
    others = {one["Region"]: one for one in given["Replicas"] if one is not replica}
    return made | ({"GlobalSecondaryIndexes": indexes} if indexes else {}) | {"Others": others}


def _index(written: Properties, read: Properties) -> Properties:
    parts = {part: written[part] for part in INDEX_OF_GROUP if part in written}
    insights = {name: read[name] for name in ("ContributorInsightsSpecification",) if name in read}
    return parts | insights | _units(written, read)


def _units(written: Properties, read: Properties) -> Properties:
    """Provisioned units of a replica: writing is said of all, reading of each; where both scale, their least."""
    writing, reading = written.get("WriteProvisionedThroughputSettings"), read.get("ReadProvisionedThroughputSettings")
    if not writing:
        return {}
    write = writing.get("WriteCapacityAutoScalingSettings", {}).get("MinCapacity", 1)
    reading = reading or {}
    least = reading.get("ReadCapacityAutoScalingSettings", {}).get("MinCapacity", 1)
    units = {"ReadCapacityUnits": reading.get("ReadCapacityUnits", least), "WriteCapacityUnits": write}
    return {"ProvisionedThroughput": units}


def indexes_of(properties: Properties) -> list[Properties]:
    """The global indexes as CreateTable takes them."""
    return [
        {part: index[part] for part in INDEX_PARTS if part in index}
        for index in properties.get("GlobalSecondaryIndexes", ())
    ]


def _typed(value: Any, name: str = "") -> Any:
    """A template's value with its numbers and booleans as such. Policies stay what they are."""
    if name == "PolicyDocument":
        return value
    if isinstance(value, dict):
        return {key: _typed(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_typed(each, name) for each in value]
    return SCALARS[name](value, name) if name in SCALARS else value
