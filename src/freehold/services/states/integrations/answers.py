"""Answers: what a called service's result is to the task that called it.

One idea: the AWS SDK's integrations give the result as it is; the optimised ones add what an HTTP client saw, and a few
read the result for an error. It may not know executions.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
"""

from collections.abc import Callable
from email.utils import formatdate
from typing import Any
from zlib import crc32

import msgspec

from freehold.engines import asl
from freehold.engines.asl import values
from freehold.kernel.service import Service as Room
from freehold.kernel.store import Tx
from freehold.services.states.integrations import shapes
from freehold.services.states.integrations.calls import SDK, called

Result = dict[str, Any]
UNTOLD = "The cause could not be determined because Lambda did not return an error type. Returned payload: {payload}"


def succeeded(tx: Tx, room: Room, operation: str, task: str, resource: str, result: Result) -> asl.Event:
    """The event of a task whose call was answered: its end, or for the other patterns that it was submitted."""
    service = called(resource)
    model = shapes.model(room.model or room.name)
    if service.family == "LambdaFunction" or service.resource_type == "lambda":
        failure = _function_error(task, result)
        if failure:
            return failure
    if service.family == "LambdaFunction":
        return asl.TaskSucceeded(task, result.get("Payload", b"null").decode() or "null")
    output = model.tell(model.operations[operation].output, result)
    if not service.resource_type.startswith(SDK):
        shape = SHAPED.get(service.resource_type, with_metadata)
        output = shape(tx, output)
    text = values.write(output)
    if service.resource_type == "events" and output.get("FailedEntryCount"):
        return asl.TaskFailed(task, "EventBridge.FailedEntry", text)
    return asl.TaskSubmitted(task, text) if service.pattern else asl.TaskSucceeded(task, text)


def _function_error(task: str, result: Result) -> asl.TaskFailed | None:
    """The failure of a function that was invoked: named by the type that the function gave it."""
    if "FunctionError" not in result:
        return None
    payload = result.get("Payload", b"").decode()
    told = _json(payload)
    error = told.get("errorType") if isinstance(told, dict) else None
    if not error:
        return asl.TaskFailed(task, "Lambda.Unknown", UNTOLD.format(payload=payload))
    return asl.TaskFailed(task, error, payload)


def _json(text: str) -> Any:
    """The value of a JSON text; of any other, the text."""
    try:
        return values.read(text) if text else ""
    except msgspec.DecodeError:
        return text


def with_metadata(tx: Tx, output: Result, kind: str = "application/x-amz-json-1.0", **more: str) -> Result:
    """The output with what the SDK saw of the HTTP response."""
    request_id = tx.ids.uuid()
    headers = {
        "Connection": "keep-alive",
        "Content-Length": str(len(values.write(output))),
        "Content-Type": kind,
        "Date": formatdate(tx.now, usegmt=True),
        "x-amzn-RequestId": request_id,
        **more,
    }
    http = {
        "AllHttpHeaders": {name: [value] for name, value in headers.items()},
        "HttpHeaders": headers,
        "HttpStatusCode": 200,
    }
    return {**output, "SdkHttpMetadata": http, "SdkResponseMetadata": {"RequestId": request_id}}


def _of_lambda(tx: Tx, output: Result) -> Result:
    told = {**output, "Payload": _json(output["Payload"])} if "Payload" in output else output
    version = {"X-Amz-Executed-Version": output["ExecutedVersion"]} if "ExecutedVersion" in output else {}
    return with_metadata(tx, told, "application/json", **version, **{"x-amzn-Remapped-Content-Length": "0"})


def _of_dynamodb(tx: Tx, output: Result) -> Result:
    check = crc32(values.write(output).encode())
    return with_metadata(tx, output, Server="Server", **{"x-amz-crc32": str(check)})


def _in_milliseconds(output: Result) -> Result:
    """Moments as the optimised integration of Step Functions itself writes them."""
    moments = ((name, values.moment(output[name])) for name in ("StartDate", "StopDate") if name in output)
    return {**output, **{name: round(at * 1_000) for name, at in moments if at is not None}}


SHAPED: dict[str, Callable[[Tx, Result], Result]] = {
    "dynamodb": _of_dynamodb,
    "events": lambda tx, output: output,
    "lambda": _of_lambda,
    "sns": lambda tx, output: with_metadata(tx, output, "text/xml"),
    "states": lambda tx, output: with_metadata(tx, _in_milliseconds(output)),
}

# Of an execution's description, what a task that waited for its end does not get.
_UNTOLD = {"redriveCount", "redriveStatus", "redriveStatusReason"}


def child_ended(task: str, resource: str, description: Result) -> asl.Event:
    """The event of a .sync task whose execution has ended, from DescribeExecution's answer."""
    told = {name[:1].upper() + name[1:]: value for name, value in description.items() if name not in _UNTOLD}
    told |= {name: {"Included": True} for name in ("InputDetails", "OutputDetails") if name in told}
    told |= {name: round(told[name] * 1_000) for name in ("StartDate", "StopDate")}
    if called(resource).pattern == "sync:2":
        told |= {name: _json(told[name]) for name in ("Input", "Output") if name in told}
    text = values.write(told)
    if told["Status"] == "SUCCEEDED":
        return asl.TaskSucceeded(task, text)
    return asl.TaskFailed(task, "States.TaskFailed", text)
