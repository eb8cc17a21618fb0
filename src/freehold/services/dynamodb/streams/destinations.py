"""Kinesis streaming destinations: which streams a table's changes are sent to. It may not know how they are sent.

One idea: a table has one destination at a time; whether its stream is there is found out when it is enabled, and told
as a failure of the destination, never of the request.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_EnableKinesisStreamingDestination.html
"""

from typing import Any

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.dynamodb.service.catalogue import dynamodb, table_arn
from freehold.services.dynamodb.streams import errors
from freehold.services.dynamodb.tables import Destination, Table, named_table, put_table

PRECISION = "ApproximateCreationDateTimePrecision"
USUAL = "MILLISECOND"
ENABLE, UPDATE = "EnableKinesisStreamingConfiguration", "UpdateKinesisStreamingConfiguration"


@dynamodb.operation(needs={"dynamodb:EnableKinesisStreamingDestination": table_arn})
def enable_kinesis_streaming_destination(call: Call, tx: Tx, request: Request) -> Response:
    table, arn = named_table(tx, request["TableName"]), request["StreamArn"]
    if any(one.active for one in table.destinations.values()):
        raise errors.DestinationNotOff()
    failure, asked = _failure(call, tx, arn), request.get(ENABLE, {})
    _set(tx, table, arn, Destination(not failure, asked.get(PRECISION, ""), failure, tx.now))
    return _told(request, "ENABLING", ENABLE)


@dynamodb.operation(needs={"dynamodb:DisableKinesisStreamingDestination": table_arn})
def disable_kinesis_streaming_destination(call: Call, tx: Tx, request: Request) -> Response:
    table, arn = named_table(tx, request["TableName"]), request["StreamArn"]
    if request.get(ENABLE):
        raise errors.DisabledWithSettings()
    _active(table, arn, errors.DestinationNotActive())
    _set(tx, table, arn, Destination(active=False, since=tx.now))
    return _told(request, "DISABLING", ENABLE)


@dynamodb.operation(needs={"dynamodb:UpdateKinesisStreamingDestination": table_arn})
def update_kinesis_streaming_destination(call: Call, tx: Tx, request: Request) -> Response:
    table, arn = named_table(tx, request["TableName"]), request["StreamArn"]
    precision = request.get(UPDATE, {}).get(PRECISION)
    if not precision:
        raise errors.DestinationUpdateEmpty()
    if arn not in table.destinations:
        raise errors.DestinationNotFound(arn=arn, table=table.name)
    current = _active(table, arn, errors.DestinationNotToUpdate(table=table.name, arn=arn))
    if precision == (current.precision or USUAL):
        raise errors.DestinationUnchanged(precision=precision, id=table.id, arn=arn)
    _set(tx, table, arn, Destination(active=True, precision=precision, since=tx.now))
    return _told(request, "UPDATING", UPDATE)


@dynamodb.operation(needs={"dynamodb:DescribeKinesisStreamingDestination": table_arn})
def describe_kinesis_streaming_destination(call: Call, tx: Tx, request: Request) -> Response:
    table = named_table(tx, request["TableName"])
    told = [_destination(arn, one) for arn, one in table.destinations.items()]
    return {"TableName": table.name, "KinesisDataStreamDestinations": told}


def _destination(arn: str, one: Destination) -> dict[str, Any]:
    status = "ACTIVE" if one.active else "ENABLE_FAILED" if one.failure else "DISABLED"
    told = {"StreamArn": arn, "DestinationStatus": status}
    told |= {"DestinationStatusDescription": one.failure} if one.failure else {}
    return told | ({PRECISION: one.precision} if one.precision else {})


def _failure(call: Call, tx: Tx, arn: str) -> str:
    """Why a stream can take no changes, as far as that can be seen now; nothing if it can."""
    place = arns.parse(arn)
    if place is None or (place.service, place.region, place.account) != ("kinesis", tx.region, tx.account):
        return "The stream is not one of this account and region"
    try:
        call.ask_within(tx, "kinesis", "DescribeStreamSummary", {"StreamARN": arn})
    except AwsError as refusal:
        return refusal.message
    return ""


def _active(table: Table, arn: str, refusal: AwsError) -> Destination:
    known = table.destinations.get(arn)
    if known is None or not known.active:
        raise refusal
    return known


def _set(tx: Tx, table: Table, arn: str, destination: Destination) -> None:
    table.destinations = table.destinations | {arn: destination}
    put_table(tx, table)


def _told(request: Request, status: str, member: str) -> Response:
    told = {"TableName": request["TableName"], "StreamArn": request["StreamArn"], "DestinationStatus": status}
    return told | ({member: request[member]} if member in request else {})
