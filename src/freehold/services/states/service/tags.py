"""TagResource, UntagResource and ListTagsForResource. It may not know what is tagged."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.states.catalogue import member, states
from freehold.services.states.errors import TooManyTags
from freehold.services.states.tags import TAGS_MAX, from_pairs, tagged

resource_arn = member("resourceArn")


@states.operation(needs={"states:TagResource": resource_arn})
def tag_resource(call: Call, tx: Tx, request: Request) -> None:
    resource = tagged(tx, request["resourceArn"])
    resource.tags = resource.tags | from_pairs(request["tags"], request["resourceArn"])
    if len(resource.tags) > TAGS_MAX:
        raise TooManyTags(limit=TAGS_MAX, resourceName=request["resourceArn"])
    tx.put(resource)


@states.operation(needs={"states:UntagResource": resource_arn})
def untag_resource(call: Call, tx: Tx, request: Request) -> None:
    resource = tagged(tx, request["resourceArn"])
    resource.tags = {key: value for key, value in resource.tags.items() if key not in request["tagKeys"]}
    tx.put(resource)


@states.operation(needs={"states:ListTagsForResource": resource_arn})
def list_tags_for_resource(call: Call, tx: Tx, request: Request) -> Response:
    tags = tagged(tx, request["resourceArn"]).tags
    return {"tags": [{"key": key, "value": value} for key, value in tags.items()]}
