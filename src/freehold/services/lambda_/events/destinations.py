"""Where outcomes of asynchronous invocations are told: destinations and dead letters.

One idea: an outcome is a text for an ARN, sent with the permissions of the function's role. It may not know attempts.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

from datetime import UTC, datetime
from typing import Any

import msgspec

from freehold.engines import moments
from freehold.kernel import arns
from freehold.kernel.deliveries import promise
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.sandbox import Result
from freehold.services.lambda_.invocation import roles, running
from freehold.services.lambda_.invocation.running import Target
from freehold.services.lambda_.names import LATEST

ERROR_MESSAGE_MAX = 1_024
TAKERS = frozenset({"sqs", "sns", "lambda", "events", "s3"})  # services whose ARNs may be destinations


def letter_attributes(event: Request, result: Result | None) -> dict[str, Any]:
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
        "timestamp": moments.iso_ms(tx.now),
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


def tell(tx: Tx, destination: str, target: Target, told: dict[str, Any], role_id: str = "") -> None:
    if destination:
        send(tx, destination, target, msgspec.json.encode(told).decode(), {}, role_id)


def send(tx: Tx, destination: str, target: Target, body: str, attributes: dict[str, Any], role_id: str = "") -> None:
    """Promise a text to a queue, topic, function or bucket, sent with the permissions of the function's role."""
    service, operation, request = message(destination, body, attributes)
    if service == "s3":
        request["Key"] = _key(tx, target.function.name)
    onward = running.passed(tx, target.function.name, tx.trace)
    promise(tx.acting(roles.teller(tx, target.version, role_id), onward), service, operation, request)


def _key(tx: Tx, function: str) -> str:
    """The key of a record in a bucket."""
    return datetime.fromtimestamp(tx.now, UTC).strftime(
        f"aws/lambda/async/{function}/%Y/%m/%d/%Y-%m-%dT%H.%M.%S-{tx.ids.uuid()}"
    )


def _entry(bus: str, body: str) -> dict[str, Any]:
    """A record as an event. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
    context = msgspec.json.decode(body).get("requestContext", {}) if body else {}
    outcome = "Success" if context.get("condition") == "Success" else "Failure"
    return {
        "Source": "lambda",
        "DetailType": f"Lambda Function Invocation Result - {outcome}",
        "Resources": [bus, *([context["functionArn"]] if "functionArn" in context else ())],
        "Detail": body or "{}",
        "EventBusName": bus,
    }


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
    if kind == "events":
        return "events", "PutEvents", {"Entries": [_entry(destination, body)]}
    if kind == "s3" and place:
        return "s3", "PutObject", {"Bucket": place.resource, "Key": "aws/lambda/async", "Body": body.encode()}
    raise NotImplementedHere(service="lambda", operation=f"destinations of {kind or 'this kind'}")
