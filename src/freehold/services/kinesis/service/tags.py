"""Tags, by their older API for streams, and by the one for any resource. It may not know what is tagged."""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.kinesis import streams
from freehold.services.kinesis.consumers import Consumer
from freehold.services.kinesis.errors import TagsMany
from freehold.services.kinesis.service.catalogue import kinesis, resource_arn, stream_arn
from freehold.services.kinesis.service.settings import owned
from freehold.services.kinesis.streams import Stream

TAGS_MAX = 50


def _tag(tx: Tx, thing: Stream | Consumer, tags: dict[str, str]) -> None:
    thing.tags = thing.tags | tags
    if len(thing.tags) > TAGS_MAX:
        raise TagsMany(stream=thing.name, account=tx.account, most=TAGS_MAX)
    tx.put(thing)


def _untag(tx: Tx, thing: Stream | Consumer, keys: list[str]) -> None:
    thing.tags = {key: value for key, value in thing.tags.items() if key not in keys}
    tx.put(thing)


def _told(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


@kinesis.operation(needs={"kinesis:AddTagsToStream": stream_arn})
def add_tags_to_stream(call: Call, tx: Tx, request: Request) -> None:
    tx, stream = streams.addressed(tx, request, "AddTagsToStream")
    _tag(tx, stream, request["Tags"])


@kinesis.operation(needs={"kinesis:RemoveTagsFromStream": stream_arn})
def remove_tags_from_stream(call: Call, tx: Tx, request: Request) -> None:
    tx, stream = streams.addressed(tx, request, "RemoveTagsFromStream")
    _untag(tx, stream, request["TagKeys"])


@kinesis.operation(needs={"kinesis:ListTagsForStream": stream_arn})
def list_tags_for_stream(call: Call, tx: Tx, request: Request) -> Response:
    tx, stream = streams.addressed(tx, request, "ListTagsForStream")
    start, limit = request.get("ExclusiveStartTagKey", ""), request.get("Limit", TAGS_MAX)
    left = [one for one in _told(stream.tags) if one["Key"] > start]
    return {"Tags": left[:limit], "HasMoreTags": len(left) > limit}


@kinesis.operation(needs={"kinesis:TagResource": resource_arn})
def tag_resource(call: Call, tx: Tx, request: Request) -> None:
    tx, thing = owned(tx, request, "TagResource")
    _tag(tx, thing, request["Tags"])


@kinesis.operation(needs={"kinesis:UntagResource": resource_arn})
def untag_resource(call: Call, tx: Tx, request: Request) -> None:
    tx, thing = owned(tx, request, "UntagResource")
    _untag(tx, thing, request["TagKeys"])


@kinesis.operation(needs={"kinesis:ListTagsForResource": resource_arn})
def list_tags_for_resource(call: Call, tx: Tx, request: Request) -> Response:
    return {"Tags": _told(owned(tx, request, "ListTagsForResource")[1].tags)}
