"""Custom resources: AWS::CloudFormation::CustomResource and Custom::*.

One idea: the function or topic behind ServiceToken is sent a request with a URL to answer to; the step waits for what
is put there. It may not know what the function does.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

import json
from collections.abc import Generator
from typing import Any

from freehold.engines import coerce
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.resources import Ask, Made, ResourceType, Want
from freehold.kernel.service import Request, Response
from freehold.services.cloudformation import errors, waiting
from freehold.services.cloudformation.service.catalogue import cloudformation

ROOM = "cloudformation"
TIMEOUT_S = 3_600
SUBJECT = "AWS CloudFormation custom resource request"

TYPE, PREFIX = "AWS::CloudFormation::CustomResource", "Custom::"


def custom_type(name: str) -> ResourceType:
    """The type of a custom resource under the name its author gave it."""
    kind = ResourceType(name, ROOM)
    kind.create(lambda want: _asked(want, name, "Create"))
    kind.update(lambda want: _asked(want, name, "Update"))
    kind.delete(lambda want: _asked(want, name, "Delete"))
    return kind


cloudformation.resources[TYPE] = custom_type(TYPE)


def _asked(want: Want, name: str, action: str) -> Generator[Any, Any, Any]:
    target = str(want.properties.get("ServiceToken", ""))
    place = arns.parse(target)
    service = place.service if place else ""
    box = yield Ask(ROOM, "mailbox_opened", {"Kind": "custom", "Function": service == "lambda"})
    yield _sent(target, service, json.dumps(_message(want, name, action, box)))
    timeout = coerce.integer(want.properties.get("ServiceTimeout", TIMEOUT_S), "ServiceTimeout")
    answer = yield Ask(ROOM, "custom_settled", {"Token": box["Token"], "Until": box["OpenedAt"] + timeout})
    yield Ask(ROOM, "mailbox_closed", {"Token": box["Token"]})
    id = answer.get("PhysicalResourceId") or want.id or want.name()
    if action == "Create":
        yield Made(id)  # so that a failed creation is followed by a Delete
    if answer.get("Status") != "SUCCESS":
        request = box["Token"]
        raise (
            errors.ResponseFailed(reason=answer.get("Reason"), request=request)
            if answer
            else errors.NoResponse(request=request)
        )
    return Made(id, answer.get("Data") or {})


def _sent(target: str, service: str, message: str) -> Ask:
    """The call that hands the request over to a function or a topic."""
    if service == "lambda":
        return Ask("lambda", "Invoke", {"FunctionName": target, "InvocationType": "Event", "Payload": message.encode()})
    if service == "sns":
        return Ask("sns", "Publish", {"TopicArn": target, "Subject": SUBJECT, "Message": message})
    raise errors.ServiceTokenInvalid()


def _message(want: Want, name: str, action: str, box: dict[str, Any]) -> dict[str, Any]:
    message = {
        "RequestType": action, "ServiceToken": want.properties.get("ServiceToken"), "ResponseURL": box["Url"],
        "StackId": want.stack_id, "RequestId": box["Token"], "LogicalResourceId": want.logical_id,
        "ResourceType": name, "ResourceProperties": _texts(want.properties),
    }  # fmt: skip
    if action != "Create":
        message["PhysicalResourceId"] = want.id
    if action == "Update":
        message["OldResourceProperties"] = _texts(want.old)
    return message


def _texts(value: Any) -> Any:
    """Properties as functions are sent them: every scalar is text."""
    if isinstance(value, dict):
        return {key: _texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    return coerce.text(value)


@cloudformation.internal
async def custom_settled(call: Call, request: Request) -> Response:
    """Wait for the answer to a custom resource's request; an empty one when the time is over."""
    token = request["Token"]
    with call.listen(waiting.BELL, token) as bell:
        while True:
            found = await call.transact(waiting.answers, token)
            if found or call.now >= request["Until"]:
                return found[0].body if found else {}
            await bell.wait(until=request["Until"])
