"""Bucket policies: what they must be, and which of them let everybody in.

One idea: a policy is compiled once and kept by its text. It may not know who asks.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import orjson

from freehold.engines import iam
from freehold.engines.patterns.globs import glob, wild_parts
from freehold.services.s3 import errors
from freehold.services.s3.buckets import canonical_id

NO_JSON = "Policies must be valid JSON and the first byte must be '{'"
SIZE_MAX = 20 * 1024  # bytes

PRINCIPALS = {"AWS", "Service", "Federated", "CanonicalUser"}
ELEMENTS = {
    "Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition",
}  # fmt: skip
NEEDED = (("Effect",), ("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource"))
ACCOUNT = re.compile(r"\d{12}|\*")
IDENTITY = re.compile(r"arn:aws[a-z-]*:(iam|sts)::(\d{12}|cloudfront):.+")
UNIQUE = re.compile(r"A(IDA|ROA|KIA|GPA)[A-Z0-9]{8,}")

# Which actions are about objects; all others are about buckets. Patterns of actions may be about both.
ABOUT_OBJECTS = re.compile(
    r"s3:(?!(Get|Put|Delete|List)Bucket)(.*object.*|abortmultipartupload|listmultipartuploadparts|"
    r"bypassgovernanceretention|replicate.*|initiatereplication)",
    re.IGNORECASE,
)

# Conditions that keep a policy from being public, where their values have no wildcards.
FIXING = {
    "aws:principalarn", "aws:principalorgid", "aws:sourceaccount", "aws:sourcearn", "aws:sourceip", "aws:sourceowner",
    "aws:sourceorgid", "aws:sourcevpc", "aws:sourcevpce", "aws:userid", "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn", "s3:x-amz-server-side-encryption-aws-kms-key-id",
}  # fmt: skip


@lru_cache(maxsize=1_024)
def parsed(document: str) -> iam.Policy:
    """The compiled policy. Raises IAM's MalformedPolicyDocument."""
    return iam.parse(document, "resource")


def as_read_by(document: str, account: str) -> iam.Policy:
    """The policy as it speaks of a caller's account: a canonical id in it is another name of that."""
    if "CanonicalUser" in document and account:
        document = document.replace(canonical_id(account), account)
    return parsed(document)


def check(document: str, arn: str) -> None:
    """Raise MalformedPolicy unless it is a policy that is about the bucket of this ARN."""
    if not document.startswith("{"):
        raise errors.MalformedPolicy(reason=NO_JSON)
    try:
        written = orjson.loads(document)
    except orjson.JSONDecodeError:
        raise errors.MalformedPolicy(reason="This policy contains invalid Json") from None
    if len(document.encode()) > SIZE_MAX:
        raise errors.PolicyTooLarge()
    if "Statement" not in written:
        raise errors.MalformedPolicy(reason="Missing required field Statement")
    for statement in _statements(written):
        _check_statement(statement, arn)
    try:
        parsed(document)
    except iam.MalformedPolicyDocument as fault:
        raise errors.MalformedPolicy(reason=fault.message) from None


def _statements(written: dict[str, Any]) -> list[dict[str, Any]]:
    found = _listed(written["Statement"])
    if not found or not all(isinstance(each, dict) for each in found):
        raise errors.MalformedPolicy(reason="Policies must contain at least one statement")
    return found


def _check_statement(statement: dict[str, Any], arn: str) -> None:
    for name in statement:
        if name not in ELEMENTS:
            raise errors.MalformedPolicy(reason=f"Unknown field {name}", Detail=name)
    for names in NEEDED:
        if not any(name in statement for name in names):
            raise errors.MalformedPolicy(reason=f"Missing required field {names[0]}")
    if statement["Effect"] not in ("Allow", "Deny"):
        raise errors.MalformedPolicy(reason=f"Invalid effect: {statement['Effect']}")
    _check_principals(statement.get("Principal", statement.get("NotPrincipal")))
    actions = list(_texts(statement, "Action", "NotAction"))
    for action in actions:
        if action != "*" and not action.lower().startswith("s3:"):
            raise errors.MalformedPolicy(reason="Policy has invalid action", Detail=action)
    resources = list(_texts(statement, "Resource", "NotResource"))
    for resource in resources:
        named = resource.partition("/")[0]
        if "${" not in named and not glob(wild_parts(named))(arn):
            raise errors.MalformedPolicy(reason="Policy has invalid resource", Detail=resource)
    if "Action" in statement and "Resource" in statement and not all(_applies(each, resources) for each in actions):
        raise errors.MalformedPolicy(reason="Action does not apply to any resource(s) in statement")


def _applies(action: str, resources: list[str]) -> bool:
    """Whether an action can be done to something that one of the resources names: a bucket, or objects."""
    if "*" in action or "?" in action:
        return True
    objects = bool(ABOUT_OBJECTS.fullmatch(action))
    return any(("/" in each) == objects or each.endswith("*") for each in resources)


def _check_principals(principal: Any) -> None:
    if principal == "*":
        return
    if not isinstance(principal, dict) or not principal:
        raise errors.MalformedPolicy(reason="Invalid policy syntax.")
    for kind, values in principal.items():
        for value in _listed(values):
            if kind not in PRINCIPALS or (kind == "AWS" and not _could_be(value)):
                raise errors.MalformedPolicy(reason="Invalid principal in policy", Detail=f'"{kind}" : "{value}"')


def _could_be(value: Any) -> bool:
    return isinstance(value, str) and any(form.fullmatch(value) for form in (ACCOUNT, IDENTITY, UNIQUE))


def _texts(statement: dict[str, Any], *elements: str) -> Iterator[str]:
    for name in elements:
        for each in _listed(statement.get(name, [])):
            if not isinstance(each, str):
                raise errors.MalformedPolicy(reason="Invalid policy syntax.")
            yield each


@lru_cache(maxsize=1_024)
def public(document: str) -> bool:
    """Whether a policy lets everyone in: an Allow for `*` that no condition pins to fixed values."""
    statements = _listed(orjson.loads(document).get("Statement", [])) if document else []
    return any(
        each.get("Effect") == "Allow" and _everyone(each) and not _pinned(each.get("Condition", {}))
        for each in statements
    )


def _everyone(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal", "*")  # who is all but some is everyone
    return "*" in _listed(principal.get("AWS", []) if isinstance(principal, dict) else principal)


def _pinned(condition: dict[str, Any]) -> bool:
    for operator, keys in condition.items():
        for key, values in keys.items():
            fixed = key.lower() in FIXING and not operator.lower().startswith(("null", "stringnot", "arnnot", "notip"))
            if fixed and not any("*" in str(value) or str(value) in ("0.0.0.0/0", "::/0") for value in _listed(values)):
                return True
    return False


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
