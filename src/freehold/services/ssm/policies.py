"""Policies of parameters: when one expires, and when its owners are told that it will, or that it has not changed.

One idea: a policy falls due at a moment that follows from its text and its parameter, so an alarm that is no longer
meant is known by its moment. It may not know what happens then.

https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-policies.html
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from freehold.services.ssm import errors

EXPIRATION, BEFORE, UNCHANGED = "Expiration", "ExpirationNotification", "NoChangeNotification"
ATTRIBUTES = {EXPIRATION: ("Timestamp",), BEFORE: ("Before", "Unit"), UNCHANGED: ("After", "Unit")}
UNITS_S = {"Days": 86_400, "Hours": 3_600}
PENDING, FINISHED = "Pending", "Finished"
POLICIES_MAX = 10
TWO_ENDS = "A parameter can have one Expiration policy."
NO_END = "An ExpirationNotification policy needs an Expiration policy beside it."


class Policy(msgspec.Struct, omit_defaults=True):
    """A policy as it was put, and how far it has come."""

    type: str
    text: str
    status: str = PENDING

    def attribute(self, name: str) -> str:
        return str(msgspec.json.decode(self.text)["Attributes"][name])


def read(text: str) -> list[Policy]:
    """The policies that a request gives; none by an empty list, or one of an empty policy. Raises
    IncompatiblePolicyException, InvalidPolicyAttributeException, InvalidPolicyTypeException and
    PoliciesLimitExceededException."""
    try:
        documents = [document for document in msgspec.json.decode(text, type=list[dict[str, Any]]) if document]
    except msgspec.DecodeError:
        raise errors.InvalidPolicyAttributeException(reason="The policies are not a JSON array.") from None
    if len(documents) > POLICIES_MAX:
        raise errors.PoliciesLimitExceededException(most=POLICIES_MAX)
    found = [_policy(document) for document in documents]
    kinds = [policy.type for policy in found]
    if kinds.count(EXPIRATION) > 1:
        raise errors.IncompatiblePolicyException(reason=TWO_ENDS)
    if BEFORE in kinds and EXPIRATION not in kinds:
        raise errors.IncompatiblePolicyException(reason=NO_END)
    return found


def _policy(document: dict[str, Any]) -> Policy:
    type_, attributes = document.get("Type"), document.get("Attributes")
    if type_ not in ATTRIBUTES:
        raise errors.InvalidPolicyTypeException(type=type_)
    if not isinstance(attributes, dict) or set(attributes) != set(ATTRIBUTES[type_]):
        raise _wrong(f"A policy of the type {type_} has the attributes {', '.join(ATTRIBUTES[type_])}.")
    policy = Policy(type_, msgspec.json.encode(document).decode())
    if type_ == EXPIRATION:
        ends_at(policy)
    else:
        _span_s(policy)
    return policy


def ends_at(policy: Policy) -> float:
    """When a policy of expiration ends its parameter, in epoch seconds."""
    text = policy.attribute("Timestamp")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise _wrong(f"The Timestamp {text} is no moment like 2018-12-02T21:34:33.000Z.") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _span_s(policy: Policy) -> int:
    name, unit = ATTRIBUTES[policy.type]
    count, each = policy.attribute(name), policy.attribute(unit)
    if not count.isdecimal() or each not in UNITS_S:
        raise _wrong(f"{name} is a whole number, and {unit} one of {', '.join(UNITS_S)}.")
    return int(count) * UNITS_S[each]


def _wrong(reason: str) -> errors.InvalidPolicyAttributeException:
    return errors.InvalidPolicyAttributeException(reason=reason)


def due(policies: list[Policy], modified_at: float) -> Iterator[tuple[Policy, float]]:
    """The policies that are still to come, each with its moment; `modified_at` is when the parameter was last put."""
    end = next((ends_at(policy) for policy in policies if policy.type == EXPIRATION), 0.0)
    for policy in policies:
        if policy.status == PENDING and policy.type == EXPIRATION:
            yield policy, end
        elif policy.status == PENDING:
            yield policy, modified_at + _span_s(policy) if policy.type == UNCHANGED else end - _span_s(policy)
