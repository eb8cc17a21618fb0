"""PutPermission and RemovePermission. They may not know how a policy is weighed.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.services.events import permissions
from freehold.services.events.catalogue import events, named_bus_arn
from freehold.services.events.permissions import open_bus


@events.operation(needs={"events:PutPermission": named_bus_arn})
def put_permission(call: Call, tx: Tx, request: Request) -> None:
    """Either `Policy`, or one statement by `Action`, `Principal`, `StatementId` and `Condition`."""
    here, bus = open_bus(tx, request.get("EventBusName"), "PutPermission")
    permissions.put(here, bus, request)


@events.operation(needs={"events:RemovePermission": named_bus_arn})
def remove_permission(call: Call, tx: Tx, request: Request) -> None:
    here, bus = open_bus(tx, request.get("EventBusName"), "RemovePermission")
    permissions.remove(here, bus, request.get("StatementId"), request.get("RemoveAllPermissions", False))
