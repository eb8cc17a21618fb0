"""How often AWS lets an account ask EventBridge Scheduler, in us-east-1; held where the setting `limits` is on.

It may not know what the operations do.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
"""

from freehold.kernel.limits import Rate

RATES = {
    "CreateSchedule": Rate(5_000, 5_000),
    "CreateScheduleGroup": Rate(10, 10),
    "DeleteSchedule": Rate(1_000, 1_000),
    "DeleteScheduleGroup": Rate(10, 10),
    "GetSchedule": Rate(1_000, 1_000),
}
