"""Answers: what a called service's result is to the task that called it.

One idea: the AWS SDK's integrations give the result as it is; the optimised ones add what an HTTP client saw, and a few
read the result for an error. It may not know executions.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
"""

from collections.abc import Callable
from typing import Any

import msgspec

from freehold.engines import asl
from freehold.engines.asl import values
from freehold.engines.sdk import shapes
from freehold.kernel.service import Service as Room
from freehold.kernel.store import Tx
from freehold.services.states.integrations.calls import called
from freehold.services.states.integrations.metadata import SEEN, metadata
from freehold.services.states.known import SDK

Result = dict[str, Any]
FAILED = 400  # from this status on, an API's answer is an error
OVER_HTTP = {"apigateway": "ApiGateway", "http": "States.Http.StatusCode"}  # how such an error is named
UNTOLD = "The cause could not be determined because Lambda did not return an error type. Returned payload: {payload}"


def succeeded(tx: Tx, room: Room, operation: str, task: str, resource: str, result: Result) -> asl.Event:
    """The event of a task whose call was answered: its end, or for the other patterns that it was submitted."""
    service = called(resource)
    prefix = OVER_HTTP.get(service.resource_type)
    if prefix and result["StatusCode"] >= FAILED:
        body = result["ResponseBody"]
        cause = body if isinstance(body, str) else values.write(body)
        return asl.TaskFailed(task, f"{prefix}.{result['StatusCode']}", cause, submitting=bool(service.pattern))
    if prefix:
        return _done(task, service.pattern, values.write(result))
    model = shapes.model(room.model or room.name)
    if service.family == "LambdaFunction" or service.resource_type == "lambda":
        failure = _function_error(task, service.family, result)
        if failure:
            return failure
    if service.family == "LambdaFunction":
        return asl.TaskSucceeded(task, result.get("Payload", b"null").decode() or "null")
    kind = service.resource_type
    output = model.tell(model.operations[operation].output, result)
    if not kind.startswith(SDK):
        output = SHAPED.get(kind, _as_it_is)(output)
        output |= metadata(tx, kind, result) if kind in SEEN else {}
    text = values.write(output)
    if kind == "events" and output.get("FailedEntryCount"):
        return asl.TaskFailed(task, "EventBridge.FailedEntry", text)
    return _done(task, service.pattern, text)


def _done(task: str, pattern: str, text: str) -> asl.Event:
    return asl.TaskSubmitted(task, text) if pattern else asl.TaskSucceeded(task, text)


def _function_error(task: str, family: str, result: Result) -> asl.TaskFailed | None:
    """The failure of a function that was invoked: named by the type that the function gave it."""
    if "FunctionError" not in result:
        return None
    payload = result.get("Payload", b"").decode()
    told = _json(payload)
    error = told.get("errorType") if isinstance(told, dict) else None
    if not error:
        return asl.TaskFailed(task, "Lambda.Unknown", UNTOLD.format(payload=payload))
    return asl.TaskFailed(task, error, payload if family == "LambdaFunction" else values.write(told))


def _json(text: str) -> Any:
    """The value of a JSON text; of any other, the text."""
    try:
        return values.read(text) if text else ""
    except msgspec.DecodeError:
        return text


def _as_it_is(output: Result) -> Result:
    return output


def _with_json_payload(output: Result) -> Result:
    return {**output, "Payload": _json(output["Payload"])} if "Payload" in output else output


def _in_milliseconds(output: Result) -> Result:
    """Moments as the optimised integration of Step Functions itself writes them."""
    moments = ((name, values.moment(output[name])) for name in ("StartDate", "StopDate") if name in output)
    return {**output, **{name: round(at * 1_000) for name, at in moments if at is not None}}


SHAPED: dict[str, Callable[[Result], Result]] = {"lambda": _with_json_payload, "states": _in_milliseconds}


def child_ended(task: str, resource: str, description: Result) -> asl.Event:
    """The event of a .sync task whose execution has ended: what DescribeExecution tells, or StartSyncExecution."""
    told = _in_pascal_case(description)
    told |= {name: round(told[name] * 1_000) for name in ("StartDate", "StopDate")}
    if called(resource).pattern == "sync:2":
        told |= {name: _json(told[name]) for name in ("Input", "Output") if name in told}
    text = values.write(told)
    if told["Status"] == "SUCCEEDED":
        return asl.TaskSucceeded(task, text)
    return asl.TaskFailed(task, "States.TaskFailed", text)


def _in_pascal_case(value: Result) -> Result:
    return {
        name[:1].upper() + name[1:]: _in_pascal_case(part) if isinstance(part, dict) else part
        for name, part in value.items()
    }
