"""The catalogue of DynamoDB Streams' operations, and the ARNs of what they need permission for.

It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
"""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request
from freehold.services.dynamodb.policies.documents import policy_on
from freehold.services.dynamodb.policies.sharing import Shared

dynamodbstreams = Shared("dynamodbstreams", signs="dynamodb")
dynamodbstreams.guard(policy_on)


def stream_arn(call: Call, request: Request) -> str:
    """The ARN of the request's stream."""
    return request["StreamArn"]


def iterated_arn(call: Call, request: Request) -> str:
    """The ARN of the stream that an iterator is of."""
    return request["ShardIterator"].strip('"').partition("|")[0]


def listed_arn(call: Call, request: Request) -> str:
    """The ARN of the streams that are listed: those of a table, or all."""
    return arns.arn("dynamodb", call.region, call.account, f"table/{request.get('TableName', '*')}/stream/*")
