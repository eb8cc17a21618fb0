"""Operations on delivery streams, which are there at once. They may not know records.

https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.firehose import buffers, errors, streams
from freehold.services.firehose.catalogue import firehose, stream_arn
from freehold.services.firehose.service.tags import check
from freehold.services.firehose.streams import DESTINATION_ID, DIRECT, Stream

LISTED, ID_LENGTH = 10, 16
CONFIGURATIONS = ("ExtendedS3DestinationConfiguration", "S3DestinationConfiguration")
UPDATES = ("ExtendedS3DestinationUpdate", "S3DestinationUpdate")
# Members that ask for what is not done here.
NOT_HERE = (
    *("KinesisStreamSourceConfiguration", "MSKSourceConfiguration", "DatabaseSourceConfiguration"),
    "DeliveryStreamEncryptionConfigurationInput",
    *("RedshiftDestinationConfiguration", "RedshiftDestinationUpdate"),
    *("ElasticsearchDestinationConfiguration", "ElasticsearchDestinationUpdate"),
    *("AmazonopensearchserviceDestinationConfiguration", "AmazonopensearchserviceDestinationUpdate"),
    *("AmazonOpenSearchServerlessDestinationConfiguration", "AmazonOpenSearchServerlessDestinationUpdate"),
    *("SplunkDestinationConfiguration", "SplunkDestinationUpdate"),
    *("HttpEndpointDestinationConfiguration", "HttpEndpointDestinationUpdate"),
    *("SnowflakeDestinationConfiguration", "SnowflakeDestinationUpdate"),
    *("IcebergDestinationConfiguration", "IcebergDestinationUpdate"),
)


def _destination(request: Request, names: tuple[str, ...]) -> dict[str, Any]:
    """The one S3 destination of a request, by the names that it may have there."""
    for name in NOT_HERE:
        if name in request:
            raise NotImplementedHere(service="firehose", operation=f"delivery streams with a {name}")
    given = [request[name] for name in names if name in request]
    if len(given) != 1:
        raise errors.OneDestination()
    return given[0]


def _create_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    arn = stream_arn(call, request)
    passing = [("iam:PassRole", request[name]["RoleARN"]) for name in CONFIGURATIONS if name in request]
    tagging = [("firehose:TagDeliveryStream", arn)] if request.get("Tags") else []
    return [("firehose:CreateDeliveryStream", arn), *tagging, *passing]


@firehose.operation(needs=_create_needs)
def create_delivery_stream(call: Call, tx: Tx, request: Request) -> Response:
    kind = request.get("DeliveryStreamType", DIRECT)
    if kind != DIRECT:
        raise NotImplementedHere(service="firehose", operation=f"a delivery stream of the type {kind}")
    to = streams.destination(_destination(request, CONFIGURATIONS))
    tags = {tag["Key"]: tag.get("Value", "") for tag in request.get("Tags", ())}
    check(tags)
    stream = Stream(
        name=request["DeliveryStreamName"], id=tx.ids.hex(ID_LENGTH), created_at=tx.now, updated_at=tx.now,
        destination=to, tags=tags,
    )  # fmt: skip
    if not tx.add(stream):
        raise errors.StreamExists(name=stream.name, account=tx.account)
    return {"DeliveryStreamARN": streams.arn(tx, stream.name)}


@firehose.operation(needs={"firehose:DescribeDeliveryStream": stream_arn})
def describe_delivery_stream(call: Call, tx: Tx, request: Request) -> Response:
    return {"DeliveryStreamDescription": streams.shown(tx, streams.find(tx, request["DeliveryStreamName"]))}


@firehose.operation(needs={"firehose:ListDeliveryStreams": "*"})
def list_delivery_streams(call: Call, tx: Tx, request: Request) -> Response:
    if request.get("DeliveryStreamType", DIRECT) != DIRECT:
        return {"DeliveryStreamNames": [], "HasMoreDeliveryStreams": False}
    start, limit = request.get("ExclusiveStartDeliveryStreamName"), request.get("Limit", LISTED)
    found = tx.range(Stream, after=(start,) if start else None, limit=limit + 1)
    names = [stream.name for stream in found[:limit]]
    return {"DeliveryStreamNames": names, "HasMoreDeliveryStreams": len(found) > limit}


@firehose.operation(needs={"firehose:UpdateDestination": stream_arn})
def update_destination(call: Call, tx: Tx, request: Request) -> None:
    """Change where a stream delivers; what is in its buffer goes where it would have gone."""
    stream = streams.find(tx, request["DeliveryStreamName"])
    given, current = request["CurrentDeliveryStreamVersionId"], str(stream.version)
    if given != current:
        raise errors.OtherVersion(name=stream.name, current=current, given=given)
    if request["DestinationId"] != DESTINATION_ID:
        raise errors.DestinationNotFound(id=request["DestinationId"])
    to = streams.destination(_destination(request, UPDATES), stream.destination)
    buffers.close(tx, stream)
    stream.destination, stream.version, stream.updated_at = to, stream.version + 1, tx.now
    tx.put(stream)


@firehose.operation(needs={"firehose:DeleteDeliveryStream": stream_arn})
def delete_delivery_stream(call: Call, tx: Tx, request: Request) -> None:
    """Remove a stream; what it took is still filed."""
    stream = streams.find(tx, request["DeliveryStreamName"])
    buffers.close(tx, stream)
    tx.delete(Stream, stream.name)
