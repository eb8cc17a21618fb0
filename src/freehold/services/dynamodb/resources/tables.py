"""AWS::DynamoDB::Table and AWS::DynamoDB::GlobalTable.

One idea: a template's properties are those of CreateTable, so a table is made of them as they stand; a global table is
the table that is its replica here, written otherwise, and the others follow from it. It may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_DynamoDB.html
"""

from collections.abc import Callable
from typing import Any

from freehold.engines.coerce import tag_list
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.resources import Ask, Ending, Made, Pause, Properties, Refused, ResourceType, Steps, Want
from freehold.services.dynamodb.resources import changes, reading, settings
from freehold.services.dynamodb.resources.changes import LOOK_AGAIN_S, until_active
from freehold.services.dynamodb.service.catalogue import dynamodb

NAME_MAX = 255
# Properties that CreateTable has under the same name.
CREATED = (
    "AttributeDefinitions", "BillingMode", "DeletionProtectionEnabled", "KeySchema", "LocalSecondaryIndexes",
    "OnDemandThroughput", "ProvisionedThroughput", "SSESpecification", "StreamSpecification", "TableClass",
    "WarmThroughput",
)  # fmt: skip
# Of those, what ImportTable takes; the rest is changed once the items are there.
IMPORTED = ("AttributeDefinitions", "BillingMode", "KeySchema", "OnDemandThroughput", "ProvisionedThroughput",
            "SSESpecification")  # fmt: skip
# What of a replica in another region can be asked for from here; the rest belongs to a stack of that region.
ELSEWHERE = {"Region", "GlobalSecondaryIndexes", "TableClass", "SSESpecification", "ReadProvisionedThroughputSettings",
             "ReadOnDemandThroughputSettings"}  # fmt: skip


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
    if given.get("ImportSourceSpecification"):
        yield from _import(want, name, given)
    else:
        request = {member: given[member] for member in CREATED if given.get(member) is not None}
        indexes, tags = reading.indexes_of(given), tag_list(want.tagged(given))
        request |= {"GlobalSecondaryIndexes": indexes} if indexes else {}
        request |= {"Tags": tags} if tags else {}
        yield Ask("dynamodb", "CreateTable", request | {"TableName": name})
    yield from settings.update_all(want, name, given, {})
    yield from _update_replicas(name, given, {})
    described = yield Ask("dynamodb", "DescribeTable", {"TableName": name})
    return _made(want, described["Table"])


def _import(want: Want, name: str, given: Properties) -> Ending:
    """Make the table of objects in S3, then what ImportTable does not take."""
    wanted = {member: given[member] for member in IMPORTED if given.get(member) is not None} | {"TableName": name}
    indexes = reading.indexes_of(given)
    wanted |= {"GlobalSecondaryIndexes": indexes} if indexes else {}
    source = given["ImportSourceSpecification"]
    begun = yield Ask("dynamodb", "ImportTable", source | {"TableCreationParameters": wanted})
    import_arn = begun["ImportTableDescription"]["ImportArn"]
    while True:
        told = (yield Ask("dynamodb", "DescribeImport", {"ImportArn": import_arn}))["ImportTableDescription"]
        if told["ImportStatus"] == "COMPLETED":
            break
        if told["ImportStatus"] != "IN_PROGRESS":
            raise Refused(told["FailureCode"], told["FailureMessage"])
        yield Pause(LOOK_AGAIN_S)
    before = {member: value for member, value in given.items() if member in (*IMPORTED, "GlobalSecondaryIndexes")}
    yield from changes.update_table(name, given, before)
    yield from settings.update_stream(name, given, {})
    yield from settings.update_tags(want, name, given, {})


def _update(want: Want, given: Properties, old: Properties) -> Steps:
    yield from changes.update_table(want.id, given, old)
    yield from settings.update_stream(want.id, given, old)
    yield from settings.update_all(want, want.id, given, old)
    yield from settings.update_tags(want, want.id, given, old)
    yield from _update_replicas(want.id, given, old)
    described = yield Ask("dynamodb", "DescribeTable", {"TableName": want.id})
    return _made(want, described["Table"])


def _update_replicas(name: str, given: Properties, old: Properties) -> Ending:
    """Replicas in other regions come and go one by one."""
    wanted, current = given.get("Others", {}), old.get("Others", {})
    for region in current:
        if region not in wanted:
            yield from _update_replica(name, {"Delete": {"RegionName": region}})
    for region, replica in wanted.items():
        if set(replica) - ELSEWHERE:
            raise NotImplementedHere(service="dynamodb", operation="settings of replicas in other regions")
        if region not in current:
            yield from _update_replica(name, {"Create": _asked(region, replica)})
        elif replica.get("TableClass") != current[region].get("TableClass"):
            yield from _update_replica(name, {"Update": _asked(region, replica)})


def _asked(region: str, replica: Properties) -> Properties:
    asked = {"RegionName": region}
    asked |= {"TableClassOverride": replica["TableClass"]} if "TableClass" in replica else {}
    return asked | replica.get("SSESpecification", {})


def _update_replica(name: str, update: Properties) -> Ending:
    yield Ask("dynamodb", "UpdateTable", {"TableName": name, "ReplicaUpdates": [update]})
    while True:
        described = yield Ask("dynamodb", "DescribeTable", {"TableName": name})
        if all(one["ReplicaStatus"] == "ACTIVE" for one in described["Table"].get("Replicas", ())):
            break
        yield Pause(LOOK_AGAIN_S)
    yield from until_active(name)


def _delete(want: Want) -> Ending:
    """A global table goes with its replicas."""
    described = yield Ask("dynamodb", "DescribeTable", {"TableName": want.id})
    for replica in described["Table"].get("Replicas", ()):
        yield from _update_replica(want.id, {"Delete": {"RegionName": replica["RegionName"]}})
    yield Ask("dynamodb", "DeleteTable", {"TableName": want.id})


def _made(want: Want, table: dict[str, Any]) -> Made:
    stream = {"StreamArn": table["LatestStreamArn"]} if "StreamSpecification" in table else {}
    name = table["TableName"]
    return Made(name, {"Arn": settings.arn(want, name), "TableId": table["TableId"]} | stream)


REPLACES = ("TableName", "KeySchema", "LocalSecondaryIndexes")
ATTRIBUTES = ("Arn", "StreamArn")
_declare(
    dynamodb.resource("AWS::DynamoDB::Table", replaces=(*REPLACES, "ImportSourceSpecification"), attributes=ATTRIBUTES),
    reading.table,
)
_declare(
    dynamodb.resource("AWS::DynamoDB::GlobalTable", replaces=REPLACES, attributes=(*ATTRIBUTES, "TableId")),
    reading.replica_here,
)
