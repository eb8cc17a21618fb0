"""The catalogue of Step Functions' operations, and the ARNs of what they need permission for.

It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
"""

from collections.abc import Callable

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Service
from freehold.services.states.rates import RATES

states = Service("states", model="stepfunctions")
states.rates = RATES

ANY = "*"  # actions on whatever a token or a list shows


def named(kind: str) -> Callable[[Call, Request], str]:
    """The ARN of what the request's `name` is about to name."""
    return lambda call, request: arns.arn("states", call.region, call.account, f"{kind}:{request['name']}")


def member(name: str) -> Callable[[Call, Request], str]:
    """The ARN that a member of the request holds."""
    return lambda call, request: request[name]
