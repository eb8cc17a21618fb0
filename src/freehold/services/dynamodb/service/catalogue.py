"""The catalogue of DynamoDB's operations, and the ARNs of what they need permission for.

It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
"""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request
from freehold.services.dynamodb.policies.documents import policy_on
from freehold.services.dynamodb.policies.sharing import Shared

dynamodb = Shared("dynamodb")
dynamodb.guard(policy_on)


def arn_of(call: Call, name: str) -> str:
    """A table's ARN, from its name or its ARN."""
    return name if name.startswith("arn:") else arns.arn("dynamodb", call.region, call.account, f"table/{name}")


def table_arn(call: Call, request: Request) -> str:
    """The ARN of the request's table."""
    return arn_of(call, request.get("TableName", "*"))


def source_arn(call: Call, request: Request) -> str:
    """The ARN of the request's table or index."""
    table = table_arn(call, request)
    return f"{table}/index/{request['IndexName']}" if "IndexName" in request else table


def resource_arn(call: Call, request: Request) -> str:
    """The ARN of what is tagged."""
    return request["ResourceArn"]
