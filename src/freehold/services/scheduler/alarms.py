"""Alarms: the row that wakes a schedule.

One idea: the alarm rings once for each due time, within the window after it; the time it was set for says whether it is
still meant. A cloud that was away makes up for what recurred within the last day, and for one-time schedules however
long ago they were due. It may not know what happens then.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-flexible-time-windows.html
"""

from math import nextafter

from freehold.kernel import timers
from freehold.kernel.store import Tx
from freehold.services.scheduler.schedules import Schedule, recurrence

LATE_MAX_S = 86_400.0
PRECISION_S = 60.0  # a one-time schedule that was put within the minute it names is due
TIMING = ("ScheduleExpression", "ScheduleExpressionTimezone", "StartDate", "EndDate", "FlexibleTimeWindow", "State")
RATED = ("ScheduleExpression", "StartDate")  # as long as these stay, a rate goes on from where it began


def arrange(tx: Tx, schedule: Schedule, old: Schedule | None) -> None:
    """Set the alarm of a schedule that was put; one whose times stay keeps what it has. Writes the schedule."""
    if old is not None and _same(schedule, old, TIMING):
        schedule.since, schedule.due_at, schedule.alarm = old.since, old.due_at, old.alarm
        tx.put(schedule)
        return
    goes_on = old is not None and _same(schedule, old, RATED)
    schedule.since = old.since if old is not None and goes_on else tx.now
    if old is not None:
        cancel(tx, old)
    if schedule.on:
        set_alarm(tx, schedule, nextafter(tx.now, 0.0), late_s=PRECISION_S)
    else:
        tx.put(schedule)


def _same(one: Schedule, other: Schedule, names: tuple[str, ...]) -> bool:
    return all(one.members.get(name) == other.members.get(name) for name in names)


def cancel(tx: Tx, schedule: Schedule) -> None:
    if schedule.alarm:
        timers.cancel(tx, schedule.alarm)


def set_alarm(tx: Tx, schedule: Schedule, after: float, late_s: float = 0.0) -> bool:
    """Wake a schedule at its first due moment later than `after`, one-time schedules also `late_s` before; whether
    there is one. If there is none the last due moment stays. Writes the schedule."""
    times = recurrence(schedule.members, schedule.since)
    due = times.after(after - late_s if times.once else max(after, tx.now - LATE_MAX_S))
    schedule.alarm = ""
    if due is not None:
        wake_at = due + schedule.window_s * tx.ids.random()
        place = {"group": schedule.group, "name": schedule.name, "due_at": due}
        schedule.due_at, schedule.alarm = due, timers.at(tx, wake_at, "scheduler", "fall_due", **place)
    tx.put(schedule)
    return due is not None
