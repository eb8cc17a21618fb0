"""Stacks: created, updated, deleted, described. It may not know what is done to their resources.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html
"""

from typing import Any

from freehold.engines import coerce
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.cloudformation import blueprints, changesets, deploying, errors, exports, operations, stacks
from freehold.services.cloudformation.blueprints import Blueprint
from freehold.services.cloudformation.operations import DELETE, DO_NOTHING, ROLLBACK, Operation
from freehold.services.cloudformation.service.catalogue import behind, cloudformation, deploy, offset, stack_arn, token
from freehold.services.cloudformation.stacks import Stack
from freehold.services.cloudformation.templates import text_at

PAGE = 100
UNCHECKED = {"StackDriftStatus": "NOT_CHECKED"}


@cloudformation.operation(needs=deploy("CreateStack"))
async def create_stack(call: Call, request: Request) -> Response:
    """Create a stack; answers when its template is found good and the work has begun."""
    on_failure = request.get("OnFailure", DO_NOTHING if request.get("DisableRollback") else ROLLBACK)
    return {"StackId": (await deploying.create(call, request, on_failure)).id}


@cloudformation.operation(needs=deploy("UpdateStack"))
async def update_stack(call: Call, request: Request) -> Response:
    return {"StackId": (await deploying.update(call, request)).id}


@cloudformation.operation(needs=deploy("DeleteStack"))
async def delete_stack(call: Call, request: Request) -> Response:
    """Delete a stack; one that is not there counts as deleted."""
    found = await call.transact(stacks.find, request["StackName"])
    role = request.get("RoleARN") or (found.role if found and not found.parent else "")
    principal = await deploying.deployer(call, role) if found else call.principal

    def begin(tx: Tx) -> Response:
        stack = stacks.find(tx, request["StackName"])
        if stack is None or stack.deleted_at or stack.status == "DELETE_IN_PROGRESS":
            return {}
        _check_deletable(stack, request)
        stack.deletion_mode = request.get("DeletionMode", "")
        running = tx.get(Operation, stack.id)
        if running and stack.status == "CREATE_IN_PROGRESS":
            running.on_failure = DELETE
            operations.stop(call, tx, stack, running, "User Initiated")
            return {}
        for changeset in changesets.of_stack(tx, stack.id):
            changesets.remove(tx, changeset)
        retain = request.get("RetainResources", [])
        operations.begin(call, tx, stack, "delete", principal, request, new=stack.blueprint, retain=retain)
        return {}

    return await call.transact(begin)


def _check_deletable(stack: Stack, request: Request) -> None:
    if stack.protected:
        raise errors.StackProtected(name=stack.name)
    if stack.busy and stack.status != "CREATE_IN_PROGRESS":
        raise errors.StackBusy(id=stack.id, status=stack.status, action="deleted")
    if request.get("RetainResources") and stack.status != "DELETE_FAILED":
        raise errors.RetainTooEarly(name=stack.name, status=stack.status)


@cloudformation.operation(needs={"cloudformation:DescribeStacks": stack_arn})
def describe_stacks(call: Call, tx: Tx, request: Request) -> Response:
    """One stack by name or id (deleted ones by id only), or all that live, newest first."""
    if request.get("StackName"):
        return {"Stacks": [printed(tx, stacks.open_stack(tx, request["StackName"]))]}
    living = [stack for stack in tx.range(Stack, index="created_at", reverse=True) if not stack.deleted_at]
    page, more = _paged(living, request)
    return {"Stacks": [printed(tx, stack) for stack in page]} | more


@cloudformation.operation(needs={"cloudformation:ListStacks": "*"})
def list_stacks(call: Call, tx: Tx, request: Request) -> Response:
    """All stacks, deleted ones too, newest first."""
    wanted = request.get("StackStatusFilter")
    found = tx.range(Stack, index="created_at", reverse=True)
    page, more = _paged([stack for stack in found if not wanted or stack.status in wanted], request)
    return {"StackSummaries": [_summary(tx, stack) for stack in page]} | more


def _paged(found: list[Stack], request: Request) -> tuple[list[Stack], dict[str, str]]:
    start = offset(request)
    more = {"NextToken": token(str(start + PAGE))} if len(found) > start + PAGE else {}
    return found[start : start + PAGE], more


def _common(stack: Stack) -> dict[str, Any]:
    """What stacks and their summaries have in common."""
    shown = {
        "StackId": stack.id, "StackName": stack.name, "CreationTime": stack.created_at, "StackStatus": stack.status,
        "DriftInformation": UNCHECKED,
    }  # fmt: skip
    optional = {
        "LastUpdatedTime": stack.updated_at, "DeletionTime": stack.deleted_at, "StackStatusReason": stack.reason,
        "ParentId": stack.parent, "RootId": stack.root,
    }  # fmt: skip
    return shown | {key: value for key, value in optional.items() if value}


def _blueprint(tx: Tx, stack: Stack) -> Blueprint | None:
    return tx.get(Blueprint, stack.blueprint or stack.wanted)


