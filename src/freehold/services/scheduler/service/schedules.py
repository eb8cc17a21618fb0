"""Schedules: put, looked at, listed and deleted. They may not know how targets are called.

https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
"""

from collections.abc import Callable

from freehold.kernel import roles
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.scheduler import actions, alarms, errors, schedules
from freehold.services.scheduler.catalogue import DEFAULT, named_schedule, scheduler, speaker
from freehold.services.scheduler.groups import find_group, open_group
from freehold.services.scheduler.pages import page
from freehold.services.scheduler.schedules import Schedule
from freehold.services.scheduler.tokens import once

SESSION = "CreateSchedule"
UNTRUSTING = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."


def _put_needs(action: str) -> Callable[[Call, Request], list[tuple[str, str]]]:
    def needs(call: Call, request: Request) -> list[tuple[str, str]]:
        return [(f"scheduler:{action}", named_schedule(call, request)), ("iam:PassRole", request["Target"]["RoleArn"])]

    return needs


@scheduler.operation(needs=_put_needs("CreateSchedule"))
async def create_schedule(call: Call, request: Request) -> Response:
    await _check(call, request)
    return await call.transact(_create, request)


@scheduler.operation(needs=_put_needs("UpdateSchedule"))
async def update_schedule(call: Call, request: Request) -> Response:
    await _check(call, request)
    return await call.transact(_update, request)


async def _check(call: Call, request: Request) -> None:
    """Raises ValidationException, and AccessDenied for another account's role. The role is tried, so that one which
    Scheduler may not use is refused."""
    schedules.check_times(request, call.now)
    actions.check(call.door.rooms, request["Target"], call.region)
    role = roles.own(call.account, request["Target"]["RoleArn"])
    asker = speaker(call.account, call.region, request.get("GroupName") or DEFAULT)
    try:
        await roles.assume(call, role, asker, SESSION)
    except AwsError as refusal:
        raise errors.Invalid(reason=UNTRUSTING) from refusal


def _create(tx: Tx, request: Request) -> Response:
    def create() -> Response:
        group = open_group(tx, request.get("GroupName") or DEFAULT)
        schedule = Schedule(
            group=group.name, name=request["Name"], members=schedules.members_of(request), created_at=tx.now,
            changed_at=tx.now,
        )  # fmt: skip
        if not tx.add(schedule):
            raise errors.ScheduleExists(name=schedule.name)
        alarms.arrange(tx, schedule, None)
        return {"ScheduleArn": schedules.arn(tx, schedule)}

    return once(tx, "CreateSchedule", request, create)


def _update(tx: Tx, request: Request) -> Response:
    def update() -> Response:
        group = open_group(tx, request.get("GroupName") or DEFAULT)
        old = schedules.find_schedule(tx, group.name, request["Name"])
        schedule = Schedule(
            group=group.name, name=old.name, members=schedules.members_of(request), created_at=old.created_at,
            changed_at=tx.now,
        )  # fmt: skip
        alarms.arrange(tx, schedule, old)
        return {"ScheduleArn": schedules.arn(tx, schedule)}

    return once(tx, "UpdateSchedule", request, update)


@scheduler.operation(needs={"scheduler:GetSchedule": named_schedule})
def get_schedule(call: Call, tx: Tx, request: Request) -> Response:
    group = find_group(tx, request.get("GroupName") or DEFAULT)
    schedule = schedules.find_schedule(tx, group.name, request["Name"])
    return {**schedules.summary(tx, schedule), **schedule.members}


@scheduler.operation(needs={"scheduler:ListSchedules": "*"})
def list_schedules(call: Call, tx: Tx, request: Request) -> Response:
    """Of one group by name, or of all by name and group."""
    group, state = request.get("GroupName"), request.get("State")

    def wanted(schedule: Schedule) -> bool:
        return not state or bool(schedule.members["State"] == state)

    if group:
        find_group(tx, group)
        return page(tx, Schedule, request, "Schedules", lambda one: schedules.summary(tx, one), group, wanted=wanted)
    return page(
        tx, Schedule, request, "Schedules", lambda one: schedules.summary(tx, one), wanted=wanted, index="name",
        key=lambda one: (one.name, one.group),
    )  # fmt: skip


@scheduler.operation(needs={"scheduler:DeleteSchedule": named_schedule})
def delete_schedule(call: Call, tx: Tx, request: Request) -> Response:
    def delete() -> Response:
        group = open_group(tx, request.get("GroupName") or DEFAULT)
        schedule = schedules.find_schedule(tx, group.name, request["Name"])
        alarms.cancel(tx, schedule)
        tx.delete(Schedule, schedule.group, schedule.name)
        return {}

    return once(tx, "DeleteSchedule", request, delete)
