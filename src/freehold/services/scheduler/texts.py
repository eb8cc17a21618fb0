"""Texts: what a target is told.

One idea: the schedule's input, or an event if there is none, with the keywords of EventBridge Scheduler replaced in it.
It may not know what the target does with it.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
"""

import re

import msgspec

from freehold.engines import moments
from freehold.services.scheduler.errands import Errand

KEYWORD = re.compile(r"<aws\.scheduler\.(schedule-arn|scheduled-time|execution-id|attempt-number)>")


def text_of(errand: Errand) -> str:
    told = {
        "schedule-arn": errand.arn,
        "scheduled-time": moments.iso_s(errand.due_at),
        "execution-id": errand.id,
        "attempt-number": str(errand.attempt),
    }
    return KEYWORD.sub(lambda keyword: told[keyword[1]], errand.target.get("Input") or _event(errand))


def _event(errand: Errand) -> str:
    """What a templated target without an input is told."""
    event = {
        "version": "0",
        "id": errand.id,
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": errand.account,
        "time": moments.iso_s(errand.due_at),
        "region": errand.region,
        "resources": [errand.arn],
        "detail": "{}",
    }
    return msgspec.json.encode(event).decode()
