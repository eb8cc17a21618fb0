"""Change sets: blueprints that are looked at before they are deployed.

One idea: a change set is a blueprint with the plan printed from it; executing one starts the operation that any update
would. It may not know how operations go on.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html
"""

from typing import Any

from freehold.engines import cfn, coerce
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request
from freehold.kernel.store import Record, Tx
from freehold.services.cloudformation import blueprints, errors, stacks
from freehold.services.cloudformation.blueprints import Blueprint
from freehold.services.cloudformation.service.catalogue import cloudformation
from freehold.services.cloudformation.stacks import Stack

PENDING, RUNNING, COMPLETE, FAILED = "CREATE_PENDING", "CREATE_IN_PROGRESS", "CREATE_COMPLETE", "FAILED"
AVAILABLE, UNAVAILABLE, EXECUTED, OBSOLETE = "AVAILABLE", "UNAVAILABLE", "EXECUTE_COMPLETE", "OBSOLETE"
UNCHANGED = "The submitted information didn't contain changes. Submit different information to create a change set."


class ChangeSet(Record, table="cfn_changesets", key="id", index="stack created_at"):
    """`changes` are Change structures as they are printed."""

    id: str
    name: str
    stack: str
    stack_name: str
    type: str
    blueprint: str
    created_at: float
    status: str = PENDING
    execution: str = UNAVAILABLE
    reason: str = ""
    description: str = ""
    changes: list[dict[str, Any]] = []
    role: str = ""
    nested: bool = False
    on_stack_failure: str = ""
    rollback_configuration: dict[str, Any] = {}


def arn(tx: Tx, name: str) -> str:
    """The id of a new change set."""
    return arns.arn("cloudformation", tx.region, tx.account, f"changeSet/{name}/{tx.ids.uuid()}")


def of_stack(tx: Tx, stack: str) -> list[ChangeSet]:
    """The stack's change sets, oldest first."""
    return tx.range(ChangeSet, stack, index="stack created_at")


def find(tx: Tx, name: str, stack: Stack) -> ChangeSet | None:
    """The change set of a name that was not executed or superseded; the newest where there are several."""
    found = [one for one in of_stack(tx, stack.id) if one.name == name]
    return found[-1] if found else None


def open_changeset(tx: Tx, request: Request) -> ChangeSet:
    """The change set of a request's ChangeSetName, an id or a name within StackName."""
    name = request["ChangeSetName"]
    if name.startswith("arn:"):
        found = tx.get(ChangeSet, name)
        named = request.get("StackName")  # what the caller was allowed
        if found and named and stacks.open_stack(tx, named, errors.StackUnknown).id != found.stack:
            found = None
    elif not request.get("StackName"):
        raise errors.ChangeSetNeedsStack()
    else:
        found = find(tx, name, stacks.open_stack(tx, request["StackName"], errors.StackUnknown))
    if found is None:
        raise errors.ChangeSetNotFoundException(name=name)
    return found


def check_available(changeset: ChangeSet) -> None:
    """Raise unless the change set may be executed."""
    if changeset.status != COMPLETE or changeset.execution != AVAILABLE:
        status = changeset.status if changeset.status != COMPLETE else changeset.execution
        raise errors.InvalidChangeSetStatusException(id=changeset.id, action="executed", status=status)


@cloudformation.internal
def changeset_prepared(call: Call, tx: Tx, request: Request) -> None:
    """Print the plan of a change set whose blueprint is prepared, or say why there is none."""
    changeset = tx.get(ChangeSet, request["changeset"])
    if changeset is None or changeset.status not in (PENDING, RUNNING):
        return
    stack, blueprint = tx.get(Stack, changeset.stack), tx.get(Blueprint, changeset.blueprint)
    assert stack and blueprint
    try:
        changeset.reason = _plan(call, tx, changeset, stack, blueprint, request["outcome"])
    except AwsError as refusal:
        changeset.reason = refusal.message
    changeset.status = FAILED if changeset.reason else COMPLETE
    changeset.execution = UNAVAILABLE if changeset.reason else AVAILABLE
    tx.put(changeset)


def _plan(call: Call, tx: Tx, changeset: ChangeSet, stack: Stack, blueprint: Blueprint, outcome: dict[str, Any]) -> str:
    """Why the change set fails, '' when it does not; its changes are noted in it."""
    if "error" in outcome:
        raise cfn.InvalidTemplate(message=outcome["error"]["message"])
    blueprints.complete(call, tx, blueprint, outcome["result"]["document"], outcome["result"]["stored"])
    planned = blueprints.changes(call, tx, stack, blueprint)
    changeset.changes = [change.printed() for change in planned]
    return UNCHANGED if blueprints.idle(call, tx, stack, blueprint, planned) else ""


def executed(tx: Tx, changeset: ChangeSet) -> None:
    """Mark a change set as executed; all others of its stack are removed with their blueprints."""
    for other in of_stack(tx, changeset.stack):
        if other.id != changeset.id:
            remove(tx, other)
    changeset.execution = EXECUTED
    tx.put(changeset)


def supersede(tx: Tx, stack: str) -> None:
    """Mark the change sets that can still be executed as out of date."""
    for changeset in of_stack(tx, stack):
        if changeset.execution == AVAILABLE:
            changeset.execution = OBSOLETE
            tx.put(changeset)


def remove(tx: Tx, changeset: ChangeSet) -> None:
    """Forget a change set; its blueprint too, unless it was deployed."""
    if changeset.execution != EXECUTED:
        tx.delete(Blueprint, changeset.blueprint)
    tx.delete(ChangeSet, changeset.id)


def summary(changeset: ChangeSet) -> dict[str, Any]:
    """A ChangeSetSummary."""
    shown = {
        "ChangeSetId": changeset.id, "ChangeSetName": changeset.name, "StackId": changeset.stack,
        "StackName": changeset.stack_name, "Status": changeset.status, "ExecutionStatus": changeset.execution,
        "CreationTime": changeset.created_at, "IncludeNestedStacks": changeset.nested,
    }  # fmt: skip
    optional = {"StatusReason": changeset.reason, "Description": changeset.description}
    return shown | {key: value for key, value in optional.items() if value}


def printed(tx: Tx, changeset: ChangeSet) -> dict[str, Any]:
    """What DescribeChangeSet shows, but for the changes."""
    blueprint = tx.get(Blueprint, changeset.blueprint)
    assert blueprint
    optional = {
        "Parameters": blueprints.printed_parameters(blueprint),
        "Tags": coerce.tag_list(blueprint.tags),
        "OnStackFailure": changeset.on_stack_failure,
    }
    lists = {
        "Capabilities": blueprint.capabilities,
        "NotificationARNs": blueprint.notifications,
        "RollbackConfiguration": changeset.rollback_configuration,
    }
    return summary(changeset) | lists | {key: value for key, value in optional.items() if value}
