"""Code signing configurations: allowed publishers, and what becomes of code that is not theirs.

It may not know functions beyond their names.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html
"""

from typing import Any

from freehold.kernel import arns
from freehold.kernel.errors import AwsError
from freehold.kernel.store import Record, Tx
from freehold.services.lambda_.functions import moment

WARN, ENFORCE = "Warn", "Enforce"


class ResourceNotFoundException(AwsError):
    """AWS sends no Type with this one."""

    words = "The Lambda code signing configuration {arn} can not be found."

    def __init__(self, **values: Any):
        super().__init__(Type="", **values)


class CodeSigningConfigNotFoundException(AwsError):
    words = (
        "The code signing configuration cannot be found. Check that the provided configuration is not deleted: {arn}."
    )


class ConfigInUse(AwsError):
    words = (
        "Cannot delete the code signing configuration because it is in use by one or more Lambda functions. "
        "Remove it from the functions first."
    )
    code = "ResourceConflictException"


class SigningConfig(Record, table="lambda_signing_configs", key="id"):
    """`untrusted` is Warn or Enforce; `profiles` are ARNs of signing profile versions."""

    id: str
    profiles: list[str]
    modified_at: float
    untrusted: str = WARN
    description: str = ""
    tags: dict[str, str] = {}


def arn(tx: Tx, id: str) -> str:
    return arns.arn("lambda", tx.region, tx.account, f"code-signing-config:{id}")


def look(tx: Tx, text: str) -> SigningConfig | None:
    """A configuration of this account and region by its ARN."""
    id = text.rpartition(":")[2]
    return tx.get(SigningConfig, id) if text == arn(tx, id) else None


def find(tx: Tx, text: str) -> SigningConfig:
    found = look(tx, text)
    if found is None:
        raise ResourceNotFoundException(arn=text)
    return found


def attachable(tx: Tx, text: str) -> SigningConfig:
    """As `find`, for a function that is to use it."""
    found = look(tx, text)
    if found is None:
        raise CodeSigningConfigNotFoundException(arn=text)
    return found


def shape(tx: Tx, config: SigningConfig) -> dict[str, Any]:
    """A CodeSigningConfig."""
    told = {
        "CodeSigningConfigId": config.id,
        "CodeSigningConfigArn": arn(tx, config.id),
        "AllowedPublishers": {"SigningProfileVersionArns": config.profiles},
        "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": config.untrusted},
        "LastModified": moment(config.modified_at),
    }
    return told | ({"Description": config.description} if config.description else {})
