"""The dialects: one row for each service that speaks patterns.

One idea: what differs between EventBridge, Lambda and SNS is data. It may not know how a pattern is compiled.
Facts: EventBridge "Operators for use in event patterns"; Lambda "Filter rule syntax"; SNS "Filter policy constraints".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import orjson

from freehold.engines.patterns.errors import (
    InvalidEventPattern,
    InvalidFilterPattern,
    InvalidFilterPolicy,
    NestedPolicy,
)
from freehold.kernel.errors import AwsError

EVERY_OPERATOR = frozenset(
    {"exactly", "prefix", "suffix", "equals-ignore-case", "anything-but", "numeric", "exists", "cidr", "wildcard"}
)

# What may stand under anything-but, and what is said when its value is not text.
_NOT_TEXT_EVENTBRIDGE = {
    "prefix": "prefix/suffix match pattern must be a string",
    "suffix": "prefix/suffix match pattern must be a string",
    "wildcard": "wildcard match pattern must be a string",
    "equals-ignore-case": ("Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."),
}
_NOT_TEXT_SNS = {"prefix": "prefix match pattern must be a string"}

SNS_KEYS_MAX = 5
SNS_COMBINATIONS_MAX = 150
SNS_BYTES_MAX = 256 * 1024


@dataclass(frozen=True)
class Dialect:
    """A way to speak patterns.

    `read` turns what is matched into a JSON object, or None when it is not one (then nothing matches).
    `check` refuses a pattern whose grammar is right and whose extent is not.
    """

    name: str
    error: type[AwsError]
    operators: frozenset[str]
    under_anything_but: Mapping[str, str]
    not_json: str
    empty_matches_all: bool
    read: Callable[[Any], dict[str, Any] | None]
    check: Callable[[dict[str, Any]], None]


def _object(value: Any) -> dict[str, Any] | None:
    """A JSON object, given as itself or as its text."""
    if isinstance(value, str | bytes):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return None
    return value if isinstance(value, dict) else None


def _attributes(attributes: Mapping[str, Mapping[str, Any]] | None) -> dict[str, Any]:
    """SNS MessageAttributes as a JSON object. Binary attributes are never compared, so they are left out."""
    values = {}
    for name, attribute in (attributes or {}).items():
        kind, text = attribute.get("DataType", ""), attribute.get("StringValue")
        if text is not None and not kind.startswith("Binary"):
            values[name] = _attribute(kind, text)
    return values


def _attribute(kind: str, text: str) -> Any:
    if kind == "String" or not (kind.startswith("Number") or kind.endswith(".Array")):
        return text
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def _no_limit(pattern: dict[str, Any]) -> None:
    return None


def _check_policy(policy: dict[str, Any]) -> None:
    if len(orjson.dumps(policy)) > SNS_BYTES_MAX:
        raise InvalidFilterPolicy(reason="Filter policy is too long")
    if _keys(policy) > SNS_KEYS_MAX:
        raise InvalidFilterPolicy(reason=f"Filter policy can not have more than {SNS_KEYS_MAX} keys")
    if _combinations(policy, 1) > SNS_COMBINATIONS_MAX:
        raise InvalidFilterPolicy(reason="Filter policy is too complex")


def _check_flat_policy(policy: dict[str, Any]) -> None:
    if _nests(policy):
        raise NestedPolicy()
    _check_policy(policy)


def _nests(policy: dict[str, Any]) -> bool:
    return any(any(map(_nests, value)) if key == "$or" else isinstance(value, dict) for key, value in policy.items())


def _keys(policy: Any) -> int:
    if not isinstance(policy, dict):
        return 1
    return sum(sum(map(_keys, value)) if key == "$or" else _keys(value) for key, value in policy.items())


def _combinations(policy: dict[str, Any], level: int) -> int:
    """Values of each key times its level, multiplied over keys and added over the alternatives of an $or."""

    def of(key: str, value: Any) -> int:
        if key == "$or":
            return sum(_combinations(alternative, level) for alternative in value)
        return _combinations(value, level + 1) if isinstance(value, dict) else len(value) * level

    return prod(of(key, value) for key, value in policy.items())


EVENTBRIDGE = Dialect(
    name="EventBridge",
    error=InvalidEventPattern,
    operators=EVERY_OPERATOR,
    under_anything_but=_NOT_TEXT_EVENTBRIDGE,
    not_json="Invalid JSON",
    empty_matches_all=False,
    read=_object,
    check=_no_limit,
)
LAMBDA = Dialect(
    name="Lambda",
    error=InvalidFilterPattern,
    operators=EVERY_OPERATOR - {"cidr", "wildcard"},
    under_anything_but=_NOT_TEXT_EVENTBRIDGE,
    not_json="Invalid JSON",
    empty_matches_all=True,
    read=_object,
    check=_no_limit,
)
SNS_BODY = Dialect(
    name="MessageBody",
    error=InvalidFilterPolicy,
    operators=EVERY_OPERATOR,
    under_anything_but=_NOT_TEXT_SNS,
    not_json="failed to parse JSON.",
    empty_matches_all=True,
    read=_object,
    check=_check_policy,
)
SNS_ATTRIBUTES = Dialect(
    name="MessageAttributes",
    error=InvalidFilterPolicy,
    operators=EVERY_OPERATOR,
    under_anything_but=_NOT_TEXT_SNS,
    not_json="failed to parse JSON.",
    empty_matches_all=True,
    read=_attributes,
    check=_check_flat_policy,
)

DIALECTS = {dialect.name: dialect for dialect in (EVENTBRIDGE, LAMBDA, SNS_BODY, SNS_ATTRIBUTES)}
