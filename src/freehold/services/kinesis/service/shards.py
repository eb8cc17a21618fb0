"""Shards: listed, split, merged, scaled.

It may not know records.

https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html
"""

from collections.abc import Callable

import msgspec

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.kinesis import errors, shards, streams
from freehold.services.kinesis.service.catalogue import kinesis, stream_arn
from freehold.services.kinesis.service.streams import shape
from freehold.services.kinesis.shards import Shard
from freehold.services.kinesis.streams import ON_DEMAND, Stream

LISTED = 1_000

Filter = Callable[[Shard, float, float], bool]  # of a shard, the moment that is asked for, and the trim horizon

FILTERS: dict[str, Filter] = {
    "AT_LATEST": lambda shard, moment, horizon: not shard.closed_at,
    "AT_TRIM_HORIZON": lambda shard, moment, horizon: _open_at(shard, max(horizon, 0)) or not shard.parents,
    "FROM_TRIM_HORIZON": lambda shard, moment, horizon: True,
    "AT_TIMESTAMP": lambda shard, moment, horizon: _open_at(shard, moment),
    "FROM_TIMESTAMP": lambda shard, moment, horizon: not shard.closed_at or shard.closed_at >= moment,
    "AFTER_SHARD_ID": lambda shard, moment, horizon: True,
}


def _open_at(shard: Shard, moment: float) -> bool:
    return shard.opened_at <= moment and (not shard.closed_at or shard.closed_at >= moment)


class Token(msgspec.Struct, array_like=True):
    """How a list goes on: of which stream, behind which shard, with which filter."""

    stream: str
    after: str
    filter: str
    moment: float


def _listed_arn(call: Call, request: Request) -> str:
    """The ARN of the stream whose shards are listed, which a token names too."""
    return _token(request["NextToken"]).stream if "NextToken" in request else stream_arn(call, request)


@kinesis.operation(needs={"kinesis:ListShards": _listed_arn})
def list_shards(call: Call, tx: Tx, request: Request) -> Response:
    if "NextToken" in request:
        if "StreamName" in request or "StreamARN" in request:
            raise errors.TokenAndName()
        token = _token(request["NextToken"])
        request = request | {"StreamARN": token.stream}
    tx, stream = streams.addressed(tx, request, "ListShards")
    if "NextToken" not in request:
        asked = request.get("ShardFilter", {"Type": "FROM_TRIM_HORIZON"})
        after = request.get("ExclusiveStartShardId") or asked.get("ShardId", "")
        token = Token(streams.arn(tx, stream.name), after, asked["Type"], asked.get("Timestamp", 0.0))
    passes, horizon = FILTERS[token.filter], tx.now - stream.retention_s
    left = [
        one for one in shards.all_of(tx, stream) if one.id > token.after and passes(one, token.moment, horizon)
    ]  # fmt: skip
    limit = request.get("MaxResults", LISTED)
    page = left[:limit]
    token.after = page[-1].id if page else ""
    more = {"NextToken": msgspec.json.encode(token).decode()} if len(left) > limit else {}
    return {"Shards": [shape(shard) for shard in page]} | more


def _token(text: str) -> Token:
    try:
        token = msgspec.json.decode(text, type=Token)
    except msgspec.MsgspecError as wrong:
        raise errors.BadToken() from wrong
    if token.filter not in FILTERS:
        raise errors.BadToken()
    return token


def _provisioned(tx: Tx, request: Request, action: str) -> tuple[Tx, Stream]:
    """The request's stream, which must be one whose shards its owner counts."""
    tx, stream = streams.addressed(tx, request, action)
    if stream.mode == ON_DEMAND:
        raise errors.OnDemand(stream=stream.name, account=tx.account)
    return tx, stream


@kinesis.operation(needs={"kinesis:SplitShard": stream_arn})
def split_shard(call: Call, tx: Tx, request: Request) -> None:
    tx, stream = _provisioned(tx, request, "SplitShard")
    shard = shards.find(tx, stream, request["ShardToSplit"], errors.ShardNotFound)
    shards.check_room(tx, 1)
    shards.split(tx, stream, shard, int(request["NewStartingHashKey"]))


@kinesis.operation(needs={"kinesis:MergeShards": stream_arn})
def merge_shards(call: Call, tx: Tx, request: Request) -> None:
    tx, stream = _provisioned(tx, request, "MergeShards")
    named = (request["ShardToMerge"], request["AdjacentShardToMerge"])
    shard, other = (shards.find(tx, stream, one, errors.ShardNotFound) for one in named)
    shards.merge(tx, stream, shard, other)


@kinesis.operation(needs={"kinesis:UpdateShardCount": stream_arn})
def update_shard_count(call: Call, tx: Tx, request: Request) -> Response:
    """`ScalingType` has one value. All of it is done when the answer comes."""
    tx, stream = _provisioned(tx, request, "UpdateShardCount")
    target, count = request["TargetShardCount"], len(shards.open_of(tx, stream))
    if not count / 2 <= target <= count * 2:
        way = "up over double" if target > count else "down below half"
        raise errors.ScaleTooFar(way=way, count=count, target=target)
    shards.check_room(tx, target - count)
    if target != count:
        shards.scale(tx, stream, target)
    told = {"StreamName": stream.name, "StreamARN": streams.arn(tx, stream.name)}
    return told | {"CurrentShardCount": count, "TargetShardCount": target}
