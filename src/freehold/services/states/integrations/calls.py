"""Integrations: which call a task's Resource means, and what the call's outcome means to the task.

One idea: an optimised integration is a line in a table; everything else is an AWS SDK call, read from the service's
model. A call goes out as an errand and comes back as an event of the engine. It may not know executions.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from freehold.engines import asl
from freehold.engines.asl import values
from freehold.engines.asl.machine import Service
from freehold.engines.asl.works import service
from freehold.kernel.service import Service as Room
from freehold.services.states.integrations import shapes
from freehold.services.states.integrations.shapes import Model

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
    room = _room(rooms, service)
    model = shapes.model(room.model or room.name)
    operation = model.operation(service.action.partition(".")[0])
    if operation is None:
        raise Unknown(f"The service '{room.name}' has no action that is named by the resource '{task.resource}'.")
    if not isinstance(parameters, dict):
        raise Unknown(f"The parameters of a task must be a JSON object, but were: {task.parameters}")
    if service.resource_type == "lambda" and not isinstance(parameters.get("Payload", ""), str):
        parameters["Payload"] = values.write(parameters["Payload"])  # a text is sent as it is
    request = model.fit(model.operations[operation].input, parameters)
    return Errand(room.name, operation, request or {}, model.streams(operation))


def _room(rooms: Mapping[str, Room], service: Service) -> Room:
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


# Errors


def refused(rooms: Mapping[str, Room], task: str, resource: str, error: dict[str, Any], request_id: str) -> asl.Event:
    """What an error of the called service means to the task."""
    service = called(resource)
    kind, code = service.resource_type, error["code"]
    room = rooms["lambda"] if service.family == "LambdaFunction" else _room(rooms, service)
    model = shapes.model(room.model or room.name)
    tell = _sdk_error if kind.startswith(SDK) else _optimised_error
    name, cause = tell(model, kind, code, error, request_id)
    return asl.TaskFailed(task, name, cause, submitting=bool(service.pattern))


def _optimised_error(model: Model, kind: str, code: str, error: dict[str, Any], request_id: str) -> tuple[str, str]:
    words, known = OPTIMISED[kind].words, model.error(code)
    status, told = (known.http_status_code, known.code) if known else (error["status"], code)
    cause = (
        f"{error['message']} (Service: {words.service}; Status Code: {status}; "
        f"Error Code: {told}; Request ID: {request_id}; Proxy: null)"
    )
    return f"{words.prefix}.{_exception(code) if known else words.otherwise}", cause


def _sdk_error(model: Model, kind: str, code: str, error: dict[str, Any], request_id: str) -> tuple[str, str]:
    prefix, known = java_name(model.metadata.service_id), model.error(code)
    status = known.http_status_code if known else error["status"]
    where = f"(Service: {prefix}, Status Code: {status}, Request ID: {request_id}) (SDK Attempt Count: 1)"
    return f"{prefix}.{_exception(code) if known else prefix + 'Exception'}", f"{error['message']} {where}"


def _exception(code: str) -> str:
    return code if code.endswith("Exception") else f"{code}Exception"


def java_name(service_id: str) -> str:
    """A service's name in the AWS SDK for Java 2: DynamoDB → DynamoDb, SFN → Sfn, Secrets Manager → SecretsManager."""
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+", service_id)
    return "".join(word.capitalize() for word in words)
