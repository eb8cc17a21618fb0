"""Event buses: made, described, listed, changed and removed. They may not know rules beyond whether there are any.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.events import buses
from freehold.services.events.buses import SETTINGS, EventBus
from freehold.services.events.catalogue import bus_arn, events, given, tags_of
from freehold.services.events.names import DEFAULT, Place, place_of
from freehold.services.events.pages import page
from freehold.services.events.partners.sources import associate, dissociate
from freehold.services.events.permissions import open_bus
from freehold.services.events.rules import Rule


def _create_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    arn = bus_arn(call, request)
    return [("events:CreateEventBus", arn)] + ([("events:TagResource", arn)] if request.get("Tags") else [])


@events.operation(needs=_create_needs)
def create_event_bus(call: Call, tx: Tx, request: Request) -> Response:
    source = request.get("EventSourceName", "")
    if source:
        associate(tx, source, request["Name"])
    bus = buses.create_bus(tx, request["Name"], given(request, SETTINGS), tags_of(request), bool(source))
    return {"EventBusArn": Place(tx.account, tx.region, bus.name).arn} | _settings(bus)


def _settings(bus: EventBus) -> Response:
    return {name: bus.settings[name] for name in SETTINGS if name in bus.settings}


@events.operation(needs={"events:DescribeEventBus": bus_arn})
def describe_event_bus(call: Call, tx: Tx, request: Request) -> Response:
    here, bus = open_bus(tx, request.get("Name"), "DescribeEventBus")
    return buses.described(here, bus) | _settings(bus)


@events.operation(needs={"events:UpdateEventBus": bus_arn})
def update_event_bus(call: Call, tx: Tx, request: Request) -> Response:
    here, bus = open_bus(tx, request.get("Name"), "UpdateEventBus")
    bus.settings = bus.settings | given(request, SETTINGS)
    buses.keep(here, bus)
    return {"Arn": Place(here.account, here.region, bus.name).arn, "Name": bus.name} | _settings(bus)


@events.operation(needs={"events:DeleteEventBus": bus_arn})
def delete_event_bus(call: Call, tx: Tx, request: Request) -> None:
    name = place_of(request["Name"], tx.account, tx.region).bus
    buses.delete_bus(tx, name, bool(tx.count(Rule, name)))
    dissociate(tx, name)


@events.operation(needs={"events:ListEventBuses": "*"})
def list_event_buses(call: Call, tx: Tx, request: Request) -> Response:
    if tx.get(EventBus, DEFAULT) is None:
        buses.keep(tx, buses.find_bus(tx, DEFAULT))  # so that it has its place among the others
    return page(tx, EventBus, request, "EventBuses", lambda bus: buses.described(tx, bus))
