"""An object's key: made when it is written, opened again for those who may read it.

One idea: KMS is asked through the door as the caller, with the object's ARN as context, so its policies decide; S3's
own keys follow from the vault's, and a customer's are never kept. It may not know what they seal.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
"""

import base64
import hmac
from collections.abc import Mapping
from typing import Any

import msgspec

from freehold.engines.frames import KEY_BYTES, SALT_BYTES
from freehold.engines.macs import Mac
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.identity import ANONYMOUS
from freehold.kernel.service import Response
from freehold.kernel.store import Tx
from freehold.services.s3 import errors
from freehold.services.s3.buckets import Bucket
from freehold.services.s3.contents import AES256, CUSTOMER, KMS, Keys, Sealing
from freehold.services.s3.encryption.asked import BY_KMS, CustomerKey, Wanted
from freehold.services.s3.encryption.ring import (
    BUCKET_KEY_LASTS_S,
    ROOT_LASTS_S,
    BucketKey,
    Lock,
    Root,
    ring_of,
    root_id,
)

OWN_KEY = "alias/aws/s3"
CONTEXT = "aws:s3:arn"
DENIALS = ("AccessDenied", "AccessDeniedException")

MISSING = (
    "The object was stored using a form of Server Side Encryption. "
    "The correct parameters must be provided to retrieve the object."
)
UNWANTED = "The encryption parameters are not applicable to this object."
UNSIGNED = "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4."


async def lock(call: Call, bucket: Bucket, key: str, wanted: Wanted) -> Lock:
    """A new object's key. Raises AccessDenied and whatever KMS refuses."""
    if wanted.customer:
        salt = call.ids.bytes(SALT_BYTES)
        check = _check(wanted.customer.key, salt)
        return Lock(Sealing(CUSTOMER, salt=salt, check=check, md5=wanted.customer.md5), (Mac(wanted.customer.key),))
    if wanted.method == AES256:
        return await _own(call)
    arn = bucket.arn if wanted.bucket_key else f"{bucket.arn}/{key}"
    context = wanted.context | {CONTEXT: arn}
    if wanted.bucket_key and not wanted.context:
        made = await _bucket_key(call, bucket, wanted.key_id or OWN_KEY, context)
    else:
        made = await _ask(call, bucket, "GenerateDataKey", _made(wanted.key_id or OWN_KEY, context))
    sealing = Sealing(
        wanted.method, key_id=made["KeyId"], data_key=made["CiphertextBlob"], context=context, said=wanted.context,
        bucket_key=wanted.bucket_key,
    )  # fmt: skip
    if wanted.method == KMS:
        return Lock(sealing, (Mac(made["Plaintext"]),))
    own = await _own(call)
    return Lock(msgspec.structs.replace(sealing, root=own.sealing.root), (Mac(made["Plaintext"]), *own.keys))


async def unlock(call: Call, bucket: Bucket, sealing: Sealing, customer: CustomerKey | None) -> Keys:
    """The keys of an object, for a caller who may have them. Raises InvalidRequest, AccessDenied."""
    if customer or sealing.method == CUSTOMER:
        check_customer(sealing, customer)
    if customer:
        return (Mac(customer.key),)
    keys: Keys = ()
    if sealing.method in BY_KMS:
        keys = (Mac(await _data_key(call, bucket, sealing)),)
    if sealing.root:
        keys += (ring_of(call.vault).roots.get(sealing.root) or await _root_of(call, sealing.root),)
    return keys


def check_customer(sealing: Sealing, customer: CustomerKey | None) -> None:
    """Whether the customer's key is the one the object was put with, where it was put with one."""
    if sealing.method != CUSTOMER:
        if customer:
            raise errors.InvalidRequest(reason=UNWANTED)
        return
    if customer is None:
        raise errors.InvalidRequest(reason=MISSING)
    if not hmac.compare_digest(_check(customer.key, sealing.salt), sealing.check):
        raise errors.WrongCustomerKey()


def told(sealing: Sealing) -> Response:
    """How answers tell of it."""
    if sealing.method == CUSTOMER:
        return {"SSECustomerAlgorithm": AES256, "SSECustomerKeyMD5": sealing.md5}
    answer: Response = {"ServerSideEncryption": sealing.method or AES256}
    if sealing.key_id:
        answer["SSEKMSKeyId"] = sealing.key_id
    return answer | ({"BucketKeyEnabled": True} if sealing.bucket_key else {})


