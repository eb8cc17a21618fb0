"""The API of DynamoDB Streams. It may not know how changes come to be written.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html
"""

import hashlib
from typing import Any

from freehold.engines import shards as iterators
from freehold.engines.shards import Place
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb.changes import Change, Stream
from freehold.services.dynamodb.streams import errors, shards
from freehold.services.dynamodb.streams.catalogue import dynamodbstreams, iterated_arn, listed_arn, stream_arn

LISTED_MAX = 100
RECORDS_MAX, BYTES_MAX = 1_000, 1024 * 1024
ITERATOR_S = 15 * 60
ROLES = ("HASH", "RANGE")
EXPIRED_BY = {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}
AT, AFTER = "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"


@dynamodbstreams.operation(needs={"dynamodb:ListStreams": listed_arn})
def list_streams(call: Call, tx: Tx, request: Request) -> Response:
    prefix = (request["TableName"],) if "TableName" in request else ()
    streams = [stream for stream in tx.range(Stream, *prefix) if not shards.gone(tx, stream)]
    start, limit = request.get("ExclusiveStartStreamArn"), _limit(request, LISTED_MAX)
    if start:
        seen = shards.find(tx, start)
        streams = [one for one in streams if (one.table, one.label) > (seen.table, seen.label)]
    page = streams[:limit]
    told = [{"StreamArn": shards.arn_of(tx, one), "TableName": one.table, "StreamLabel": one.label} for one in page]
    more = {"LastEvaluatedStreamArn": told[-1]["StreamArn"]} if len(streams) > limit else {}
    return {"Streams": told} | more


def _limit(request: Request, most: int) -> int:
    """How many are asked for. Raises LimitTooHigh."""
    limit = request.get("Limit", most)
    if limit > most:
        raise errors.LimitTooHigh(limit=limit, most=most)
    return limit


def _filters(request: Request) -> bool:
    """Whether only the children of a shard are asked for, of which none has any. Raises FilterIncomplete."""
    wanted = request.get("ShardFilter")
    for member in ("Type", "ShardId"):
        if wanted is not None and member not in wanted:
            raise errors.FilterIncomplete(member=member[0].lower() + member[1:])
    return wanted is not None


@dynamodbstreams.operation(needs={"dynamodb:DescribeStream": stream_arn})
def describe_stream(call: Call, tx: Tx, request: Request) -> Response:
    """The one shard is on the first page, whatever the `Limit`; it is nobody's child."""
    stream = shards.find(tx, request["StreamArn"])
    childless = _filters(request)
    passed = request.get("ExclusiveStartShardId", "") >= shards.name(stream)
    return {
        "StreamDescription": {
            "StreamArn": shards.arn_of(tx, stream),
            "StreamLabel": stream.label,
            "StreamStatus": "DISABLED" if stream.closed_at else "ENABLED",
            "StreamViewType": stream.view,
            "CreationRequestDateTime": stream.opened_at,
            "TableName": stream.table,
            "KeySchema": [{"AttributeName": key, "KeyType": role} for (key, _), role in zip(stream.keys, ROLES)],
            "Shards": [] if childless or passed else [shards.told(tx, stream)],
        }
    }


@dynamodbstreams.operation(needs={"dynamodb:GetShardIterator": stream_arn})
def get_shard_iterator(call: Call, tx: Tx, request: Request) -> Response:
    stream = shards.find(tx, request["StreamArn"])
    shards.check_name(tx, stream, request["ShardId"])
    return {"ShardIterator": _iterator(call, tx, stream, _start(tx, stream, request))}


def _start(tx: Tx, stream: Stream, request: Request) -> int:
    """The number of the change that reading starts with."""
    kind = request["ShardIteratorType"]
    if kind in ("LATEST", "TRIM_HORIZON") and "SequenceNumber" in request:
        raise errors.StartSurplus(kind=kind)
    if kind == "LATEST":
        return shards.following(tx, stream)
    if kind == "TRIM_HORIZON":
        return shards.horizon(tx, stream)
    member = "SequenceNumber" if kind in (AT, AFTER) else "Timestamp"
    if member not in request:
        raise errors.StartMissing(member=member, kind=kind)
    if kind == "AT_TIMESTAMP":
        return max(shards.horizon(tx, stream), shards.since(tx, stream, request["Timestamp"]))
    asked = shards.number_of(request["SequenceNumber"])
    if asked > shards.following(tx, stream):
        raise errors.StartInvalid(number=request["SequenceNumber"])
    return _within(tx, stream, min(asked + (kind == AFTER), shards.following(tx, stream)))


def _within(tx: Tx, stream: Stream, number: int) -> int:
    """The number, unless the change is gone already."""
    if number < shards.horizon(tx, stream):
        raise errors.TrimmedDataAccessException()
    return number


def _iterator(call: Call, tx: Tx, stream: Stream, number: int) -> str:
    place = Place(stream.space, shards.name(stream), number, tx.now, call.ids.hex(8))
    return f"{shards.arn_of(tx, stream)}|1|{iterators.write(place)}"


@dynamodbstreams.operation(needs={"dynamodb:GetRecords": iterated_arn})
def get_records(call: Call, tx: Tx, request: Request) -> Response:
    limit = _limit(request, RECORDS_MAX)
    arn, _, text = request["ShardIterator"].strip('"').partition("|1|")
    place = iterators.read(text)
    if place is None:
        raise errors.IteratorInvalid()
    words = iterators.too_old(place, tx.now, ITERATOR_S)
    if words:
        raise errors.ExpiredIteratorException(message=words)
    stream = shards.find(tx, arn)
    if stream.space != place.stream:
        raise errors.IteratorInvalid()
    number = _within(tx, stream, place.number)
    changes = _page(tx, stream, number, limit)
    answer: Response = {"Records": [_record(tx, stream, change) for change in changes]}
    following = changes[-1].number + 1 if changes else number
    if not stream.closed_at or following < shards.following(tx, stream):
        answer["NextShardIterator"] = _iterator(call, tx, stream, following)
    return answer


def _page(tx: Tx, stream: Stream, number: int, limit: int) -> list[Change]:
    """The changes from a number on: as many as fit in a megabyte, at least one."""
    page: list[Change] = []
    left = BYTES_MAX
    for change in tx.range(Change, stream.space, low=number, limit=limit):
        left -= change.size
        if page and left < 0:
            break
        page.append(change)
    return page


def _record(tx: Tx, stream: Stream, change: Change) -> dict[str, Any]:
    told = {
        "ApproximateCreationDateTime": float(int(change.made_at)),
        "Keys": change.keys,
        "SequenceNumber": shards.sequence(change.number),
        "SizeBytes": change.size,
        "StreamViewType": stream.view,
    }
    told |= {"NewImage": change.new} if change.new is not None else {}
    told |= {"OldImage": change.old} if change.old is not None else {}
    return {
        "eventID": hashlib.md5(f"{stream.space}/{change.number}".encode(), usedforsecurity=False).hexdigest(),
        "eventName": change.kind,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": tx.region,
        "dynamodb": told,
    } | ({"userIdentity": EXPIRED_BY} if change.expired else {})
