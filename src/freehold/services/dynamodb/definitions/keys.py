"""Which key of KMS a table names for its encryption at rest.

One idea: a key that is named is one that KMS knows and the caller may look at; without a name it is AWS's own. It may
not know what is encrypted.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SSESpecification.html
"""

from typing import Any

from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.store import Tx
from freehold.services.dynamodb.definitions import errors
from freehold.services.dynamodb.tables import Encryption

OWN_KEY = "alias/aws/dynamodb"
KMS, ENABLED, ENCRYPTS = "KMS", "Enabled", "ENCRYPT_DECRYPT"
PARTS = ("SSEType", "KMSMasterKeyId")


def chosen(call: Call, tx: Tx, wanted: dict[str, Any]) -> Encryption | None:
    """The key that an SSESpecification asks for, None for one that AWS owns. Raises ValidationException."""
    if not wanted.get("Enabled"):
        for part in PARTS:
            if wanted.get(part):
                raise errors.KeyWithoutEncryption(part=part)
        return None
    kind = wanted.get("SSEType")
    if kind not in (None, KMS):
        raise errors.EncryptionUnknown(kind=kind)
    try:
        asked = {"KeyId": wanted.get("KMSMasterKeyId", OWN_KEY)}
        key = call.ask_within(tx, "kms", "DescribeKey", asked)["KeyMetadata"]
    except AwsError as refusal:
        raise errors.KeyRefused(code=refusal.shape(), reason=refusal.message) from refusal
    if key["KeyState"] != ENABLED or key["KeyUsage"] != ENCRYPTS:
        raise errors.KeyUnfit(key=key["Arn"])
    return Encryption(key=key["Arn"])


def changed(call: Call, tx: Tx, current: Encryption | None, wanted: dict[str, Any]) -> Encryption | None:
    """As `chosen`, for a table that has one. Raises ValidationException if the key's own ARN, or none, is asked for
    again; by another name a key may be."""
    key = chosen(call, tx, wanted)
    if key is None and current is None:
        raise errors.EncryptedAlready()
    if current and wanted.get("KMSMasterKeyId") == current.key:
        raise errors.EncryptedWithKeyAlready()
    return key
