"""AWS::Scheduler::Schedule and AWS::Scheduler::ScheduleGroup.

One idea: a schedule's properties are its request; a change of anything but its name and group puts it anew. They may
not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Scheduler.html
"""

from datetime import UTC, datetime
from typing import Any

from freehold.engines import moments
from freehold.engines.coerce import integer, tag_list
from freehold.kernel.resources import Ask, Ending, Made, Properties, Steps, Want
from freehold.services.scheduler.catalogue import DEFAULT, schedule_arn, scheduler
from freehold.services.scheduler.schedules import KEPT

NAME_MAX = 64
NUMBERS = {
    "FlexibleTimeWindow": ("MaximumWindowInMinutes",),
    "RetryPolicy": ("MaximumEventAgeInSeconds", "MaximumRetryAttempts"),
}
MOMENTS = ("StartDate", "EndDate")

schedule = scheduler.resource("AWS::Scheduler::Schedule", replaces=("Name", "GroupName"), attributes=("Arn",))
group = scheduler.resource(
    "AWS::Scheduler::ScheduleGroup", replaces=("Name",),
    attributes=("Arn", "CreationDate", "LastModificationDate", "State"),
)  # fmt: skip


def _moment(text: str) -> float:
    found = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _numbered(name: str, value: dict[str, Any]) -> dict[str, Any]:
    numbers = {member: integer(value[member], member) for member in NUMBERS[name] if value.get(member) is not None}
    return {**value, **numbers}


def _request(name: str, given: Properties) -> dict[str, Any]:
    told = {member: given[member] for member in KEPT if given.get(member) is not None}
    told |= {member: _moment(told[member]) for member in MOMENTS if member in told}
    told["FlexibleTimeWindow"] = _numbered("FlexibleTimeWindow", told.get("FlexibleTimeWindow") or {})
    target = told.get("Target") or {}
    if target.get("RetryPolicy"):
        told["Target"] = {**target, "RetryPolicy": _numbered("RetryPolicy", target["RetryPolicy"])}
    return {"Name": name, **_grouped(given), **told}


def _grouped(given: Properties) -> dict[str, str]:
    return {"GroupName": given["GroupName"]} if given.get("GroupName") else {}


def _made(want: Want, name: str) -> Made:
    arn = schedule_arn(want.account, want.region, want.properties.get("GroupName") or DEFAULT, name)
    return Made(name, {"Arn": arn})


@schedule.create
def create_schedule(want: Want) -> Steps:
    name = want.name(want.properties.get("Name"), NAME_MAX)
    yield Ask("scheduler", "CreateSchedule", _request(name, want.properties))
    return _made(want, name)


@schedule.update
def update_schedule(want: Want) -> Steps:
    yield Ask("scheduler", "UpdateSchedule", _request(want.id, want.properties))
    return _made(want, want.id)


@schedule.delete
def delete_schedule(want: Want) -> Ending:
    yield Ask("scheduler", "DeleteSchedule", {"Name": want.id, **_grouped(want.properties)})


def _looked_at(name: str) -> Steps:
    found = yield Ask("scheduler", "GetScheduleGroup", {"Name": name})
    told_at = {member: moments.iso_ms(found[member]) for member in ("CreationDate", "LastModificationDate")}
    return Made(name, {"Arn": found["Arn"], "State": found["State"], **told_at})


@group.create
def create_group(want: Want) -> Steps:
    name, tags = want.name(want.properties.get("Name"), NAME_MAX), want.tagged(want.properties)
    yield Ask("scheduler", "CreateScheduleGroup", {"Name": name, **({"Tags": tag_list(tags)} if tags else {})})
    return (yield from _looked_at(name))


@group.update
def update_group(want: Want) -> Steps:
    made = yield from _looked_at(want.id)
    arn, (gone, new) = made.attributes["Arn"], want.retagged()
    if gone:
        yield Ask("scheduler", "UntagResource", {"ResourceArn": arn, "TagKeys": gone})
    if new:
        yield Ask("scheduler", "TagResource", {"ResourceArn": arn, "Tags": tag_list(new)})
    return made


@group.delete
def delete_group(want: Want) -> Ending:
    yield Ask("scheduler", "DeleteScheduleGroup", {"Name": want.id})
