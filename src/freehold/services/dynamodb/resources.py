"""AWS::DynamoDB::Table and AWS::DynamoDB::GlobalTable.

One idea: a template's properties are those of CreateTable, so a table is made of them as they stand; a global table of
one replica is such a table, written otherwise. It may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_DynamoDB.html
"""

from collections.abc import Callable
from typing import Any

from freehold.engines.cfn.coerce import boolean, integer
from freehold.kernel import arns
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.resources import Ask, Ending, Made, Pause, Properties, Refused, ResourceType, Steps, Want
from freehold.services.dynamodb.service.catalogue import dynamodb
from freehold.services.dynamodb.tables import ACTIVE, PROVISIONED

NAME_MAX = 255
LOOK_AGAIN_S = 1.0

# Properties that CreateTable has under the same name.
CREATED = (
    "AttributeDefinitions", "BillingMode", "DeletionProtectionEnabled", "GlobalSecondaryIndexes", "KeySchema",
    "LocalSecondaryIndexes", "OnDemandThroughput", "ProvisionedThroughput", "SSESpecification", "StreamSpecification",
    "TableClass",
)  # fmt: skip
# Properties that UpdateTable changes in one go; indexes are changed one by one.
ALTERED = ("BillingMode", "DeletionProtectionEnabled", "OnDemandThroughput", "ProvisionedThroughput", "TableClass")
DEFAULTS = {"BillingMode": PROVISIONED, "DeletionProtectionEnabled": False}
ABSENT = ("ResourcePolicy",)
INDEX_ALTERED = ("ProvisionedThroughput", "OnDemandThroughput")

SCALARS: dict[str, Callable[[Any, str], Any]] = {
    "DeletionProtectionEnabled": boolean,
    "Enabled": boolean,
    "MaxReadRequestUnits": integer,
    "MaxWriteRequestUnits": integer,
    "MinCapacity": integer,
    "ReadCapacityUnits": integer,
    "WriteCapacityUnits": integer,
}


def _declare(kind: ResourceType, read: Callable[[Want, Properties], Properties]) -> None:
    """Both types are made, changed and removed alike; `read` gives their properties as those of one table."""

    @kind.create
    def create(want: Want) -> Steps:
        return (yield from _create(want, read(want, want.properties)))

    @kind.update
    def update(want: Want) -> Steps:
        return (yield from _update(want, read(want, want.properties), read(want, want.old)))

    kind.delete(_delete)


