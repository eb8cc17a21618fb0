"""Batches of queue messages: as functions and pipes are given them, how large they may be, and how many are worked on
at a time. It may not know who reads a queue.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

from typing import Any

from freehold.engines.addresses import queue_url

BATCH_BYTES_MAX = 6_000_000
RECEIVE_MAX = DELETE_MAX = 10
LONG_POLL_S = 20
EVERYTHING = {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]}
AT_ONCE, AT_ONCE_MAX, MORE_PER_S = 5, 1_250, 5

Item = dict[str, Any]


def at_once(full_for_s: float) -> int:
    """How many batches may be worked on when a queue has kept all readers busy for so long: few at first, then more."""
    return min(AT_ONCE_MAX, AT_ONCE + int(MORE_PER_S * full_for_s))


def record(source: str, message: dict[str, Any], gathered: bool) -> Item:
    """A received message as functions are given it. AWS tells of a digest that is none where batches are `gathered`
    over a window, and says nothing of it where they are not.
    """
    digest = message.get("MD5OfMessageAttributes")
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
        "awsRegion": source.split(":")[3],
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


def deletions(source: str, items: list[Item]) -> list[dict[str, Any]]:
    """The requests that delete items, as many at a time as may be."""
    parts = [items[start : start + DELETE_MAX] for start in range(0, len(items), DELETE_MAX)]
    entries = [
        [{"Id": str(at), "ReceiptHandle": one["receiptHandle"]} for at, one in enumerate(part)] for part in parts
    ]
    return [{"QueueUrl": queue_url(source), "Entries": some} for some in entries]
