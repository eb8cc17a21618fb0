"""Why transactions are cancelled: a reason for each of their actions.

One idea: what refuses an action is an error like any other, told under a name of its own. It may not know requests.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CancellationReason.html
"""

from typing import Any

from freehold.engines.expressions import ValidationException
from freehold.kernel.errors import AwsError
from freehold.services.dynamodb.errors import (
    ConditionalCheckFailedException,
    DuplicateItemException,
    TransactionCanceledException,
)

GRANTED = {"Code": "None"}
CODES: dict[type[AwsError], str] = {
    DuplicateItemException: "DuplicateItem",
    ConditionalCheckFailedException: "ConditionalCheckFailed",
    ValidationException: "ValidationError",
}
REFUSALS = tuple(CODES)


def reason(refusal: AwsError) -> dict[str, Any]:
    """A CancellationReason, with the item it was refused for if that was asked for."""
    code = next(code for kind, code in CODES.items() if isinstance(refusal, kind))
    told = {"Code": code, "Message": refusal.message}
    item = refusal.values.get("Item")
    return told | {"Item": item} if item else told


def check_granted(reasons: list[dict[str, Any]]) -> None:
    """Raises TransactionCanceledException unless every action was granted."""
    if any(one is not GRANTED for one in reasons):
        codes = ", ".join(one["Code"] for one in reasons)
        raise TransactionCanceledException(codes=codes, CancellationReasons=reasons)
