"""AWS::Events::Rule: a rule with its targets. It may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html
"""

from typing import Any

from freehold.engines.coerce import integer, json_text, tag_list
from freehold.kernel import arns
from freehold.kernel.resources import Ask, Ending, Made, Properties, Refused, Steps, Want
from freehold.services.events import names
from freehold.services.events.catalogue import events, given
from freehold.services.events.resources.buses import retag

NAME_MAX = 64
BATCH = 10  # how many targets one request puts
MEMBERS = ("Description", "RoleArn", "ScheduleExpression", "State")
NUMBERS = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds")

rule = events.resource("AWS::Events::Rule", replaces=("Name", "EventBusName"), attributes=("Arn",))


def _bus(properties: Properties) -> dict[str, str]:
    return given(properties, ("EventBusName",))


def _put(want: Want, name: str) -> Ask:
    request: dict[str, Any] = {"Name": name} | _bus(want.properties) | given(want.properties, MEMBERS)
    if want.properties.get("EventPattern") is not None:
        request["EventPattern"] = json_text(want.properties["EventPattern"])
    return Ask("events", "PutRule", request)


def _target(one: Properties) -> dict[str, Any]:
    """A target as PutTargets takes it: templates write numbers as texts, and objects where texts are due."""
    found: dict[str, Any] = dict(one)
    policy = one.get("RetryPolicy")
    if policy:
        found["RetryPolicy"] = {name: integer(value) if name in NUMBERS else value for name, value in policy.items()}
    if "Input" in one:
        found["Input"] = json_text(one["Input"])
    if one.get("InputTransformer"):
        template = json_text(one["InputTransformer"]["InputTemplate"])
        found["InputTransformer"] = {**one["InputTransformer"], "InputTemplate": template}
    return found


def _put_targets(want: Want, name: str) -> Ending:
    targets = [_target(one) for one in want.properties.get("Targets") or ()]
    for first in range(0, len(targets), BATCH):
        request = {"Rule": name, "Targets": targets[first : first + BATCH]} | _bus(want.properties)
        answer = yield Ask("events", "PutTargets", request)
        for fault in answer["FailedEntries"]:
            raise Refused(fault["ErrorCode"], fault["ErrorMessage"])


def _made(want: Want, name: str) -> Made:
    """Ref is the name, behind that of the bus if it is not the default one."""
    place = names.place_of(want.properties.get("EventBusName"), want.account, want.region)
    arn = names.rule_arn(place.account, place.region, place.bus, name)
    return Made(name if place.bus == names.DEFAULT else f"{place.bus}|{name}", {"Arn": arn})


@rule.create
def create_rule(want: Want) -> Steps:
    name, tags = want.name(want.properties.get("Name"), NAME_MAX), tag_list(want.tagged(want.properties))
    put = _put(want, name)
    yield put._replace(request=put.request | ({"Tags": tags} if tags else {}))
    yield from _put_targets(want, name)
    return _made(want, name)


@rule.update
def update_rule(want: Want) -> Steps:
    name = _name(want)
    yield _put(want, name)
    kept = {one["Id"] for one in want.properties.get("Targets") or ()}
    gone = [one["Id"] for one in want.old.get("Targets") or () if one["Id"] not in kept]
    if gone:
        yield Ask("events", "RemoveTargets", {"Rule": name, "Ids": gone} | _bus(want.properties))
    yield from _put_targets(want, name)
    made = _made(want, name)
    yield from retag(want, str(arns.parse(made.attributes["Arn"])))
    return made


def _name(want: Want) -> str:
    return want.id.rpartition("|")[2]


@rule.delete
def delete_rule(want: Want) -> Ending:
    """The targets are taken away first, whichever there are."""
    name, bus = _name(want), _bus(want.properties)
    listed = yield Ask("events", "ListTargetsByRule", {"Rule": name} | bus)
    ids = [one["Id"] for one in listed["Targets"]]
    if ids:
        yield Ask("events", "RemoveTargets", {"Rule": name, "Ids": ids} | bus)
    yield Ask("events", "DeleteRule", {"Name": name} | bus)
