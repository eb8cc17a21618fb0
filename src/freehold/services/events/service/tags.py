"""Tags of buses and rules. They may not know what is tagged beyond its tags.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TagResource.html
"""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.events import errors, names
from freehold.services.events.buses import EventBus, find_bus
from freehold.services.events.catalogue import events, tagged_arn, tags_of
from freehold.services.events.rules import Rule, find_rule

TAGS_MAX = 50
TOO_MANY = "Too many tags: a resource may have {most}."


def _tagged(tx: Tx, request: Request) -> EventBus | Rule:
    place = arns.parse(request["ResourceARN"])
    if place is None or (place.account, place.region) != (tx.account, tx.region):
        raise errors.BadParameter(name="ResourceARN")
    kind, _, name = place.resource.partition("/")
    if kind == "event-bus":
        return find_bus(tx, name)
    if kind == "rule":
        return find_rule(tx, *names.rule_of(request["ResourceARN"]))
    raise errors.BadParameter(name="ResourceARN")


@events.operation(needs={"events:TagResource": tagged_arn})
def tag_resource(call: Call, tx: Tx, request: Request) -> None:
    found = _tagged(tx, request)
    found.tags = found.tags | tags_of(request)
    if len(found.tags) > TAGS_MAX:
        raise errors.Invalid(reason=TOO_MANY.format(most=TAGS_MAX))
    tx.put(found)


@events.operation(needs={"events:UntagResource": tagged_arn})
def untag_resource(call: Call, tx: Tx, request: Request) -> None:
    found = _tagged(tx, request)
    found.tags = {key: value for key, value in found.tags.items() if key not in request["TagKeys"]}
    tx.put(found)


@events.operation(needs={"events:ListTagsForResource": tagged_arn})
def list_tags_for_resource(call: Call, tx: Tx, request: Request) -> Response:
    return {"Tags": [{"Key": key, "Value": value} for key, value in _tagged(tx, request).tags.items()]}
