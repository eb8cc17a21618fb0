"""Delivery streams: what they are called, where they deliver, and what waits in them.

One idea: a destination is kept as it was given, over defaults in one table. It may not know how files are made.

https://docs.aws.amazon.com/firehose/latest/APIReference/API_CreateDeliveryStream.html
"""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from freehold.kernel import arns
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.store import Record, Tx
from freehold.services.firehose import errors, prefixes

ACTIVE, DIRECT = "ACTIVE", "DirectPut"
DESTINATION_ID = "destinationId-000000000001"
HINTS = {"SizeInMBs": 5, "IntervalInSeconds": 300}
PLAIN, GZIP = "UNCOMPRESSED", "GZIP"
DEFAULTS: dict[str, Any] = {
    "CompressionFormat": PLAIN,
    "EncryptionConfiguration": {"NoEncryptionConfig": "NoEncryption"},
    "CloudWatchLoggingOptions": {"Enabled": False},
}
# Members of a destination that ask for what is not done here, if they are enabled so.
NOT_HERE = {
    "ProcessingConfiguration": ("Enabled", True),
    "DataFormatConversionConfiguration": ("Enabled", True),
    "DynamicPartitioningConfiguration": ("Enabled", True),
}
SIMPLE = ("RoleARN", "BucketARN", "Prefix", "ErrorOutputPrefix", "BufferingHints", *DEFAULTS)  # of what is not extended


class Stream(Record, table="firehose_streams", key="name"):
    """A delivery stream. Moments in epoch seconds. `first` is the number of the oldest record in its buffer (0 if that
    is empty), `next` that of the record to come, `size` the bytes in the buffer."""

    name: str
    id: str
    created_at: float
    updated_at: float
    version: int = 1
    destination: dict[str, Any] = {}
    tags: dict[str, str] = {}
    first: int = 0
    next: int = 1
    size: int = 0


def find(tx: Tx, name: str) -> Stream:
    stream = tx.get(Stream, name)
    if stream is None:
        raise errors.StreamNotFound(name=name, account=tx.account)
    return stream


def arn(tx: Tx, name: str) -> str:
    return arns.arn("firehose", tx.region, tx.account, f"deliverystream/{name}")


def destination(given: Mapping[str, Any], known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An S3 destination as it is kept: what is given over what is known of it, or over the defaults."""
    made = dict(known or DEFAULTS) | dict(given)
    made["BufferingHints"] = HINTS | (known or {}).get("BufferingHints", {}) | given.get("BufferingHints", {})
    for name, (member, value) in NOT_HERE.items():
        if made.get(name, {}).get(member) == value:
            raise NotImplementedHere(service="firehose", operation=f"delivery with {name}")
    if made.get("S3BackupMode") == "Enabled":
        raise NotImplementedHere(service="firehose", operation="delivery with S3BackupMode")
    if made["CompressionFormat"] not in (PLAIN, GZIP):
        raise NotImplementedHere(service="firehose", operation=f"compression by {made['CompressionFormat']}")
    _check_prefixes(made)
    return made


def _check_prefixes(made: Mapping[str, Any]) -> None:
    prefix, failed = made.get("Prefix", ""), made.get("ErrorOutputPrefix", "")
    for name, text in (("Prefix", prefix), ("ErrorOutputPrefix", failed)):
        if fault := prefixes.fault(text, errors=name != "Prefix"):
            raise errors.BadPrefix(name=name, reason=fault)
    if prefixes.has_expressions(prefix) and not failed:
        raise errors.BadPrefix(name="ErrorOutputPrefix", reason="it is needed beside a Prefix with expressions")
    try:
        ZoneInfo(zone := made.get("CustomTimeZone") or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise errors.BadPrefix(name="CustomTimeZone", reason=f"{zone} is no time zone") from None


def shown(tx: Tx, stream: Stream) -> dict[str, Any]:
    """The stream as DescribeDeliveryStream tells it."""
    simple = {name: stream.destination[name] for name in SIMPLE if name in stream.destination}
    destinations = [
        {
            "DestinationId": DESTINATION_ID,
            "S3DestinationDescription": simple,
            "ExtendedS3DestinationDescription": {"S3BackupMode": "Disabled"} | stream.destination,
        }
    ]
    return {
        "DeliveryStreamName": stream.name,
        "DeliveryStreamARN": arn(tx, stream.name),
        "DeliveryStreamStatus": ACTIVE,
        "DeliveryStreamEncryptionConfiguration": {"Status": "DISABLED"},
        "DeliveryStreamType": DIRECT,
        "VersionId": str(stream.version),
        "CreateTimestamp": stream.created_at,
        "LastUpdateTimestamp": stream.updated_at,
        "Destinations": destinations,
        "HasMoreDestinations": False,
    }