def _create(want: Want, given: Properties) -> Steps:
    name = want.name(given.get("TableName"), NAME_MAX)
    request = {member: given[member] for member in CREATED if given.get(member) is not None}
    tags = _tags(want, given)
    if tags:
        request["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
    answer = yield Ask("dynamodb", "CreateTable", request | {"TableName": name})
    yield from _update_destination(name, given, {})
    expiry = given.get("TimeToLiveSpecification", {})
    if expiry.get("Enabled"):
        yield Ask("dynamodb", "UpdateTimeToLive", {"TableName": name, "TimeToLiveSpecification": expiry})
    return _made(want, answer["TableDescription"])


def _update(want: Want, given: Properties, old: Properties) -> Steps:
    """Indexes that go make way first; those that come find the table's billing mode already changed."""
    changed = _alterations(given, old)
    gone, others = _index_actions(given, old, switched="BillingMode" in changed)
    for action in gone:
        yield from _update_index(want.id, given, action)
    if changed:
        yield Ask("dynamodb", "UpdateTable", changed | {"TableName": want.id})
    for action in others:
        yield from _update_index(want.id, given, action)
    yield from _update_stream(want.id, given, old)
    yield from _update_destination(want.id, given, old)
    yield from _update_expiry(want.id, given, old)
    yield from _update_tags(want, given, old)
    described = yield Ask("dynamodb", "DescribeTable", {"TableName": want.id})
    return _made(want, described["Table"])


def _alterations(given: Properties, old: Properties) -> Properties:
    """What UpdateTable is to change besides indexes; what a template no longer says is as if it never had."""
    now, before = (DEFAULTS | one for one in (given, old))
    changed = {member: now[member] for member in ALTERED if member in now and now[member] != before.get(member)}
    if changed.get("BillingMode") == PROVISIONED:
        changed["ProvisionedThroughput"] = given.get("ProvisionedThroughput")
        updates = [
            {"Update": {"IndexName": name, "ProvisionedThroughput": index.get("ProvisionedThroughput")}}
            for name, index in _kept(given, old).items()
        ]
        changed |= {"GlobalSecondaryIndexUpdates": updates} if updates else {}
    return changed


def _indexes(properties: Properties) -> dict[str, Properties]:
    return {index["IndexName"]: index for index in properties.get("GlobalSecondaryIndexes", ())}


def _kept(given: Properties, old: Properties) -> dict[str, Properties]:
    """The global indexes that stay what they are, but for their units."""
    before = _indexes(old)
    return {
        name: index
        for name, index in _indexes(given).items()
        if name in before and all(index.get(part) == before[name].get(part) for part in ("KeySchema", "Projection"))
    }


def _index_actions(given: Properties, old: Properties, *, switched: bool) -> tuple[list[Properties], list[Properties]]:
    """The global indexes to delete, and those to make or to give other units."""
    before, kept = _indexes(old), _kept(given, old)
    gone = [{"Delete": {"IndexName": name}} for name in before if name not in kept]
    others = []
    for name, index in _indexes(given).items():
        if name not in kept:
            others.append({"Create": index})
            continue
        units = {part: index[part] for part in INDEX_ALTERED if part in index and index[part] != before[name].get(part)}
        if units and not switched:
            others.append({"Update": {"IndexName": name} | units})
    return gone, others


def _update_index(name: str, given: Properties, action: Properties) -> Ending:
    """One change of a global index, waited for: a table takes only one at a time."""
    definitions = {"AttributeDefinitions": given["AttributeDefinitions"]} if "Create" in action else {}
    yield Ask("dynamodb", "UpdateTable", definitions | {"TableName": name, "GlobalSecondaryIndexUpdates": [action]})
    yield from _until_active(name)


def _until_active(name: str) -> Ending:
    while True:
        described = yield Ask("dynamodb", "DescribeTable", {"TableName": name})
        if described["Table"]["TableStatus"] == ACTIVE:
            return
        yield Pause(LOOK_AGAIN_S)


def _update_stream(name: str, given: Properties, old: Properties) -> Ending:
    """A stream of another view is another stream: the one before is ended first."""
    wanted, current = given.get("StreamSpecification"), old.get("StreamSpecification")
    if wanted == current:
        return
    for one in ([{"StreamEnabled": False}] if current else []) + ([wanted] if wanted else []):
        yield Ask("dynamodb", "UpdateTable", {"TableName": name, "StreamSpecification": one})


def _update_destination(name: str, given: Properties, old: Properties) -> Ending:
    """The Kinesis stream that changes are sent to: another one takes the place of the one before."""
    wanted, current = given.get("KinesisStreamSpecification"), old.get("KinesisStreamSpecification")
    if wanted == current:
        return
    if current:
        off = {"TableName": name, "StreamArn": current["StreamArn"]}
        yield Ask("dynamodb", "DisableKinesisStreamingDestination", off)
    if wanted:
        settings = {key: value for key, value in wanted.items() if key != "StreamArn"}
        on = {"TableName": name, "StreamArn": wanted["StreamArn"]}
        on |= {"EnableKinesisStreamingConfiguration": settings} if settings else {}
        yield Ask("dynamodb", "EnableKinesisStreamingDestination", on)


def _update_expiry(name: str, given: Properties, old: Properties) -> Ending:
    wanted, current = (one.get("TimeToLiveSpecification", {}) for one in (given, old))
    if wanted == current:
        return
    if current.get("Enabled"):
        off = {"AttributeName": current["AttributeName"], "Enabled": False}
        yield Ask("dynamodb", "UpdateTimeToLive", {"TableName": name, "TimeToLiveSpecification": off})
    if wanted.get("Enabled"):
        yield Ask("dynamodb", "UpdateTimeToLive", {"TableName": name, "TimeToLiveSpecification": wanted})


def _update_tags(want: Want, given: Properties, old: Properties) -> Ending:
    wanted, current = _tags(want, given), _tags(want, old)
    arn = _arn(want, want.id)
    gone = [key for key in current if key not in wanted]
    if gone:
        yield Ask("dynamodb", "UntagResource", {"ResourceArn": arn, "TagKeys": gone})
    new = [{"Key": key, "Value": value} for key, value in wanted.items() if current.get(key) != value]
    if new:
        yield Ask("dynamodb", "TagResource", {"ResourceArn": arn, "Tags": new})


def _delete(want: Want) -> Ending:
    try:
        yield Ask("dynamodb", "DeleteTable", {"TableName": want.id})
    except Refused as refusal:
        if refusal.code != "ResourceNotFoundException":
            raise


def _one_replica(want: Want, properties: Properties) -> Properties:
    """A global table's properties as those of the table that is its only replica. Refuses any other replica."""
    given = _table(want, properties)
    replicas = given.get("Replicas", [])
    if [replica.get("Region") for replica in replicas] != [want.region]:
        raise NotImplementedHere(service="dynamodb", operation="global tables with replicas in other regions")
    replica = _table(want, replicas[0])
    shared = {name: value for name, value in given.items() if name not in ("Replicas", "GlobalSecondaryIndexes")}
    local = {name: replica[name] for name in ("DeletionProtectionEnabled", "TableClass", "Tags") if name in replica}
    table = shared | local | _replica_units(given, replica)
    by_name = {index["IndexName"]: index for index in replica.get("GlobalSecondaryIndexes", ())}
    indexes = [
        {part: index[part] for part in ("IndexName", "KeySchema", "Projection")}
        | _replica_units(index, by_name.get(index["IndexName"], {}))
        for index in given.get("GlobalSecondaryIndexes", ())
    ]
    return table | ({"GlobalSecondaryIndexes": indexes} if indexes else {})


def _replica_units(written: Properties, read: Properties) -> Properties:
    """Provisioned units of a replica: writing is said of all, reading of each; where both scale, their least."""
    writing, reading = written.get("WriteProvisionedThroughputSettings"), read.get("ReadProvisionedThroughputSettings")
    if not writing:
        return {}
    write = writing.get("WriteCapacityAutoScalingSettings", {}).get("MinCapacity", 1)
    reading = reading or {}
    least = reading.get("ReadCapacityAutoScalingSettings", {}).get("MinCapacity", 1)
    units = {"ReadCapacityUnits": reading.get("ReadCapacityUnits", least), "WriteCapacityUnits": write}
    return {"ProvisionedThroughput": units}


def _table(want: Want, properties: Properties) -> Properties:
    """A table's properties, typed. Refuses those that ask for what is not here."""
    for name in ABSENT:
        if properties.get(name):
            raise NotImplementedHere(service="dynamodb", operation=f"{name} of tables")
    given = _typed(properties)
    stream = given.get("StreamSpecification")
    if stream:
        given["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": stream["StreamViewType"]}
    return given


def _typed(value: Any, name: str = "") -> Any:
    """A template's value with its numbers and booleans as such."""
    if isinstance(value, dict):
        return {key: _typed(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [_typed(each, name) for each in value]
    return SCALARS[name](value, name) if name in SCALARS else value


def _tags(want: Want, given: Properties) -> dict[str, str]:
    return {**want.tags, **{tag["Key"]: tag["Value"] for tag in given.get("Tags", ())}}


def _arn(want: Want, name: str) -> str:
    return arns.arn("dynamodb", want.region, want.account, f"table/{name}")


def _made(want: Want, table: dict[str, Any]) -> Made:
    stream = {"StreamArn": table["LatestStreamArn"]} if "StreamSpecification" in table else {}
    return Made(table["TableName"], {"Arn": _arn(want, table["TableName"]), "TableId": table["TableId"]} | stream)


REPLACES = ("TableName", "KeySchema", "LocalSecondaryIndexes")
ATTRIBUTES = ("Arn", "StreamArn")
_declare(dynamodb.resource("AWS::DynamoDB::Table", replaces=REPLACES, attributes=ATTRIBUTES), _table)
_declare(
    dynamodb.resource("AWS::DynamoDB::GlobalTable", replaces=REPLACES, attributes=(*ATTRIBUTES, "TableId")),
    _one_replica,
)
