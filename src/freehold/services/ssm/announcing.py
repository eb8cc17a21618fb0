"""What is told on the default bus: that a parameter changed, and that one of its policies was carried out.

It may not know who listens.

https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html
"""

from typing import Any

from freehold.kernel.announcements import announce
from freehold.kernel.store import Tx
from freehold.services.ssm.names import arn_of
from freehold.services.ssm.parameters import Version
from freehold.services.ssm.policies import Policy

SOURCE = "aws.ssm"
CHANGE, ACTION = "Parameter Store Change", "Parameter Store Policy Action"
CREATED, UPDATED, DELETED, LABELED = "Create", "Update", "Delete", "LabelParameterVersion"


def changed(tx: Tx, version: Version, operation: str) -> None:
    """Tell that a parameter, whose latest version is or was this one, was changed."""

    def detail() -> dict[str, Any]:
        told = {"operation": operation, "name": version.name, "type": version.type}
        return told | ({"description": version.description} if version.description else {})

    announce(tx, SOURCE, CHANGE, [arn_of(tx.region, tx.account, version.name)], detail)


def acted(tx: Tx, version: Version, policy: Policy) -> None:
    """Tell that a policy was carried out."""

    def detail() -> dict[str, Any]:
        return {
            "parameter-name": version.name, "parameter-type": version.type, "policy-type": policy.type,
            "policy-content": policy.text, "action-status": "Success",
        }  # fmt: skip

    announce(tx, SOURCE, ACTION, [arn_of(tx.region, tx.account, version.name)], detail)
