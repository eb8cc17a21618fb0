"""Integrations: which call a task's Resource means, and what the call's outcome means to the task.

One idea: a call's parameters are read by the service's model; what an optimised integration does otherwise is a line in
a table. A call goes out as an errand and comes back as an event of the engine. It may not know executions.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from freehold.engines import asl
from freehold.engines.asl import values
from freehold.engines.asl.machine import Service
from freehold.engines.asl.works import service
from freehold.engines.sdk import shapes
from freehold.kernel.service import Service as Room
from freehold.services.states.known import SDK, model_of

TASK_FAILED = "States.TaskFailed"


class Errand(NamedTuple):
    """A call to make for a task; `streams` if its bodies are to be read and written on the way."""

    room: str
    operation: str
    request: dict[str, Any]
    streams: bool = False

    @property
    def asked(self) -> tuple[str, str, dict[str, Any]]:
        """The room, the operation and the request that are asked so that it is made."""
        if not self.streams:
            return self.room, self.operation, self.request
        return "states", "run_errand", {"room": self.room, "operation": self.operation, "request": self.request}


class Unknown(Exception):
    """No room of this cloud does what the task wants; the text says why."""


class Words(NamedTuple):
    """How a service is named in an optimised integration's errors: before the dot, for errors that it does not model,
    and in the cause."""

    prefix: str
    otherwise: str
    service: str


WORDS = {
    "dynamodb": Words("DynamoDB", "AmazonDynamoDBException", "AmazonDynamoDBv2"),
    "events": Words("EventBridge", "AmazonEventBridgeException", "AmazonEventBridge"),
    "lambda": Words("Lambda", "AWSLambdaException", "AWSLambda"),
    "sns": Words("SNS", "AmazonSNSException", "AmazonSNS"),
    "sqs": Words("SQS", "AmazonSQSException", "AmazonSQS"),
    "states": Words("StepFunctions", "AWSStepFunctionsException", "AWSStepFunctions"),
}

# The structures that a text may stand for: AWS's classes for them can be made from one.
PLAIN = {"dynamodb": {"AttributeValue": "S"}}
ROOMS = {"stepfunctions": "states"}  # rooms that are not called as their models
# What the SDK sends of its own accord.
SDK_DEFAULTS = {("s3", "PutObject"): {"ContentType": "text/plain; charset=UTF-8", "ChecksumAlgorithm": "CRC32"}}


@lru_cache(maxsize=1_000)
def called(resource: str) -> Service:
    """What a Resource ARN that compiled means."""
    found = service(resource)
    assert found, "a definition with such a resource does not compile"
    return found


def errand(rooms: Mapping[str, Room], task: asl.RunTask, machine: str) -> Errand:
    """The call that a task of a machine (its ARN) wants. Raises Unknown."""
    service, parameters = called(task.resource), values.read(task.parameters)
    if service.family == "LambdaFunction":
        request = {"FunctionName": task.resource, "Payload": task.parameters.encode()}
        return Errand(_present(rooms, "lambda").name, "Invoke", request)
    if service.resource_type == "apigateway":
        return Errand(_present(rooms, "states").name, "invoke_api", {"parameters": parameters})
    if service.resource_type == "http":
        _present(rooms, "events")  # keeps the connections
        request = {"parameters": parameters, "machine": machine}
        return Errand(_present(rooms, "states").name, "invoke_endpoint", request)
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
    try:
        plain = PLAIN.get(service.resource_type, {})
        request = model.fit(model.operations[operation].input, parameters, plain) or {}
    except shapes.Unfit as unfit:
        raise Unknown(f"The Parameters '{task.parameters}' could not be used to start the Task: [{unfit}]") from None
    if service.resource_type.startswith(SDK):
        request = SDK_DEFAULTS.get((room.name, operation), {}) | request
    return Errand(room.name, operation, request, model.streams(operation))


def room_of(rooms: Mapping[str, Room], service: Service) -> Room:
    """The room that a task's service is. Raises Unknown."""
    kind = service.resource_type
    if kind.startswith(SDK):
        model = model_of(kind)
        return _present(rooms, ROOMS.get(model, model))
    if kind not in WORDS:
        raise Unknown(f"Freehold does not have the service integration '{kind}:{service.action}' yet.")
    return _present(rooms, kind)


def _present(rooms: Mapping[str, Room], name: str) -> Room:
    room = rooms.get(name)
    if room is None or room.model is None:
        raise Unknown(f"Freehold does not have the service '{name}' yet.")
    return room
