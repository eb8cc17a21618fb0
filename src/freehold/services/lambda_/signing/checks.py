"""Checks of code against a signing configuration.

One idea: code without a signature is of no allowed publisher, and no code has one as long as there is no signer here.
It may not know where code is kept.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html
"""

from collections.abc import Callable

from freehold.kernel.errors import AwsError
from freehold.kernel.store import Tx
from freehold.services.lambda_.signing import configs


class CodeVerificationFailedException(AwsError):
    words = (
        "Lambda cannot deploy the function. The function or layer might be signed using a signature that the client "
        "is not configured to accept. Check the provided signature for {function}."
    )


def admit(tx: Tx, config: str, function: str, measure: Callable[..., None]) -> None:
    """Refuse unsigned code where the configuration enforces signatures; where it only warns, count it."""
    if not config:
        return
    found = configs.attachable(tx, config)
    measure("AWS/Lambda", "SignatureValidationErrors", 1, "Count", FunctionName=function)
    if found.untrusted == configs.ENFORCE:
        raise CodeVerificationFailedException(function=function)
