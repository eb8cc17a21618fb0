"""Configurations by id: kinds of them, whether one may be kept, and those that a bucket has.

One idea: what the kinds have in common is a table. It may not know requests.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/analytics-storage-class.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-configurations.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering.html
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from freehold.kernel import arns
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.store import Tx
from freehold.services.s3 import errors
from freehold.services.s3.buckets import Bucket, put_setting
from freehold.services.s3.reports.errors import (
    InvalidS3DestinationBucket,
    NoSuchConfiguration,
    TooManyConfigurations,
)

CONFIGURATIONS_MAX = 1_000
ID_MAX = 64
CSV = "CSV"
FILTERS = ("Prefix", "Tag", "And", "AccessPointArn")
ARCHIVE_DAYS = {"ARCHIVE_ACCESS": 90, "DEEP_ARCHIVE_ACCESS": 180}  # the least of each tier
ARCHIVE_DAYS_MAX = 730

Configuration = dict[str, Any]


def _filtered(value: Configuration) -> None:
    """A filter has one condition, or an And of several."""
    if value.get("Filter") is not None and len([name for name in FILTERS if name in value["Filter"]]) != 1:
        raise errors.MalformedXML()


def _sent_to(destination: dict[str, Any]) -> None:
    bucket = arns.parse(destination["S3BucketDestination"]["Bucket"])
    if bucket is None or bucket.service != "s3" or "/" in bucket.resource:
        raise InvalidS3DestinationBucket()


def _inventory(value: Configuration) -> None:
    _sent_to(value["Destination"])
    form = value["Destination"]["S3BucketDestination"]["Format"]
    if form != CSV:
        raise NotImplementedHere(service="s3", operation=f"inventories in {form}")


def _analytics(value: Configuration) -> None:
    _filtered(value)
    export = value["StorageClassAnalysis"].get("DataExport")
    if export:
        _sent_to(export["Destination"])


def _tiering(value: Configuration) -> None:
    _filtered(value)
    tiers = [each["AccessTier"] for each in value["Tierings"]]
    if len(set(tiers)) < len(tiers) or not tiers:
        raise errors.MalformedXML()
    for each in value["Tierings"]:
        if not ARCHIVE_DAYS[each["AccessTier"]] <= each["Days"] <= ARCHIVE_DAYS_MAX:
            raise errors.InvalidArgument(
                reason="The Days value is not valid for the access tier", ArgumentName="Days",
                ArgumentValue=each["Days"],
            )  # fmt: skip


class Kind(NamedTuple):
    """A kind of configuration: its name in operations, its AWS member, its actions, and what it has to keep to."""

    name: str
    member: str
    action: str
    check: Callable[[Configuration], None]


INVENTORY = Kind("inventory", "InventoryConfiguration", "InventoryConfiguration", _inventory)
KINDS = (
    INVENTORY,
    Kind("analytics", "AnalyticsConfiguration", "AnalyticsConfiguration", _analytics),
    Kind("metrics", "MetricsConfiguration", "MetricsConfiguration", _filtered),
    Kind("intelligent_tiering", "IntelligentTieringConfiguration", "IntelligentTieringConfiguration", _tiering),
)


def kept(bucket: Bucket, kind: Kind) -> dict[str, Configuration]:
    """The configurations of a kind that a bucket has, in the order of their ids."""
    return bucket.settings.get(kind.member, {})


def open_configuration(bucket: Bucket, kind: Kind, id: str) -> Configuration:
    found = kept(bucket, kind).get(id)
    if found is None:
        raise NoSuchConfiguration()
    return found


def put(tx: Tx, bucket: Bucket, kind: Kind, id: str, value: Configuration) -> None:
    """Keep a configuration. Raises MalformedXML, TooManyConfigurations and what its kind refuses."""
    if value["Id"] != id or not 0 < len(id) <= ID_MAX:
        raise errors.MalformedXML()
    kind.check(value)
    others = kept(bucket, kind)
    if id not in others and len(others) >= CONFIGURATIONS_MAX:
        raise TooManyConfigurations()
    put_setting(tx, bucket, kind.member, dict(sorted((others | {id: value}).items())))


def delete(tx: Tx, bucket: Bucket, kind: Kind, id: str) -> None:
    """Raises NoSuchConfiguration."""
    open_configuration(bucket, kind, id)
    left = {name: value for name, value in kept(bucket, kind).items() if name != id}
    put_setting(tx, bucket, kind.member, left or None)
