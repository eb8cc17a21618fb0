"""Policies of forms: what somebody signed that others may upload.

One idea: every field must be in some condition, and every condition must hold. It may not know who signed.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from freehold.services.s3.forms.errors import InvalidPolicyDocument, NotByPolicy

RANGE = "content-length-range"
# Fields that need no condition.
FREE = ("awsaccesskeyid", "file", "policy", "signature", "x-amz-signature")
IGNORED = "x-ignore-"

NOT_JSON = "Invalid JSON."
NO_EXPIRATION = "Policy missing expiration."
ODD_EXPIRATION = "Invalid 'expiration' value: '{}'"
NO_CONDITIONS = "Policy missing conditions."
ODD_SIMPLE = "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified."
ODD_CONDITION = "Invalid Condition: Conditions must be lists of three or objects of one property."
FAILED = "Policy Condition failed: {}"
EXTRA = "Extra input fields: {}"


class Sizes(NamedTuple):
    """How many bytes a file must and may have."""

    least: int = 0
    most: int | None = None


def held(text: str, fields: Mapping[str, str], now: float) -> Sizes:
    """The sizes that a policy (base64) allows, if these fields (by names in small letters) keep to it now.

    Raises InvalidPolicyDocument; NotByPolicy, in which AWS says which condition does not hold.
    """
    policy = _read(text)
    if _expires_at(policy) <= now:
        raise NotByPolicy(reason="Policy expired.")
    conditions = policy.get("conditions")
    if not isinstance(conditions, list):
        raise InvalidPolicyDocument(reason=NO_CONDITIONS)
    sizes, named = Sizes(), set()
    for condition in map(_plain, conditions):
        if condition[0] == RANGE:
            sizes = _sizes(condition)
            continue
        named.add(str(condition[1]).removeprefix("$").lower())
        if not _holds(condition, fields):
            raise NotByPolicy(reason=FAILED.format(json.dumps(condition)))
    extra = [name for name in fields if name not in named and name not in FREE and not name.startswith(IGNORED)]
    extra = [name for name in extra if name != "bucket"]
    if extra:
        raise NotByPolicy(reason=EXTRA.format(", ".join(extra)))
    return sizes


def _read(text: str) -> dict[str, Any]:
    try:
        policy = json.loads(base64.b64decode(text))
    except (ValueError, RecursionError):
        raise InvalidPolicyDocument(reason=NOT_JSON) from None
    if not isinstance(policy, dict):
        raise InvalidPolicyDocument(reason=NOT_JSON)
    return policy


def _expires_at(policy: dict[str, Any]) -> float:
    text = policy.get("expiration")
    if text is None:
        raise InvalidPolicyDocument(reason=NO_EXPIRATION)
    try:
        moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        raise InvalidPolicyDocument(reason=ODD_EXPIRATION.format(text)) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _plain(condition: Any) -> list[Any]:
    """A condition in its long form: ["eq", "$acl", "private"]."""
    if isinstance(condition, dict):
        if len(condition) != 1:
            raise InvalidPolicyDocument(reason=ODD_SIMPLE)
        ((name, value),) = condition.items()
        return ["eq", f"${name}", value]
    if not isinstance(condition, list) or len(condition) != 3:
        raise InvalidPolicyDocument(reason=ODD_CONDITION)
    return condition


def _sizes(condition: list[Any]) -> Sizes:
    try:
        return Sizes(int(condition[1]), int(condition[2]))
    except (TypeError, ValueError, OverflowError):
        raise NotByPolicy(reason=FAILED.format(json.dumps(condition))) from None


def _holds(condition: list[Any], fields: Mapping[str, str]) -> bool:
    operator, name, value = condition
    if not isinstance(name, str) or not name.startswith("$"):
        return False
    given = fields.get(name[1:].lower(), "")
    if str(operator).lower() == "starts-with":
        return given.startswith(str(value))
    return str(operator).lower() == "eq" and given == str(value)