def told_writer(sealing: Sealing) -> Response:
    """As `told`, with the context that the writer gave."""
    if not sealing.said:
        return told(sealing)
    return told(sealing) | {"SSEKMSEncryptionContext": base64.b64encode(msgspec.json.encode(sealing.said)).decode()}


def _check(key: bytes, salt: bytes) -> bytes:
    return hmac.digest(key, b"check" + salt, "sha256")[:SALT_BYTES]


# KMS's keys


def _made(key_id: str, context: Mapping[str, str]) -> dict[str, Any]:
    return {"KeyId": key_id, "KeySpec": "AES_256", "EncryptionContext": dict(context)}


async def _bucket_key(call: Call, bucket: Bucket, key_id: str, context: dict[str, str]) -> dict[str, Any]:
    """The data key that the bucket's objects have now, as if KMS had just made it."""
    found = await call.transact(lambda tx: tx.get(BucketKey, bucket.name, key_id))
    if found and found.made_at > call.now - BUCKET_KEY_LASTS_S:
        sealing = Sealing(KMS, key_id=found.arn, data_key=found.data_key, context=context, bucket_key=True)
        plaintext = await _data_key(call, bucket, sealing)
        return {"KeyId": found.arn, "CiphertextBlob": found.data_key, "Plaintext": plaintext}
    made = await _ask(call, bucket, "GenerateDataKey", _made(key_id, context))
    kept = BucketKey(
        bucket=bucket.name, key_id=key_id, arn=made["KeyId"], data_key=made["CiphertextBlob"], made_at=call.now
    )  # fmt: skip
    await call.transact(lambda tx: tx.put(kept))
    ring_of(call.vault).remember(call.principal.arn, kept.data_key, made["Plaintext"], call.now)
    return made


async def _data_key(call: Call, bucket: Bucket, sealing: Sealing) -> bytes:
    ring, who = ring_of(call.vault), call.principal.arn
    if sealing.bucket_key and (known := ring.remembered(who, sealing.data_key, call.now)):
        return known
    request = {"CiphertextBlob": sealing.data_key, "EncryptionContext": sealing.context, "KeyId": sealing.key_id}
    key: bytes = (await _ask(call, bucket, "Decrypt", request))["Plaintext"]
    if sealing.bucket_key:
        ring.remember(who, sealing.data_key, key, call.now)
    return key


async def _ask(call: Call, bucket: Bucket, operation: str, request: dict[str, Any]) -> dict[str, Any]:
    """What KMS answers to the caller in the bucket's region."""
    if call.principal.kind == ANONYMOUS:
        raise errors.InvalidArgument(reason=UNSIGNED, ArgumentName="Authorization", ArgumentValue="null")
    try:
        return await call.within(call.account, bucket.region).ask("kms", operation, request)
    except AwsError as refusal:
        if refusal.shape() in DENIALS:
            raise errors.Denied(denial=refusal.message) from refusal
        raise errors.KmsRefusal(kind=refusal.shape(), reason=refusal.message) from refusal


# S3's own keys


async def _own(call: Call) -> Lock:
    """The root for new objects. It is on disk before anything is sealed under it."""
    ring = ring_of(call.vault)
    if ring.renewed_at <= call.now:
        root = await call.transact(_newest, call)
        await call.door.store.durable()
        key = ring.roots[root.id] = _opened(call, root)
        ring.lock, ring.renewed_at = Lock(Sealing(AES256, root=root.id), (key,)), root.made_at + ROOT_LASTS_S
    return ring.lock


def _newest(tx: Tx, call: Call) -> Root:
    found = root_id(tx)
    if found is None:
        id = tx.ids.hex(32)
        found = Root(id=id, made_at=tx.now, sealed=call.vault.seal(tx.ids.bytes(KEY_BYTES), _place(id)))
        tx.put(found)
    return found


async def _root_of(call: Call, id: str) -> Mac:
    """The root of an id, which from now on is on the ring."""
    root = await call.transact(lambda tx: tx.get(Root, id))
    assert root is not None, "a root is kept as long as anything is sealed under it"
    key = ring_of(call.vault).roots[id] = _opened(call, root)
    return key


def _opened(call: Call, root: Root) -> Mac:
    return Mac(call.vault.open(root.sealed, _place(root.id)))


def _place(id: str) -> str:
    return f"s3 root {id}"
