"""Reports: which of a batch's messages a function says it failed on. It may not know pollers.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import contextlib

import msgspec

from freehold.engines.sources.queues import Item
from freehold.sandbox import Result


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
