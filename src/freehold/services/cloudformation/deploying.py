"""Deploying: how a request becomes a stack with an operation under way.

One idea: everything that waits (a role, a text in S3, a transform) is done first and touches nothing; then one
transaction checks again what may have changed meanwhile, and begins. So a crash leaves either nothing or all of it.
It may not know what the operation does.
"""

from typing import Any

from freehold.engines import cfn, sam
from freehold.kernel import roles
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.identity import Principal
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.cloudformation import blueprints, changesets, errors, operations, stacks, templates
from freehold.services.cloudformation.blueprints import Blueprint
from freehold.services.cloudformation.operations import DO_NOTHING, ROLLBACK
from freehold.services.cloudformation.service.catalogue import cloudformation
from freehold.services.cloudformation.stacks import Stack
from freehold.services.cloudformation.templates import AUTO_EXPAND

AUTHOR = "cloudformation.amazonaws.com"
SESSION = "AWSCloudFormation"
LOOK_AGAIN_S = 60.0
ROUNDS_MAX = 100
STORED_AT_ONCE_MAX = 10


async def deployer(call: Call, role: str) -> Principal:
    """Who deploys: the role's session, or the caller."""
    if not role:
        return call.principal
    try:
        return (await roles.assume(call, role, AUTHOR, SESSION)).call.principal
    except AwsError:
        raise errors.RoleUnusable(role=role) from None


async def create(call: Call, request: Request, on_failure: str, parent: Stack | None = None) -> Stack:
    """Create a stack and begin to make what its template says. Raises AwsErrors."""
    principal = await deployer(call, request.get("RoleARN", ""))
    text = await templates.text_of(call, request)
    if text is None:
        raise errors.TemplateAmbiguous()
    stack, blueprint = await call.transact(_drafted, request, text, parent)
    ready = await prepared(call, blueprint)

    def begin(tx: Tx) -> Stack:
        _check_absent(tx, stack.name)
        blueprints.complete(call, tx, blueprint, **ready)
        operations.begin(call, tx, stack, "create", principal, request, new=blueprint.id, on_failure=on_failure)
        return stack

    return await call.transact(begin)


def _check_absent(tx: Tx, name: str) -> None:
    if stacks.find(tx, name):
        raise errors.AlreadyExistsException(kind="Stack", name=name)


def _drafted(tx: Tx, request: Request, text: str, parent: Stack | None) -> tuple[Stack, Blueprint]:
    """A stack and its blueprint, not written down yet."""
    stacks.check_name(request["StackName"])
    _check_absent(tx, request["StackName"])
    stack = new_stack(tx, request, parent)
    return stack, _blueprint(tx, stack, request, text, None)


def new_stack(tx: Tx, request: Request, parent: Stack | None = None) -> Stack:
    """A stack that is not written down yet."""
    stack = Stack(
        id=stacks.arn(tx, request["StackName"]), name=request["StackName"], created_at=tx.now, status="",
        parent=parent.id if parent else "", root=(parent.root or parent.id) if parent else "",
        timeout_minutes=request.get("TimeoutInMinutes", 0), protected=request.get("EnableTerminationProtection", False),
    )  # fmt: skip
    return adopt(stack, request)


def adopt(stack: Stack, request: Request) -> Stack:
    """The stack with the settings that creating and updating have in common."""
    stack.role = request.get("RoleARN", stack.role)
    stack.policy = request.get("StackPolicyBody", stack.policy)
    stack.disable_rollback = request.get("DisableRollback", False)
    stack.retain_except_on_create = request.get("RetainExceptOnCreate", False)
    stack.notifications = request.get("NotificationARNs", stack.notifications)
    stack.rollback_configuration = request.get("RollbackConfiguration", stack.rollback_configuration)
    return stack


def _blueprint(tx: Tx, stack: Stack, request: Request, text: str, previous: Blueprint | None) -> Blueprint:
    """The blueprint of a request. Raises when its parameters or capabilities do not do."""
    template = cfn.parse(text)
    if template.transforms and AUTO_EXPAND not in request.get("Capabilities", []):
        raise errors.InsufficientCapabilitiesException(names=AUTO_EXPAND)
    return blueprints.draft(tx, stack.id, request, text, template, previous)


