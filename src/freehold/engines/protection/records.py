"""Records of findings: what is told of one text, by name and place.

One idea: SNS and CloudWatch Logs tell of findings in the same words. It may not know whose text it is.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data-audit-findings.html
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from freehold.engines import moments
from freehold.engines.pii import Finding

PLACES_MAX = 1_000  # of one identifier, so that no message makes a record many times its size


def record(
    resource_arn: str, now: float, found: Iterable[Finding], message_id: str = "", caller: str = ""
) -> dict[str, Any]:
    """What was found in a text of a resource, at a moment in epoch seconds; of a message also its id and who sent it.
    Offsets count code points from 0, `end` is that of the last one. Of many findings all are counted, and the first
    told."""
    names: dict[str, list[Finding]] = defaultdict(list)
    for one in found:
        names[one.name].append(one)
    told = {
        "messageId": message_id,
        "auditTimestamp": moments.iso_s(now),
        "callerPrincipal": caller,
        "resourceArn": resource_arn,
        "dataIdentifiers": [_told(name, some) for name, some in names.items()],
    }
    return {name: value for name, value in told.items() if value != ""}


def _told(name: str, found: list[Finding]) -> dict[str, Any]:
    places = [{"start": one.start, "end": one.end - 1} for one in found[:PLACES_MAX]]
    return {"name": name, "count": len(found), "detections": places}
