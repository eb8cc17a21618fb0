"""The catalogue of Parameter Store's operations, and the ARNs of what they need permission for.

It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
"""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request, Service
from freehold.services.ssm.names import arn_of, wanted
from freehold.services.ssm.rates import RATES

ssm = Service("ssm")
ssm.rates = RATES


def _arn(call: Call, text: str) -> str:
    """The ARN of a parameter that a request tells by name or ARN; a version is part of neither."""
    parts = arns.parse(text)
    where = (parts.region, parts.account) if parts else (call.region, call.account)
    return arn_of(*where, wanted(text).name)


def parameter_arn(call: Call, request: Request) -> str:
    return _arn(call, request["Name"])


def parameter_arns(call: Call, request: Request) -> list[str]:
    return [_arn(call, name) for name in request["Names"]]


def path_arn(call: Call, request: Request) -> str:
    return _arn(call, request["Path"])


def anything_arn(call: Call, request: Request) -> str:
    return arns.arn("ssm", call.region, call.account, "*")


def tagged_arn(call: Call, request: Request) -> str:
    """The ARN of the parameter that is tagged. Nothing else of Systems Manager is here."""
    if request["ResourceType"] != "Parameter":
        raise NotImplementedHere(service="ssm", operation=f"tags of the type {request['ResourceType']}")
    return _arn(call, request["ResourceId"])
