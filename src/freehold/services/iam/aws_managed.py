"""AWS's own managed policies: those that serverless applications use, as `aws_managed.json` beside this file has them.

One idea: they are data, the same for every account, under `arn:aws:iam::aws:policy/`. It may not know any account.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec

from freehold.services.iam.entities import Policy, arn

_FILE = Path(__file__).with_suffix(".json")
_ID_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_ID_LENGTH = 17
_BORN_AT = 1_423_180_800.0  # 2015-02-06, when most of AWS's own policies were made


class _Entry(msgspec.Struct):
    document: msgspec.Raw
    path: str = "/"


@cache
def policies() -> dict[str, Policy]:
    """Every policy by its ARN."""
    entries = msgspec.json.decode(_FILE.read_bytes(), type=dict[str, _Entry])
    return {arn("aws", Policy, entry.path, name): _policy(name, entry) for name, entry in entries.items()}


def find(arn: str) -> Policy | None:
    return policies().get(arn)


def managed_policy_map() -> dict[str, str]:
    """ARNs by name, in the form that AWS SAM's translator takes."""
    return {policy.name: arn for arn, policy in policies().items()}


def _policy(name: str, entry: _Entry) -> Policy:
    return Policy(
        fold=name.lower(), name=name, path=entry.path, id=_id(name), created_at=_BORN_AT, updated_at=_BORN_AT,
        documents={1: bytes(entry.document).decode()}, version_times={1: _BORN_AT},
    )  # fmt: skip


def _id(name: str) -> str:
    """AWS's ids of these are fixed and listed nowhere; ours are fixed too."""
    digest = sha256(name.encode()).digest()
    return Policy.prefix + "".join(_ID_DIGITS[byte % 32] for byte in digest[:_ID_LENGTH])
