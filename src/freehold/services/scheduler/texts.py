"""Texts: what a target is told.

One idea: the schedule's input, or an event if there is none, with the keywords of EventBridge Scheduler replaced in it.
It may not know what the target does with it.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
"""

import re

import msgspec

from freehold.engines import moments
from freehold.services.scheduler.invocations import Invocation

KEYWORD = re.compile(r"<aws\.scheduler\.(schedule-arn|scheduled-time|execution-id|attempt-number)>")


def text_of(invocation: Invocation) -> str:
    told = {
        "schedule-arn": invocation.arn,
        "scheduled-time": moments.iso_s(invocation.due_at),
        "execution-id": invocation.id,
        "attempt-number": str(invocation.attempt),
    }
    return KEYWORD.sub(lambda keyword: told[keyword[1]], invocation.target.get("Input") or _event(invocation))


def _event(invocation: Invocation) -> str:
    """What a templated target without an input is told."""
    event = {
        "version": "0",
        "id": invocation.id,
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": invocation.account,
        "time": moments.iso_s(invocation.due_at),
        "region": invocation.region,
        "resources": [invocation.arn],
        "detail": "{}",
    }
    return msgspec.json.encode(event).decode()
