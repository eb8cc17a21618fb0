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
from freehold.kernel.identity import ROLE, Principal
from freehold.kernel.service import Request
from freehold.kernel.store import Tx
from freehold.services.scheduler import actions, alarms, metrics, schedules, targets
from freehold.services.scheduler.catalogue import scheduler, speaker
from freehold.services.scheduler.errands import ID_LENGTH, Errand, errand_of
from freehold.services.scheduler.groups import ACTIVE, find_group
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
    """Begin the errand of the schedule `name` of a `group`, unless it is no longer due at `due_at`; and wake it
    again."""
    schedule = tx.get(Schedule, request["group"], request["name"])
    if schedule is None or schedule.due_at != request["due_at"] or not (schedule.on and schedule.alarm):
        return
    if find_group(tx, schedule.group).state != ACTIVE:
        return
    errand = Errand(
        tx.account, tx.region, schedule.group, schedule.name, schedules.arn(tx, schedule), schedule.members["Target"],
        schedule.due_at, tx.now, 0, "",
    )  # fmt: skip
    _attempt(tx, errand)
    alarms.set_alarm(tx, schedule, schedule.due_at)


def _attempt(tx: Tx, errand: Errand) -> None:
    """Ask for the role of an errand's next attempt."""
    errand = errand.next(tx.ids.hex(ID_LENGTH))
    request = {
        "RoleArn": errand.target["RoleArn"], "RoleSessionName": errand.id, "DurationSeconds": SESSION_S,
    }  # fmt: skip
    asker = speaker(errand.account, errand.region, errand.group)
    promise(
        tx.within(errand.account, errand.region).acting(asker), "sts", "AssumeRole", request, attempts=1,
        lane=errand.lane, width=WIDTH, then=(ROOM, "depart"), about=errand.about,
    )  # fmt: skip


@scheduler.internal
def depart(call: Call, tx: Tx, request: Request) -> None:
    """Call the target of an errand, as the role that `outcome` tells."""
    errand, outcome = errand_of(request), request["outcome"]
    metrics.count(call, errand, metrics.ATTEMPTS)
    if "error" in outcome:
        _failed(call, tx, errand, outcome["error"])
        return
    user = outcome["result"]["AssumedRoleUser"]
    principal = Principal(ROLE, errand.account, user["Arn"], user["AssumedRoleId"], errand.target["RoleArn"])
    try:
        asked = actions.call_of(call.door.rooms, targets.calling(errand.target, text_of(errand)))
    except AwsError as refusal:
        _failed(call, tx, errand, {"code": refusal.shape(), "message": refusal.message, "status": refusal.status})
        return
    place = arns.parse(errand.target["Arn"])
    here = tx.within(place.account, place.region) if place and place.account else tx
    to, operation, told = asked.room, asked.operation, asked.request
    if asked.streams:
        to, operation, told = ROOM, "call_streamed", asked._asdict()
    promise(
        here.acting(principal), to, operation, told, attempts=1, lane=errand.lane, width=WIDTH,
        then=(ROOM, "settle"), about=errand.about,
    )  # fmt: skip


@scheduler.internal
async def call_streamed(call: Call, request: Request) -> None:
    """Make a call whose bodies are streamed, and read the answer's to its end: `room`, `operation`, `request`."""
    await ask_whole(call, request["room"], request["operation"], request["request"])


@scheduler.internal
def settle(call: Call, tx: Tx, request: Request) -> None:
    """End an attempt by the `outcome` of its call."""
    errand, outcome = errand_of(request), request["outcome"]
    error = outcome.get("error") or _entry_error(outcome["result"])
    if error:
        _failed(call, tx, errand, error)
    else:
        _finish(tx, errand)


def _entry_error(result: dict[str, Any]) -> dict[str, Any] | None:
    """What PutEvents says of an event that it did not take, in an answer that is none of an error."""
    failed = [entry for entry in result.get("Entries") or () if entry.get("ErrorCode")]
    if not result.get("FailedEntryCount") or not failed:
        return None
    return {"code": failed[0]["ErrorCode"], "message": failed[0]["ErrorMessage"], "status": 400}


@scheduler.internal
def try_again(call: Call, tx: Tx, request: Request) -> None:
    """Begin the next attempt of an errand."""
    _attempt(tx, errand_of(request))


def _failed(call: Call, tx: Tx, errand: Errand, error: dict[str, Any]) -> None:
    """Try again later what may succeed then; give up the rest."""
    metrics.count(call, errand, metrics.THROTTLED if metrics.throttled(error) else metrics.ERRORS)
    here = tx.within(errand.account, errand.region)
    pause_s = min(PAUSE_MAX_S, PAUSE_S * 2**errand.attempt) * (0.5 + tx.ids.random())
    spent = ""
    if metrics.retryable(error):
        spent = _spent(errand, tx.now + pause_s)
        if not spent:
            timers.at(here, tx.now + pause_s, ROOM, "try_again", **errand.about)
            return
    log.warning("%s did not call %s: %s", errand.arn, errand.target["Arn"], error["message"])
    metrics.count(call, errand, metrics.DROPPED)
    if errand.target.get("DeadLetterConfig", {}).get("Arn"):
        _bury(here, errand, letter_of(errand, error, spent))
    _finish(tx, errand)


def _spent(errand: Errand, next_at: float) -> str:
    """The limit of the retry policy that keeps an errand from being tried again; nothing, if none does."""
    policy = errand.target["RetryPolicy"]
    if errand.attempt > policy["MaximumRetryAttempts"]:
        return "MaximumRetryAttempts"
    return "MaximumEventAgeInSeconds" if next_at - errand.began_at > policy["MaximumEventAgeInSeconds"] else ""


def _bury(tx: Tx, errand: Errand, letter: Letter) -> None:
    """Send what could not be told to the dead-letter queue, as the schedule's role."""
    principal = roles.session(errand.target["RoleArn"], errand.id)
    seat = tx.within(letter.queue.account, letter.queue.region).acting(principal)
    promise(seat, "sqs", "SendMessage", letter.request, then=(ROOM, "buried"), about=errand.about)


@scheduler.internal
def buried(call: Call, tx: Tx, request: Request) -> None:
    """Count what went to a dead-letter queue, or did not, by `outcome`."""
    errand, outcome = errand_of(request), request["outcome"]
    if "error" in outcome:
        for name in (metrics.UNBURIED, f"{metrics.UNBURIED}_{outcome['error']['code']}"):
            metrics.count(call, errand, name)
    else:
        metrics.count(call, errand, metrics.BURIED)


def _finish(tx: Tx, errand: Errand) -> None:
    """Delete the schedule if this was its last errand and it wants to be."""
    here = tx.within(errand.account, errand.region)
    schedule = here.get(Schedule, errand.group, errand.name)
    if schedule is None or schedule.members["ActionAfterCompletion"] != DELETE:
        return
    if schedule.due_at == errand.due_at and not schedule.alarm:
        here.delete(Schedule, schedule.group, schedule.name)
