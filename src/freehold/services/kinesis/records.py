"""Records: put into shards and read out of them.

One idea: a shard counts its records, so each has a number that follows the one before, and one row for the shard is all
that a batch changes besides the records themselves. It may not know requests.

https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
"""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from freehold.engines.shards import BELL, first_since
from freehold.kernel.store import Record, Tx
from freehold.services.kinesis import errors, sequences, shards, streams
from freehold.services.kinesis.sequences import Sequence
from freehold.services.kinesis.shards import HASHES, Shard
from freehold.services.kinesis.streams import KMS, PROVISIONED, Stream

SECOND_BYTES_MAX, SECOND_RECORDS_MAX = 1024 * 1024, 1_000
PAGE_BYTES_MAX = 10 * 1024 * 1024


class Datum(Record, table="kinesis_records", key="stream shard number"):
    """A record. `arrived_at` never falls as `number` grows; `encrypted` if its stream was when it came."""

    stream: str
    shard: int
    number: int
    key: str
    data: bytes
    arrived_at: float
    encrypted: bool = False


class Put(NamedTuple):
    """What is to be put: its partition key, its data and, if it was given, its hash key."""

    key: str
    data: bytes
    hash: int | None = None

    @property
    def size(self) -> int:
        return len(self.data) + len(self.key.encode())


class Kept(NamedTuple):
    """Where a record was put, or that its shard takes no more in this second."""

    shard: Shard
    sequence: str = ""


def hash_of(put: Put) -> str:
    """The hash key of what is put, in the form in which shards compare it: its own, or the MD5 of the partition key."""
    if put.hash is None:
        return hashlib.md5(put.key.encode(), usedforsecurity=False).hexdigest()
    if not 0 <= put.hash < HASHES:
        raise errors.HashKeyOutside(key=put.hash)
    return shards.hashed(put.hash)


def check_size(stream: Stream, put: Put) -> None:
    if len(put.data) > stream.record_max_kib * 1024:
        raise errors.RecordTooLarge(most=stream.record_max_kib * 1024)


def put_all(tx: Tx, stream: Stream, puts: Iterable[Put]) -> list[Kept]:
    """Put records in their order; each shard takes a megabyte and a thousand records a second."""
    taken: dict[int, Shard] = {}
    kept = []
    for put in puts:
        shard = _taker(tx, stream, hash_of(put), taken)
        kept.append(Kept(shard, _add(tx, stream, shard, put) if _admit(tx, stream, shard, put) else ""))
    for shard in taken.values():
        tx.put(shard)
    tx.ring(BELL, streams.arn(tx, stream.name))
    return kept


def _taker(tx: Tx, stream: Stream, hash: str, taken: dict[int, Shard]) -> Shard:
    for shard in taken.values():
        if shard.low <= hash <= shard.high:
            return shard
    shard = shards.taker(tx, stream, hash)
    taken[shard.number] = shard
    return shard


def _admit(tx: Tx, stream: Stream, shard: Shard, put: Put) -> bool:
    """Whether the shard can take it in this second; from now on it is counted."""
    second = int(tx.now)
    if second != shard.second:
        shard.second, shard.bytes, shard.records = second, 0, 0
    many = shard.records >= SECOND_RECORDS_MAX or shard.bytes + put.size > max(SECOND_BYTES_MAX, put.size)
    if many and stream.mode == PROVISIONED:
        return False
    shard.bytes, shard.records = shard.bytes + put.size, shard.records + 1
    return True


def _add(tx: Tx, stream: Stream, shard: Shard, put: Put) -> str:
    shard.arrived_at = max(tx.now, shard.arrived_at)
    datum = Datum(
        stream=stream.id, shard=shard.number, number=shard.next, key=put.key, data=put.data,
        arrived_at=shard.arrived_at, encrypted=stream.encryption == KMS,
    )  # fmt: skip
    tx.put(datum)
    shard.next += 1
    return sequence(shard, datum)


def sequence(shard: Shard, datum: Datum) -> str:
    """The sequence number of a record of the shard."""
    return sequences.write(Sequence(shard.epoch, datum.number, int(datum.arrived_at), shard.number))


def since(tx: Tx, shard: Shard, moment: float) -> int:
    """The number of the first record that arrived at the moment or later, or of the next one to come."""
    first = tx.range(Datum, shard.stream, shard.number, limit=1)
    if not first:
        return shard.next
    if first[0].arrived_at >= moment:
        return first[0].number

    def at(number: int) -> float:
        datum = tx.get(Datum, shard.stream, shard.number, number)
        assert datum, "a shard has no gaps"
        return datum.arrived_at

    return first_since(first[0].number, shard.next - 1, moment, at)


def page(tx: Tx, stream: Stream, shard: Shard, number: int, limit: int) -> list[Datum]:
    """The records from a number on that are not too old: as many as fit in ten megabytes, at least one."""
    horizon = tx.now - stream.retention_s
    first = tx.get(Datum, shard.stream, shard.number, number)
    if first is None or first.arrived_at < horizon:
        number = max(number, since(tx, shard, horizon))
    found: list[Datum] = []
    left, step = PAGE_BYTES_MAX, 100
    while len(found) < limit:
        some = tx.range(Datum, shard.stream, shard.number, low=number, limit=min(step, limit - len(found)))
        for datum in some:
            left -= len(datum.data)
            if found and left < 0:
                return found
            found.append(datum)
        if len(some) < step:
            return found
        number = found[-1].number + 1
    return found


def behind_ms(tx: Tx, shard: Shard, number: int) -> int:
    """How long ago the record of this number arrived, if it is there already: how far a reader is behind, in ms."""
    following = tx.get(Datum, shard.stream, shard.number, number)
    return max(0, int((tx.now - following.arrived_at) * 1_000)) if following else 0
