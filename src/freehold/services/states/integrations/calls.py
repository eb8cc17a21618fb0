"""Integrations: which call a task's Resource means, and what the call's outcome means to the task.

One idea: an optimised integration is a line in a table; everything else is an AWS SDK call, read from the service's
model. A call goes out as an errand and comes back as an event of the engine. It may not know executions.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from freehold.engines import asl
from freehold.engines.asl import values
from freehold.engines.asl.machine import Service
from freehold.engines.asl.works import service
from freehold.kernel.service import Service as Room
from freehold.services.states.integrations import shapes

TASK_FAILED = "States.TaskFailed"


class Errand(NamedTuple):
    """A call to make for a task; `streams` if its bodies are to be read and written on the way."""

    room: str
    operation: str
    request: dict[str, Any]
    streams: bool = False


class Unknown(Exception):
    """No room of this cloud does what the task wants; the text says why."""


class Words(NamedTuple):
    """How a service is named in an optimised integration's errors: before the dot, for errors that it does not model,
    and in the cause."""

    prefix: str
    otherwise: str
    service: str


class Optimised(NamedTuple):
    """An integration of Step Functions' own: the room that is called, which actions and patterns there are."""

    room: str
    actions: frozenset[str]
    patterns: frozenset[str]
    words: Words


OPTIMISED = {
    "lambda": Optimised(
        "lambda", frozenset({"invoke"}), frozenset({"", "waitForTaskToken"}),
        Words("Lambda", "AWSLambdaException", "AWSLambda"),
    ),
    "sqs": Optimised(
        "sqs", frozenset({"sendMessage"}), frozenset({"", "waitForTaskToken"}),
        Words("SQS", "AmazonSQSException", "AmazonSQS"),
    ),
    "sns": Optimised(
        "sns", frozenset({"publish"}), frozenset({"", "waitForTaskToken"}),
        Words("SNS", "AmazonSNSException", "AmazonSNS"),
    ),
    "dynamodb": Optimised(
        "dynamodb", frozenset({"getItem", "putItem", "updateItem", "deleteItem"}), frozenset({""}),
        Words("DynamoDB", "AmazonDynamoDBException", "AmazonDynamoDBv2"),
    ),
    "events": Optimised(
        "events", frozenset({"putEvents"}), frozenset({"", "waitForTaskToken"}),
        Words("EventBridge", "AmazonEventBridgeException", "AmazonEventBridge"),
    ),
    "states": Optimised(
        "states", frozenset({"startExecution"}), frozenset({"", "sync", "sync:2", "waitForTaskToken"}),
        Words("StepFunctions", "AWSStepFunctionsException", "AWSStepFunctions"),
    ),
}  # fmt: skip

# What the AWS SDK calls a service, where that is not the room's name.
SDK_ROOMS = {
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "eventbridge": "events",
    "sfn": "states",
}
SDK = "aws-sdk:"
# What the SDK sends of its own accord.
SDK_DEFAULTS = {("s3", "PutObject"): {"ContentType": "text/plain; charset=UTF-8", "ChecksumAlgorithm": "CRC32"}}


@lru_cache(maxsize=1_000)
def called(resource: str) -> Service:
    """What a Resource ARN that compiled means."""
    found = service(resource)
    assert found, "a definition with such a resource does not compile"
    return found


def errand(rooms: Mapping[str, Room], task: asl.RunTask) -> Errand:
    """The call that a task wants. Raises Unknown."""
    service, parameters = called(task.resource), values.read(task.parameters)
    if service.family == "LambdaFunction":
        request = {"FunctionName": task.resource, "Payload": task.parameters.encode()}
        return Errand(_present(rooms, "lambda").name, "Invoke", request)
    room = room_of(rooms, service)
    model = shapes.model(room.model or room.name)
    operation = model.operation(service.action.partition(".")[0])
    if operation is None:
        raise Unknown(f"The service '{room.name}' has no action that is named by the resource '{task.resource}'.")
    if not isinstance(parameters, dict):
        raise Unknown(f"The parameters of a task must be a JSON object, but were: {task.parameters}")
    payload = parameters.get("Payload")
    if service.resource_type == "lambda" and payload is not None and not isinstance(payload, str):
        parameters["Payload"] = values.write(payload)  # a text is sent as it is, and null not at all
    request = model.fit(model.operations[operation].input, parameters) or {}
    if service.resource_type.startswith(SDK):
        request = SDK_DEFAULTS.get((room.name, operation), {}) | request
    return Errand(room.name, operation, request, model.streams(operation))


def room_of(rooms: Mapping[str, Room], service: Service) -> Room:
    """The room that a task's service is. Raises Unknown."""
    kind, action = service.resource_type, service.action.partition(".")[0]
    if kind.startswith(SDK) and service.pattern in ("", "waitForTaskToken"):
        name = kind.removeprefix(SDK)
        return _present(rooms, SDK_ROOMS.get(name, name))
    optimised = OPTIMISED.get(kind)
    if optimised is None or action not in optimised.actions or service.pattern not in optimised.patterns:
        raise Unknown(f"Freehold does not have the service integration '{kind}:{service.action}' yet.")
    return _present(rooms, optimised.room)


def _present(rooms: Mapping[str, Room], name: str) -> Room:
    room = rooms.get(name)
    if room is None or room.model is None:
        raise Unknown(f"Freehold does not have the service '{name}' yet.")
    return room
