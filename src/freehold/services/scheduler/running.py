"""Running: what becomes of a due time.

One idea: each attempt is two promises, one after the other: the schedule's role is asked for, and as that the target is
called. An attempt that may succeed later has another one after a pause, with a number and an id of its own; one that
cannot, or the last, goes to the dead-letter queue. It may not know how due times are found.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
"""

import logging
from typing import Any

from freehold.kernel import arns, roles, timers
from freehold.kernel.bodies import ask_whole
from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.services.scheduler import actions, alarms, metrics, schedules, targets
from freehold.services.scheduler.catalogue import scheduler, speaker
from freehold.services.scheduler.groups import ACTIVE, find_group
from freehold.services.scheduler.invocations import ID_LENGTH, Invocation, invocation_of
from freehold.services.scheduler.letters import Letter, letter_of
from freehold.services.scheduler.schedules import DELETE, Schedule
from freehold.services.scheduler.texts import text_of

log = logging.getLogger("freehold.scheduler")

ROOM = "scheduler"
WIDTH = 100
SESSION_S = 900
PAUSE_S, PAUSE_MAX_S = 1.0, 900.0


@scheduler.internal
def fall_due(call: Call, tx: Tx, request: Request) -> None:
    """Begin the invocation of the schedule `name` of a `group`, unless it is no longer due at `due_at`; and wake it
    again."""
    schedule = tx.get(Schedule, request["group"], request["name"])
    if schedule is None or schedule.due_at != request["due_at"] or not (schedule.on and schedule.alarm):
        return
    if find_group(tx, schedule.group).state != ACTIVE:
        return
    invocation = Invocation(
        tx.account, tx.region, schedule.group, schedule.name, schedules.arn(tx, schedule), schedule.members["Target"],
        schedule.due_at, tx.now, 0, "",
    )  # fmt: skip
    _attempt(tx, invocation)
    alarms.set_alarm(tx, schedule, schedule.due_at)


def _attempt(tx: Tx, invocation: Invocation) -> None:
    """Ask for the role of an invocation's next attempt."""
    invocation = invocation.next(tx.ids.hex(ID_LENGTH))
    request = {
        "RoleArn": invocation.target["RoleArn"], "RoleSessionName": invocation.id, "DurationSeconds": SESSION_S,
    }  # fmt: skip
    asker = speaker(invocation.account, invocation.region, invocation.group)
    promise(
        tx.within(invocation.account, invocation.region).acting(asker), "sts", "AssumeRole", request, attempts=1,
        lane=invocation.lane, width=WIDTH, then=(ROOM, "depart"), about=invocation.about,
    )  # fmt: skip


@scheduler.internal
def depart(call: Call, tx: Tx, request: Request) -> None:
    """Call the target of an invocation, as the role that `outcome` tells."""
    invocation, outcome = invocation_of(request), request["outcome"]
    metrics.count(call, invocation, metrics.ATTEMPTS)
    if "error" in outcome:
        _failed(call, tx, invocation, outcome["error"])
        return
    principal = roles.assumed(invocation.target["RoleArn"], outcome["result"])
    try:
        asked = actions.call_of(call.door.rooms, targets.calling(invocation.target, text_of(invocation)))
    except AwsError as refusal:
        _failed(call, tx, invocation, {"code": refusal.shape(), "message": refusal.message, "status": refusal.status})
        return
    place = arns.parse(invocation.target["Arn"])
    here = tx.within(place.account, place.region) if place and place.account else tx
    to, operation, told = asked.room, asked.operation, asked.request
    if asked.streams:
        to, operation, told = ROOM, "call_streamed", asked._asdict()
    promise(
        here.acting(principal), to, operation, told, attempts=1, lane=invocation.lane, width=WIDTH,
        then=(ROOM, "settle"), about=invocation.about,
    )  # fmt: skip


@scheduler.internal
async def call_streamed(call: Call, request: Request) -> None:
    """Make a call whose bodies are streamed, and read the answer's to its end: `room`, `operation`, `request`."""
    await ask_whole(call, request["room"], request["operation"], request["request"])


