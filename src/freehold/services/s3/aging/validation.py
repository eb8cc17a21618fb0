"""What lifecycle rules must be.

One idea: each check is a function over one rule, run in AWS's order; its words stand beside it. It may not know what
rules do.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from freehold.kernel.ids import Ids
from freehold.services.s3.aging.lifecycles import DAY_S, DESCENT, USUAL, VARYING, Rule, conditions
from freehold.services.s3.errors import InvalidArgument, InvalidRequest, MalformedXML

RULES_MAX = 1_000
ID_MAX, ID_LENGTH = 255, 48
WARM_DAYS = 30
WARM = ("STANDARD_IA", "ONEZONE_IA")

ACTIONS = (
    "Expiration", "Transitions", "NoncurrentVersionTransitions", "NoncurrentVersionExpiration",
    "AbortIncompleteMultipartUpload",
)  # fmt: skip
PREDICATES = ("Prefix", "Tag", "And", "ObjectSizeGreaterThan", "ObjectSizeLessThan")

NO_ACTION = "At least one action needs to be specified in a rule"
NOT_UNIQUE = "Rule ID must be unique. Found same ID for more than one rule"
ID_TOO_LONG = f"ID length should not exceed allowed limit of {ID_MAX}"
SAME_TAG = "Duplicate Tag Keys are not allowed."
MARKER_TAGS = "Tag filter cannot be specified with ExpiredObjectDeleteMarker."
ABORT_TAGS = "AbortIncompleteMultipartUpload cannot be specified with Tags."
POSITIVE = "'{}' for {} action must be a positive integer"
NOT_NEGATIVE = "'Days' for Transition action must be nonnegative"
MIDNIGHT = "'Date' must be at midnight GMT"
TOO_WARM = "'{}' in {} action must be greater than or equal to {} for storageClass '{}'"
TOO_SOON = (
    "'Days' in the Expiration action for filter '(prefix={})' must be greater than 'Days' in the Transition action"
)
MIXED = "Found mixed 'Date' and 'Days' based {} actions in lifecycle rule for filter '(prefix={})'"
SAME_CLASS = "'StorageClass' must be different for '{}' actions in same 'Rule' for filter '(prefix={})'"
NO_SUCH_LEAST = "Invalid TransitionDefaultMinimumObjectSize found: {}"


def least(asked: str | None) -> str:
    """The default least size for transitions. Raises InvalidRequest."""
    if asked not in (None, USUAL, VARYING):
        raise InvalidRequest(reason=NO_SUCH_LEAST.format(asked))
    return asked or USUAL


def checked(rules: list[Rule], ids: Ids) -> list[Rule]:
    """The rules, each with an id. Raises MalformedXML, InvalidRequest, InvalidArgument."""
    if not 0 < len(rules) <= RULES_MAX:
        raise MalformedXML()
    named = [rule | {"ID": rule.get("ID") or ids.text(ID_LENGTH)} for rule in rules]
    taken: set[str] = set()
    for rule in named:
        if rule["ID"] in taken:
            raise InvalidArgument(reason=NOT_UNIQUE, ArgumentName="ID", ArgumentValue=rule["ID"])
        if len(rule["ID"]) > ID_MAX:
            raise InvalidArgument(reason=ID_TOO_LONG, ArgumentName="ID", ArgumentValue=rule["ID"])
        taken.add(rule["ID"])
        for check in CHECKS:
            check(rule)
    return named


def _check_form(rule: Rule) -> None:
    if rule.get("Status") not in ("Enabled", "Disabled"):
        raise MalformedXML()
    filters = rule.get("Filter")
    if ("Prefix" in rule) == (filters is not None):
        raise MalformedXML()
    if filters and (len(filters) > 1 or not filters.keys() <= set(PREDICATES)):
        raise MalformedXML()
    if not any(rule.get(action) for action in ACTIONS):
        raise InvalidRequest(reason=NO_ACTION)


def _check_tags(rule: Rule) -> None:
    many = (rule.get("Filter") or {}).get("And") or {}
    keys = [tag["Key"] for tag in many.get("Tags", ())]
    if len(set(keys)) < len(keys):
        raise InvalidRequest(reason=SAME_TAG)
    if not conditions(rule).tags:
        return
    if rule.get("Expiration", {}).get("ExpiredObjectDeleteMarker"):
        raise InvalidRequest(reason=MARKER_TAGS)
    if rule.get("AbortIncompleteMultipartUpload"):
        raise InvalidRequest(reason=ABORT_TAGS)


def _check_expiration(rule: Rule) -> None:
    expiry = rule.get("Expiration")
    if expiry is not None:
        if len([name for name in ("Days", "Date", "ExpiredObjectDeleteMarker") if name in expiry]) != 1:
            raise MalformedXML()
        _positive(expiry, "Days", "Expiration")
        _midnight(expiry)
    noncurrent = rule.get("NoncurrentVersionExpiration")
    if noncurrent is not None:
        if not noncurrent.keys() & {"NoncurrentDays", "NewerNoncurrentVersions"}:
            raise MalformedXML()
        _positive(noncurrent, "NoncurrentDays", "NoncurrentVersionExpiration")
        _positive(noncurrent, "NewerNoncurrentVersions", "NoncurrentVersionExpiration")
    _positive(
        rule.get("AbortIncompleteMultipartUpload", {}), "DaysAfterInitiation", "AbortIncompleteMultipartUpload"
    )  # fmt: skip


def _positive(action: Rule, member: str, name: str) -> None:
    if action.get(member, 1) <= 0:
        raise InvalidArgument(
            reason=POSITIVE.format(member, name), ArgumentName=member, ArgumentValue=action[member]
        )  # fmt: skip


def _midnight(when: Rule) -> None:
    if when.get("Date", 0) % DAY_S:
        told = datetime.fromtimestamp(when["Date"], UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        raise InvalidArgument(reason=MIDNIGHT, ArgumentName="Date", ArgumentValue=told)


def _transitions(rule: Rule) -> Iterator[tuple[str, str, Rule]]:
    """Each transition with the name of its action and of its days."""
    for member, name, days in (
        ("Transitions", "Transition", "Days"),
        ("NoncurrentVersionTransitions", "NoncurrentVersionTransition", "NoncurrentDays"),
    ):
        for each in rule.get(member, ()):
            yield name, days, each


def _check_transitions(rule: Rule) -> None:
    seen: set[tuple[str, str]] = set()
    for name, days, each in _transitions(rule):
        kind = each.get("StorageClass")
        if kind not in DESCENT[2:] or (days not in each) == ("Date" not in each):
            raise MalformedXML()
        if each.get(days, 0) < 0:
            raise InvalidArgument(reason=NOT_NEGATIVE, ArgumentName=days, ArgumentValue=each[days])
        _midnight(each)
        if kind in WARM and each.get(days, WARM_DAYS) < WARM_DAYS:
            raise InvalidArgument(reason=TOO_WARM.format(days, name, WARM_DAYS, kind))
        if (name, kind) in seen:
            raise InvalidRequest(reason=SAME_CLASS.format(name, conditions(rule).prefix))
        seen.add((name, kind))


def _check_order(rule: Rule) -> None:
    """What moves must have moved before it expires."""
    expiry, moves, prefix = rule.get("Expiration", {}), rule.get("Transitions", ()), conditions(rule).prefix
    if len({"Date" in each for each in moves}) > 1:
        raise InvalidRequest(reason=MIXED.format("Transition", prefix))
    for each in moves:
        if ("Date" in each and "Days" in expiry) or ("Days" in each and "Date" in expiry):
            raise InvalidRequest(reason=MIXED.format("Expiration and Transition", prefix))
        if "Days" in expiry and each.get("Days", -1) >= expiry["Days"]:
            raise InvalidArgument(reason=TOO_SOON.format(prefix))


CHECKS: tuple[Callable[[Rule], Any], ...] = (
    _check_form, _check_tags, _check_expiration, _check_transitions, _check_order,
)  # fmt: skip
