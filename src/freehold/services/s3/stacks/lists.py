"""A template's lists of configurations by id, and its replication rules, as S3's own operations want them.

One idea: CloudFormation lays out filters and destinations flat, the API nests them. It may not know when they are put.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-inventoryconfiguration.html
"""

from collections.abc import Callable
from typing import NamedTuple

from freehold.engines.coerce import boolean, integer
from freehold.kernel.resources import Properties


def _destination(value: Properties) -> Properties:
    names = {"BucketArn": "Bucket", "BucketAccountId": "AccountId"}
    return {"S3BucketDestination": {names.get(name, name): each for name, each in value.items()}}


def _filtered(value: Properties) -> Properties:
    """The filter of a prefix, tags and an access point that stand beside each other."""
    conditions = {name: value[name] for name in ("Prefix", "AccessPointArn") if name in value}
    tags = [{"Key": tag["Key"], "Value": str(tag["Value"])} for tag in value.get("TagFilters") or ()]
    if len(conditions) + len(tags) > 1:
        return {"Filter": {"And": conditions | ({"Tags": tags} if tags else {})}}
    if tags:
        return {"Filter": {"Tag": tags[0]}}
    return {"Filter": conditions} if conditions else {}


def _inventory(value: Properties) -> Properties:
    found = {
        "Id": value["Id"],
        "IsEnabled": boolean(value["Enabled"], "Enabled"),
        "IncludedObjectVersions": value["IncludedObjectVersions"],
        "Schedule": {"Frequency": value["ScheduleFrequency"]},
        "Destination": _destination(value["Destination"]),
    }
    prefix = {"Filter": {"Prefix": value["Prefix"]}} if value.get("Prefix") else {}
    return found | prefix | ({"OptionalFields": value["OptionalFields"]} if value.get("OptionalFields") else {})


def _analytics(value: Properties) -> Properties:
    export = value["StorageClassAnalysis"].get("DataExport")
    analysis = {}
    if export:
        analysis = {"DataExport": export | {"Destination": _destination(export["Destination"])}}
    return {"Id": value["Id"], "StorageClassAnalysis": analysis} | _filtered(value)


def _metrics(value: Properties) -> Properties:
    return {"Id": value["Id"]} | _filtered(value)


def _tiering(value: Properties) -> Properties:
    tiers = [{"AccessTier": each["AccessTier"], "Days": integer(each["Days"], "Days")} for each in value["Tierings"]]
    return {"Id": value["Id"], "Status": value["Status"], "Tierings": tiers} | _filtered(value)


class Listed(NamedTuple):
    """A property that lists configurations: what each is called in operations, its member, and how it is read."""

    property: str
    name: str
    member: str
    read: Callable[[Properties], Properties]


LISTS = (
    Listed("AnalyticsConfigurations", "BucketAnalyticsConfiguration", "AnalyticsConfiguration", _analytics),
    Listed(
        "IntelligentTieringConfigurations", "BucketIntelligentTieringConfiguration",
        "IntelligentTieringConfiguration", _tiering,
    ),
    Listed("InventoryConfigurations", "BucketInventoryConfiguration", "InventoryConfiguration", _inventory),
    Listed("MetricsConfigurations", "BucketMetricsConfiguration", "MetricsConfiguration", _metrics),
)  # fmt: skip


def replication(value: Properties) -> Properties:
    return {"Role": value["Role"], "Rules": [_replication_rule(rule) for rule in value["Rules"]]}


def _replication_rule(rule: Properties) -> Properties:
    found = {"ID" if name == "Id" else name: each for name, each in rule.items()}
    if "Priority" in rule:
        found["Priority"] = integer(rule["Priority"], "Priority")
    if "Filter" in rule:
        found["Filter"] = _replication_filter(rule["Filter"])
        found.setdefault("DeleteMarkerReplication", {"Status": "Disabled"})
    destination = dict(rule["Destination"])
    for name, member in (("Metrics", "EventThreshold"), ("ReplicationTime", "Time")):
        if member in destination.get(name, {}):
            minutes = integer(destination[name][member]["Minutes"], "Minutes")
            destination[name] = destination[name] | {member: {"Minutes": minutes}}
    return found | {"Destination": destination}


def _replication_filter(value: Properties) -> Properties:
    both = value.get("And")
    if both:
        tags = both.get("TagFilters")
        prefix = {"Prefix": both["Prefix"]} if "Prefix" in both else {}
        return {"And": prefix | ({"Tags": tags} if tags else {})}
    if "TagFilter" in value:
        return {"Tag": value["TagFilter"]}
    return {"Prefix": value.get("Prefix", "")}
