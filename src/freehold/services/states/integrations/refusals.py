"""Refusals: what an error of a called service means to the task.

One idea: the optimised integrations speak as the AWS SDK for Java 1 did, the others as its second version, and both
name an error by the service's model. It may not know executions.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha512
from typing import Any

from freehold.engines import asl
from freehold.engines.sdk import shapes
from freehold.engines.sdk.shapes import Model
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Service as Room
from freehold.services.states.integrations.calls import TASK_FAILED, WORDS, called, room_of
from freehold.services.states.known import SDK

Error = dict[str, Any]  # of an outcome: `code`, `message`, `status`
CAUSE = "{words} (Service: {service}; Status Code: {status}; Error Code: {code}; Request ID: {id}; Proxy: null)"
EXTENDED_LENGTH = 57  # bytes in the second id by which S3 knows a request


def refused(rooms: Mapping[str, Room], task: str, resource: str, error: Error, request_id: str) -> asl.Event:
    """The event of a task whose call was refused."""
    service = called(resource)
    kind = service.resource_type
    if kind == "apigateway":
        return asl.TaskFailed(task, f"ApiGateway.{error['code']}", error["message"], submitting=bool(service.pattern))
    if kind == "http":
        name = error["code"] if error["code"].startswith("States.") else TASK_FAILED
        return asl.TaskFailed(task, name, error["message"])
    room = rooms["lambda"] if service.family == "LambdaFunction" else room_of(rooms, service)
    model = shapes.model(room.model or room.name)
    tell = _sdk_error if kind.startswith(SDK) else _optimised_error
    name, cause = tell(model, kind, error, request_id)
    return asl.TaskFailed(task, name, cause, submitting=bool(service.pattern))


def _optimised_error(model: Model, kind: str, error: Error, request_id: str) -> tuple[str, str]:
    words, known = WORDS[kind], model.error(error["code"])
    status, told = (known.http_status_code, known.code) if known else (error["status"], error["code"])
    cause = CAUSE.format(words=error["message"], service=words.service, status=status, code=told, id=request_id)
    return f"{words.prefix}.{_exception(error['code']) if known else words.otherwise}", cause


def cause(service: str, refusal: AwsError, request_id: str) -> str:
    """How the SDK that the optimised integrations use tells of an error."""
    told = {"words": refusal.message, "status": refusal.status or 400, "code": refusal.shape()}
    return CAUSE.format(**told, service=service, id=request_id)


def _sdk_error(model: Model, _kind: str, error: Error, request_id: str) -> tuple[str, str]:
    prefix, known = java_name(model.metadata.service_id), model.error(error["code"])
    status = known.http_status_code if known else error["status"]
    extended = f", Extended Request ID: {_extended(request_id)}" if prefix == "S3" else ""
    where = f"(Service: {prefix}, Status Code: {status}, Request ID: {request_id}{extended}) (SDK Attempt Count: 1)"
    return f"{prefix}.{_exception(error['code']) if known else prefix + 'Exception'}", f"{error['message']} {where}"


def _extended(request_id: str) -> str:
    return b64encode(sha512(request_id.encode()).digest()[:EXTENDED_LENGTH]).decode()


def _exception(code: str) -> str:
    return code if code.endswith("Exception") else f"{code}Exception"


def java_name(service_id: str) -> str:
    """A service's name in the AWS SDK for Java 2: DynamoDB → DynamoDb, SFN → Sfn, Secrets Manager → SecretsManager."""
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+", service_id)
    return "".join(word.capitalize() for word in words)
