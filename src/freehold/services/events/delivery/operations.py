"""PutEvents and TestEventPattern, and what other rooms and buses tell a bus.

One idea: every way in ends in `take`: what an event is told of on a bus. It may not know targets.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
"""

import logging
from collections.abc import Iterator
from typing import Any

import orjson

from freehold.engines import jsontext, patterns
from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError, NotImplementedHere
from freehold.kernel.service import Need, Request, Response
from freehold.kernel.store import Tx
from freehold.services.events import errors, rules, schedules
from freehold.services.events.archives import archives
from freehold.services.events.archives.archives import Archive
from freehold.services.events.buses import EventBus, find_bus
from freehold.services.events.catalogue import events
from freehold.services.events.delivery import metrics
from freehold.services.events.delivery.handing import Letter, Outing, bury
from freehold.services.events.event import Event, event
from freehold.services.events.names import DEFAULT, place_of
from freehold.services.events.permissions import admit, open_bus
from freehold.services.events.rules import Rule
from freehold.services.events.targets import Target

log = logging.getLogger("freehold.events")

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
    size = sum(map(size_of, request["Entries"]))
    if size > SIZE_MAX:
        raise errors.TooLarge()
    outing, buses = Outing(call), Buses(tx)
    told = [_put(tx, entry, outing, buses) for entry in request["Entries"]]
    outing.promise()
    failed = sum("ErrorCode" in one for one in told)
    metrics.of_requests(call, len(told), failed, size)
    return {"FailedEntryCount": failed, "Entries": told}


def size_of(entry: dict[str, Any]) -> int:
    """An entry's size, as AWS counts it.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
    """
    texts = [entry.get(name) or "" for name in REQUIRED] + list(entry.get("Resources") or ())
    return sum(len(text.encode()) for text in texts) + (TIME_SIZE if "Time" in entry else 0)


class Buses:
    """The buses that a request's entries name, each opened once for each kind of event that its policy may ask for."""

    def __init__(self, tx: Tx):
        self.tx = tx
        self.known: dict[tuple[str | None, str, str], tuple[Tx, EventBus]] = {}
        self.kept: dict[tuple[str, str, str], list[Archive]] = {}

    def open(self, entry: dict[str, Any]) -> tuple[Tx, EventBus]:
        key = (entry.get("EventBusName"), entry["Source"], entry["DetailType"])
        if key not in self.known:
            facts = {"events:source": entry["Source"], "events:detail-type": entry["DetailType"]}
            self.known[key] = open_bus(self.tx, entry.get("EventBusName"), "PutEvents", facts)
        return self.known[key]

    def archives(self, tx: Tx, bus: EventBus) -> list[Archive]:
        """The archives of a bus: the same records for all entries, for these count what they hold."""
        key = (tx.account, tx.region, bus.name)
        if key not in self.kept:
            self.kept[key] = archives.of_bus(tx, bus)
        return self.kept[key]


def _put(tx: Tx, entry: dict[str, Any], outing: Outing, buses: Buses) -> dict[str, str]:
    """An entry's id, or what is wrong with it. One for a bus that is not there is taken and forgotten, as in AWS."""
    try:
        detail = checked(entry)
        id = tx.ids.uuid()
        sender = tx.principal.account or tx.account
        try:
            here, bus = buses.open(entry)
        except errors.BusNotFound:
            return {"EventId": id}
        at, resources = entry.get("Time", tx.now), entry.get("Resources") or ()
        made = event(id, entry["Source"], entry["DetailType"], sender, tx.region, at, resources, detail)
        seat = here.acting(here.principal, entry["TraceHeader"]) if entry.get("TraceHeader") else here
        outing.hand_out(seat, bus, made)
        archives.keep(seat, buses.archives(here, bus), made, entry["Detail"])
        return {"EventId": id}
    except AwsError as refusal:
        return {"ErrorCode": refusal.shape(), "ErrorMessage": refusal.message}


def checked(entry: dict[str, Any]) -> dict[str, Any]:
    """The detail of an entry. Raises what is wrong with it."""
    check_whole(entry)
    if entry["Source"].startswith("aws."):
        raise NotAuthorizedForSource()
    return detail_of(entry["Detail"])


def check_whole(entry: dict[str, Any]) -> None:
    """Raises InvalidArgument for an entry that lacks what every one has."""
    for name in REQUIRED:
        if not entry.get(name):
            raise NoArgument(name=name)


def detail_of(text: str) -> dict[str, Any]:
    try:
        detail = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise MalformedDetail() from None
    if not isinstance(detail, dict) or jsontext.deep(text):
        raise MalformedDetail()
    return detail


def take(call: Call, tx: Tx, bus: EventBus, event: Event, forwarded: bool = False) -> None:
    """Take an event on a bus: all who want it are promised it, and archives keep it."""
    outing = Outing(call)
    outing.hand_out(tx, bus, event, forwarded)
    outing.promise()
    archives.keep(tx, archives.of_bus(tx, bus), event, "")


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
    take(call, tx, bus, told, forwarded=True)


@events.internal
def announced(call: Call, tx: Tx, request: Request) -> None:
    """Take what a room of this cloud announced: `source`, `detail_type`, `resources`, `detail`, and when it was
    (`at`)."""
    made = event(
        tx.ids.uuid(), request["source"], request["detail_type"], tx.account, tx.region, request["at"],
        request["resources"], request["detail"],
    )  # fmt: skip
    take(call, tx, find_bus(tx, DEFAULT), made)


@events.internal
def settle(call: Call, tx: Tx, request: Request) -> None:
    """Count what was told, and bury what could not be: the `Letter`'s fields and `outcome`."""
    outcome = request.pop("outcome")
    letter = Letter(**request)
    faults = outcome["result"].get("Failed", ()) if "result" in outcome else ()
    failed = letter.number if "error" in outcome else len(faults)
    counts = {metrics.INVOKED: letter.number, metrics.FAILED: failed, metrics.SUCCEEDED: letter.number - failed}
    metrics.of_rule(call, letter.rule_arn, {name: count for name, count in counts.items() if count})
    if "error" in outcome:
        log.warning("%s did not tell %s: %s", letter.rule_arn, letter.target_arn, outcome["error"]["message"])
        bury(tx, letter, outcome["error"])
    for fault in faults if letter.queue else ():
        one = letter._replace(bodies=[letter.bodies[int(fault["Id"])]])
        bury(tx, one, {"code": fault["Code"], "message": fault.get("Message", "")})


@events.internal
def buried(call: Call, tx: Tx, request: Request) -> None:
    """Count a letter of the rule `rule_arn` that was sent to a dead-letter queue, or could not be (`outcome`)."""
    name = metrics.UNBURIED if "error" in request["outcome"] else metrics.BURIED
    metrics.of_rule(call, request["rule_arn"], {name: 1})


@events.internal
def fall_due(call: Call, tx: Tx, request: Request) -> None:
    """Make the event of a scheduled `rule` of a `bus`, unless it is no longer due at `due_at`; and wake it again."""
    rule = tx.get(Rule, request["bus"], request["rule"])
    if rule is None or rule.due_at != request["due_at"]:
        return
    arn = rules.arn(tx, rule)
    made = event(tx.ids.uuid(), "aws.events", "Scheduled Event", tx.account, tx.region, rule.due_at, [arn], {})
    outing = Outing(call)
    outing.matched[arn] = 1
    for target in tx.range(Target, rule.bus, rule.name):
        outing.give(tx, rule, target, made)
    outing.promise()
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
