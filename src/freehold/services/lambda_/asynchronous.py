"""Asynchronous invocation: an event that is accepted will be run, retried, and told of.

One idea: an accepted event is a promise, made in the transaction that answers 202; every attempt ends in one
transaction that writes its logs and promises the next attempt or what its outcome leads to. It may not know HTTP.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
"""

from datetime import UTC, datetime
from typing import Any

import msgspec

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request
from freehold.kernel.store import Record, Tx
from freehold.kernel.timers import at
from freehold.sandbox import Result
from freehold.services.lambda_ import errors, invoking
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.invoking import Payload, Target
from freehold.services.lambda_.names import LATEST

RETRY_AFTER_S = (60.0, 120.0)
RETRIES = 2
AGE_MAX_S = 21_600
ERROR_MESSAGE_MAX = 1_024
TAKERS = frozenset({"sqs", "sns", "lambda", "events", "s3"})  # services whose ARNs may be destinations


class EventInvokeConfig(Record, table="lambda_event_invoke_configs", key="function qualifier"):
    """How asynchronous invocations of a qualifier end. Targets are ARNs, empty for none."""

    function: str
    qualifier: str
    modified_at: float
    retries: int | None = None
    age_max_s: int | None = None
    on_success: str = ""
    on_failure: str = ""


def config_of(tx: Tx, function: str, qualifier: str) -> EventInvokeConfig:
    """The configuration that holds for a qualifier; the defaults if none was put."""
    found = tx.get(EventInvokeConfig, function, qualifier or LATEST)
    return found or EventInvokeConfig(function=function, qualifier=qualifier or LATEST, modified_at=0.0)


def accept(tx: Tx, target: Target, request_id: str, body: bytes) -> None:
    """Promise to run an event."""
    event = {
        "function": target.function.name, "qualifier": _qualifier(target), "request_id": request_id, "body": body,
        "accepted_at": tx.now, "attempt": 1,
    }  # fmt: skip
    promise(tx, "lambda", "run_event", event, lane=_lane(tx, event))


def _qualifier(target: Target) -> str:
    """The qualifier that was asked for: what follows the name in `arn:aws:lambda:region:account:function:name:…`."""
    return ":".join(target.arn.split(":")[7:])


def _lane(tx: Tx, event: dict[str, Any]) -> str:
    return f"lambda-events:{tx.account}:{event['function']}"


@lambda_.internal
def retry_event(call: Call, tx: Tx, request: Request) -> None:
    """The pause before a retry is over."""
    promise(tx, "lambda", "run_event", request["event"], lane=_lane(tx, request["event"]))


@lambda_.internal
async def run_event(call: Call, request: Request) -> None:
    """One attempt. Throttles are raised, so that the attempt is made again later."""
    target = await call.transact(_target, request)
    if target is None:
        return
    config = await call.transact(config_of, request["function"], request["qualifier"])
    age_max_s = AGE_MAX_S if config.age_max_s is None else config.age_max_s
    if target.function.reserved == 0:
        await call.transact(_fail, target, config, request, None, "ZeroReservedConcurrency")
    elif call.now - request["accepted_at"] > age_max_s:
        await call.transact(_fail, target, config, request, None, "EventAgeExceeded")
    else:
        result = await invoking.run(call, target, Payload(request["request_id"], request["body"]))
        await call.transact(_conclude, target, config, request, result)


def _target(tx: Tx, request: Request) -> Target | None:
    """What the event is for; None if it is gone, and the event with it."""
    try:
        return invoking.target(tx, request["function"], request["qualifier"])
    except errors.ResourceNotFoundException:
        return None


