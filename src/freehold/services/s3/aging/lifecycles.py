"""Lifecycle rules: what becomes of objects as they age.

One idea: a rule gives moments, each a midnight; what is to be done now is a comparison with the clock. It may not know
when anyone looks, nor whether a rule is sound.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
"""

import math
from collections.abc import Iterable
from email.utils import formatdate
from typing import Any, NamedTuple
from urllib.parse import quote

from freehold.services.s3.buckets import Bucket
from freehold.services.s3.uploads.parts import Upload
from freehold.services.s3.versions import Version

SETTING = "LifecycleConfiguration"
LEAST = "TransitionDefaultMinimumObjectSize"
USUAL, VARYING = "all_storage_classes_128K", "varies_by_storage_class"
LEAST_SIZE = 131_072  # bytes below which objects stay where they are, unless a rule says how large they must be
DAY_S = 86_400

# Storage classes as rules move objects: only ever down this list.
DESCENT = (
    "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER",
    "DEEP_ARCHIVE",
)  # fmt: skip
ANY_SIZE = ("GLACIER", "DEEP_ARCHIVE")  # classes that take small objects where the least size varies

Rule = dict[str, Any]


class Conditions(NamedTuple):
    """What a rule's filter asks of an object: prefix, tags, and sizes between (both exclusive, in bytes)."""

    prefix: str
    tags: dict[str, str]
    above: float
    below: float


def conditions(rule: Rule) -> Conditions:
    filters = rule.get("Filter") or {}
    many = filters.get("And") or filters
    tags = many.get("Tags") or ([many["Tag"]] if many.get("Tag") else [])
    return Conditions(
        str(many.get("Prefix", rule.get("Prefix", ""))),
        {tag["Key"]: tag["Value"] for tag in tags},
        many.get("ObjectSizeGreaterThan", -1),
        many.get("ObjectSizeLessThan", math.inf),
    )


def rules_of(bucket: Bucket) -> list[Rule]:
    """The rules of a bucket that are to be carried out."""
    return [rule for rule in bucket.settings.get(SETTING, {}).get("Rules", ()) if rule["Status"] == "Enabled"]


def concerns(rule: Rule, version: Version) -> bool:
    """Whether a rule is about this version; to a delete marker only the prefix matters."""
    asked = conditions(rule)
    if not version.key.startswith(asked.prefix):
        return False
    if version.marker:
        return not asked.tags
    return asked.above < version.size < asked.below and asked.tags.items() <= version.tags.items()


def due_at(when: dict[str, Any], since: float) -> float:
    """The midnight at which an action of so many Days, or of a Date, falls due for what is as old as `since`."""
    if "Date" in when:
        return float(when["Date"])
    days = when.get("Days", when.get("NoncurrentDays", when.get("DaysAfterInitiation")))
    return math.inf if days is None else (since // DAY_S + days + 1) * DAY_S


def expiry(rules: Iterable[Rule], version: Version) -> tuple[float, str]:
    """When a current object expires first, and by which rule, the first of several; infinity if never."""
    found = [
        (due_at(rule["Expiration"], version.modified_at), rule["ID"])
        for rule in rules if rule.get("Expiration") and concerns(rule, version)
    ]  # fmt: skip
    return min(found, key=lambda each: each[0], default=(math.inf, ""))


def header(rules: Iterable[Rule], version: Version) -> str:
    """The x-amz-expiration of a current object; '' if it does not expire."""
    moment, rule = expiry(rules, version)
    return "" if moment == math.inf else f'expiry-date="{formatdate(moment, usegmt=True)}", rule-id="{quote(rule)}"'


def abortion(bucket: Bucket, upload: Upload) -> tuple[float, str]:
    """When an upload that nobody completes is given up, and by which rule; infinity if never."""
    likeness = Version(bucket=bucket.name, key=upload.key, modified_at=upload.begun_at)
    found = [
        (due_at(rule["AbortIncompleteMultipartUpload"], upload.begun_at), rule["ID"])
        for rule in rules_of(bucket) if rule.get("AbortIncompleteMultipartUpload") and concerns(rule, likeness)
    ]  # fmt: skip
    return min(found, key=lambda each: each[0], default=(math.inf, ""))


def aborting(bucket: Bucket, upload: Upload) -> dict[str, Any]:
    """What answers tell of that."""
    moment, rule = abortion(bucket, upload)
    return {} if moment == math.inf else {"AbortDate": int(moment), "AbortRuleId": rule}


def storage_class(bucket: Bucket, rules: Iterable[Rule], version: Version, now: float) -> str:
    """The storage class that a version should be in by now: the lowest that a transition which fell due leads to."""
    member, since = "Transitions", version.modified_at
    if version.noncurrent_at:
        member, since = "NoncurrentVersionTransitions", version.noncurrent_at
    varying = bucket.settings.get(SETTING, {}).get(LEAST) == VARYING
    reached = [version.storage_class]
    for rule in rules:
        if not rule.get(member) or not concerns(rule, version):
            continue
        small = version.size < LEAST_SIZE and conditions(rule).above < 0
        for each in rule[member]:
            taken = not small or (varying and each["StorageClass"] in ANY_SIZE)
            if taken and due_at(each, since) <= now:
                reached.append(each["StorageClass"])
    return max(reached, key=DESCENT.index)


def noncurrent_gone(rules: Iterable[Rule], version: Version, newer: int, now: float) -> bool:
    """Whether a version that `newer` noncurrent ones stand before has been noncurrent for long enough."""
    for rule in rules:
        action = rule.get("NoncurrentVersionExpiration")
        if not action or newer < action.get("NewerNoncurrentVersions", 0) or not concerns(rule, version):
            continue
        if due_at({"NoncurrentDays": 0} | action, version.noncurrent_at) <= now:
            return True
    return False


def marker_gone(rules: Iterable[Rule], marker: Version, now: float) -> bool:
    """Whether a delete marker with nothing behind it is to go."""
    for rule in rules:
        expiry = rule.get("Expiration", {})
        if concerns(rule, marker) and (
            expiry.get("ExpiredObjectDeleteMarker") or due_at(expiry, marker.modified_at) <= now
        ):
            return True
    return False
