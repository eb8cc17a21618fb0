"""Tags of parameters. They may not know versions."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.ssm import errors
from freehold.services.ssm.names import wanted
from freehold.services.ssm.parameters import Parameter, find
from freehold.services.ssm.service.catalogue import ssm, tagged_arn

TAGS_MAX = 50


def _tagged(call: Call, tx: Tx, request: Request) -> Parameter:
    tagged_arn(call, request)
    found = find(tx, wanted(request["ResourceId"]))
    if found is None:
        raise errors.InvalidResourceId(id=request["ResourceId"])
    return found


@ssm.operation(needs={"ssm:AddTagsToResource": tagged_arn})
def add_tags_to_resource(call: Call, tx: Tx, request: Request) -> None:
    parameter = _tagged(call, tx, request)
    parameter.tags = parameter.tags | {tag["Key"]: tag["Value"] for tag in request["Tags"]}
    if len(parameter.tags) > TAGS_MAX:
        raise errors.TooManyTagsError(most=TAGS_MAX)
    tx.put(parameter)


@ssm.operation(needs={"ssm:RemoveTagsFromResource": tagged_arn})
def remove_tags_from_resource(call: Call, tx: Tx, request: Request) -> None:
    parameter = _tagged(call, tx, request)
    parameter.tags = {key: value for key, value in parameter.tags.items() if key not in request["TagKeys"]}
    tx.put(parameter)


@ssm.operation(needs={"ssm:ListTagsForResource": tagged_arn})
def list_tags_for_resource(call: Call, tx: Tx, request: Request) -> Response:
    return {"TagList": [{"Key": key, "Value": value} for key, value in _tagged(call, tx, request).tags.items()]}
