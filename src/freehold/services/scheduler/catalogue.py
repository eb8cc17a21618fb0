"""The catalogue of EventBridge Scheduler's operations, and the ARNs of what they are about.

It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
"""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.identity import SERVICE, Principal
from freehold.kernel.service import Request, Service
from freehold.services.scheduler.rates import RATES

scheduler = Service("scheduler")
scheduler.rates = RATES

DEFAULT = "default"
PRINCIPAL = "scheduler.amazonaws.com"


def group_arn(account: str, region: str, name: str) -> str:
    return arns.arn("scheduler", region, account, f"schedule-group/{name}")


def schedule_arn(account: str, region: str, group: str, name: str) -> str:
    return arns.arn("scheduler", region, account, f"schedule/{group}/{name}")


def named_group(call: Call, request: Request) -> str:
    """The ARN of the group that a request names."""
    return group_arn(call.account, call.region, request["Name"])


def named_schedule(call: Call, request: Request) -> str:
    """The ARN of the schedule that a request names; in the default group unless told otherwise."""
    return schedule_arn(call.account, call.region, request.get("GroupName") or DEFAULT, request["Name"])


def tagged(call: Call, request: Request) -> str:
    return request["ResourceArn"]


def speaker(account: str, region: str, group: str) -> Principal:
    """EventBridge Scheduler acting for a group; trust policies see the group's ARN as aws:SourceArn.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    """
    return Principal(SERVICE, account, PRINCIPAL, PRINCIPAL, group_arn(account, region, group))
