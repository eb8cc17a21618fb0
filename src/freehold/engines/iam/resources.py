"""The policies on resources: weighed by themselves, and written a statement at a time.

One idea: what a caller's own policies say is weighed at the door, so the room that keeps a resource asks what the
resource's says. They may not know which resources there are, nor how a room says no.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from freehold.engines.iam.evaluation import Verdict, evaluate
from freehold.engines.iam.grammar import parse
from freehold.engines.iam.policy import Policy
from freehold.engines.iam.principals import Acting, asker
from freehold.engines.iam.request import Request

# Stands for the caller's own policies.
ANYTHING = parse({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})


@lru_cache(maxsize=4_096)
def resource_policy(document: str | bytes) -> Policy | None:
    """The policy that a resource has, if it has any. Raises MalformedPolicyDocument."""
    return parse(document, "resource") if document else None


def weigh(
    who: Acting, action: str, resource: str, policy: Policy | None, facts: Mapping[str, str | Sequence[str]], *,
    same_account: bool = False,
) -> Verdict:  # fmt: skip
    """What a resource's policy says to one who acts, and whose own policies allow it."""
    request = Request(action, resource, facts, asker(who))
    return evaluate(request, identity=[ANYTHING], resource=policy, same_account=same_account)


def facts_of(who: Acting) -> dict[str, str]:
    """The condition keys of one who acts; a service has the ARN of what it acts for in `issuer`."""
    if who.kind == "Service":
        return {"aws:SourceArn": who.issuer, "aws:SourceAccount": who.account, "aws:SecureTransport": "true"}
    return {"aws:PrincipalArn": who.issuer or who.arn, "aws:PrincipalAccount": who.account}


def read(document: str) -> dict[str, Any]:
    """The document of a policy that has been parsed before; a statement alone becomes a list of one."""
    written = msgspec.json.decode(document)
    stand = written["Statement"]
    return written | {"Statement": [stand] if isinstance(stand, dict) else stand}


def sharing(sid: str, accounts: Sequence[str], actions: Sequence[str], resource: str) -> dict[str, Any]:
    """The statement that lets other accounts do some things with a resource, as AddPermission writes it."""
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": _one_or_all([f"arn:aws:iam::{account}:root" for account in accounts])},
        "Action": _one_or_all(actions),
        "Resource": resource,
    }


def _one_or_all(values: Sequence[str]) -> str | Sequence[str]:
    return values[0] if len(values) == 1 else values
