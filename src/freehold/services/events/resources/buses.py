"""AWS::Events::EventBus, EventBusPolicy and Archive. They may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbus.html
"""

from typing import Any

import msgspec

from freehold.engines.coerce import integer, json_text, tag_list
from freehold.kernel import arns
from freehold.kernel.resources import Ask, Ending, Made, Properties, Steps, Want
from freehold.services.events.buses import SETTINGS
from freehold.services.events.catalogue import events, given

BUS_MAX, ARCHIVE_MAX = 256, 48
DEFAULT = "default"

bus = events.resource(
    "AWS::Events::EventBus", replaces=("Name", "EventSourceName"), attributes=("Arn", "Name", "Policy")
)
policy = events.resource("AWS::Events::EventBusPolicy", replaces=("EventBusName", "StatementId"), attributes=("Id",))
archive = events.resource(
    "AWS::Events::Archive", replaces=("ArchiveName", "SourceArn"), attributes=("Arn", "ArchiveName")
)  # fmt: skip


def retag(want: Want, arn: str) -> Ending:
    gone, new = want.retagged()
    if gone:
        yield Ask("events", "UntagResource", {"ResourceARN": arn, "TagKeys": gone})
    if new:
        yield Ask("events", "TagResource", {"ResourceARN": arn, "Tags": tag_list(new)})


def _made_bus(want: Want, name: str) -> Made:
    arn = arns.arn("events", want.region, want.account, f"event-bus/{name}")
    written = json_text(want.properties["Policy"]) if want.properties.get("Policy") else ""
    return Made(name, {"Arn": arn, "Name": name, "Policy": written})


@bus.create
def create_bus(want: Want) -> Steps:
    wanted = want.properties
    name = want.name(wanted.get("Name"), BUS_MAX)
    request = {"Name": name} | given(wanted, (*SETTINGS, "EventSourceName"))
    tags = tag_list(want.tagged(wanted))
    yield Ask("events", "CreateEventBus", request | ({"Tags": tags} if tags else {}))
    if wanted.get("Policy"):
        yield Ask("events", "PutPermission", {"EventBusName": name, "Policy": json_text(wanted["Policy"])})
    return _made_bus(want, name)


@bus.update
def update_bus(want: Want) -> Steps:
    made = _made_bus(want, want.id)
    if want.changed(*SETTINGS):
        blank = {"Description": "", "KmsKeyIdentifier": "", "DeadLetterConfig": {}, "LogConfig": {}}
        gone = {name: blank[name] for name in SETTINGS if name in want.old and name not in want.properties}
        yield Ask("events", "UpdateEventBus", {"Name": want.id} | gone | given(want.properties, SETTINGS))
    if want.changed("Policy"):
        told = want.properties.get("Policy")
        own = {"Policy": json_text(told)} if told else {"RemoveAllPermissions": True}
        yield Ask("events", "PutPermission" if told else "RemovePermission", {"EventBusName": want.id} | own)
    yield from retag(want, made.attributes["Arn"])
    return made


@bus.delete
def delete_bus(want: Want) -> Ending:
    yield Ask("events", "DeleteEventBus", {"Name": want.id})


def _permission(want: Want) -> dict[str, Any]:
    """A statement of the old form by its members; one of the new form as a policy's part."""
    wanted = want.properties
    request = {"EventBusName": wanted.get("EventBusName") or DEFAULT, "StatementId": wanted["StatementId"]}
    return request | given(wanted, ("Action", "Principal", "Condition"))


@policy.create
def create_policy(want: Want) -> Steps:
    wanted = want.properties
    if wanted.get("Statement"):
        yield from _put_statement(want, wanted["Statement"])
    else:
        yield Ask("events", "PutPermission", _permission(want))
    id = want.id or want.name()
    return Made(id, {"Id": id})


def _put_statement(want: Want, statement: Any) -> Ending:
    """The bus's policy, with a statement of this id in place of the one it had."""
    name, id = want.properties.get("EventBusName") or DEFAULT, want.properties["StatementId"]
    told = yield Ask("events", "DescribeEventBus", {"Name": name})
    document = msgspec.json.decode(told.get("Policy") or '{"Version": "2012-10-17", "Statement": []}')
    document["Statement"] = [each for each in document["Statement"] if each.get("Sid") != id]
    document["Statement"].append({"Sid": id} | (statement if isinstance(statement, dict) else statement[0]))
    yield Ask("events", "PutPermission", {"EventBusName": name, "Policy": json_text(document)})


@policy.update
def update_policy(want: Want) -> Steps:
    return (yield from create_policy(want))


@policy.delete
def delete_policy(want: Want) -> Ending:
    name = want.properties.get("EventBusName") or DEFAULT
    request = {"EventBusName": name, "StatementId": want.properties["StatementId"]}
    yield Ask("events", "RemovePermission", request)


def _archived(properties: Properties) -> dict[str, Any]:
    found = given(properties, ("Description", "KmsKeyIdentifier"))
    if properties.get("EventPattern") is not None:
        found["EventPattern"] = json_text(properties["EventPattern"])
    if properties.get("RetentionDays") is not None:
        found["RetentionDays"] = integer(properties["RetentionDays"])
    return found


def _made_archive(want: Want, name: str) -> Made:
    return Made(name, {"Arn": arns.arn("events", want.region, want.account, f"archive/{name}"), "ArchiveName": name})


@archive.create
def create_archive(want: Want) -> Steps:
    name = want.name(want.properties.get("ArchiveName"), ARCHIVE_MAX)
    request = {"ArchiveName": name, "EventSourceArn": want.properties["SourceArn"]}
    yield Ask("events", "CreateArchive", request | _archived(want.properties))
    return _made_archive(want, name)


@archive.update
def update_archive(want: Want) -> Steps:
    blank = {"Description": "", "RetentionDays": 0}
    yield Ask("events", "UpdateArchive", {"ArchiveName": want.id} | blank | _archived(want.properties))
    return _made_archive(want, want.id)


@archive.delete
def delete_archive(want: Want) -> Ending:
    yield Ask("events", "DeleteArchive", {"ArchiveName": want.id})
