"""The catalogue of EventBridge's operations, and the ARNs of what they need permission for.

It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
"""

from collections.abc import Callable
from typing import Any

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Service
from freehold.services.events.names import place_of, rule_arn

events = Service("events")

Arn = Callable[[Call, Request], str]


def bus_arn(call: Call, request: Request) -> str:
    """The ARN of the request's bus; of the default one where none is told."""
    return place_of(request.get("EventBusName") or request.get("Name"), call.account, call.region).arn


def named_bus_arn(call: Call, request: Request) -> str:
    return place_of(request.get("EventBusName"), call.account, call.region).arn


def named_rule_arn(call: Call, request: Request) -> str:
    place = place_of(request.get("EventBusName"), call.account, call.region)
    return rule_arn(place.account, place.region, place.bus, request.get("Name") or request["Rule"])


def named(kind: str, member: str) -> Arn:
    """The ARN of a `kind` of resource whose name is a member of the request."""
    return lambda call, request: arns.arn("events", call.region, call.account, f"{kind}/{request[member]}")


def tagged_arn(call: Call, request: Request) -> str:
    return request["ResourceARN"]


def tags_of(request: Request) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in request.get("Tags", ())}


def given(request: Request, names: tuple[str, ...]) -> dict[str, Any]:
    """The members of these names that a request has."""
    return {name: request[name] for name in names if request.get(name) is not None}
