"""API destinations: addresses that events are sent to, and how fast.

One idea: a destination is active while its connection is open, and takes an event at each tick of its rate. It may not
know HTTP.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
"""

from typing import Any

from freehold.kernel import arns
from freehold.kernel.service import Request
from freehold.kernel.store import Record, Tx
from freehold.services.events import errors
from freehold.services.events.catalogue import given
from freehold.services.events.destinations import connections
from freehold.services.events.destinations.connections import AUTHORIZED, Connection

RATE = 300
UNKNOWN = "Connection '{arn}' does not exist."
SETTINGS = ("Description", "ConnectionArn", "InvocationEndpoint", "HttpMethod", "InvocationRateLimitPerSecond")


class ApiDestination(Record, table="events_destinations", key="name"):
    """A destination. `settings` were given; `next_at` is when the next event may be promised to it, `free_at` when it
    may be called next."""

    name: str
    id: str
    settings: dict[str, Any]
    created_at: float = 0.0
    modified_at: float = 0.0
    next_at: float = 0.0
    free_at: float = 0.0

    @property
    def connection(self) -> str:
        """The name of its connection."""
        return self.settings["ConnectionArn"].split("/")[1]

    @property
    def rate(self) -> int:
        return self.settings.get("InvocationRateLimitPerSecond") or RATE


def find_destination(tx: Tx, name: str) -> ApiDestination:
    """Raises ResourceNotFoundException."""
    destination = tx.get(ApiDestination, name)
    if destination is None:
        raise errors.DestinationNotFound(name=name)
    return destination


def arn(tx: Tx, destination: ApiDestination) -> str:
    return arns.arn("events", tx.region, tx.account, f"api-destination/{destination.name}/{destination.id}")


def create_destination(tx: Tx, request: Request) -> ApiDestination:
    name = request["Name"]
    if tx.get(ApiDestination, name):
        raise errors.AlreadyExists(kind="An api-destination", name=name)
    _check(tx, request["ConnectionArn"])
    destination = ApiDestination(
        name=name, id=tx.ids.uuid(), settings=given(request, SETTINGS), created_at=tx.now, modified_at=tx.now
    )
    tx.put(destination)
    return destination


def _check(tx: Tx, connection_arn: str) -> None:
    connection = tx.get(Connection, connection_arn.split("/")[1])
    if connection is None or connections.arn(tx, connection) != connection_arn:
        raise errors.Invalid(reason=UNKNOWN.format(arn=connection_arn))


def update_destination(tx: Tx, request: Request) -> ApiDestination:
    destination = find_destination(tx, request["Name"])
    if request.get("ConnectionArn"):
        _check(tx, request["ConnectionArn"])
    destination.settings = destination.settings | given(request, SETTINGS)
    destination.modified_at = tx.now
    tx.put(destination)
    return destination


def state(tx: Tx, destination: ApiDestination) -> str:
    connection = tx.get(Connection, destination.connection)
    return "ACTIVE" if connection and connection.state == AUTHORIZED else "INACTIVE"


def slot(tx: Tx, name: str) -> float:
    """The moment for which the next event may be promised to a destination, which is taken by asking. It spreads
    events over time; calls are held to the rate by their `turn`."""
    destination = tx.get(ApiDestination, name)
    if destination is None:
        return tx.now
    at = max(tx.now, destination.next_at)
    destination.next_at = at + 1 / destination.rate
    tx.put(destination)
    return at


def turn(tx: Tx, name: str) -> float:
    """The moment at which a destination may be called, which is taken by asking: what was held up or is tried again
    keeps to the rate as well."""
    destination = find_destination(tx, name)
    at = max(tx.now, destination.free_at)
    destination.free_at = at + 1 / destination.rate
    tx.put(destination)
    return at


def described(tx: Tx, destination: ApiDestination) -> dict[str, Any]:
    """A destination as lists show it."""
    return {
        "ApiDestinationArn": arn(tx, destination),
        "Name": destination.name,
        "ApiDestinationState": state(tx, destination),
        "InvocationRateLimitPerSecond": RATE,
        **{name: value for name, value in destination.settings.items() if name != "Description"},
        "CreationTime": destination.created_at,
        "LastModifiedTime": destination.modified_at,
    }
