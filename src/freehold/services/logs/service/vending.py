"""Vended logs, as the cloud's services ask for them. It may not know what they tell.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
"""

from freehold.engines.protection import Destination
from freehold.kernel.call import Call
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.services.logs import vending
from freehold.services.logs.service.catalogue import logs


@logs.internal
def vend(call: Call, tx: Tx, request: Request) -> None:
    """Deliver `lines` that a `service` has to tell of what bears a `name` to each destination of a `place`."""
    vending.tell(tx, _origin(request), Destination(*request["place"]), request["lines"])


@logs.internal
def file_vended(call: Call, tx: Tx, request: Request) -> None:
    """Put what a `service` had to tell of what bears a `name` since the last time into a `bucket`."""
    vending.file(tx, _origin(request), request["bucket"])


def _origin(request: Request) -> vending.Origin:
    return vending.Origin(request["service"], request["name"])
