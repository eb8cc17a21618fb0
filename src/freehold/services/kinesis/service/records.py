"""Records: put, and read by iterators.

It may not know how shards come and go.
"""

from collections.abc import Sequence

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.journal import Figure
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.kinesis import errors, reading, records, sequences, shards, streams
from freehold.services.kinesis.reading import Page
from freehold.services.kinesis.records import Kept, Put
from freehold.services.kinesis.service.catalogue import iterated_arn, kinesis, stream_arn
from freehold.services.kinesis.streams import KMS, Stream

NAMESPACE = "AWS/Kinesis"
BATCH_MIB_MAX = 10
GET_MAX = 10_000
THROTTLED = errors.ProvisionedThroughputExceededException


def _put(stream: Stream, entry: Request) -> Put:
    if "PartitionKey" not in entry:
        raise errors.KeyMissing()
    hash = entry.get("ExplicitHashKey")
    put = Put(entry["PartitionKey"], entry["Data"], None if hash is None else int(hash))
    records.check_size(stream, put)
    records.hash_of(put)
    return put


def _encryption(stream: Stream) -> Response:
    return {"EncryptionType": KMS} if stream.encryption == KMS else {}


def _measure(call: Call, tx: Tx, stream: Stream, figures: Sequence[Figure]) -> None:
    """Measure a stream where it is, whoever asks."""
    owner = call if call.account == tx.account else call.within(tx.account, tx.region)
    owner.measure_all(NAMESPACE, figures, StreamName=stream.name)


def _measure_put(call: Call, tx: Tx, stream: Stream, outcomes: list[tuple[Put, Kept]]) -> None:
    """https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html"""
    taken = [put.size for put, kept in outcomes if kept.sequence]
    figures = (
        ("IncomingBytes", sum(taken), "Bytes"),
        ("IncomingRecords", len(taken), "Count"),
        ("WriteProvisionedThroughputExceeded", len(outcomes) - len(taken), "Count"),
    )
    _measure(call, tx, stream, figures)


def _measure_get(call: Call, tx: Tx, stream: Stream, page: Page) -> None:
    figures = (
        ("GetRecords.Bytes", sum(len(record["Data"]) for record in page.told), "Bytes"),
        ("GetRecords.Records", len(page.told), "Count"),
        ("GetRecords.IteratorAgeMilliseconds", page.behind_ms, "Milliseconds"),
    )
    _measure(call, tx, stream, figures)


@kinesis.operation(needs={"kinesis:PutRecord": stream_arn})
def put_record(call: Call, tx: Tx, request: Request) -> Response:
    """Records of a shard are numbered as they come, so each is above `SequenceNumberForOrdering`, if that is one."""
    tx, stream = streams.addressed(tx, request, "PutRecord")
    streams.rehearse(request)
    before = request.get("SequenceNumberForOrdering")
    told = sequences.read(before) if before else None
    if before and (told is None or told.second > tx.now):
        raise errors.OrderingInvalid(number=before, stream=stream.name, account=tx.account)
    put = _put(stream, request)
    (kept,) = records.put_all(tx, stream, [put])
    _measure_put(call, tx, stream, [(put, kept)])
    if not kept.sequence:
        raise THROTTLED(shard=kept.shard.id, stream=stream.name, account=tx.account)
    return {"ShardId": kept.shard.id, "SequenceNumber": kept.sequence} | _encryption(stream)


@kinesis.operation(needs={"kinesis:PutRecords": stream_arn})
def put_records(call: Call, tx: Tx, request: Request) -> Response:
    tx, stream = streams.addressed(tx, request, "PutRecords")
    streams.rehearse(request)
    puts = [_put(stream, entry) for entry in request["Records"]]
    if sum(put.size for put in puts) > BATCH_MIB_MAX * 1024 * 1024:
        raise errors.RecordsTooLarge(most=BATCH_MIB_MAX)
    told, outcomes = [], records.put_all(tx, stream, puts)
    _measure_put(call, tx, stream, list(zip(puts, outcomes)))
    for kept in outcomes:
        if kept.sequence:
            told.append({"SequenceNumber": kept.sequence, "ShardId": kept.shard.id})
        else:
            refusal = THROTTLED(shard=kept.shard.id, stream=stream.name, account=tx.account)
            told.append({"ErrorCode": refusal.shape(), "ErrorMessage": refusal.message})
    failed = sum("ErrorCode" in one for one in told)
    return {"FailedRecordCount": failed, "Records": told} | _encryption(stream)


@kinesis.operation(needs={"kinesis:GetShardIterator": stream_arn})
def get_shard_iterator(call: Call, tx: Tx, request: Request) -> Response:
    tx, stream = streams.addressed(tx, request, "GetShardIterator")
    streams.rehearse(request)
    shard = shards.find(tx, stream, request["ShardId"], errors.ShardNotThere)
    kind, given, moment = (request.get(one) for one in ("ShardIteratorType", "StartingSequenceNumber", "Timestamp"))
    number = reading.start(tx, stream, shard, kind or "", given, moment)
    return {"ShardIterator": reading.iterator(tx, call.ids, stream, shard, number)}


@kinesis.operation(needs={"kinesis:GetRecords": iterated_arn})
def get_records(call: Call, tx: Tx, request: Request) -> Response:
    place = reading.place_of(request["ShardIterator"])
    arn, _, id = place.stream.partition("#")
    name = arn.rpartition("/")[2]
    reading.check_age(tx, place)
    tx, stream = streams.reached(tx, arns.parse(arn), name, "GetRecords")
    streams.rehearse(request)
    if stream.id != id or request.get("StreamARN", arn) != arn:
        raise errors.IteratorInvalid()
    shard = shards.find(tx, stream, place.shard, errors.ShardNotThere)
    page = reading.read(tx, stream, shard, place.number, request.get("Limit", GET_MAX))
    _measure_get(call, tx, stream, page)
    answer: Response = {"Records": page.told, "MillisBehindLatest": page.behind_ms}
    if page.over:
        return answer | ({"ChildShards": page.children} if page.children else {})
    return answer | {"NextShardIterator": reading.iterator(tx, call.ids, stream, shard, page.following)}
