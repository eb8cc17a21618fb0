"""A template's properties of a bucket, as S3's own operations want them.

One idea: CloudFormation names things a little otherwise, and is loose about scalars; here is each difference, once. It
may not know when a property is applied.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from freehold.engines.coerce import boolean, integer

Properties = dict[str, Any]

SCALARS: dict[str, Callable[[Any, str], Any]] = {
    **dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), boolean),
    **dict.fromkeys(("BucketKeyEnabled", "ExpiredObjectDeleteMarker"), boolean),
    **dict.fromkeys(("DaysAfterInitiation", "ExpirationInDays", "MaxAge", "TransitionInDays"), integer),
    **dict.fromkeys(("NoncurrentDays", "NoncurrentVersionExpirationInDays", "NewerNoncurrentVersions"), integer),
    **dict.fromkeys(("ObjectSizeGreaterThan", "ObjectSizeLessThan", "Days", "Years"), integer),
}

# What has another name in the API, by property.
CORS_NAMES = {"Id": "ID", "ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"}
ROUTING_NAMES = {"RedirectRule": "Redirect", "RoutingRuleCondition": "Condition"}
NOTICES = {
    "LambdaConfigurations": ("LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
    "QueueConfigurations": ("QueueConfigurations", "Queue", "QueueArn"),
    "TopicConfigurations": ("TopicConfigurations", "Topic", "TopicArn"),
}


def typed(value: Any, name: str = "") -> Any:
    """A template's value with its numbers and booleans as such."""
    if isinstance(value, dict):
        return {key: typed(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [typed(each, name) for each in value]
    return SCALARS[name](value, name) if name in SCALARS else value


def _named(value: Properties, names: dict[str, str]) -> Properties:
    return {names.get(name, name): each for name, each in value.items()}


def same(value: Properties) -> Properties:
    return typed(value)


def encryption(value: Properties) -> Properties:
    names = {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"}
    return {"Rules": [_named(rule, names) for rule in typed(value)["ServerSideEncryptionConfiguration"]]}


def cors(value: Properties) -> Properties:
    return {"CORSRules": [_named(rule, CORS_NAMES) for rule in typed(value)["CorsRules"]]}


def website(value: Properties) -> Properties:
    found: Properties = {name: value[name] for name in ("RedirectAllRequestsTo", "RoutingRules") if name in value}
    if "RoutingRules" in found:
        found["RoutingRules"] = [_named(rule, ROUTING_NAMES) for rule in found["RoutingRules"]]
    if "IndexDocument" in value:
        found["IndexDocument"] = {"Suffix": value["IndexDocument"]}
    if "ErrorDocument" in value:
        found["ErrorDocument"] = {"Key": value["ErrorDocument"]}
    return found


def acceleration(value: Properties) -> Properties:
    return {"Status": value["AccelerationStatus"]}


def logging(value: Properties, bucket: str) -> Properties:
    """Where no bucket is named, a bucket's log is its own."""
    enabled = {
        "TargetBucket": value.get("DestinationBucketName", bucket), "TargetPrefix": value.get("LogFilePrefix", ""),
    }  # fmt: skip
    form = {name: value[name] for name in ("TargetObjectKeyFormat",) if name in value}
    return {"LoggingEnabled": enabled | form}


def notification(value: Properties) -> Properties:
    found: Properties = {}
    for kind, (member, target, arn) in NOTICES.items():
        for each in value.get(kind, ()):
            one: Properties = {"Events": [each["Event"]], arn: each[target]}
            if each.get("Filter"):
                one["Filter"] = {"Key": {"FilterRules": each["Filter"]["S3Key"]["Rules"]}}
            found.setdefault(member, []).append(one)
    if boolean((value.get("EventBridgeConfiguration") or {}).get("EventBridgeEnabled", False)):
        found["EventBridgeConfiguration"] = {}
    return found


def lifecycle(value: Properties) -> Properties:
    return {"Rules": [_rule(rule) for rule in typed(value)["Rules"]]}


def _rule(rule: Properties) -> Properties:
    found: Properties = {"Status": rule["Status"], "Filter": _filter(rule)}
    if "Id" in rule:
        found["ID"] = rule["Id"]
    expiry = {"ExpirationInDays": "Days", "ExpirationDate": "Date", "ExpiredObjectDeleteMarker": None}
    ends = {member or name: _moment(rule[name]) for name, member in expiry.items() if name in rule}
    noncurrent = rule.get("NoncurrentVersionExpiration", {})
    if "NoncurrentVersionExpirationInDays" in rule:
        noncurrent = {"NoncurrentDays": rule["NoncurrentVersionExpirationInDays"]}
    parts = {
        "Expiration": ends,
        "NoncurrentVersionExpiration": noncurrent,
        "Transitions": [_transition(each, "Days") for each in _several(rule, "Transition")],
        "NoncurrentVersionTransitions": [
            _transition(each, "NoncurrentDays") for each in _several(rule, "NoncurrentVersionTransition")
        ],
        "AbortIncompleteMultipartUpload": rule.get("AbortIncompleteMultipartUpload", {}),
    }
    return found | {name: part for name, part in parts.items() if part}


def _filter(rule: Properties) -> Properties:
    """A rule's filter, which the API writes as one condition or as an And of several."""
    conditions: Properties = {
        name: rule[name] for name in ("Prefix", "ObjectSizeGreaterThan", "ObjectSizeLessThan") if name in rule
    }
    tags = rule.get("TagFilters", [])
    if len(conditions) + len(tags) > 1:
        return {"And": conditions | ({"Tags": tags} if tags else {})}
    return {"Tag": tags[0]} if tags else conditions or {"Prefix": ""}


def _several(rule: Properties, name: str) -> list[Properties]:
    """The entries of a property that may stand alone or as a list under its plural."""
    return rule.get(f"{name}s", []) + ([rule[name]] if name in rule else [])


def _transition(value: Properties, days: str) -> Properties:
    names = {"TransitionInDays": days, "TransitionDate": "Date"}
    return {names.get(name, name): _moment(each) for name, each in value.items()}


def _moment(value: Any) -> Any:
    """A date as epoch seconds; anything else as it is."""
    if not isinstance(value, str) or "-" not in value:
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
