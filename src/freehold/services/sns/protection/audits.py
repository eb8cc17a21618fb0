"""Audits: what was found in a message, told where its topic's policy says.

One idea: a record is promised in the transaction that takes the message, or that refuses it, to CloudWatch Logs, which
delivers what services have to tell. It may not know what becomes of the message, nor of the record.

https://docs.aws.amazon.com/sns/latest/dg/sns-message-data-protection-operations.html
"""

from typing import Any

import msgspec

from freehold.engines.protection import Destination
from freehold.kernel.deliveries import promise
from freehold.kernel.identity import CLOUD
from freehold.kernel.store import Tx
from freehold.services.sns.topics import Topic


def tell(tx: Tx, topic: Topic, place: Destination, told: dict[str, Any]) -> None:
    """Promise a record to each destination of a place."""
    lines = [msgspec.json.encode(told).decode()]
    request = {"service": "sns", "name": topic.name, "place": list(place), "lines": lines}
    promise(tx.acting(CLOUD), "logs", "vend", request)
