"""What is told of keys on the default bus. It may not know who listens.

https://docs.aws.amazon.com/kms/latest/developerguide/kms-events.html
"""

from freehold.kernel.announcements import announce
from freehold.kernel.store import Tx
from freehold.services.kms import keys

SOURCE = "aws.kms"
ROTATED, DELETED = "KMS CMK Rotation", "KMS CMK Deletion"
EXPIRED = "KMS Imported Key Material Expiration"


def tell(tx: Tx, kind: str, key: str) -> None:
    """Tell what became of a key, by its id."""
    announce(tx, SOURCE, kind, [keys.arn(tx, key)], lambda: {"key-id": key})
