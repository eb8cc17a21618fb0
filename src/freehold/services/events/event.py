"""Events: what they look like. It may not know rules.

https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from freehold.engines import moments

Event = dict[str, Any]
MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def epoch(event: Event) -> float:
    """When an event was, in epoch seconds."""
    return datetime.strptime(event["time"], MOMENT).replace(tzinfo=UTC).timestamp()


def event(
    id: str, source: str, detail_type: str, account: str, region: str, at: float, resources: Sequence[str], detail: Any
) -> Event:
    """An event; `at` in epoch seconds."""
    return {
        "version": "0",
        "id": id,
        "detail-type": detail_type,
        "source": source,
        "account": account,
        "time": moments.iso_s(at),
        "region": region,
        "resources": list(resources),
        "detail": detail,
    }
