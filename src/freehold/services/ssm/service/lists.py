"""GetParametersByPath, DescribeParameters and GetParameterHistory. They may not know how values are sealed.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.ssm import errors
from freehold.services.ssm.filters import OF_DESCRIBE, OF_PATHS, compile_filters
from freehold.services.ssm.names import arn_of, check_path, is_below, wanted
from freehold.services.ssm.pages import page, read_token, write_token
from freehold.services.ssm.parameters import Parameter, Version, latest, open_parameter, value_of
from freehold.services.ssm.service.catalogue import anything_arn, parameter_arn, path_arn, ssm
from freehold.services.ssm.service.parameters import described

BY_PATH_MAX, DESCRIBED_MAX = 10, 50


@ssm.operation(needs={"ssm:GetParametersByPath": path_arn})
def get_parameters_by_path(call: Call, tx: Tx, request: Request) -> Response:
    path = wanted(request["Path"]).name
    check_path(path)
    deep = request.get("Recursive", False)
    holds = compile_filters(tx, request.get("ParameterFilters", []), OF_PATHS, tags=False)

    def chosen(parameter: Parameter) -> bool:
        return is_below(parameter.name, path, deep=deep) and holds(parameter)

    prefix = path.rstrip("/") and path.rstrip("/") + "/"
    found, more = page(tx, prefix, chosen, request.get("NextToken"), request.get("MaxResults", BY_PATH_MAX))
    return {"Parameters": [described(call, tx, latest(tx, parameter), request) for parameter in found]} | more


@ssm.operation(needs={"ssm:DescribeParameters": anything_arn})
def describe_parameters(call: Call, tx: Tx, request: Request) -> Response:
    older, filters = request.get("Filters", []), request.get("ParameterFilters", [])
    if older and filters:
        raise errors.FiltersTwice()
    filters = filters or [{**one, "Option": "BeginsWith"} for one in older]
    chosen = compile_filters(tx, filters, OF_DESCRIBE, tags=True)
    if request.get("Shared"):
        return {"Parameters": []}  # no other account shares any
    found, more = page(tx, "", chosen, request.get("NextToken"), request.get("MaxResults", DESCRIBED_MAX))
    return {"Parameters": [_summary(tx, parameter) for parameter in found]} | more


@ssm.operation(needs={"ssm:GetParameterHistory": parameter_arn})
def get_parameter_history(call: Call, tx: Tx, request: Request) -> Response:
    parameter = open_parameter(tx, wanted(request["Name"]))
    limit, token = request.get("MaxResults", DESCRIBED_MAX), request.get("NextToken")
    after = (read_token(token, int),) if token else None
    found = tx.range(Version, parameter.name, after=after, limit=limit + 1)
    told = []
    for version in found[:limit]:
        value = value_of(call, tx, version, opened=request.get("WithDecryption", False))
        current = {"Policies": _policies(parameter)} if version.version == parameter.version else {}
        labels = parameter.labels_of(version.version)
        told.append(_facts(version) | {"Value": value, "Labels": labels} | current)
    more = {"NextToken": write_token(found[limit - 1].version)} if len(found) > limit else {}
    return {"Parameters": told} | more


def _summary(tx: Tx, parameter: Parameter) -> Response:
    version = latest(tx, parameter)
    return _facts(version) | {"ARN": arn_of(tx.region, tx.account, version.name), "Policies": _policies(parameter)}


def _policies(parameter: Parameter) -> list[Response]:
    return [
        {"PolicyText": policy.text, "PolicyType": policy.type, "PolicyStatus": policy.status}
        for policy in parameter.policies
    ]


def _facts(version: Version) -> Response:
    """What is told of a version besides its value."""
    told = {
        "Name": version.name,
        "Type": version.type,
        "LastModifiedDate": version.modified_at,
        "LastModifiedUser": version.modified_by,
        "Version": version.version,
        "Tier": version.tier,
        "Policies": [],
        "DataType": version.data_type,
    }
    some = {
        "KeyId": version.key_id,
        "Description": version.description,
        "AllowedPattern": version.allowed_pattern,
    }
    return told | {member: value for member, value in some.items() if value}
