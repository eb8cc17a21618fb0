"""PutParameter, GetParameter, GetParameters, DeleteParameter and DeleteParameters. They may not know how values are
sealed.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.ssm import errors, parameters, writes
from freehold.services.ssm.names import arn_of, wanted
from freehold.services.ssm.parameters import Version, value_of
from freehold.services.ssm.service.catalogue import parameter_arn, parameter_arns, ssm

NOT_THERE = (errors.ParameterNotFound, errors.LabelNotFound, errors.VersionNotFound)


def _put_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    arn = parameter_arn(call, request)
    return [("ssm:PutParameter", arn)] + ([("ssm:AddTagsToResource", arn)] if request.get("Tags") else [])


@ssm.operation(needs=_put_needs)
def put_parameter(call: Call, tx: Tx, request: Request) -> Response:
    if request.get("Tags") and request.get("Overwrite"):
        raise errors.TagsWithOverwrite()
    version = writes.put(call, tx, wanted(request["Name"]).name, request)
    return {"Version": version.version, "Tier": version.tier}


@ssm.operation(needs={"ssm:GetParameter": parameter_arn})
def get_parameter(call: Call, tx: Tx, request: Request) -> Response:
    return {"Parameter": _selected(call, tx, request["Name"], request)}


@ssm.operation(needs={"ssm:GetParameters": parameter_arns})
def get_parameters(call: Call, tx: Tx, request: Request) -> Response:
    found, invalid = [], []
    for name in dict.fromkeys(request["Names"]):
        try:
            found.append(_selected(call, tx, name, request))
        except NOT_THERE:
            invalid.append(name)
    return {"Parameters": found, "InvalidParameters": invalid}


def _selected(call: Call, tx: Tx, name: str, request: Request) -> Response:
    asked = wanted(name)
    told = described(call, tx, parameters.select(tx, asked), request)
    return told | ({"Selector": asked.told} if asked.selector else {})


def described(call: Call, tx: Tx, version: Version, request: Request) -> Response:
    """A version with its value, opened if the request says so."""
    return {
        "Name": version.name,
        "Type": version.type,
        "Value": value_of(call, tx, version, opened=request.get("WithDecryption", False)),
        "Version": version.version,
        "LastModifiedDate": version.modified_at,
        "ARN": arn_of(tx.region, tx.account, version.name),
        "DataType": version.data_type,
    }


@ssm.operation(needs={"ssm:DeleteParameter": parameter_arn})
def delete_parameter(call: Call, tx: Tx, request: Request) -> None:
    writes.remove(tx, parameters.open_parameter(tx, wanted(request["Name"])))


@ssm.operation(needs={"ssm:DeleteParameters": parameter_arns})
def delete_parameters(call: Call, tx: Tx, request: Request) -> Response:
    found = {name: parameters.find(tx, wanted(name)) for name in request["Names"]}
    for parameter in filter(None, found.values()):
        writes.remove(tx, parameter)
    return {
        "DeletedParameters": [name for name, parameter in found.items() if parameter],
        "InvalidParameters": [name for name, parameter in found.items() if not parameter],
    }


@ssm.internal
def fall_due(call: Call, tx: Tx, request: Request) -> None:
    """Carry out the policy `text` of the parameter `name`, due at `due_at`."""
    writes.fall_due(tx, **request)
