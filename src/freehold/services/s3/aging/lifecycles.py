"""Lifecycle rules: what becomes of objects as they age.

One idea: a rule gives moments, each a midnight; what is to be done now is a comparison with the clock. It may not know
when anyone looks.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
"""

import math
from email.utils import formatdate
from typing import Any
from urllib.parse import quote

from freehold.kernel.ids import Ids
from freehold.services.s3 import errors
from freehold.services.s3.versions import Version

SETTING = "LifecycleConfiguration"
LEAST_USUAL = "all_storage_classes_128K"
LEAST_SIZES = {LEAST_USUAL: 131_072, "varies_by_storage_class": 131_072}
DAY_S = 86_400
RULES_MAX = 1_000
ID_MAX, ID_LENGTH = 255, 48

ACTIONS = (
    "Expiration", "Transitions", "NoncurrentVersionTransitions", "NoncurrentVersionExpiration",
    "AbortIncompleteMultipartUpload",
)  # fmt: skip

NOT_UNIQUE = "Rule ID must be unique. Found same ID for more than one rule"
ID_TOO_LONG = f"ID length should not exceed allowed limit of {ID_MAX}"

Rule = dict[str, Any]


def checked(rules: list[Rule], ids: Ids) -> list[Rule]:
    """The rules, each with an id. Raises MalformedXML, InvalidRequest, InvalidArgument."""
    if not 0 < len(rules) <= RULES_MAX:
        raise errors.MalformedXML()
    named = [rule | {"ID": rule.get("ID") or ids.text(ID_LENGTH)} for rule in rules]
    taken: set[str] = set()
    for rule in named:
        if rule["ID"] in taken:
            raise errors.InvalidArgument(reason=NOT_UNIQUE, ArgumentName="ID", ArgumentValue=rule["ID"])
        if len(rule["ID"]) > ID_MAX:
            raise errors.InvalidArgument(reason=ID_TOO_LONG, ArgumentName="ID", ArgumentValue=rule["ID"])
        taken.add(rule["ID"])
        _check(rule)
    return named


def _check(rule: Rule) -> None:
    if not any(rule.get(action) for action in ACTIONS):
        raise errors.InvalidRequest(reason="At least one action needs to be specified in a rule")
    filters = rule.get("Filter")
    if ("Prefix" in rule) == (filters is not None) or (filters and len(filters) > 1):
        raise errors.MalformedXML()
    expiry = rule.get("Expiration", {})
    if len([name for name in ("Days", "Date", "ExpiredObjectDeleteMarker") if name in expiry]) > 1:
        raise errors.MalformedXML()
    if expiry.get("Days", 1) <= 0:
        raise errors.InvalidArgument(reason="'Days' for Expiration action must be a positive integer")
    moments = [expiry, *rule.get("Transitions", ())]
    if any(each.get("Date", 0) % DAY_S for each in moments):
        raise errors.InvalidArgument(reason="'Date' must be at midnight GMT")
    if expiry.get("ExpiredObjectDeleteMarker") and _conditions(rule)["tags"]:
        raise errors.InvalidRequest(reason="Tag filter cannot be specified with ExpiredObjectDeleteMarker.")


def _conditions(rule: Rule) -> dict[str, Any]:
    """What a rule's filter asks of an object: prefix, tags, and sizes between (both exclusive, in bytes)."""
    filters = rule.get("Filter") or {}
    many = filters.get("And") or filters
    tags = many.get("Tags") or ([many["Tag"]] if many.get("Tag") else [])
    return {
        "prefix": many.get("Prefix", rule.get("Prefix", "")),
        "tags": {tag["Key"]: tag["Value"] for tag in tags},
        "above": many.get("ObjectSizeGreaterThan", -1),
        "below": many.get("ObjectSizeLessThan", math.inf),
    }


def concerns(rule: Rule, version: Version) -> bool:
    """Whether an enabled rule is about this version."""
    asked = _conditions(rule)
    if rule["Status"] != "Enabled" or not version.key.startswith(asked["prefix"]):
        return False
    if version.marker:
        return True
    return asked["above"] < version.size < asked["below"] and asked["tags"].items() <= version.tags.items()


def due_at(when: dict[str, Any], since: float) -> float:
    """The midnight at which an action of so many Days, or of a Date, falls due for what is as old as `since`."""
    if "Date" in when:
        return float(when["Date"])
    days = when.get("Days", when.get("NoncurrentDays", when.get("DaysAfterInitiation")))
    return math.inf if days is None else (since // DAY_S + days + 1) * DAY_S


def expiry(rules: list[Rule], version: Version) -> tuple[float, str]:
    """When a current object expires first, and by which rule; infinity if never."""
    return min(
        ((due_at(rule["Expiration"], version.modified_at), rule["ID"])
         for rule in rules if rule.get("Expiration") and concerns(rule, version)),
        default=(math.inf, ""),
    )  # fmt: skip


def header(rules: list[Rule], version: Version) -> str:
    """The x-amz-expiration of a current object; '' if it does not expire."""
    moment, rule = expiry(rules, version)
    return "" if moment == math.inf else f'expiry-date="{formatdate(moment, usegmt=True)}", rule-id="{quote(rule)}"'


def storage_class(rules: list[Rule], version: Version, now: float) -> str:
    """The storage class that a version should be in by now: that of the last transition that fell due."""
    member, since = ("Transitions", version.modified_at)
    if version.noncurrent_at:
        member, since = "NoncurrentVersionTransitions", version.noncurrent_at
    due = [
        (due_at(each, since), each["StorageClass"])
        for rule in rules if concerns(rule, version) and version.size >= LEAST_SIZES[LEAST_USUAL]
        for each in rule.get(member, ())
    ]  # fmt: skip
    past = [each for each in due if each[0] <= now]
    return max(past)[1] if past else version.storage_class


def noncurrent_gone(rules: list[Rule], version: Version, newer: int, now: float) -> bool:
    """Whether a version that `newer` noncurrent ones stand before has been noncurrent for long enough."""
    for rule in rules:
        action = rule.get("NoncurrentVersionExpiration")
        if not action or newer < action.get("NewerNoncurrentVersions", 0) or not concerns(rule, version):
            continue
        if due_at(action, version.noncurrent_at) <= now:
            return True
    return False
