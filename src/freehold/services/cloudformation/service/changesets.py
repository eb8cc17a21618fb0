"""Change sets: made, looked at, executed. It may not know how a plan is worked out.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets.html
"""

from freehold.engines import cfn
from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.cloudformation import blueprints, changesets, deploying, errors, operations, stacks, steps
from freehold.services.cloudformation.blueprints import Blueprint
from freehold.services.cloudformation.changesets import ChangeSet
from freehold.services.cloudformation.operations import DO_NOTHING, ROLLBACK
from freehold.services.cloudformation.service import catalogue
from freehold.services.cloudformation.service.catalogue import changeset_arn, cloudformation, offset, stack_arn, token
from freehold.services.cloudformation.stacks import Stack
from freehold.services.cloudformation.templates import check_capabilities, text_of

PAGE = 100
CREATE, UPDATE = "CREATE", "UPDATE"


@cloudformation.operation(needs=catalogue.deploy("CreateChangeSet"))
async def create_change_set(call: Call, request: Request) -> Response:
    """Note what is wanted and answer; the plan is worked out afterwards."""
    kind = request.get("ChangeSetType", UPDATE)
    if kind not in (CREATE, UPDATE) or request.get("ResourcesToImport"):
        raise NotImplementedHere(service="cloudformation", operation="CreateChangeSet of type IMPORT")
    text = await text_of(call, request)
    return await call.transact(_created, request, kind, text)


def _created(tx: Tx, request: Request, kind: str, text: str | None) -> Response:
    stacks.check_name(request["ChangeSetName"], "changeSetName")
    stack = _new_stack(tx, request) if kind == CREATE else _old_stack(tx, request)
    if changesets.find(tx, request["ChangeSetName"], stack):
        raise errors.AlreadyExistsException(kind="ChangeSet", name=request["ChangeSetName"])
    previous = tx.get(Blueprint, stack.blueprint)
    if text is None:
        if not request.get("UsePreviousTemplate") or previous is None:
            raise errors.TemplateAmbiguous()
        text = previous.text
    template = cfn.parse(text)
    if not template.transforms:
        check_capabilities(template, request.get("Capabilities", []))
    blueprint = blueprints.draft(tx, stack.id, request, text, template, previous)
    tx.put(blueprint)
    changeset = ChangeSet(
        id=changesets.arn(tx, request["ChangeSetName"]), name=request["ChangeSetName"], stack=stack.id,
        stack_name=stack.name, type=kind, blueprint=blueprint.id, created_at=tx.now,
        description=request.get("Description", ""), role=request.get("RoleARN", ""),
        nested=request.get("IncludeNestedStacks", False), on_stack_failure=request.get("OnStackFailure", ""),
        rollback_configuration=request.get("RollbackConfiguration", {}),
    )  # fmt: skip
    tx.put(changeset)
    promise(
        tx, steps.ROOM, "prepare", {"blueprint": blueprint.id}, then=(steps.ROOM, "changeset_prepared"),
        about={"changeset": changeset.id}, attempts=steps.ATTEMPTS_MAX,
    )  # fmt: skip
    return {"Id": changeset.id, "StackId": stack.id}


def _new_stack(tx: Tx, request: Request) -> Stack:
    """The stack that a change set will create: in review until then."""
    stack = stacks.find(tx, request["StackName"])
    if stack is None:
        stacks.check_name(request["StackName"])
        stack = deploying.new_stack(tx, request)
        stacks.set_status(tx, stack, stacks.REVIEW, "User Initiated")
    elif stack.status != stacks.REVIEW:
        raise errors.StackExistsAlready(name=stack.name, changeset=request["ChangeSetName"])
    return stack


def _old_stack(tx: Tx, request: Request) -> Stack:
    stack = stacks.open_living(tx, request["StackName"], errors.StackUnknown)
    if stack.status == stacks.REVIEW:
        raise errors.StackUnknown(name=request["StackName"])
    if stack.busy or stack.status not in stacks.STEADY:
        raise errors.StackBusy(id=stack.id, status=stack.status, action="updated")
    return stack


@cloudformation.operation(needs={"cloudformation:DescribeChangeSet": changeset_arn})
def describe_change_set(call: Call, tx: Tx, request: Request) -> Response:
    changeset = changesets.open_changeset(tx, request)
    start = offset(request)
    more = {"NextToken": token(str(start + PAGE))} if len(changeset.changes) > start + PAGE else {}
    return changesets.printed(tx, changeset) | {"Changes": changeset.changes[start : start + PAGE]} | more


@cloudformation.operation(needs={"cloudformation:ExecuteChangeSet": changeset_arn})
async def execute_change_set(call: Call, request: Request) -> Response:
    """Deploy what a change set was made of."""
    changeset, stack = await call.transact(_ready, request)
    principal = await deploying.deployer(call, changeset.role or stack.role)

    def begin(tx: Tx) -> Response:
        changeset, stack = _ready(tx, request)
        blueprint = tx.get(Blueprint, changeset.blueprint)
        assert blueprint
        changesets.executed(tx, changeset)
        stack.changeset, stack.role = changeset.id, changeset.role or stack.role
        stack.disable_rollback = request.get("DisableRollback", False)
        stack.retain_except_on_create = request.get("RetainExceptOnCreate", False)
        stack.notifications = blueprint.notifications or stack.notifications
        stack.rollback_configuration = changeset.rollback_configuration or stack.rollback_configuration
        if changeset.type == UPDATE:
            deploying.begin_update(call, tx, stack, blueprint.id, principal, request)
            return {}
        on_failure = changeset.on_stack_failure or (DO_NOTHING if stack.disable_rollback else ROLLBACK)
        operations.begin(call, tx, stack, "create", principal, request, new=blueprint.id, on_failure=on_failure)
        return {}

    return await call.transact(begin)


def _ready(tx: Tx, request: Request) -> tuple[ChangeSet, Stack]:
    """A change set that may be executed, and its stack. Raises where it may not."""
    changeset = changesets.open_changeset(tx, request)
    changesets.check_available(changeset)
    stack = stacks.open_living(tx, changeset.stack)
    if changeset.type == UPDATE:
        stacks.check_steady(stack)
    elif stack.status != stacks.REVIEW:
        raise errors.StackBusy(id=stack.id, status=stack.status, action="created")
    return changeset, stack


@cloudformation.operation(needs={"cloudformation:DeleteChangeSet": changeset_arn})
def delete_change_set(call: Call, tx: Tx, request: Request) -> Response:
    """Forget a change set; one that is not there counts as deleted, where its stack is."""
    name = request["ChangeSetName"]
    if not name.startswith("arn:") and request.get("StackName"):
        stack = stacks.open_stack(tx, request["StackName"], errors.StackUnknown)
        changeset = changesets.find(tx, name, stack)
    else:
        changeset = changesets.open_changeset(tx, request)
    if changeset and changeset.execution == changesets.EXECUTED:
        raise errors.InvalidChangeSetStatusException(id=changeset.id, action="deleted", status=changeset.execution)
    if changeset:
        changesets.remove(tx, changeset)
    return {}


@cloudformation.operation(needs={"cloudformation:ListChangeSets": stack_arn})
def list_change_sets(call: Call, tx: Tx, request: Request) -> Response:
    stack = stacks.open_stack(tx, request["StackName"], errors.StackUnknown)
    found = [one for one in changesets.of_stack(tx, stack.id) if one.execution != changesets.EXECUTED]
    start = offset(request)
    more = {"NextToken": token(str(start + PAGE))} if len(found) > start + PAGE else {}
    return {"Summaries": [changesets.summary(one) for one in found[start : start + PAGE]]} | more
