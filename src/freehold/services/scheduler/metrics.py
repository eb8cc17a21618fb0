"""Metrics of EventBridge Scheduler, by group, and which errors count as what.

It may not know errands beyond where they come from.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.deliveries import FAULTS, THROTTLES
from freehold.services.scheduler.errands import Errand

NAMESPACE = "AWS/Scheduler"
ATTEMPTS = "InvocationAttemptCount"
ERRORS, THROTTLED = "TargetErrorCount", "TargetErrorThrottledCount"
DROPPED = "InvocationDroppedCount"
BURIED, UNBURIED = "InvocationsSentToDeadLetterCount", "InvocationsFailedToBeSentToDeadLetterCount"


def count(call: Call, errand: Errand, name: str) -> None:
    call.within(errand.account, errand.region).measure(NAMESPACE, name, 1, "Count", ScheduleGroup=errand.group)


def throttled(error: dict[str, Any]) -> bool:
    return error["code"] in THROTTLES


def retryable(error: dict[str, Any]) -> bool:
    """Whether asking again may help: a fault of the target's side, or too many requests."""
    return throttled(error) or (error["status"] or 400) in FAULTS
