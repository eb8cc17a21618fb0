"""The catalogue of CloudFormation's operations, and the ARNs of what they need permission for.

It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
"""

import base64
import binascii

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Needs, Request, Service
from freehold.services.cloudformation import errors

cloudformation = Service("cloudformation")


def stack_arn(call: Call, request: Request) -> str:
    """The ARN of the request's stack: its id, or that of any stack of the name."""
    name = request.get("StackName", "")
    if name.startswith("arn:"):
        return name
    return arns.arn("cloudformation", call.region, call.account, f"stack/{name}/*" if name else "*")


def changeset_arn(call: Call, request: Request) -> str:
    """The stack of a change set, or the change set itself where only its id is given."""
    return stack_arn(call, request) if request.get("StackName") else request["ChangeSetName"]


def deploy(action: str) -> Needs:
    """What an operation needs that deploys: its own action, and PassRole where a role is given."""

    def needs(call: Call, request: Request) -> list[tuple[str, str]]:
        role = [("iam:PassRole", request["RoleARN"])] if request.get("RoleARN") else []
        return [(f"cloudformation:{action}", stack_arn(call, request)), *role]

    return needs


def token(key: str) -> str:
    """An opaque NextToken that stands for the last key of a page."""
    return base64.urlsafe_b64encode(key.encode()).decode()


def behind(request: Request) -> str:
    """The key that the request's NextToken stands for, or '' for the first page."""
    try:
        return base64.urlsafe_b64decode(request.get("NextToken", "").encode()).decode()
    except (binascii.Error, UnicodeError):
        raise errors.TokenInvalid() from None


def offset(request: Request) -> int:
    """The place in a list that the request's NextToken stands for."""
    key = behind(request)
    if not key.isdigit() and key:
        raise errors.TokenInvalid()
    return int(key or 0)
