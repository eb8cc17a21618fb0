"""Shards: ranges of hash keys, opened, closed, split and merged.

One idea: the open shards of a stream cover all hash keys, each once; whatever closes a shard opens its children in the
same transaction. It may not know records.

https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-resharding.html
"""

import re

from freehold.engines.shards import BELL
from freehold.kernel.store import Record, Tx
from freehold.services.kinesis import errors, sequences, streams
from freehold.services.kinesis.sequences import ENDING, Sequence
from freehold.services.kinesis.streams import Stream

HASHES = 2**128
HASH_DIGITS = 32
SHARDS_MAX = 20_000  # of one account in one region
NAME = re.compile(r"(?:shardId-)?(\d{1,12})")


class Shard(Record, table="kinesis_shards", key="stream number", index="stream closed_at low"):
    """A shard of the stream of this id. `low` and `high` are the hash keys it takes, both included, in hexadecimal;
    `epoch` is the second at which its sequence numbers begin; `closed_at` is 0 while it is open. `next` is the number
    of the record to come, `arrived_at` the last one's arrival. `bytes` and `records` are what has come in `second`."""

    stream: str
    number: int
    low: str
    high: str
    epoch: int
    opened_at: float
    closed_at: float = 0.0
    parents: list[int] = []
    next: int = 1
    arrived_at: float = 0.0
    second: int = 0
    bytes: int = 0
    records: int = 0

    @property
    def id(self) -> str:
        return shard_id(self.number)

    @property
    def first(self) -> str:
        """The sequence number that it starts with."""
        return sequences.write(Sequence(self.epoch, 0, self.epoch, self.number))

    @property
    def last(self) -> str:
        """The sequence number that it ended with, if it is closed."""
        return sequences.write(Sequence(self.epoch, ENDING, int(self.closed_at), self.number)) if self.closed_at else ""


def shard_id(number: int) -> str:
    return f"shardId-{number:012}"


def number_of(text: str) -> int:
    """The number in a shard's id, which may be written short; -1 if there is none."""
    found = NAME.fullmatch(text)
    return int(found[1]) if found else -1


def hashed(value: int) -> str:
    """A hash key in the form in which shards compare it."""
    return f"{value:0{HASH_DIGITS}x}"


def find(tx: Tx, stream: Stream, text: str, missing: type[errors.ResourceNotFoundException]) -> Shard:
    """The shard of an id. Raises `missing`, also for one of which nothing is left."""
    shard = tx.get(Shard, stream.id, number_of(text))
    if shard is None or gone(tx, stream, shard):
        raise missing(shard=text, stream=stream.name, account=tx.account)
    return shard


def gone(tx: Tx, stream: Stream, shard: Shard) -> bool:
    """Whether all that a closed shard held is too old."""
    return bool(shard.closed_at) and shard.closed_at <= tx.now - stream.retention_s


def all_of(tx: Tx, stream: Stream) -> list[Shard]:
    """The shards of which something can be read, in the order in which they were opened."""
    return [shard for shard in tx.range(Shard, stream.id) if not gone(tx, stream, shard)]


def open_of(tx: Tx, stream: Stream) -> list[Shard]:
    """The open shards, by the hash keys they take."""
    return tx.range(Shard, stream.id, 0.0, index="stream closed_at low")


def taker(tx: Tx, stream: Stream, hash: str) -> Shard:
    """The open shard that takes a hash key."""
    found = tx.range(Shard, stream.id, 0.0, index="stream closed_at low", high=hash, reverse=True, limit=1)
    assert found, "open shards cover all hash keys"
    return found[0]


def count_open(tx: Tx) -> int:
    """How many shards of the account are open in this region."""
    return sum(tx.count(Shard, stream.id, 0.0, index="stream closed_at low") for stream in tx.range(Stream))


def check_room(tx: Tx, more: int) -> None:
    """Raise LimitExceededException if the account may not have so many shards more."""
    count = count_open(tx)
    if count + more > SHARDS_MAX:
        raise errors.ShardsMany(account=tx.account, region=tx.region, count=count, most=SHARDS_MAX, more=more)


def begin(tx: Tx, stream: Stream, count: int) -> None:
    """Open the first shards of a stream, of equal ranges."""
    for number, (low, high) in enumerate(ranges(count)):
        _open(tx, stream, number, low, high, [])


def ranges(count: int) -> list[tuple[int, int]]:
    """All hash keys in so many equal ranges."""
    width = HASHES // count
    lows = [width * number for number in range(count)]
    return [(low, after - 1) for low, after in zip(lows, [*lows[1:], HASHES])]


def _open(tx: Tx, stream: Stream, number: int, low: int, high: int, parents: list[Shard]) -> Shard:
    """A shard begins after its parents, so that its sequence numbers are above theirs."""
    epoch = max([int(tx.now), *(parent.epoch + 1 for parent in parents)])
    shard = Shard(
        stream=stream.id, number=number, low=hashed(low), high=hashed(high), epoch=epoch, opened_at=tx.now,
        parents=[parent.number for parent in parents],
    )  # fmt: skip
    tx.put(shard)
    return shard


def _close(tx: Tx, stream: Stream, shard: Shard) -> None:
    shard.closed_at = tx.now
    tx.put(shard)
    tx.ring(BELL, streams.arn(tx, stream.name))


def _next(tx: Tx, stream: Stream) -> int:
    last = tx.range(Shard, stream.id, reverse=True, limit=1)
    return last[0].number + 1


def check_open(tx: Tx, stream: Stream, shard: Shard) -> None:
    if shard.closed_at:
        raise errors.ShardClosed(shard=shard.id, stream=stream.name, account=tx.account)


def split(tx: Tx, stream: Stream, shard: Shard, at: int) -> None:
    """Replace a shard by two, the second of which starts at the hash key `at`."""
    check_open(tx, stream, shard)
    low, high = int(shard.low, 16), int(shard.high, 16)
    if not low + 1 < at < high:
        raise errors.SplitOutside(key=at, shard=shard.id, stream=stream.name, account=tx.account, low=low, high=high)
    _cut(tx, stream, shard, at)


def _cut(tx: Tx, stream: Stream, shard: Shard, at: int) -> None:
    _close(tx, stream, shard)
    number = _next(tx, stream)
    _open(tx, stream, number, int(shard.low, 16), at - 1, [shard])
    _open(tx, stream, number + 1, at, int(shard.high, 16), [shard])


def merge(tx: Tx, stream: Stream, shard: Shard, other: Shard) -> None:
    """Replace two shards by one. Raises InvalidArgumentException unless the second follows the first."""
    for one in (shard, other):
        check_open(tx, stream, one)
    if int(shard.high, 16) + 1 != int(other.low, 16):
        raise errors.NotAdjacent(shard=shard.id, other=other.id, stream=stream.name, account=tx.account)
    for one in (shard, other):
        _close(tx, stream, one)
    _open(tx, stream, _next(tx, stream), int(shard.low, 16), int(other.high, 16), [shard, other])


def scale(tx: Tx, stream: Stream, target: int) -> None:
    """Split and merge until the open shards are so many, of equal ranges."""
    lows = [low for low, _ in ranges(target)]
    for low in lows:
        shard = taker(tx, stream, hashed(low))
        if int(shard.low, 16) != low:
            _cut(tx, stream, shard, low)
    wanted = {hashed(low) for low in lows}
    left = open_of(tx, stream)[0]
    for shard in open_of(tx, stream)[1:]:
        if shard.low in wanted:
            left = shard
        else:
            merge(tx, stream, left, shard)
            left = taker(tx, stream, left.low)
