"""Letters: what a dead-letter queue is told of an invocation that failed.

One idea: the body is the request as the target's API would have had it, and attributes say what happened. It may not
know how letters are sent.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
"""

from typing import Any, NamedTuple

import msgspec

from freehold.engines import moments
from freehold.engines.addresses import queue_url
from freehold.kernel import arns
from freehold.services.scheduler import targets
from freehold.services.scheduler.invocations import Invocation
from freehold.services.scheduler.texts import text_of

OWN_FAULT = ("AWS.Scheduler.InternalServerError", "Unexpected error occurred while processing the request")


class Letter(NamedTuple):
    """A message for a queue."""

    queue: arns.Arn
    request: dict[str, Any]


def letter_of(invocation: Invocation, error: dict[str, Any], spent: str) -> Letter:
    """The letter of an invocation with a dead-letter queue; `spent` is the limit of its retry policy it came to."""
    queue = arns.parse(invocation.target["DeadLetterConfig"]["Arn"])
    assert queue, "checked when it was put"
    code, message = OWN_FAULT if error["code"] == "InternalFailure" else (error["code"], error["message"])
    arn, body = _told(invocation)
    told = {
        "ERROR_CODE": code,
        "ERROR_MESSAGE": message,
        "EXECUTION_ID": invocation.id,
        "EXHAUSTED_RETRY_CONDITION": spent,
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": str(invocation.attempt - 1),
        "SCHEDULED_TIME": moments.iso_s(invocation.due_at),
        "SCHEDULE_ARN": invocation.arn,
        "TARGET_ARN": arn,
    }
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in told.items() if value}
    request = {"QueueUrl": queue_url(str(queue)), "MessageBody": body, "MessageAttributes": attributes}
    return Letter(queue, request)


def _told(invocation: Invocation) -> tuple[str, str]:
    """The universal ARN of what was to be called, and the request."""
    text = text_of(invocation)
    calling = targets.calling(invocation.target, text)
    if targets.universal(invocation.target["Arn"]):
        return calling.arn, text
    return calling.arn, msgspec.json.encode(calling.request).decode()
