"""The catalogue of CloudWatch Logs' operations, and the ARNs of what they need permission for.

One idea: AWS asks about a group as about its nameless stream (`…:log-group:Name:log-stream:`), so that a policy on
`…:log-group:Name:*` holds for it; only tags are asked about by the group's own ARN. It may not know what the operations
do.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
"""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Service
from freehold.kernel.store import Tx
from freehold.services.logs import errors
from freehold.services.logs.groups import Group, arn_of, name_of, open_group

logs = Service("logs")


def group_arn(call: Call, request: Request) -> str:
    """The ARN of the request's group, as AWS asks about it."""
    return stream_arn(call, {**request, "logStreamName": ""})


def stream_arn(call: Call, request: Request) -> str:
    """The ARN of the request's stream."""
    identifier = request.get("logGroupName") or request.get("logGroupIdentifier") or ""
    parts = arns.parse(identifier)
    group = f"log-group:{name_of(identifier)}:log-stream:{request['logStreamName']}"
    region, account = (parts.region, parts.account) if parts else (call.region, call.account)
    return arns.arn("logs", region, account, group)


def any_group_arn(call: Call, request: Request) -> str:
    """The ARN of no group in particular."""
    return arns.arn("logs", call.region, call.account, "log-group::log-stream:")


def bare_group_arn(call: Call, request: Request) -> str:
    """The ARN of the request's group, by its own name."""
    return arn_of(call.account, call.region, request["logGroupName"])


def tagged_arn(call: Call, request: Request) -> str:
    """The ARN of what is tagged."""
    return request["resourceArn"].removesuffix(":*")


def named_group(tx: Tx, request: Request) -> Group:
    """The group that a request tells by name or by identifier. Raises ResourceNotFoundException."""
    name, identifier = request.get("logGroupName"), request.get("logGroupIdentifier")
    if name and identifier:
        raise errors.GroupNamedTwice()
    if not name and not identifier:
        raise errors.GroupUnnamed()
    return open_group(tx, name or identifier or "")
