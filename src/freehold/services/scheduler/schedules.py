"""Schedules: what is called when.

One idea: a schedule is kept as it was put, whole; what a request leaves out goes back to its default. It may not know
clocks, nor what is called.

https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
"""

from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from freehold.engines import cron
from freehold.engines.cron import Recurrence
from freehold.kernel.service import Request
from freehold.kernel.store import Record, Tx
from freehold.services.scheduler import errors
from freehold.services.scheduler.catalogue import schedule_arn

ENABLED, DELETE = "ENABLED", "DELETE"
FLEXIBLE, OFF = "FLEXIBLE", "OFF"
UTC = "UTC"
RETRIES, AGE_S = 185, 86_400
EARLIEST_START_S = 300.0

DEFAULTS = {"State": ENABLED, "ScheduleExpressionTimezone": UTC, "ActionAfterCompletion": "NONE"}
RETRYING = {"MaximumEventAgeInSeconds": AGE_S, "MaximumRetryAttempts": RETRIES}
KEPT = ("ActionAfterCompletion", "Description", "EndDate", "FlexibleTimeWindow", "KmsKeyArn", "ScheduleExpression",
        "ScheduleExpressionTimezone", "StartDate", "State", "Target")  # fmt: skip

NO_WINDOW = "MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE."
STRANGE_WINDOW = "MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF."
EARLY_START = "The StartDate you specify cannot be earlier than 5 minutes ago."
LATE_START = "The StartDate you specify must come before the EndDate."
EARLY_END = "The EndDate you specify must be in the future."


class Schedule(Record, table="scheduler_schedules", key="group name", index="name"):
    """A schedule. `members` are all that was put, with defaults; `since` is when its expression began to hold, `due_at`
    when it is due next, or was last, and `alarm` the row that wakes it, if it is due again."""

    group: str
    name: str
    members: dict[str, Any]
    created_at: float
    changed_at: float
    since: float = 0.0
    due_at: float = 0.0
    alarm: str = ""

    @property
    def on(self) -> bool:
        return bool(self.members["State"] == ENABLED)

    @property
    def window_s(self) -> float:
        """How long after a due moment the target may be called."""
        return 60.0 * self.members["FlexibleTimeWindow"].get("MaximumWindowInMinutes", 0)


expression_of = lru_cache(maxsize=4_096)(cron.expression)


def recurrence(members: dict[str, Any], since: float) -> Recurrence:
    """When a schedule of these members is due. Raises ValidationException."""
    text, name = members["ScheduleExpression"], members.get("ScheduleExpressionTimezone", UTC)
    try:
        expression = expression_of(text)
    except cron.BadSchedule:
        raise errors.BadExpression(text=text) from None
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise errors.BadZone(name=name) from None
    return Recurrence(expression, zone, since, members.get("StartDate"), members.get("EndDate"))


def check_times(request: Request, now: float) -> None:
    """Raises ValidationException for what no schedule may say of its times."""
    if not recurrence(request, now).once:
        start, end = request.get("StartDate"), request.get("EndDate")
        if start is not None and start < now - EARLIEST_START_S:
            raise errors.Invalid(reason=EARLY_START)
        if start is not None and end is not None and start >= end:
            raise errors.Invalid(reason=LATE_START)
        if end is not None and end <= now:
            raise errors.Invalid(reason=EARLY_END)
    window = request["FlexibleTimeWindow"]
    if window["Mode"] == FLEXIBLE and "MaximumWindowInMinutes" not in window:
        raise errors.Invalid(reason=NO_WINDOW)
    if window["Mode"] == OFF and "MaximumWindowInMinutes" in window:
        raise errors.Invalid(reason=STRANGE_WINDOW)


def members_of(request: Request) -> dict[str, Any]:
    """What is kept of a request."""
    given = {name: request[name] for name in KEPT if request.get(name) is not None}
    target = {**given["Target"], "RetryPolicy": {**RETRYING, **given["Target"].get("RetryPolicy", {})}}
    return {**DEFAULTS, **given, "Target": target}


def find_schedule(tx: Tx, group: str, name: str) -> Schedule:
    """Raises ResourceNotFoundException."""
    schedule = tx.get(Schedule, group, name)
    if schedule is None:
        raise errors.ScheduleNotFound(name=name)
    return schedule


def arn(tx: Tx, schedule: Schedule) -> str:
    return schedule_arn(tx.account, tx.region, schedule.group, schedule.name)


def summary(tx: Tx, schedule: Schedule) -> dict[str, Any]:
    """A schedule as lists show it."""
    return {
        "Arn": arn(tx, schedule),
        "Name": schedule.name,
        "GroupName": schedule.group,
        "State": schedule.members["State"],
        "CreationDate": schedule.created_at,
        "LastModificationDate": schedule.changed_at,
        "Target": {"Arn": schedule.members["Target"]["Arn"]},
    }
