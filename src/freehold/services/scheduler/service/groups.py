"""Groups: made, looked at, listed and deleted with all that lies in them.

https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html

They may not know when schedules are due.
"""

from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.scheduler import alarms, groups
from freehold.services.scheduler.catalogue import DEFAULT, group_arn, named_group, scheduler
from freehold.services.scheduler.groups import DELETING, Group
from freehold.services.scheduler.pages import page
from freehold.services.scheduler.schedules import Schedule
from freehold.services.scheduler.tokens import once

CLEARED = 500  # schedules that are deleted with their group in one transaction


def _create_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    arn = named_group(call, request)
    return [("scheduler:CreateScheduleGroup", arn), *([("scheduler:TagResource", arn)] if request.get("Tags") else [])]


@scheduler.operation(needs=_create_needs)
def create_schedule_group(call: Call, tx: Tx, request: Request) -> Response:
    def create() -> Response:
        tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags") or ()}
        group = groups.add_group(tx, request["Name"], tags)
        return {"ScheduleGroupArn": group_arn(tx.account, tx.region, group.name)}

    return once(tx, "CreateScheduleGroup", request, create)


@scheduler.operation(needs={"scheduler:GetScheduleGroup": named_group})
def get_schedule_group(call: Call, tx: Tx, request: Request) -> Response:
    return groups.described(tx, groups.find_group(tx, request["Name"]))


@scheduler.operation(needs={"scheduler:ListScheduleGroups": "*"})
def list_schedule_groups(call: Call, tx: Tx, request: Request) -> Response:
    groups.find_group(tx, DEFAULT)
    return page(tx, Group, request, "ScheduleGroups", lambda group: groups.described(tx, group))


@scheduler.operation(needs={"scheduler:DeleteScheduleGroup": named_group})
def delete_schedule_group(call: Call, tx: Tx, request: Request) -> Response:
    def delete() -> Response:
        groups.refuse_default(request["Name"])
        group = groups.open_group(tx, request["Name"])
        group.state, group.changed_at = DELETING, tx.now
        tx.put(group)
        promise(tx, "scheduler", "clear_group", {"name": group.name})
        return {}

    return once(tx, "DeleteScheduleGroup", request, delete)


@scheduler.internal
def clear_group(call: Call, tx: Tx, request: Request) -> None:
    """Delete schedules of a group that goes away, and at last the group: `name`."""
    for schedule in tx.range(Schedule, request["name"], limit=CLEARED):
        alarms.cancel(tx, schedule)
        tx.delete(Schedule, schedule.group, schedule.name)
    if tx.range(Schedule, request["name"], limit=1):
        promise(tx, "scheduler", "clear_group", request)
    else:
        tx.delete(Group, request["name"])
