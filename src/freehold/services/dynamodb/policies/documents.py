"""Policies on tables and streams: what is remembered of them, and what they may say.

One idea: what a policy stands on is a table or a stream, and both have it in the same two fields. It may not know who
asks.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html
"""

from typing import Any

import msgspec

from freehold.engines import iam
from freehold.kernel import arns
from freehold.kernel.store import Tx
from freehold.services.dynamodb.changes import Stream
from freehold.services.dynamodb.policies import errors
from freehold.services.dynamodb.tables import Table

SIZE_MAX = 20_480
ELEMENTS = ("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
EVERYBODY = ("*", {"AWS": "*"}, {"AWS": ["*"]})


def standing_on(tx: Tx, resource: str) -> Table | Stream | None:
    """The table or stream that a resource's name (`table/…`) speaks of; an index is its table."""
    parts = resource.split("/")
    if len(parts) < 2 or parts[0] != "table":
        return None
    if len(parts) == 4 and parts[2] == "stream":
        return tx.get(Stream, parts[1], parts[3])
    return tx.get(Table, parts[1])


def policy_on(tx: Tx, arn: str) -> iam.Policy | None:
    """The policy on a table or stream of this account."""
    place = arns.parse(arn)
    if place is None or (place.account, place.region) != (tx.account, tx.region):
        return None
    found = standing_on(tx, place.resource)
    return iam.resource_policy(found.policy) if found else None


def written(text: str) -> str:
    """A policy as AWS keeps it: without spaces, its elements in order. Raises ValidationException."""
    if len(text.encode()) > SIZE_MAX:
        raise errors.PolicyTooLarge(most=SIZE_MAX)
    try:
        iam.parse(text, "resource")
    except iam.MalformedPolicyDocument as wrong:
        raise errors.PolicyInvalid(reason=wrong.message) from wrong
    document = iam.read(text)
    if any(_unbounded(statement) for statement in document["Statement"]):
        raise errors.PolicyUnbounded()
    kept = [{name: _plain(one[name]) for name in ELEMENTS if name in one} for one in document["Statement"]]
    return msgspec.json.encode(document | {"Statement": kept}).decode()


def _plain(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _unbounded(statement: dict[str, Any]) -> bool:
    return statement["Effect"] == "Allow" and statement.get("Principal") in EVERYBODY and "Condition" not in statement


def revised(tx: Tx, before: str) -> str:
    """The revision after one: the moment in milliseconds, later than any before."""
    return str(max(int(tx.now * 1e3), int(before or 0) + 1))