async def update(call: Call, request: Request) -> Stack:
    """Begin to make of a stack what its new template says. Raises NothingToUpdate and other AwsErrors."""
    name = request["StackName"]
    stack = await call.transact(stacks.open_living, name)
    stacks.check_steady(stack)
    principal = await deployer(call, request.get("RoleARN", stack.role)) if not stack.parent else call.principal
    text = await templates.text_of(call, request)
    blueprint = await call.transact(_redrafted, name, request, text)
    ready = await prepared(call, blueprint)

    def begin(tx: Tx) -> Stack:
        stack = stacks.open_living(tx, name)
        stacks.check_steady(stack)
        blueprints.complete(call, tx, blueprint, **ready)
        if blueprints.idle(call, tx, stack, blueprint, blueprints.changes(call, tx, stack, blueprint)):
            raise errors.NothingToUpdate()
        adopt(stack, request)
        begin_update(call, tx, stack, blueprint.id, principal, request)
        return stack

    return await call.transact(begin)


def _redrafted(tx: Tx, name: str, request: Request, text: str | None) -> Blueprint:
    stack = stacks.open_living(tx, name)
    previous = tx.get(Blueprint, stack.blueprint)
    assert previous
    if text is None and not request.get("UsePreviousTemplate"):
        raise errors.TemplateAmbiguous()
    return _blueprint(tx, stack, request, text or previous.text, previous)


def begin_update(call: Call, tx: Tx, stack: Stack, blueprint: str, principal: Principal, request: Request) -> None:
    """Start an update of a steady stack to a prepared blueprint; change sets made before it are out of date."""
    stack.updated_at = tx.now
    changesets.supersede(tx, stack.id)
    on_failure = DO_NOTHING if stack.disable_rollback else ROLLBACK
    operations.begin(
        call, tx, stack, "update", principal, request, new=blueprint, old=stack.blueprint, on_failure=on_failure
    )


def inherited(tx: Tx, parent: Stack) -> dict[str, Any]:
    """What a nested stack has from its parent."""
    blueprint = tx.get(Blueprint, parent.wanted)
    given = blueprint.capabilities if blueprint else []
    return {"Capabilities": given, "NotificationARNs": parent.notifications}


@cloudformation.internal
async def prepare(call: Call, request: Request) -> Response:
    """The finished document of `blueprint`, and the stored parameters it names. Raises AwsErrors."""
    blueprint = await call.transact(lambda tx: tx.get(Blueprint, request["blueprint"]))
    assert blueprint
    return await prepared(call, blueprint)


async def prepared(call: Call, blueprint: Blueprint) -> Response:
    template = cfn.parse(blueprint.text)
    wanted = cfn.stored_names(template.parameters, cfn.given(template.parameters, blueprint.parameters))
    blueprint.stored = await stored(call, wanted)
    for _ in range(ROUNDS_MAX):
        if not template.transforms:
            return {"document": template.document, "stored": blueprint.stored}
        template = cfn.of_document(await _transformed(call, blueprint, template))
    raise cfn.TransformFailed(transform=template.transforms[0].name, reason="The transforms do not come to an end.")


async def stored(call: Call, names: list[str]) -> dict[str, str]:
    """The values of Systems Manager parameters; those that do not exist are left out."""
    values: dict[str, str] = {}
    for start in range(0, len(names), STORED_AT_ONCE_MAX):
        some = names[start : start + STORED_AT_ONCE_MAX]
        answer = await call.ask("ssm", "GetParameters", {"Names": some})
        values |= {one["Name"]: one["Value"] for one in answer["Parameters"]}
    return values


async def _transformed(call: Call, blueprint: Blueprint, template: cfn.Template) -> dict[str, Any]:
    """The document with one transform done: includes first, then the first one declared."""
    environment = blueprints.deployment(blueprint, template).environment
    includes = cfn.transform.includes(template.document, environment)
    if includes:
        texts = {one.location: await _snippet(call, one.location) for one in includes}
        return cfn.transform.include(template.document, environment, texts)
    name = template.transforms[0].name
    if name == cfn.transform.LANGUAGE_EXTENSIONS:
        return cfn.transform.language_extensions(template.document, environment)
    if name == cfn.transform.SERVERLESS:
        values = dict(environment.parameters)
        return await call.compute(sam.transform, template.document, values, {}, call.region, call.account)
    raise cfn.TransformFailed(transform=name, reason=f"No transform named {name} found.")


async def _snippet(call: Call, location: str) -> str:
    try:
        return await templates.text_at(call, location)
    except AwsError as refusal:
        raise cfn.TransformFailed(transform=cfn.transform.INCLUDE, reason=refusal.message) from None
