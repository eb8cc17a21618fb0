"""Tags of delivery streams. They may not know what else a stream is.

https://docs.aws.amazon.com/firehose/latest/APIReference/API_TagDeliveryStream.html
"""

from collections.abc import Mapping

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.firehose import errors, streams
from freehold.services.firehose.catalogue import firehose, stream_arn

TAGS_MAX, LISTED = 50, 50


def check(tags: Mapping[str, str]) -> None:
    if len(tags) > TAGS_MAX:
        raise errors.TooManyTags()


@firehose.operation(needs={"firehose:TagDeliveryStream": stream_arn})
def tag_delivery_stream(call: Call, tx: Tx, request: Request) -> Response:
    stream = streams.find(tx, request["DeliveryStreamName"])
    stream.tags |= {tag["Key"]: tag.get("Value", "") for tag in request["Tags"]}
    check(stream.tags)
    tx.put(stream)
    return {}


@firehose.operation(needs={"firehose:UntagDeliveryStream": stream_arn})
def untag_delivery_stream(call: Call, tx: Tx, request: Request) -> Response:
    stream = streams.find(tx, request["DeliveryStreamName"])
    stream.tags = {key: value for key, value in stream.tags.items() if key not in request["TagKeys"]}
    tx.put(stream)
    return {}


@firehose.operation(needs={"firehose:ListTagsForDeliveryStream": stream_arn})
def list_tags_for_delivery_stream(call: Call, tx: Tx, request: Request) -> Response:
    tags, limit = streams.find(tx, request["DeliveryStreamName"]).tags, request.get("Limit", LISTED)
    keys = sorted(key for key in tags if key > request.get("ExclusiveStartTagKey", ""))
    told = [{"Key": key, "Value": tags[key]} for key in keys[:limit]]
    return {"Tags": told, "HasMoreTags": len(keys) > limit}
