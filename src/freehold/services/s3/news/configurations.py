"""Configurations: who is to be told of what, and whether that can be.

One idea: a configuration is taken whole or not at all; what is wrong with it is said in AWS's order. It may not know
how a destination is reached.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
"""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any, NamedTuple

from freehold.kernel import arns
from freehold.kernel.ids import Ids
from freehold.services.s3.errors import InvalidArgument, MalformedXML
from freehold.services.s3.news import events

SETTING = "NotificationConfiguration"
EVENTBRIDGE = "EventBridgeConfiguration"
ID_LENGTH = 48

ODD_FILTER = "filter rule name must be either prefix or suffix"
TWICE = "Cannot specify more than one {} rule in a filter."
SAME_ID = "Same ID used for multiple configurations. IDs must be unique"
NO_ARN = "The ARN could not be parsed"
FARAWAY = "The notification destination service region is not valid for the bucket location constraint"
SHARED = "Configurations overlap. Configurations on the same bucket cannot share a common event type."
AMBIGUOUS = (
    "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are "
    "overlapping for the same event type."
)

One = dict[str, Any]
FILTERS: dict[str, Callable[[str, str], bool]] = {"Prefix": str.startswith, "Suffix": str.endswith}


class Kind(NamedTuple):
    """Where messages may go: the members of a configuration, what errors call it, and the service."""

    configurations: str
    arn: str
    argument: str
    service: str


KINDS = (
    Kind("QueueConfigurations", "QueueArn", "Queue", "sqs"),
    Kind("TopicConfigurations", "TopicArn", "Topic", "sns"),
    Kind("LambdaFunctionConfigurations", "LambdaFunctionArn", "CloudFunction", "lambda"),
)


def each(configuration: One) -> Iterator[tuple[Kind, One]]:
    """Every destination of a bucket's configuration, with what is said of it."""
    for kind in KINDS:
        for one in configuration.get(kind.configurations, ()):
            yield kind, one


def checked(configuration: One, region: str, ids: Ids) -> One:
    """The configuration, each part of it with an id. Raises InvalidArgument, MalformedXML."""
    found: One = {EVENTBRIDGE: {}} if configuration.get(EVENTBRIDGE) is not None else {}
    whole: list[One] = []
    for kind, one in each(configuration):
        _check_arn(kind, one, region)
        _check_events(one)
        whole.append({"Id": one.get("Id") or ids.text(ID_LENGTH)} | one | _filter(one))
        found.setdefault(kind.configurations, []).append(whole[-1])
    if len({one["Id"] for one in whole}) < len(whole):
        raise InvalidArgument(reason=SAME_ID)
    for this, that in combinations(whole, 2):
        _check_overlap(this, that)
    return found


def _check_arn(kind: Kind, one: One, region: str) -> None:
    to = arns.parse(one[kind.arn])
    if to is None or to.service != kind.service:
        raise InvalidArgument(reason=NO_ARN, ArgumentName=kind.argument, ArgumentValue=one[kind.arn])
    if to.region != region:
        raise InvalidArgument(reason=FARAWAY, ArgumentName=kind.argument, ArgumentValue=one[kind.arn])


def _check_events(one: One) -> None:
    if not one.get("Events"):
        raise MalformedXML()
    for event in one["Events"]:
        if event not in events.SUPPORTED:
            raise InvalidArgument(
                reason=f"The event '{event}' is not supported for notifications", ArgumentName="Event",
                ArgumentValue=event,
            )  # fmt: skip


def _filter(one: One) -> One:
    """The filter with its names as they are given back."""
    rules = filters(one)
    if not rules:
        return {}
    named = []
    for rule in rules:
        if "Name" not in rule or "Value" not in rule:
            raise MalformedXML()
        if rule["Name"].capitalize() not in FILTERS:
            raise InvalidArgument(reason=ODD_FILTER, ArgumentName="FilterRule.Name", ArgumentValue=rule["Name"])
        named.append({"Name": rule["Name"].capitalize(), "Value": rule["Value"]})
    for name in FILTERS:
        if len([rule for rule in named if rule["Name"] == name]) > 1:
            raise InvalidArgument(
                reason=TWICE.format(name.lower()), ArgumentName="FilterRule.Name", ArgumentValue=name.lower()
            )
    return {"Filter": {"Key": {"FilterRules": named}}}


def filters(one: One) -> list[dict[str, str]]:
    return one.get("Filter", {}).get("Key", {}).get("FilterRules", [])


def _check_overlap(this: One, that: One) -> None:
    """Raise InvalidArgument if an object's event could be told twice."""
    shared = any(
        events.covers(one, other) or events.covers(other, one) for one in this["Events"] for other in that["Events"]
    )
    if not shared:
        return
    prefixes, suffixes = ([_value(one, name) for one in (this, that)] for name in FILTERS)
    if _nested(str.startswith, *prefixes) and _nested(str.endswith, *suffixes):
        raise InvalidArgument(reason=AMBIGUOUS if filters(this) or filters(that) else SHARED)


def _value(one: One, name: str) -> str:
    return next((rule["Value"] for rule in filters(one) if rule["Name"] == name), "")


def _nested(within: Callable[[str, str], bool], one: str, other: str) -> bool:
    return within(one, other) or within(other, one)


def concerns(one: One, event: str, key: str) -> bool:
    """Whether a part of a configuration is about this event (`ObjectCreated:Put`) of this key."""
    if not any(events.covers(listened, f"s3:{event}") for listened in one["Events"]):
        return False
    return all(FILTERS[rule["Name"].capitalize()](key, rule.get("Value", "")) for rule in filters(one))
