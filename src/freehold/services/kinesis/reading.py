"""Where reading starts, and what a reader is told of a page of records.

One idea: every kind of start is a number in a shard, looked up when it is asked for. It may not know who reads: those
who ask again and again, and those who are sent records, are told the same.

https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html
"""

from typing import Any, NamedTuple

from freehold.engines import shards as iterators
from freehold.engines.shards import Place
from freehold.kernel.ids import Ids
from freehold.kernel.store import Tx
from freehold.services.kinesis import errors, records, sequences, shards, streams
from freehold.services.kinesis.records import Datum
from freehold.services.kinesis.sequences import ENDING, Sequence
from freehold.services.kinesis.shards import Shard
from freehold.services.kinesis.streams import KMS, Stream

AT, AFTER = "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"
HORIZON, LATEST, MOMENT = "TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"
ITERATOR_S = 300


def start(tx: Tx, stream: Stream, shard: Shard, kind: str, given: str | None, moment: float | None) -> int:
    """The number of the record that reading starts with. Raises InvalidArgumentException."""
    if given is not None and kind in (HORIZON, LATEST):
        raise errors.NumberForNothing(kind=kind, given="also a")
    if kind in (AT, AFTER):
        if given is None:
            raise errors.NumberForNothing(kind=kind, given="no")
        return min(_number(tx, stream, shard, given), ENDING - 1) + (kind == AFTER)
    if kind == LATEST:
        return shard.next
    if kind == HORIZON:
        return records.since(tx, shard, tx.now - stream.retention_s)
    if moment is None:
        raise errors.MomentMissing()
    if moment > tx.now:
        raise errors.MomentAhead(asked=round(moment * 1_000), now=round(tx.now * 1_000))
    return records.since(tx, shard, max(moment, tx.now - stream.retention_s))


def _number(tx: Tx, stream: Stream, shard: Shard, given: str) -> int:
    told = sequences.read(given)
    if told and told.shard != shard.number:
        raise errors.NumberElsewhere(other=shards.shard_id(told.shard), shard=shard.id)
    if told is None or told.epoch != shard.epoch:
        reason = " because it did not come from this stream" if told else ""
        raise errors.NumberInvalid(
            number=given, shard=shard.id, stream=stream.name, account=tx.account, reason=reason
        )  # fmt: skip
    return told.number


def iterator(tx: Tx, ids: Ids, stream: Stream, shard: Shard, number: int) -> str:
    name = f"{streams.arn(tx, stream.name)}#{stream.id}"
    return iterators.write(Place(name, shard.id, number, tx.now, ids.hex(16)))


def place_of(text: str) -> Place:
    """The place that an iterator means. Raises InvalidArgumentException."""
    place = iterators.read(text)
    if place is None or place.stream.count("#") != 1:
        raise errors.IteratorInvalid()
    return place


def check_age(tx: Tx, place: Place) -> None:
    words = iterators.too_old(place, tx.now, ITERATOR_S)
    if words:
        raise errors.ExpiredIteratorException(message=words)


class Page(NamedTuple):
    """What was read: records as AWS shows them, and the number to go on with; `over` if nothing will follow, and then
    the shard's children."""

    told: list[dict[str, Any]]
    following: int
    behind_ms: int
    over: bool
    children: list[dict[str, Any]]


def read(tx: Tx, stream: Stream, shard: Shard, number: int, limit: int) -> Page:
    found = records.page(tx, stream, shard, number, limit)
    following = found[-1].number + 1 if found else number
    over = bool(shard.closed_at) and following >= shard.next
    children = [_child(child) for child in shards.all_of(tx, stream) if shard.number in child.parents] if over else []
    told = [_record(shard, datum) for datum in found]
    return Page(told, following, records.behind_ms(tx, shard, following), over, children)


def _record(shard: Shard, datum: Datum) -> dict[str, Any]:
    told = {
        "SequenceNumber": records.sequence(shard, datum),
        "ApproximateArrivalTimestamp": datum.arrived_at,
        "Data": datum.data,
        "PartitionKey": datum.key,
    }
    return told | ({"EncryptionType": KMS} if datum.encrypted else {})


def _child(shard: Shard) -> dict[str, Any]:
    return {
        "ShardId": shard.id,
        "ParentShards": [shards.shard_id(number) for number in shard.parents],
        "HashKeyRange": hash_range(shard),
    }


def hash_range(shard: Shard) -> dict[str, str]:
    return {"StartingHashKey": str(int(shard.low, 16)), "EndingHashKey": str(int(shard.high, 16))}


def continuation(shard: Shard, number: int, moment: float) -> str:
    """The sequence number behind which reading goes on with the record `number`."""
    return sequences.write(Sequence(shard.epoch, max(number - 1, 0), int(max(moment, shard.epoch)), shard.number, 1))