def _conclude(tx: Tx, target: Target, config: EventInvokeConfig, event: Request, result: Result) -> None:
    """Write the attempt's logs and what follows from it."""
    invoking.write_log(tx, target.version, result)
    if result.status == "ok":
        _tell(tx, config.on_success, target, envelope(tx, target, event, result, "Success"))
        return
    retries = RETRIES if config.retries is None else config.retries
    attempt = event["attempt"]
    if attempt > retries:
        _fail(tx, target, config, event, result, "RetriesExhausted")
        return
    at(tx, tx.now + RETRY_AFTER_S[attempt - 1], "lambda", "retry_event", event={**event, "attempt": attempt + 1})


def _fail(
    tx: Tx, target: Target, config: EventInvokeConfig, event: Request, result: Result | None, condition: str
) -> None:
    """Tell the failure destination and the dead-letter queue or topic."""
    _tell(tx, config.on_failure, target, envelope(tx, target, event, result, condition))
    letter = target.version.settings.get("DeadLetterConfig", {}).get("TargetArn", "")
    if letter:
        body = event["body"].decode("utf-8", "replace")
        _send(tx, letter, target, body, _letter_attributes(event, result))


def _letter_attributes(event: Request, result: Result | None) -> dict[str, Any]:
    attributes = {"RequestID": {"DataType": "String", "StringValue": event["request_id"]}}
    if result:
        message = _error_message(result)[:ERROR_MESSAGE_MAX]
        attributes["ErrorCode"] = {"DataType": "Number", "StringValue": "200"}
        attributes["ErrorMessage"] = {"DataType": "String", "StringValue": message or "Unknown error"}
    return attributes


def _error_message(result: Result) -> str:
    payload = _value(result.payload)
    return str(payload.get("errorMessage", "")) if isinstance(payload, dict) else ""


def _value(body: bytes) -> Any:
    """JSON as a value; what is none, as text."""
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return body.decode("utf-8", "replace")


def envelope(tx: Tx, target: Target, event: Request, result: Result | None, condition: str) -> dict[str, Any]:
    """The record that destinations get.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    told = {
        "version": "1.0",
        "timestamp": datetime.fromtimestamp(tx.now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": event["request_id"],
            "functionArn": f"{target.arn}{'' if event['qualifier'] else ':' + LATEST}",
            "condition": condition,
            "approximateInvokeCount": event["attempt"] if result else event["attempt"] - 1,
        },
        "requestPayload": _value(event["body"]),
    }
    if result:
        failed = {} if result.status == "ok" else {"functionError": "Unhandled"}
        told["responseContext"] = {"statusCode": 200, "executedVersion": target.version.label} | failed
        told["responsePayload"] = _value(result.payload)
    return told


def _tell(tx: Tx, destination: str, target: Target, told: dict[str, Any]) -> None:
    if destination:
        _send(tx, destination, target, msgspec.json.encode(told).decode(), {})


def _send(tx: Tx, destination: str, target: Target, body: str, attributes: dict[str, Any]) -> None:
    """Promise a text to a queue, topic or function, sent with the permissions of the function's role."""
    service, operation, request = message(destination, body, attributes)
    promise(tx.acting(invoking.role_of(target.version)), service, operation, request)


def message(destination: str, body: str, attributes: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """How a text is sent to an ARN: service, operation and request."""
    place = arns.parse(destination)
    kind = place.service if place else ""
    with_attributes = {"MessageAttributes": attributes} if attributes else {}
    if kind == "sqs" and place:
        url = f"http://sqs/{place.account}/{place.resource}"
        return "sqs", "SendMessage", {"QueueUrl": url, "MessageBody": body} | with_attributes
    if kind == "sns":
        return "sns", "Publish", {"TopicArn": destination, "Message": body} | with_attributes
    if kind == "lambda":
        return "lambda", "Invoke", {"FunctionName": destination, "InvocationType": "Event", "Payload": body.encode()}
    raise NotImplementedHere(service="lambda", operation=f"destinations of {kind or 'this kind'}")


def remove(tx: Tx, function: str) -> None:
    """Forget how a function's asynchronous invocations end."""
    for config in tx.range(EventInvokeConfig, function):
        tx.delete(EventInvokeConfig, function, config.qualifier)
