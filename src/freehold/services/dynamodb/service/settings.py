"""Tags, time to live, and what the account and its tables are told of themselves.

It may not know how items lie.
"""

from freehold.kernel.call import Call
from freehold.kernel.service import OPEN, Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb import errors, items
from freehold.services.dynamodb.definitions.errors import TagMissing
from freehold.services.dynamodb.definitions.schemas import check_tag_count, read_tags
from freehold.services.dynamodb.replicas import groups
from freehold.services.dynamodb.service.catalogue import dynamodb, resource_arn, table_arn
from freehold.services.dynamodb.tables import Table, find_table, named_table, new_space, put_table

ACCOUNT_UNITS_MAX, TABLE_UNITS_MAX = 80_000, 40_000
ENDPOINT_KEPT_MIN = 1_440


def _tagged(tx: Tx, request: Request) -> Table:
    arn = request["ResourceArn"]
    table = find_table(tx, arn) if ":table/" in arn else None
    if table is None:
        raise errors.TaggedNotFound(arn=arn)
    return table


@dynamodb.operation(needs={"dynamodb:TagResource": resource_arn})
def tag_resource(call: Call, tx: Tx, request: Request) -> None:
    table = _tagged(tx, request)
    if not request["Tags"]:
        raise TagMissing(what="Tag")
    table.tags = table.tags | read_tags(request["Tags"])
    check_tag_count(table.tags)
    put_table(tx, table)


@dynamodb.operation(needs={"dynamodb:UntagResource": resource_arn})
def untag_resource(call: Call, tx: Tx, request: Request) -> None:
    table = _tagged(tx, request)
    if not request["TagKeys"]:
        raise TagMissing(what="Tag Key")
    table.tags = {key: value for key, value in table.tags.items() if key not in request["TagKeys"]}
    put_table(tx, table)


@dynamodb.operation(needs={"dynamodb:ListTagsOfResource": resource_arn})
def list_tags_of_resource(call: Call, tx: Tx, request: Request) -> Response:
    return {"Tags": [{"Key": key, "Value": value} for key, value in _tagged(tx, request).tags.items()]}


@dynamodb.operation(needs={"dynamodb:UpdateTimeToLive": table_arn})
def update_time_to_live(call: Call, tx: Tx, request: Request) -> Response:
    table = named_table(tx, request["TableName"])
    wanted = request["TimeToLiveSpecification"]
    name, enabled = wanted["AttributeName"], wanted["Enabled"]
    current = table.expiry_attribute
    if enabled and current:
        raise errors.TimeToLiveAlready(state="enabled")
    if not enabled and not current:
        raise errors.TimeToLiveAlready(state="disabled")
    if not enabled and name != current:
        raise errors.TimeToLiveElsewhere(name=current)
    for there, member in [(tx, table), *groups.others(tx, table)]:
        _expire_by(there, member, name if enabled else "")
    return {"TimeToLiveSpecification": wanted}


def _expire_by(tx: Tx, table: Table, name: str) -> None:
    """Let items expire by an attribute, or no longer."""
    if table.expiry_space:
        items.clear(tx, [table.expiry_space])
    table.expiry_attribute, table.expiry_space = name, new_space(tx) if name else ""
    if name:
        items.fill(tx, table, table.expiry_space)
    put_table(tx, table)


@dynamodb.operation(needs={"dynamodb:DescribeTimeToLive": table_arn})
def describe_time_to_live(call: Call, tx: Tx, request: Request) -> Response:
    name = named_table(tx, request["TableName"]).expiry_attribute
    if not name:
        return {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}
    return {"TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": name}}


@dynamodb.operation(needs={"dynamodb:DescribeLimits": "*"})
def describe_limits(call: Call, tx: Tx, request: Request) -> Response:
    return {
        "AccountMaxReadCapacityUnits": ACCOUNT_UNITS_MAX,
        "AccountMaxWriteCapacityUnits": ACCOUNT_UNITS_MAX,
        "TableMaxReadCapacityUnits": TABLE_UNITS_MAX,
        "TableMaxWriteCapacityUnits": TABLE_UNITS_MAX,
    }


@dynamodb.operation(needs=OPEN)
def describe_endpoints(call: Call, tx: Tx, request: Request) -> Response:
    address = call.base_url.partition("://")[2]
    return {"Endpoints": [{"Address": address, "CachePeriodInMinutes": ENDPOINT_KEPT_MIN}]}
