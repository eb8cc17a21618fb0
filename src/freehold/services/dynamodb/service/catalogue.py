"""The catalogue of DynamoDB's operations, and the ARNs of what they need permission for.

It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
"""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Service

dynamodb = Service("dynamodb")


def arn_of(call: Call, name: str) -> str:
    """A table's ARN, from its name or its ARN."""
    return name if name.startswith("arn:") else arns.arn("dynamodb", call.region, call.account, f"table/{name}")


def table_arn(call: Call, request: Request) -> str:
    """The ARN of the request's table."""
    return arn_of(call, request["TableName"])


def resource_arn(call: Call, request: Request) -> str:
    """The ARN of what is tagged."""
    return request["ResourceArn"]
