"""The shard of a stream: its name, its sequence numbers, and what of it can still be read.

One idea: a sequence number is the change's number, written as long as AWS writes them. It may not know requests.
"""

import zlib
from typing import Any

from freehold.engines.shards import first_since
from freehold.kernel import arns
from freehold.kernel.store import Tx
from freehold.services.dynamodb.changes import KEPT_S, Change, Stream, last_change, stream_arn
from freehold.services.dynamodb.streams.errors import ShardNotFound, StartInvalid, StreamArnInvalid, StreamNotFound

NUMBERS_FROM = 10**20  # what number 0 is written as
PARTS = 4  # table/NAME/stream/LABEL


def find(tx: Tx, arn: str) -> Stream:
    """The stream of an ARN. Raises StreamNotFound, also a day after it was closed."""
    place = arns.parse(arn)
    parts = place.resource.split("/", PARTS - 1) if place else []
    if place is None or len(parts) != PARTS or (place.service, parts[0], parts[2]) != ("dynamodb", "table", "stream"):
        raise StreamArnInvalid()
    here = (place.account, place.region) == (tx.account, tx.region)
    stream = tx.get(Stream, parts[1], parts[3]) if here else None
    if stream is None or gone(tx, stream):
        raise StreamNotFound(arn=arn)
    return stream


def gone(tx: Tx, stream: Stream) -> bool:
    """Whether nothing of a closed stream can be read any more."""
    return bool(stream.closed_at) and stream.closed_at <= tx.now - KEPT_S


def name(stream: Stream) -> str:
    """The id of the stream's shard."""
    return f"shardId-{int(stream.opened_at * 1e3):020}-{zlib.crc32(stream.space.encode()):08x}"


def check_name(tx: Tx, stream: Stream, shard: str) -> None:
    if shard != name(stream):
        raise ShardNotFound(shard=shard, arn=arn_of(tx, stream))


def arn_of(tx: Tx, stream: Stream) -> str:
    return stream_arn(tx, stream.table, stream.label)


def sequence(number: int) -> str:
    """The sequence number of a change."""
    return str(NUMBERS_FROM + number)


def number_of(sequence: str) -> int:
    """The number of the change of this sequence number. Raises StartInvalid."""
    if not sequence.isdecimal() or int(sequence) <= NUMBERS_FROM:
        raise StartInvalid(number=sequence)
    return int(sequence) - NUMBERS_FROM


def told(tx: Tx, stream: Stream) -> dict[str, Any]:
    """A shard as AWS describes it: while it is open it has no end."""
    span = {"StartingSequenceNumber": sequence(1)}
    if stream.closed_at:
        last = last_change(tx, stream.space)
        span["EndingSequenceNumber"] = sequence(last.number if last else 1)
    return {"ShardId": name(stream), "SequenceNumberRange": span}


def horizon(tx: Tx, stream: Stream) -> int:
    """The number of the oldest change that can be read, or of the next one if there is none."""
    return since(tx, stream, tx.now - KEPT_S)


def since(tx: Tx, stream: Stream, moment: float) -> int:
    """The number of the first change that was made at the moment or later, or of the next one to come."""
    first, last = tx.range(Change, stream.space, limit=1), last_change(tx, stream.space)
    if not first or not last:
        return 1
    if first[0].made_at >= moment:
        return first[0].number

    def at(number: int) -> float:
        change = tx.get(Change, stream.space, number)
        assert change, "a stream has no gaps"
        return change.made_at

    return first_since(first[0].number, last.number, moment, at)


def following(tx: Tx, stream: Stream) -> int:
    """The number that the next change will have."""
    last = last_change(tx, stream.space)
    return last.number + 1 if last else 1