def _summary(tx: Tx, stack: Stack) -> dict[str, Any]:
    blueprint = _blueprint(tx, stack)
    description = blueprint.document.get("Description") if blueprint else None
    return _common(stack) | ({"TemplateDescription": description} if description else {})


def printed(tx: Tx, stack: Stack) -> dict[str, Any]:
    """A Stack."""
    blueprint = _blueprint(tx, stack)
    settings = {
        "RollbackConfiguration": stack.rollback_configuration, "DisableRollback": stack.disable_rollback,
        "NotificationARNs": stack.notifications, "EnableTerminationProtection": stack.protected,
        "Tags": coerce.tag_list(blueprint.tags) if blueprint else [],
        "Capabilities": blueprint.capabilities if blueprint else [],
    }  # fmt: skip
    optional = {
        "ChangeSetId": stack.changeset, "Description": blueprint.document.get("Description") if blueprint else None,
        "Parameters": blueprints.printed_parameters(blueprint) if blueprint else [],
        "TimeoutInMinutes": stack.timeout_minutes, "RoleARN": stack.role,
        "RetainExceptOnCreate": stack.retain_except_on_create, "DeletionMode": stack.deletion_mode,
        "Outputs": [exports.printed(output) for output in stack.outputs],
    }  # fmt: skip
    return _common(stack) | settings | {key: value for key, value in optional.items() if value}


@cloudformation.operation(needs={"cloudformation:CancelUpdateStack": stack_arn})
def cancel_update_stack(call: Call, tx: Tx, request: Request) -> Response:
    stack = stacks.open_living(tx, request["StackName"])
    if stack.status != "UPDATE_IN_PROGRESS":
        raise errors.CancelTooLate()
    operation = operations.last(tx, stack)
    operation.on_failure, operation.token = ROLLBACK, request.get("ClientRequestToken", "")
    operations.stop(call, tx, stack, operation, "User Initiated")
    return {}


@cloudformation.operation(needs=deploy("ContinueUpdateRollback"))
async def continue_update_rollback(call: Call, request: Request) -> Response:
    """Try again to go back, leaving the resources to skip as they are."""
    return await _rolled_back(call, request, {"UPDATE_ROLLBACK_FAILED": "restore"})


@cloudformation.operation(needs=deploy("RollbackStack"))
async def rollback_stack(call: Call, request: Request) -> Response:
    """Go back after a failure that was told to change nothing."""
    return await _rolled_back(call, request, {"UPDATE_FAILED": "restore", "CREATE_FAILED": "undo"})


async def _rolled_back(call: Call, request: Request, phases: dict[str, str]) -> Response:
    stack = await call.transact(stacks.open_living, request["StackName"])
    principal = await deploying.deployer(call, request.get("RoleARN", stack.role))

    def begin(tx: Tx) -> Response:
        stack = stacks.open_living(tx, request["StackName"])
        if stack.status not in phases:
            raise errors.RollbackNotFailed(id=stack.id, status=stack.status)
        operation = operations.last(tx, stack)
        operation.principal, operation.token = principal, request.get("ClientRequestToken", "")
        stack.retain_except_on_create = request.get("RetainExceptOnCreate", stack.retain_except_on_create)
        operations.skip(tx, stack, request.get("ResourcesToSkip", []))
        operations.resume(call, tx, stack, operation, phases[stack.status])
        return {"StackId": stack.id}

    return await call.transact(begin)


@cloudformation.operation(needs={"cloudformation:UpdateTerminationProtection": stack_arn})
def update_termination_protection(call: Call, tx: Tx, request: Request) -> Response:
    stack = stacks.open_living(tx, request["StackName"])
    if stack.parent:
        raise errors.StackOfAnother(root=stack.root)
    stack.protected = request["EnableTerminationProtection"]
    tx.put(stack)
    return {"StackId": stack.id}


@cloudformation.operation(needs={"cloudformation:SetStackPolicy": stack_arn})
async def set_stack_policy(call: Call, request: Request) -> Response:
    """Keep a policy for the stack. It is shown, and not applied."""
    url = request.get("StackPolicyURL")
    policy = await text_at(call, url) if url else request.get("StackPolicyBody", "")

    def write(tx: Tx) -> Response:
        stack = stacks.open_living(tx, request["StackName"])
        stack.policy = policy
        tx.put(stack)
        return {}

    return await call.transact(write)


@cloudformation.operation(needs={"cloudformation:GetStackPolicy": stack_arn})
def get_stack_policy(call: Call, tx: Tx, request: Request) -> Response:
    policy = stacks.open_stack(tx, request["StackName"]).policy
    return {"StackPolicyBody": policy} if policy else {}


@cloudformation.operation(needs={"cloudformation:DescribeAccountLimits": "*"})
def describe_account_limits(call: Call, tx: Tx, request: Request) -> Response:
    """AWS's quotas. None of them is enforced."""
    behind(request)
    limits = {"StackLimit": 2_000, "StackOutputsLimit": 200, "ConcurrentResourcesLimit": 2_500}
    return {"AccountLimits": [{"Name": name, "Value": value} for name, value in limits.items()]}
