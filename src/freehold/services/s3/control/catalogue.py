"""The catalogue of S3 Control's operations, and the ARNs of what they need permission for.

It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Service
from freehold.services.s3.access.points import arn_of

s3control = Service("s3control", signs="s3")


def point_arn(call: Call, request: Request) -> str:
    """The ARN of the request's access point."""
    return arn_of(request["AccountId"], call.region, request["Name"])
