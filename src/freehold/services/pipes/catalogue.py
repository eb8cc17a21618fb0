"""The catalogue of EventBridge Pipes' operations, the ARNs of pipes, and who acts for them.

It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgepipes.html
"""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.identity import SERVICE, Principal
from freehold.kernel.service import Request, Service

pipes = Service("pipes")

PRINCIPAL = "pipes.amazonaws.com"


def pipe_arn(account: str, region: str, name: str) -> str:
    return arns.arn("pipes", region, account, f"pipe/{name}")


def named_pipe(call: Call, request: Request) -> str:
    """The ARN of the pipe that a request names."""
    return pipe_arn(call.account, call.region, request["Name"])


def tagged(call: Call, request: Request) -> str:
    return request["resourceArn"]


def speaker(account: str, region: str, name: str) -> Principal:
    """Pipes acting for a pipe; trust policies see the pipe's ARN as aws:SourceArn."""
    return Principal(SERVICE, account, PRINCIPAL, PRINCIPAL, pipe_arn(account, region, name))
