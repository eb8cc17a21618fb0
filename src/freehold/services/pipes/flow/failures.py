"""Failures: why a stage did not come to its end, and whose fault it was.

One idea: what the customer could mend counts as a try of a record, what this side could does not. It may not know
stages.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html
"""

from typing import Any

from freehold.kernel.deliveries import transient
from freehold.kernel.errors import AwsError
from freehold.services.pipes import kinds

BAD_REQUEST = "BadRequest"


class Failed(Exception):
    """`error` is as logs tell it; `counted` if this was a try of the records."""

    def __init__(self, message: str, arn: str, status: int = 400, kind: str = BAD_REQUEST, counted: bool = True):
        super().__init__(message)
        self.counted = counted
        self.error: dict[str, Any] = {
            "message": message,
            "httpStatusCode": status,
            "awsService": kinds.name_of(arn),
            "exceptionType": kind,
            "resourceArn": arn,
        }


def refused(refusal: AwsError, arn: str) -> Failed:
    """The failure that a refusal is."""
    return Failed(refusal.message, arn, refusal.status or 400, refusal.shape(), counted=not transient(refusal))
