"""What is in a stack: DescribeStackResource(s), ListStackResources, DescribeStackEvents. It may not change anything."""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.cloudformation import errors, events, rows, stacks
from freehold.services.cloudformation.rows import Resource
from freehold.services.cloudformation.service.catalogue import behind, cloudformation, stack_arn, token
from freehold.services.cloudformation.stacks import Stack

PAGE = 100
UNCHECKED = {"StackResourceDriftStatus": "NOT_CHECKED"}


@cloudformation.operation(needs={"cloudformation:DescribeStackResource": stack_arn})
def describe_stack_resource(call: Call, tx: Tx, request: Request) -> Response:
    stack = stacks.open_stack(tx, request["StackName"], errors.StackMissing)
    row = tx.get(Resource, stack.id, request["LogicalResourceId"])
    if row is None:
        raise errors.ResourceNotFound(logical_id=request["LogicalResourceId"], name=stack.name)
    detail = _of_stack(stack) | _printed(row) | {"LastUpdatedTimestamp": row.at}
    return {"StackResourceDetail": detail | ({"Metadata": row.metadata} if row.metadata else {})}


@cloudformation.operation(needs={"cloudformation:DescribeStackResources": stack_arn})
def describe_stack_resources(call: Call, tx: Tx, request: Request) -> Response:
    """The resources of a stack, named or found by a physical id."""
    if request.get("StackName"):
        stack = stacks.open_stack(tx, request["StackName"])
    else:
        stack = _owner(tx, request.get("PhysicalResourceId", ""))
    found = rows.of_stack(tx, stack.id)
    wanted = request.get("LogicalResourceId")
    if wanted:
        found = [row for row in found if row.logical_id == wanted]
        if not found:
            raise errors.ResourceNotFound(logical_id=wanted, name=stack.name)
    return {"StackResources": [_of_stack(stack) | _printed(row) | {"Timestamp": row.at} for row in found]}


def _owner(tx: Tx, physical_id: str) -> Stack:
    found = tx.range(Resource, physical_id, index="physical_id") if physical_id else []
    living = [row for row in found if row.exists]
    if not living:
        raise errors.PhysicalIdUnknown(id=physical_id)
    return stacks.open_stack(tx, living[0].stack)


@cloudformation.operation(needs={"cloudformation:ListStackResources": stack_arn})
def list_stack_resources(call: Call, tx: Tx, request: Request) -> Response:
    stack = stacks.open_stack(tx, request["StackName"])
    after = behind(request)
    found = tx.range(Resource, stack.id, after=(after,) if after else None, limit=PAGE + 1)
    shown = [_printed(row) | {"LastUpdatedTimestamp": row.at} for row in found[:PAGE]]
    more = {"NextToken": token(found[PAGE - 1].logical_id)} if len(found) > PAGE else {}
    return {"StackResourceSummaries": shown} | more


def _of_stack(stack: Stack) -> dict[str, Any]:
    return {"StackName": stack.name, "StackId": stack.id}


def _printed(row: Resource) -> dict[str, Any]:
    """What the three ways of showing a resource have in common."""
    shown = {
        "LogicalResourceId": row.logical_id, "ResourceType": row.type, "ResourceStatus": row.status,
        "DriftInformation": UNCHECKED,
    }  # fmt: skip
    optional = {"PhysicalResourceId": row.physical_id, "ResourceStatusReason": row.reason}
    return shown | {key: value for key, value in optional.items() if value}


@cloudformation.operation(needs={"cloudformation:DescribeStackEvents": stack_arn})
def describe_stack_events(call: Call, tx: Tx, request: Request) -> Response:
    """What happened, newest first."""
    stack = stacks.open_stack(tx, request["StackName"], errors.StackUnknown)
    key = behind(request)
    try:
        found = events.page(tx, stack.id, float(key) if key else None, PAGE + 1)
    except ValueError:
        raise errors.TokenInvalid() from None
    more = {"NextToken": token(repr(found[PAGE - 1].at))} if len(found) > PAGE else {}
    return {"StackEvents": [events.printed(event) for event in found[:PAGE]]} | more
