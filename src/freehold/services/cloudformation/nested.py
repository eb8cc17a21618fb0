"""Nested stacks: AWS::CloudFormation::Stack.

One idea: a nested stack is a stack like any other, whose maker waits for it; its name ends in the step's own suffix, so
a creation that is repeated finds the stack it had made.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
"""

from collections.abc import Generator
from typing import Any

from freehold.engines.cfn import InvalidTemplate
from freehold.engines.coerce import tag_list
from freehold.kernel.call import Call
from freehold.kernel.resources import Ask, Ending, Made, Steps, Want
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.cloudformation import deploying, errors, stacks
from freehold.services.cloudformation.operations import DO_NOTHING
from freehold.services.cloudformation.service.catalogue import cloudformation
from freehold.services.cloudformation.stacks import Stack

ROOM = "cloudformation"
NAME_MAX = 128

kind = cloudformation.resource(stacks.TYPE, attributes=("Outputs",))


@kind.create
def create_stack(want: Want) -> Generator[Any, Any, Made]:
    answer = yield Ask(ROOM, "nested_created", _request(want, want.name(longest=NAME_MAX)))
    yield Made(answer["StackId"])
    return (yield from _settled(answer["StackId"], "created", ("CREATE_COMPLETE",)))


@kind.update
def update_stack(want: Want) -> Steps:
    yield Ask(ROOM, "stack_settled", {"StackId": want.id})
    answer = yield Ask(ROOM, "nested_updated", _request(want, want.id))
    good = ("UPDATE_COMPLETE",) if answer["Begun"] else ()
    return (yield from _settled(want.id, "updated", good))


@kind.delete
def delete_stack(want: Want) -> Ending:
    yield Ask(ROOM, "DeleteStack", {"StackName": want.id})
    answer = yield Ask(ROOM, "stack_settled", {"StackId": want.id})
    if answer["Status"] != stacks.DELETED:
        raise errors.EmbeddedStackFailed(id=want.id, done="deleted", reason=answer["Reason"])


def _settled(id: str, done: str, good: tuple[str, ...]) -> Steps:
    """Wait for the nested stack; any status will do where none is asked for."""
    answer = yield Ask(ROOM, "stack_settled", {"StackId": id})
    if good and answer["Status"] not in good:
        raise errors.EmbeddedStackFailed(id=id, done=done, reason=answer["Reason"])
    return Made(id, {"Outputs": answer["Outputs"]})


def _request(want: Want, name: str) -> dict[str, Any]:
    given = want.properties
    if not isinstance(given.get("TemplateURL"), str):
        raise InvalidTemplate(message="Property TemplateURL cannot be empty.")
    values = {key: _text(value) for key, value in (given.get("Parameters") or {}).items()}
    return {
        "StackName": name, "TemplateURL": given["TemplateURL"],
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
        "Tags": tag_list(want.tagged(given)),
        "NotificationARNs": given.get("NotificationARNs") or [],
        "TimeoutInMinutes": int(given.get("TimeoutInMinutes") or 0), "Parent": want.stack_id,
    }  # fmt: skip


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


@cloudformation.internal
async def nested_created(call: Call, request: Request) -> Response:
    """Create a stack inside another, with its parent's capabilities; one made by a lost attempt is found again."""
    parent, made, settings = await call.transact(_family, request)
    if made is None or made.parent != parent.id:
        made = await deploying.create(call, request | settings, DO_NOTHING, parent)
    return {"StackId": made.id}


@cloudformation.internal
async def nested_updated(call: Call, request: Request) -> Response:
    """Update a stack inside another; `Begun` is false when there was nothing to update."""
    _, made, settings = await call.transact(_family, request)
    if made is None or not made.busy:  # a lost attempt may have begun
        try:
            await deploying.update(call, request | settings)
        except errors.NothingToUpdate:
            return {"Begun": False}
    return {"Begun": True}


def _family(tx: Tx, request: Request) -> tuple[Stack, Stack | None, dict[str, Any]]:
    """The stack that asks, the one asked for, if it is there, and what it has from its parent."""
    parent = stacks.open_stack(tx, request["Parent"])
    return parent, stacks.find(tx, request["StackName"]), deploying.inherited(tx, parent)


@cloudformation.internal
async def stack_settled(call: Call, request: Request) -> Response:
    """Wait until nothing goes on with a stack; its last status, reason and outputs."""
    id = request["StackId"]
    with call.listen(stacks.BELL, id) as bell:
        while True:
            stack = await call.transact(lambda tx: tx.get(Stack, id))
            assert stack
            if not stack.busy:
                outputs = {output.key: output.value for output in stack.outputs}
                return {"Status": stack.status, "Reason": stack.reason, "Outputs": outputs}
            await bell.wait(until=call.now + deploying.LOOK_AGAIN_S)
