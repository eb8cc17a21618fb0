"""The catalogue of CloudWatch's operations, and the ARNs of what they need permission for.

It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Service
from freehold.services.cloudwatch.dashboards import arn_of

cloudwatch = Service("cloudwatch", signs="monitoring")


def dashboard_arn(call: Call, request: Request) -> str:
    return arn_of(call.account, request["DashboardName"])


def dashboard_arns(call: Call, request: Request) -> list[str]:
    return [arn_of(call.account, name) for name in request["DashboardNames"]]


def tagged_arn(call: Call, request: Request) -> str:
    return request["ResourceARN"]
