"""PutEvents and TestEventPattern, and what other rooms and buses tell a bus.

One idea: every way in ends in `take`: what an event is told of on a bus. It may not know targets.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
"""

from collections.abc import Iterator
from typing import Any

import orjson

from freehold.engines import patterns
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError, NotImplementedHere
from freehold.kernel.service import Need, Request, Response
from freehold.kernel.store import Tx
from freehold.services.events import errors, rules, schedules
from freehold.services.events.archives import archives
from freehold.services.events.buses import EventBus, find_bus
from freehold.services.events.catalogue import events
from freehold.services.events.delivery.events import Event, event
from freehold.services.events.delivery.handing import Letter, bury, hand_out, promise_to
from freehold.services.events.names import DEFAULT, place_of
from freehold.services.events.permissions import admit, open_bus
from freehold.services.events.rules import Rule
from freehold.services.events.targets import Target

SIZE_MAX, TIME_SIZE = 262_144, 14
REQUIRED = ("Source", "DetailType", "Detail")
MANDATORY = ("id", "account", "source", "time", "region", "detail-type")


class NoArgument(AwsError):
    words = "Parameter {name} is not valid. Reason: {name} is a required argument."
    code = "InvalidArgument"


class MalformedDetail(AwsError):
    words = "Detail is malformed."
    code = "MalformedDetail"


class NotAuthorizedForSource(AwsError):
    words = "Not authorized for the source."
    code = "NotAuthorizedForSourceException"


def _put_needs(call: Call, request: Request) -> Iterator[Need]:
    for entry in request["Entries"]:
        arn = place_of(entry.get("EventBusName"), call.account, call.region).arn
        facts = {"events:source": entry.get("Source", ""), "events:detail-type": entry.get("DetailType", "")}
        yield "events:PutEvents", arn, {name: value for name, value in facts.items() if value}


@events.operation(needs=_put_needs)
def put_events(call: Call, tx: Tx, request: Request) -> Response:
    if request.get("EndpointId"):
        raise NotImplementedHere(service="events", operation="PutEvents to a global endpoint")
    if sum(map(size_of, request["Entries"])) > SIZE_MAX:
        raise errors.TooLarge()
    told = [_put(tx, entry) for entry in request["Entries"]]
    return {"FailedEntryCount": sum("ErrorCode" in one for one in told), "Entries": told}


def size_of(entry: dict[str, Any]) -> int:
    """An entry's size, as AWS counts it.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
    """
    texts = [entry.get(name) or "" for name in REQUIRED] + list(entry.get("Resources") or ())
    return sum(len(text.encode()) for text in texts) + (TIME_SIZE if "Time" in entry else 0)


def _put(tx: Tx, entry: dict[str, Any]) -> dict[str, str]:
    """An entry's id, or what is wrong with it. One for a bus that is not there is taken and forgotten, as in AWS."""
    try:
        detail = checked(entry)
        id = tx.ids.uuid()
        facts = {"events:source": entry["Source"], "events:detail-type": entry["DetailType"]}
        sender = tx.principal.account or tx.account
        try:
            here, bus = open_bus(tx, entry.get("EventBusName"), "PutEvents", facts)
        except errors.BusNotFound:
            return {"EventId": id}
        at, resources = entry.get("Time", tx.now), entry.get("Resources") or ()
        made = event(id, entry["Source"], entry["DetailType"], sender, tx.region, at, resources, detail)
        seat = here.acting(here.principal, entry["TraceHeader"]) if entry.get("TraceHeader") else here
        take(seat, bus, made, detail=entry["Detail"])
        return {"EventId": id}
    except AwsError as refusal:
        return {"ErrorCode": refusal.shape(), "ErrorMessage": refusal.message}


def checked(entry: dict[str, Any]) -> dict[str, Any]:
    """The detail of an entry. Raises what is wrong with it."""
    for name in REQUIRED:
        if not entry.get(name):
            raise NoArgument(name=name)
    if entry["Source"].startswith("aws."):
        raise NotAuthorizedForSource()
    return detail_of(entry["Detail"])


def detail_of(text: str) -> dict[str, Any]:
    try:
        detail = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise MalformedDetail() from None
    if not isinstance(detail, dict):
        raise MalformedDetail()
    return detail


def take(tx: Tx, bus: EventBus, event: Event, forwarded: bool = False, detail: str = "") -> None:
    """Take an event on a bus: all who want it are promised it, and archives keep it. `detail` is its text, if it has
    one of its own."""
    hand_out(tx, bus, event, forwarded=forwarded)
    archives.keep(tx, bus, event, detail)


def _receiving_needs(call: Call, request: Request) -> list[Need]:
    arn = arns.arn("events", call.region, call.account, f"event-bus/{request['bus']}")
    facts = {"events:source": request["event"]["source"], "events:detail-type": request["event"]["detail-type"]}
    return [("events:PutEvents", arn, facts)]


@events.internal_with(_receiving_needs)
def receive(call: Call, tx: Tx, request: Request) -> None:
    """Take an `event` that a rule of another bus sent to this `bus`."""
    bus, told = find_bus(tx, request["bus"]), request["event"]
    if told["region"] != tx.region:
        told = told | {"id": tx.ids.uuid()}  # as AWS does on the way to another region
    admit(tx, bus, "PutEvents", {"events:source": told["source"], "events:detail-type": told["detail-type"]})
    take(tx, bus, told, forwarded=True)


@events.internal
def announced(call: Call, tx: Tx, request: Request) -> None:
    """Take what a room of this cloud announced: `source`, `detail_type`, `resources`, `detail`, and when it was
    (`at`)."""
    made = event(
        tx.ids.uuid(), request["source"], request["detail_type"], tx.account, tx.region, request["at"],
        request["resources"], request["detail"],
    )  # fmt: skip
    take(tx, find_bus(tx, DEFAULT), made)


@events.internal
def settle(call: Call, tx: Tx, request: Request) -> None:
    """Bury what could not be told: the `Letter`'s fields and `outcome`."""
    if "error" in request["outcome"]:
        letter = Letter(*(request[name] for name in Letter._fields))
        bury(tx, letter, request["outcome"]["error"])


@events.internal
def fall_due(call: Call, tx: Tx, request: Request) -> None:
    """Make the event of a scheduled `rule` of a `bus`, unless it is no longer due at `due_at`; and wake it again."""
    rule = tx.get(Rule, request["bus"], request["rule"])
    if rule is None or rule.due_at != request["due_at"]:
        return
    arn = rules.arn(tx, rule)
    made = event(tx.ids.uuid(), "aws.events", "Scheduled Event", tx.account, tx.region, rule.due_at, [arn], {})
    for target in tx.range(Target, rule.bus, rule.name):
        promise_to(tx, rule, target, made)
    schedules.set_alarm(tx, rule, rule.due_at)


@events.operation(needs={"events:TestEventPattern": "*"})
def test_event_pattern(call: Call, tx: Tx, request: Request) -> Response:
    matches = patterns.checked(request["EventPattern"], patterns.EVENTBRIDGE)
    try:
        told = orjson.loads(request["Event"])
    except orjson.JSONDecodeError:
        raise errors.BadParameter(name="Event") from None
    if not isinstance(told, dict) or any(name not in told for name in MANDATORY):
        raise errors.BadParameter(name="Event")
    return {"Result": matches(told)}
