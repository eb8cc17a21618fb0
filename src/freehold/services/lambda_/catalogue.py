"""The catalogue of Lambda's operations, and the ARNs of what they need permission for.

It may not know what the operations do.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
"""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Service
from freehold.services.lambda_ import names

SERVICE_PRINCIPAL = "lambda.amazonaws.com"

lambda_ = Service("lambda")


def function_arn(call: Call, request: Request) -> str:
    """The function's ARN, with its qualifier where the request has one."""
    ref = names.read(request["FunctionName"], request.get("Qualifier", ""))
    return names.function_arn(ref.region or call.region, ref.account or call.account, ref.name, ref.qualifier)


def whole_function_arn(call: Call, request: Request) -> str:
    """The function's ARN without a qualifier."""
    ref = names.read(request["FunctionName"])
    return names.function_arn(ref.region or call.region, ref.account or call.account, ref.name)


def layer_arn(call: Call, request: Request) -> str:
    """The layer's ARN, with the version where the request has one."""
    name, number = request["LayerName"], request.get("VersionNumber")
    arn = name if name.startswith("arn:") else arns.arn("lambda", call.region, call.account, f"layer:{name}")
    return f"{arn}:{number}" if number is not None else arn


def mapping_arn(call: Call, request: Request) -> str:
    return arns.arn("lambda", call.region, call.account, f"event-source-mapping:{request['UUID']}")


def tagged_arn(call: Call, request: Request) -> str:
    return request["Resource"]
