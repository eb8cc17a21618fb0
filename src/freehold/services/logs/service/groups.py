"""Log groups: made, listed, kept for a time, removed. It may not know how events lie.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
"""

from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.logs import errors, removal, streams
from freehold.services.logs.groups import Group, arn_of, check_retention, create_group, list_groups, open_group
from freehold.services.logs.pages import read_token, write_token
from freehold.services.logs.service.catalogue import any_group_arn, bare_group_arn, group_arn, logs, named_group

GROUPS_MAX = 50


def _create_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    tags = [("logs:TagResource", bare_group_arn(call, request))] if request.get("tags") else []
    return [("logs:CreateLogGroup", group_arn(call, request)), *tags]


@logs.operation(needs=_create_needs)
def create_log_group(call: Call, tx: Tx, request: Request) -> None:
    kind, protected = request.get("logGroupClass", "STANDARD"), request.get("deletionProtectionEnabled", False)
    create_group(tx, request["logGroupName"], kind, protected, request.get("tags", {}))


@logs.operation(needs={"logs:DeleteLogGroup": group_arn})
def delete_log_group(call: Call, tx: Tx, request: Request) -> None:
    group = open_group(tx, request["logGroupName"])
    if group.protected:
        raise errors.GroupProtected()
    removal.delete_group(tx, group)


@logs.internal
def remove_events(call: Call, tx: Tx, request: Request) -> None:
    """Go on removing what a deleted `group` or `stream` held, by its id."""
    removal.remove_some(tx, request["group"], request["stream"])


@logs.operation(needs={"logs:DescribeLogGroups": any_group_arn})
def describe_log_groups(call: Call, tx: Tx, request: Request) -> Response:
    prefix, pattern = request.get("logGroupNamePrefix", ""), request.get("logGroupNamePattern", "")
    if prefix and pattern:
        raise errors.PrefixAndPattern()
    if request.get("includeLinkedAccounts") or request.get("accountIdentifiers"):
        raise NotImplementedHere(service="logs", operation="DescribeLogGroups of linked accounts")
    chosen = request.get("logGroupIdentifiers")
    if chosen:
        return {"logGroups": [_described(tx, open_group(tx, identifier)) for identifier in chosen]}
    limit, kind = request.get("limit", GROUPS_MAX), request.get("logGroupClass")
    after = (read_token(request["nextToken"], str),) if "nextToken" in request else None
    found: list[Group] = []
    while len(found) <= limit:
        some = list_groups(tx, prefix, after, GROUPS_MAX + 1)
        found += [group for group in some if pattern in group.name and kind in (None, group.kind)]
        if len(some) <= GROUPS_MAX:
            break
        after = (some[-1].name,)
    answer: Response = {"logGroups": [_described(tx, group) for group in found[:limit]]}
    if len(found) > limit:
        answer["nextToken"] = write_token(found[limit - 1].name)
    return answer


def _described(tx: Tx, group: Group) -> Response:
    arn = arn_of(tx.account, tx.region, group.name)
    told: Response = {
        "logGroupName": group.name,
        "creationTime": group.created_at,
        "metricFilterCount": 0,
        "arn": f"{arn}:*",
        "logGroupArn": arn,
        "storedBytes": streams.stored(tx, group),
        "logGroupClass": group.kind,
        "deletionProtectionEnabled": group.protected,
    }
    if group.retention:
        told["retentionInDays"] = group.retention
    if group.guarded:
        told["dataProtectionStatus"] = group.guarded
    if group.inherits:
        told["inheritedProperties"] = ["ACCOUNT_DATA_PROTECTION"]
    return told


@logs.operation(needs={"logs:PutRetentionPolicy": group_arn})
def put_retention_policy(call: Call, tx: Tx, request: Request) -> None:
    _retain(tx, request, check_retention(request["retentionInDays"]))


@logs.operation(needs={"logs:DeleteRetentionPolicy": group_arn})
def delete_retention_policy(call: Call, tx: Tx, request: Request) -> None:
    _retain(tx, request, 0)


def _retain(tx: Tx, request: Request, days: int) -> None:
    group = open_group(tx, request["logGroupName"])
    group.retention = days
    tx.put(group)


@logs.operation(needs={"logs:PutLogGroupDeletionProtection": group_arn})
def put_log_group_deletion_protection(call: Call, tx: Tx, request: Request) -> None:
    group = named_group(tx, request)
    group.protected = request["deletionProtectionEnabled"]
    tx.put(group)
