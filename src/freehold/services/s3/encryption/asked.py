"""What requests and buckets ask for: how a new object is to be encrypted, and by which key a customer reads one.

One idea: what a request says goes before what its bucket has by default, and that before S3's own. It may not know how
keys are made.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html
"""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from freehold.services.s3 import errors
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.contents import AES256, CUSTOMER, DSSE, KMS

SETTING = "ServerSideEncryptionConfiguration"
HEADER = "x-amz-server-side-encryption"
KEY_BYTES = 32
METHODS = (AES256, KMS, DSSE)
BY_KMS = (KMS, DSSE)
CUSTOMERS_OWN = ("SSECustomerAlgorithm", "SSECustomerKey", "SSECustomerKeyMD5")
TELLING = ("ServerSideEncryption", "SSEKMSKeyId", "SSEKMSEncryptionContext", "BucketKeyEnabled", "SSECustomerAlgorithm")
BRINGING = frozenset(CUSTOMERS_OWN)
ASKING = frozenset((*TELLING, *CUSTOMERS_OWN))

INCOMPATIBLE = "Server Side Encryption with Customer provided key is incompatible with the encryption method specified"
CUSTOMERS = "Requests specifying Server Side Encryption with Customer provided keys must provide {}."
NO_CONTEXT = (
    "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which "
    "represents a string-string map"
)
NOT_BY_KMS = (
    "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms"
)


class CustomerKey(NamedTuple):
    """A key that a customer brings with each request; `md5` in base64, as it is shown."""

    key: bytes
    md5: str


class Wanted(NamedTuple):
    """How an object is to be encrypted. `key_id` as KMS is asked for it; `context` what the customer adds to S3's."""

    method: str
    key_id: str = ""
    context: dict[str, str] = {}
    bucket_key: bool = False
    customer: CustomerKey | None = None


USUAL = Wanted(AES256)


def says(request: Mapping[str, Any]) -> bool:
    """Whether a request says anything of encryption itself."""
    return any(request.get(member) is not None for member in TELLING)


def wanted(bucket: Bucket, request: Mapping[str, Any]) -> Wanted:
    """Raises InvalidArgument, InvalidEncryptionAlgorithmError."""
    if ASKING.isdisjoint(request) and SETTING not in bucket.settings:
        return USUAL
    method, key_id = request.get("ServerSideEncryption"), request.get("SSEKMSKeyId", "")
    customer, rule = customer_key(request), _rule(bucket)
    if customer:
        if CUSTOMER in rule.get("BlockedEncryptionTypes", {}).get("EncryptionType", ()):
            raise errors.AccessDenied()
        return Wanted(CUSTOMER, customer=customer)
    if method not in (None, *METHODS):
        raise errors.InvalidArgument(
            reason="The encryption method specified is not supported", ArgumentName=HEADER, ArgumentValue=method
        )
    if key_id and method not in BY_KMS:
        raise errors.InvalidArgument(reason=NOT_BY_KMS, ArgumentName=HEADER)
    usual = rule.get("ApplyServerSideEncryptionByDefault", {})
    if method is None:
        method, key_id = usual.get("SSEAlgorithm", AES256), usual.get("KMSMasterKeyID", "")
    if method not in BY_KMS:
        return USUAL
    shared = request.get("BucketKeyEnabled", rule.get("BucketKeyEnabled", False)) and method == KMS
    return Wanted(method, key_id, _context(request.get("SSEKMSEncryptionContext", "")), shared)


def _rule(bucket: Bucket) -> dict[str, Any]:
    return bucket.settings.get(SETTING, {}).get("Rules", [{}])[0]


def _context(text: str) -> dict[str, str]:
    if not text:
        return {}
    try:
        return msgspec.json.decode(base64.b64decode(text, validate=True), type=dict[str, str])
    except (ValueError, msgspec.DecodeError):
        raise errors.InvalidArgument(reason=NO_CONTEXT, ArgumentName=f"{HEADER}-context") from None


def customer_key(request: Mapping[str, Any], prefix: str = "") -> CustomerKey | None:
    """The customer's key that a request brings, if any; under `prefix` that of a copy's source."""
    if not prefix and BRINGING.isdisjoint(request):
        return None
    algorithm, key, md5 = [request.get(prefix + name) for name in CUSTOMERS_OWN]
    if algorithm is None and key is None and md5 is None:
        return None
    if not prefix and request.get("ServerSideEncryption"):
        method = request["ServerSideEncryption"]
        raise errors.InvalidArgument(reason=INCOMPATIBLE, ArgumentName=HEADER, ArgumentValue=method)
    if algorithm is None:
        raise _wrong(CUSTOMERS.format("a valid encryption algorithm"))
    if algorithm != AES256:
        raise errors.InvalidEncryptionAlgorithmError(ArgumentName=HEADER, ArgumentValue=algorithm)
    if not key:
        raise _wrong(CUSTOMERS.format("an appropriate secret key"))
    if not md5:
        raise _wrong(CUSTOMERS.format("the client calculated MD5 of the secret key"))
    secret = _decoded(key)
    if len(secret) != KEY_BYTES:
        raise _wrong("The secret key was invalid for the specified algorithm.")
    if _decoded(md5) != hashlib.md5(secret, usedforsecurity=False).digest():
        raise _wrong("The calculated MD5 hash of the key did not match the hash that was provided.")
    return CustomerKey(secret, md5)


def _wrong(reason: str) -> errors.InvalidArgument:
    return errors.InvalidArgument(reason=reason, ArgumentName=HEADER)


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:
        return b""
