"""Operations that put records. They may not know where records go.

https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
"""

from collections.abc import Sequence

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.firehose import buffers, errors, streams
from freehold.services.firehose.catalogue import firehose, stream_arn

BATCH_MAX = 4 * 1_048_576  # bytes
ID_LENGTH = 180
NAMESPACE = "AWS/Firehose"


def _put(call: Call, tx: Tx, name: str, records: Sequence[Request], operation: str) -> list[str]:
    """Take records; the id of each."""
    stream = streams.find(tx, name)
    for record in records:
        buffers.put(tx, stream, record["Data"])
    tx.put(stream)
    size = sum(len(record["Data"]) for record in records)
    figures = [("IncomingRecords", len(records), "Count"), ("IncomingBytes", size, "Bytes")]
    figures += [(f"{operation}.Requests", 1, "Count"), (f"{operation}.Bytes", size, "Bytes")]
    call.measure_all(NAMESPACE, figures, DeliveryStreamName=name)
    return [tx.ids.text(ID_LENGTH) for _ in records]


@firehose.operation(needs={"firehose:PutRecord": stream_arn})
def put_record(call: Call, tx: Tx, request: Request) -> Response:
    [id] = _put(call, tx, request["DeliveryStreamName"], [request["Record"]], "PutRecord")
    return {"RecordId": id, "Encrypted": False}


@firehose.operation(needs={"firehose:PutRecordBatch": stream_arn})
def put_record_batch(call: Call, tx: Tx, request: Request) -> Response:
    if sum(len(record["Data"]) for record in request["Records"]) > BATCH_MAX:
        raise errors.BatchTooLarge()
    ids = _put(call, tx, request["DeliveryStreamName"], request["Records"], "PutRecordBatch")
    return {"FailedPutCount": 0, "Encrypted": False, "RequestResponses": [{"RecordId": id} for id in ids]}
