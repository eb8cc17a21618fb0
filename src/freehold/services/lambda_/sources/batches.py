"""Batches of queue messages: as functions are given them, and what of a batch failed. It may not know pollers.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import contextlib
from typing import Any

import msgspec

from freehold.kernel import arns
from freehold.sandbox import Result

BATCH_BYTES_MAX = 6_000_000

Item = dict[str, Any]


def queue_url(arn: str) -> str:
    """A URL by which the SQS room knows a queue: its account and name are what counts."""
    place = arns.parse(arn)
    assert place
    return f"http://sqs/{place.account}/{place.resource}"


def record(source: str, message: dict[str, Any], gathered: bool) -> Item:
    """A received message as functions are given it. AWS tells of a digest that is none where batches are `gathered`
    over a window, and says nothing of it where they are not.
    """
    place, digest = arns.parse(source), message.get("MD5OfMessageAttributes")
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {name: attribute(one) for name, one in message.get("MessageAttributes", {}).items()},
        **({"md5OfMessageAttributes": digest} if digest or gathered else {}),
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": source,
        "awsRegion": place.region if place else "",
    }


def attribute(one: dict[str, Any]) -> dict[str, Any]:
    """A message attribute, its members in lower camel case; binary values become base64 in JSON."""
    told = {name[0].lower() + name[1:]: value for name, value in one.items()}
    return {"stringListValues": [], "binaryListValues": []} | told


def trace_of(items: list[Item]) -> str:
    """The trace header of a batch: of its messages' the longest, which has come the longest way."""
    return max((item["attributes"].get("AWSTraceHeader", "") for item in items), key=len, default="")


def weight(items: list[Item]) -> int:
    """About how many bytes the items take in an event."""
    return sum(len(item["body"].encode()) + 1_000 for item in items)


def parts(items: list[Item]) -> list[list[Item]]:
    """The items in order, in parts that are no larger than an event may be."""
    found: list[list[Item]] = [[]]
    for item in items:
        if found[-1] and weight([*found[-1], item]) > BATCH_BYTES_MAX:
            found.append([])
        found[-1].append(item)
    return found


def failures(result: Result, items: list[Item], reports: bool) -> set[str]:
    """The ids of messages that stay in the queue: all if the function failed or its report cannot be understood.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    everything = {item["messageId"] for item in items}
    if result.status != "ok":
        return everything
    if not reports:
        return set()
    with contextlib.suppress(msgspec.DecodeError, AttributeError, TypeError, KeyError):
        answer = msgspec.json.decode(result.payload or b"null") or {}
        failed = {one["itemIdentifier"] for one in answer.get("batchItemFailures") or ()}
        return failed if failed <= everything else everything
    return everything
