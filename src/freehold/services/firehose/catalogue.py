"""The catalogue of Firehose's operations, and what they need permission for. It may not know what they do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisfirehose.html
"""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Service

firehose = Service("firehose")


def stream_arn(call: Call, request: Request) -> str:
    """The ARN of the request's delivery stream."""
    return arns.arn("firehose", call.region, call.account, f"deliverystream/{request['DeliveryStreamName']}")
