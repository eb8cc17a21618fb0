"""Metrics of EventBridge Scheduler, by group, and which errors count as what.

It may not know invocations beyond where they come from.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.deliveries import FAULTS, THROTTLES
from freehold.services.scheduler.invocations import Invocation

NAMESPACE = "AWS/Scheduler"
ATTEMPTS = "InvocationAttemptCount"
ERRORS, THROTTLED = "TargetErrorCount", "TargetErrorThrottledCount"
DROPPED = "InvocationDroppedCount"
BURIED, UNBURIED = "InvocationsSentToDeadLetterCount", "InvocationsFailedToBeSentToDeadLetterCount"


def count(call: Call, invocation: Invocation, name: str) -> None:
    call.within(invocation.account, invocation.region).measure(
        NAMESPACE, name, 1, "Count", ScheduleGroup=invocation.group
    )


def throttled(error: dict[str, Any]) -> bool:
    return error["code"] in THROTTLES


def retryable(error: dict[str, Any]) -> bool:
    """Whether asking again may help: a fault of the target's side, or too many requests."""
    return throttled(error) or (error["status"] or 400) in FAULTS
