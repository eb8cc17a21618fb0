"""Kinesis streaming destinations: which streams a table's changes are sent to. It may not know how they are sent.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_EnableKinesisStreamingDestination.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb.service.catalogue import dynamodb, table_arn
from freehold.services.dynamodb.streams.errors import DestinationActive, DestinationInactive
from freehold.services.dynamodb.tables import Destination, named_table

PRECISION = "ApproximateCreationDateTimePrecision"


@dynamodb.operation(needs={"dynamodb:EnableKinesisStreamingDestination": table_arn})
def enable_kinesis_streaming_destination(call: Call, tx: Tx, request: Request) -> Response:
    asked = request.get("EnableKinesisStreamingConfiguration", {})
    _set(tx, request, Destination(active=True, precision=asked.get(PRECISION, "")), was=False)
    return _told(request, "ENABLING", "EnableKinesisStreamingConfiguration")


@dynamodb.operation(needs={"dynamodb:DisableKinesisStreamingDestination": table_arn})
def disable_kinesis_streaming_destination(call: Call, tx: Tx, request: Request) -> Response:
    _set(tx, request, Destination(active=False), was=True)
    return _told(request, "DISABLING", "EnableKinesisStreamingConfiguration")


@dynamodb.operation(needs={"dynamodb:UpdateKinesisStreamingDestination": table_arn})
def update_kinesis_streaming_destination(call: Call, tx: Tx, request: Request) -> Response:
    asked = request.get("UpdateKinesisStreamingConfiguration", {})
    _set(tx, request, Destination(active=True, precision=asked.get(PRECISION, "")), was=True)
    return _told(request, "UPDATING", "UpdateKinesisStreamingConfiguration")


@dynamodb.operation(needs={"dynamodb:DescribeKinesisStreamingDestination": table_arn})
def describe_kinesis_streaming_destination(call: Call, tx: Tx, request: Request) -> Response:
    table = named_table(tx, request["TableName"])
    told = [
        {"StreamArn": arn, "DestinationStatus": "ACTIVE" if one.active else "DISABLED"}
        | ({PRECISION: one.precision} if one.precision else {})
        for arn, one in table.destinations.items()
    ]
    return {"TableName": table.name, "KinesisDataStreamDestinations": told}


def _set(tx: Tx, request: Request, destination: Destination, was: bool) -> None:
    """Make a destination what it is to be; it must have been active, or not have been."""
    table, arn = named_table(tx, request["TableName"]), request["StreamArn"]
    known = table.destinations.get(arn)
    if (known is not None and known.active) != was:
        refusal = DestinationInactive if was else DestinationActive
        raise refusal(table=table.name, arn=arn)
    table.destinations = table.destinations | {arn: destination}
    tx.put(table)


def _told(request: Request, status: str, member: str) -> Response:
    told = {"TableName": request["TableName"], "StreamArn": request["StreamArn"], "DestinationStatus": status}
    return told | ({member: request[member]} if member in request else {})
