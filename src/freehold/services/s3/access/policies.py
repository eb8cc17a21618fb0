"""Who may enter a bucket, besides what IAM says of the caller: the bucket's policy, and its blocks on public access.

One idea: a request is weighed once, when its bucket is opened; the caller's own policies have been weighed before by
the door. It may not know what an operation does, only the actions it needs.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import orjson

from freehold.engines import iam
from freehold.kernel.call import Call
from freehold.kernel.identity import ANONYMOUS, ROOT, SERVICE
from freehold.services.s3 import errors
from freehold.services.s3.buckets import Bucket

# What the owner's root may do whatever the policy says, so that nobody locks themselves out.
ALWAYS = {"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"}

# Conditions that keep a policy from being public, where their values have no wildcards.
FIXING = {
    "aws:principalarn", "aws:principalorgid", "aws:sourceaccount", "aws:sourcearn", "aws:sourceip", "aws:sourceowner",
    "aws:sourceorgid", "aws:sourcevpc", "aws:sourcevpce", "aws:userid", "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn", "s3:x-amz-server-side-encryption-aws-kms-key-id",
}  # fmt: skip


def weigh(call: Call, bucket: Bucket, needs: Iterable[tuple[str, str]]) -> None:
    """Raise AccessDenied unless the bucket's policy lets the caller through.

    It must allow strangers, and must not deny anyone; the owner's own people need no allowance.
    """
    who = call.principal
    own = who.account == bucket.account and who.kind not in (ANONYMOUS, SERVICE)
    if own and not bucket.policy:
        return
    policy = parsed(bucket.policy) if bucket.policy else None
    if not own and shut(bucket, policy):
        policy = None
    caller = iam.asker(who)
    for action, resource in needs:
        if own and who.kind == ROOT and action in ALWAYS:
            continue
        request = iam.Request(action, resource, call.facts(), caller)
        allowed = own or bool(policy and policy.namings(request))
        if who.kind == ANONYMOUS and not allowed:
            raise errors.AccessDenied()
        if not allowed:
            verdict = iam.Verdict(False, f"no resource-based policy allows the {action} action")
            raise errors.Denied(denial=iam.denial(request, verdict))
        if policy and policy.forbids(request):
            verdict = iam.Verdict(False, "with an explicit deny in a resource-based policy", explicit=True)
            raise errors.Denied(denial=iam.denial(request, verdict))


def shut(bucket: Bucket, policy: iam.Policy | None) -> bool:
    """Whether the bucket's policy is public and public policies count for nothing to strangers."""
    block = bucket.settings.get("PublicAccessBlockConfiguration", {})
    return bool(policy) and bool(block.get("RestrictPublicBuckets")) and public(bucket.policy)


@lru_cache(maxsize=1_024)
def parsed(document: str) -> iam.Policy:
    """The compiled policy. Raises IAM's MalformedPolicyDocument."""
    return iam.parse(document, "resource")


@lru_cache(maxsize=1_024)
def public(document: str) -> bool:
    """Whether a policy lets everyone in: an Allow for `*` that no condition pins to fixed values."""
    statements = orjson.loads(document).get("Statement", []) if document else []
    statements = statements if isinstance(statements, list) else [statements]
    return any(
        each.get("Effect") == "Allow" and _everyone(each.get("Principal")) and not _pinned(each.get("Condition", {}))
        for each in statements
    )


def _everyone(principal: Any) -> bool:
    if isinstance(principal, dict):
        principal = principal.get("AWS")
    return principal == "*" or (isinstance(principal, list) and "*" in principal)


def _pinned(condition: dict[str, Any]) -> bool:
    for operator, keys in condition.items():
        for key, values in keys.items():
            fixed = key.lower() in FIXING and not operator.lower().startswith(("null", "stringnot", "arnnot", "notip"))
            values = values if isinstance(values, list) else [values]
            if fixed and not any("*" in str(value) or str(value) in ("0.0.0.0/0", "::/0") for value in values):
                return True
    return False
