"""Resource policies of the account. It may not know groups.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html
"""

from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.logs import errors
from freehold.services.logs.pages import read_token, write_token
from freehold.services.logs.policies import ResourcePolicy, put_policy
from freehold.services.logs.service.catalogue import logs

SHOWN_MAX = 50


def _refuse_of_groups(request: Request) -> None:
    if "resourceArn" in request or request.get("policyScope", "ACCOUNT") != "ACCOUNT":
        raise NotImplementedHere(service="logs", operation="resource policies of one log group")


@logs.operation(needs={"logs:PutResourcePolicy": "*"})
def put_resource_policy(call: Call, tx: Tx, request: Request) -> Response:
    _refuse_of_groups(request)
    if not request.get("policyName") or not request.get("policyDocument"):
        raise errors.PolicyUnnamed()
    return {"resourcePolicy": _described(put_policy(tx, request["policyName"], request["policyDocument"]))}


@logs.operation(needs={"logs:DescribeResourcePolicies": "*"})
def describe_resource_policies(call: Call, tx: Tx, request: Request) -> Response:
    _refuse_of_groups(request)
    limit = request.get("limit", SHOWN_MAX)
    after = (read_token(request["nextToken"], str),) if "nextToken" in request else None
    found = tx.range(ResourcePolicy, after=after, limit=limit + 1)
    answer: Response = {"resourcePolicies": [_described(policy) for policy in found[:limit]]}
    if len(found) > limit:
        answer["nextToken"] = write_token(found[limit - 1].name)
    return answer


@logs.operation(needs={"logs:DeleteResourcePolicy": "*"})
def delete_resource_policy(call: Call, tx: Tx, request: Request) -> None:
    _refuse_of_groups(request)
    name = request.get("policyName", "")
    if not tx.delete(ResourcePolicy, name):
        raise errors.PolicyNotFound(name=name)


def _described(policy: ResourcePolicy) -> Response:
    return {
        "policyName": policy.name,
        "policyDocument": policy.document,
        "lastUpdatedTime": policy.updated_at,
        "policyScope": "ACCOUNT",
    }
