"""What is told of rotations on the default bus, in the form in which CloudTrail tells of what a service does by itself.

It may not know who listens.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
"""

from typing import Any

from freehold.kernel.announcements import announce
from freehold.kernel.store import Tx
from freehold.services.secretsmanager import secrets
from freehold.services.secretsmanager.secrets import Secret

SOURCE, KIND = "aws.secretsmanager", "AWS Service Event via CloudTrail"
SERVICE = "secretsmanager.amazonaws.com"
VERSION = "1.05"
STARTED, SUCCEEDED, FAILED = "RotationStarted", "RotationSucceeded", "RotationFailed"


def tell(tx: Tx, secret: Secret, name: str, only_test: bool) -> None:
    """Tell how a rotation stands, or a test of one."""

    def detail() -> dict[str, Any]:
        return {
            "eventVersion": VERSION, "userIdentity": {"accountId": tx.account, "invokedBy": SERVICE},
            "eventSource": SERVICE, "eventName": f"Test{name}" if only_test else name, "awsRegion": tx.region,
            "sourceIPAddress": SERVICE, "userAgent": SERVICE, "requestParameters": None, "responseElements": None,
            "additionalEventData": {"SecretId": secrets.arn(tx, secret)}, "eventID": tx.ids.uuid(),
            "eventType": "AwsServiceEvent", "recipientAccountId": tx.account,
        }  # fmt: skip

    announce(tx, SOURCE, KIND, [], detail)
