"""Tags of functions and event source mappings. It may not know what is tagged beyond that."""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.lambda_ import errors, functions, names
from freehold.services.lambda_.catalogue import lambda_, tagged_arn
from freehold.services.lambda_.functions import Function
from freehold.services.lambda_.sources import mappings
from freehold.services.lambda_.sources.mappings import Mapping


def _tagged(tx: Tx, arn: str) -> Function | Mapping:
    """What is tagged: a function, or an event source mapping."""
    place = arns.parse(arn)
    if place and place.resource.startswith("event-source-mapping:"):
        return mappings.find(tx, place.resource.partition(":")[2])
    ref = names.read(arn)
    if ref.qualifier:
        raise errors.TagsOfFunctionsOnly()
    return functions.find(functions.own(tx, ref), ref.name)


@lambda_.operation(needs={"lambda:TagResource": tagged_arn})
def tag_resource(call: Call, tx: Tx, request: Request) -> None:
    thing = _tagged(tx, request["Resource"])
    thing.tags = thing.tags | request["Tags"]
    tx.put(thing)


@lambda_.operation(needs={"lambda:UntagResource": tagged_arn})
def untag_resource(call: Call, tx: Tx, request: Request) -> None:
    thing = _tagged(tx, request["Resource"])
    thing.tags = {key: value for key, value in thing.tags.items() if key not in request["TagKeys"]}
    tx.put(thing)


@lambda_.operation(needs={"lambda:ListTags": tagged_arn})
def list_tags(call: Call, tx: Tx, request: Request) -> Response:
    return {"Tags": _tagged(tx, request["Resource"]).tags}