@scheduler.internal
def settle(call: Call, tx: Tx, request: Request) -> None:
    """End an attempt by the `outcome` of its call."""
    invocation, outcome = invocation_of(request), request["outcome"]
    error = outcome.get("error") or _entry_error(outcome["result"])
    if error:
        _failed(call, tx, invocation, error)
    else:
        _finish(tx, invocation)


def _entry_error(result: dict[str, Any]) -> dict[str, Any] | None:
    """What PutEvents says of an event that it did not take, in an answer that is none of an error."""
    failed = [entry for entry in result.get("Entries") or () if entry.get("ErrorCode")]
    if not result.get("FailedEntryCount") or not failed:
        return None
    return {"code": failed[0]["ErrorCode"], "message": failed[0]["ErrorMessage"], "status": 400}


@scheduler.internal
def try_again(call: Call, tx: Tx, request: Request) -> None:
    """Begin the next attempt of an invocation."""
    _attempt(tx, invocation_of(request))


def _failed(call: Call, tx: Tx, invocation: Invocation, error: dict[str, Any]) -> None:
    """Try again later what may succeed then; give up the rest."""
    metrics.count(call, invocation, metrics.THROTTLED if metrics.throttled(error) else metrics.ERRORS)
    here = tx.within(invocation.account, invocation.region)
    pause_s = min(PAUSE_MAX_S, PAUSE_S * 2**invocation.attempt) * (0.5 + tx.ids.random())
    spent = ""
    if metrics.retryable(error):
        spent = _spent(invocation, tx.now + pause_s)
        if not spent:
            timers.at(here, tx.now + pause_s, ROOM, "try_again", **invocation.about)
            return
    log.warning("%s did not call %s: %s", invocation.arn, invocation.target["Arn"], error["message"])
    metrics.count(call, invocation, metrics.DROPPED)
    if invocation.target.get("DeadLetterConfig", {}).get("Arn"):
        _bury(here, invocation, letter_of(invocation, error, spent))
    _finish(tx, invocation)


def _spent(invocation: Invocation, next_at: float) -> str:
    """The limit of the retry policy that keeps an invocation from being tried again; nothing, if none does."""
    policy = invocation.target["RetryPolicy"]
    if invocation.attempt > policy["MaximumRetryAttempts"]:
        return "MaximumRetryAttempts"
    return "MaximumEventAgeInSeconds" if next_at - invocation.began_at > policy["MaximumEventAgeInSeconds"] else ""


def _bury(tx: Tx, invocation: Invocation, letter: Letter) -> None:
    """Send what could not be told to the dead-letter queue, as the schedule's role."""
    principal = roles.session(invocation.target["RoleArn"], invocation.id)
    seat = tx.within(letter.queue.account, letter.queue.region).acting(principal)
    promise(seat, "sqs", "SendMessage", letter.request, then=(ROOM, "buried"), about=invocation.about)


@scheduler.internal
def buried(call: Call, tx: Tx, request: Request) -> None:
    """Count what went to a dead-letter queue, or did not, by `outcome`."""
    invocation, outcome = invocation_of(request), request["outcome"]
    if "error" in outcome:
        for name in (metrics.UNBURIED, f"{metrics.UNBURIED}_{outcome['error']['code']}"):
            metrics.count(call, invocation, name)
    else:
        metrics.count(call, invocation, metrics.BURIED)


def _finish(tx: Tx, invocation: Invocation) -> None:
    """Delete the schedule if this was its last invocation and it wants to be."""
    here = tx.within(invocation.account, invocation.region)
    schedule = here.get(Schedule, invocation.group, invocation.name)
    if schedule is None or schedule.members["ActionAfterCompletion"] != DELETE:
        return
    if schedule.due_at == invocation.due_at and not schedule.alarm:
        here.delete(Schedule, schedule.group, schedule.name)
