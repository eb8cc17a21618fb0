"""Tags of state machines and activities: TagResource, UntagResource and ListTagsForResource.

One idea: both keep their tags in their own record, as {key: value}. It may not know what tags are for.

https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#concepts-tagging
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.states import names
from freehold.services.states.catalogue import member, states
from freehold.services.states.errors import ResourceNotFound, TooManyTags
from freehold.services.states.machines import StateMachine
from freehold.services.states.tags import TAGS_MAX, from_pairs
from freehold.services.states.tickets import Activity

KINDS: dict[str, type[StateMachine] | type[Activity]] = {names.MACHINE: StateMachine, names.ACTIVITY: Activity}

resource_arn = member("resourceArn")


def tagged(tx: Tx, arn: str) -> StateMachine | Activity:
    """What an ARN names, if it can be tagged. Raises InvalidArn, ResourceNotFound."""
    named = names.read(arn, *KINDS)
    here = (named.account, named.region) == (tx.account, tx.region) and not named.rest
    found = tx.get(KINDS[named.kind], named.name) if here else None
    if found is None:
        raise ResourceNotFound(resourceName=arn)
    return found


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
