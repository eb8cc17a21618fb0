"""Letters: what a dead-letter queue is told of an errand that failed.

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
from freehold.services.scheduler.errands import Errand
from freehold.services.scheduler.texts import text_of

OWN_FAULT = ("AWS.Scheduler.InternalServerError", "Unexpected error occurred while processing the request")


class Letter(NamedTuple):
    """A message for a queue."""

    queue: arns.Arn
    request: dict[str, Any]


def letter_of(errand: Errand, error: dict[str, Any], spent: str) -> Letter:
    """The letter of an errand with a dead-letter queue; `spent` is the limit of its retry policy that was reached."""
    queue = arns.parse(errand.target["DeadLetterConfig"]["Arn"])
    assert queue, "checked when it was put"
    code, message = OWN_FAULT if error["code"] == "InternalFailure" else (error["code"], error["message"])
    arn, body = _told(errand)
    told = {
        "ERROR_CODE": code,
        "ERROR_MESSAGE": message,
        "EXECUTION_ID": errand.id,
        "EXHAUSTED_RETRY_CONDITION": spent,
        "IS_PAYLOAD_TRUNCATED": "false",
        "RETRY_ATTEMPTS": str(errand.attempt - 1),
        "SCHEDULED_TIME": moments.iso_s(errand.due_at),
        "SCHEDULE_ARN": errand.arn,
        "TARGET_ARN": arn,
    }
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in told.items() if value}
    request = {"QueueUrl": queue_url(str(queue)), "MessageBody": body, "MessageAttributes": attributes}
    return Letter(queue, request)


def _told(errand: Errand) -> tuple[str, str]:
    """The universal ARN of what was to be called, and the request."""
    text = text_of(errand)
    calling = targets.calling(errand.target, text)
    if targets.universal(errand.target["Arn"]):
        return calling.arn, text
    return calling.arn, msgspec.json.encode(calling.request).decode()
