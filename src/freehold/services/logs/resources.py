"""AWS::Logs::LogGroup, LogStream, ResourcePolicy and AccountPolicy.

One idea: each is made by the operations of the same name. They may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Logs.html
"""

import json
from typing import Any

from freehold.engines.coerce import boolean, integer
from freehold.kernel import arns
from freehold.kernel.resources import Ask, Ending, Made, Properties, Steps, Want
from freehold.services.logs.service.catalogue import logs

NAME_MAX = 512

group = logs.resource("AWS::Logs::LogGroup", replaces=("LogGroupName",), attributes=("Arn",))
stream = logs.resource("AWS::Logs::LogStream", replaces=("LogGroupName", "LogStreamName"))
policy = logs.resource("AWS::Logs::ResourcePolicy", replaces=("PolicyName",))
account_policy = logs.resource(
    "AWS::Logs::AccountPolicy", replaces=("PolicyName", "PolicyType"), attributes=("AccountId",)
)


def _arn(want: Want, name: str) -> str:
    return arns.arn("logs", want.region, want.account, f"log-group:{name}")


def _group_made(want: Want, name: str) -> Made:
    return Made(name, {"Arn": f"{_arn(want, name)}:*"})


@group.create
def create_group(want: Want) -> Steps:
    given = want.properties
    name = want.name(given.get("LogGroupName"), NAME_MAX)
    request: dict[str, Any] = {"logGroupName": name}
    if given.get("LogGroupClass"):
        request["logGroupClass"] = given["LogGroupClass"]
    if given.get("DeletionProtectionEnabled") is not None:
        request["deletionProtectionEnabled"] = _protected(given)
    tags = want.tagged(given)
    yield Ask("logs", "CreateLogGroup", request | ({"tags": tags} if tags else {}))
    if given.get("RetentionInDays") is not None:
        yield _retain(name, given)
    if given.get("DataProtectionPolicy"):
        yield _guard(name, given)
    return _group_made(want, name)


@group.update
def update_group(want: Want) -> Steps:
    given, old, place = want.properties, want.old, {"logGroupName": want.id}
    if want.changed("RetentionInDays"):
        kept = given.get("RetentionInDays") is not None
        yield _retain(want.id, given) if kept else Ask("logs", "DeleteRetentionPolicy", place)
    if want.changed("DataProtectionPolicy"):
        unguard = Ask("logs", "DeleteDataProtectionPolicy", {"logGroupIdentifier": want.id})
        yield _guard(want.id, given) if given.get("DataProtectionPolicy") else unguard
    if _protected(given) != _protected(old):
        protection = {"logGroupIdentifier": want.id, "deletionProtectionEnabled": _protected(given)}
        yield Ask("logs", "PutLogGroupDeletionProtection", protection)
    gone, new = want.retagged()
    if gone:
        yield Ask("logs", "UntagResource", {"resourceArn": _arn(want, want.id), "tagKeys": gone})
    if new:
        yield Ask("logs", "TagResource", {"resourceArn": _arn(want, want.id), "tags": new})
    return _group_made(want, want.id)


@group.delete
def delete_group(want: Want) -> Ending:
    yield Ask("logs", "DeleteLogGroup", {"logGroupName": want.id})


def _protected(properties: Properties) -> bool:
    return boolean(properties.get("DeletionProtectionEnabled", False), "DeletionProtectionEnabled")


def _retain(name: str, properties: Properties) -> Ask:
    days = integer(properties["RetentionInDays"], "RetentionInDays")
    return Ask("logs", "PutRetentionPolicy", {"logGroupName": name, "retentionInDays": days})


def _guard(name: str, properties: Properties) -> Ask:
    request = {"logGroupIdentifier": name, "policyDocument": _text(properties["DataProtectionPolicy"])}
    return Ask("logs", "PutDataProtectionPolicy", request)


def _text(document: Any) -> str:
    """A document as a text; templates have it as a value or as a text."""
    return document if isinstance(document, str) else json.dumps(document)


@stream.create
def create_stream(want: Want) -> Steps:
    name = want.name(want.properties.get("LogStreamName"), NAME_MAX)
    yield Ask("logs", "CreateLogStream", {"logGroupName": want.properties["LogGroupName"], "logStreamName": name})
    return Made(name)


@stream.update
def update_stream(want: Want) -> Steps:
    yield from ()  # nothing of a stream can change
    return Made(want.id)


@stream.delete
def delete_stream(want: Want) -> Ending:
    place = {"logGroupName": want.properties["LogGroupName"], "logStreamName": want.id}
    yield Ask("logs", "DeleteLogStream", place)


@policy.create
@policy.update
def put_policy(want: Want) -> Steps:
    name = want.properties["PolicyName"]
    document = want.properties["PolicyDocument"]
    yield Ask("logs", "PutResourcePolicy", {"policyName": name, "policyDocument": document})
    return Made(name)


@policy.delete
def delete_policy(want: Want) -> Ending:
    yield Ask("logs", "DeleteResourcePolicy", {"policyName": want.id})


@account_policy.create
@account_policy.update
def put_account_policy(want: Want) -> Steps:
    given = want.properties
    request = {
        "policyName": given["PolicyName"], "policyType": given["PolicyType"],
        "policyDocument": _text(given["PolicyDocument"]),
    }  # fmt: skip
    more = {"scope": given.get("Scope"), "selectionCriteria": given.get("SelectionCriteria")}
    answer = yield Ask("logs", "PutAccountPolicy", request | {name: value for name, value in more.items() if value})
    account = answer["accountPolicy"]["accountId"]
    return Made(f"{account}|{given['PolicyType']}|{given['PolicyName']}", {"AccountId": account})


@account_policy.delete
def delete_account_policy(want: Want) -> Ending:
    given = want.properties
    named = {"policyName": given["PolicyName"], "policyType": given["PolicyType"]}
    yield Ask("logs", "DeleteAccountPolicy", named)
