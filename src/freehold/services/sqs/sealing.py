"""Messages of queues with a key of KMS: their bodies lie encrypted, and who may not use the key can neither send nor
receive them.

One idea: the senders and receivers of one request share a data key, which KMS gives and opens as the caller, inside the
caller's transaction. A message keeps the seal that it was sent with wherever it is moved. It may not know queues beyond
their key.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.store import Tx
from freehold.services.sqs import errors, queues
from freehold.services.sqs.contents import Draft, body_digest
from freehold.services.sqs.pile import Message
from freehold.services.sqs.queues import Queue

NONCE_BYTES = 12
CONTEXT = "aws:sqs:arn"

# What senders and receivers are told of KMS's refusals.
TOLD: dict[str, type[AwsError]] = {
    "AccessDenied": errors.KmsAccessDenied,
    "AccessDeniedException": errors.KmsAccessDenied,
    "NotFoundException": errors.KmsNotFound,
    "InvalidArnException": errors.KmsNotFound,
    "DisabledException": errors.KmsDisabled,
    "KMSInvalidStateException": errors.KmsInvalidState,
    "InvalidKeyUsageException": errors.KmsInvalidKeyUsage,
}


def sealer(call: Call, tx: Tx, seat: Tx, queue: Queue) -> Callable[[Draft], Draft]:
    """What seals the drafts of one request to a queue with a key; what a message's digests tell is of its plain body.

    Raises KmsAccessDenied, KmsDisabled, KmsInvalidKeyUsage, KmsInvalidState, KmsNotFound.
    """
    arn = queues.arn(seat, queue.name)
    request = {"KeyId": _key_arn(seat, queue.key), "KeySpec": "AES_256", "EncryptionContext": {CONTEXT: arn}}
    made = _ask(call, tx, "GenerateDataKey", request)
    cipher = AESGCM(made["Plaintext"])

    def seal(draft: Draft) -> Draft:
        nonce, md5 = seat.ids.bytes(NONCE_BYTES), body_digest(draft.body)
        dedup_id = draft.dedup_id
        if queue.fifo and not dedup_id and queue.on("ContentBasedDeduplication"):
            dedup_id = sha256(draft.body.encode()).hexdigest()
        sealed = b64encode(nonce + cipher.encrypt(nonce, draft.body.encode(), md5.encode())).decode()
        return draft._replace(body=sealed, md5=md5, dedup_id=dedup_id, seal=(arn, made["CiphertextBlob"]))

    return seal


def opener(call: Call, tx: Tx) -> Callable[[Message], str]:
    """What gives the bodies of messages. Raises what `sealer` does."""
    known: dict[bytes, AESGCM] = {}

    def body(message: Message) -> str:
        if message.seal is None:
            return message.body
        arn, blob = message.seal
        if blob not in known:
            request = {"CiphertextBlob": blob, "EncryptionContext": {CONTEXT: arn}}
            known[blob] = AESGCM(_ask(call, tx, "Decrypt", request)["Plaintext"])
        sealed = b64decode(message.body)
        return known[blob].decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], message.md5.encode()).decode()

    return body


def _key_arn(seat: Tx, key: str) -> str:
    """The key, as whoever asks from another account has to call it."""
    if key.startswith("arn:"):
        return key
    return arns.arn("kms", seat.region, seat.account, key if key.startswith("alias/") else f"key/{key}")


def _ask(call: Call, tx: Tx, operation: str, request: dict[str, Any]) -> dict[str, Any]:
    try:
        return call.ask_within(tx, "kms", operation, request)
    except AwsError as refusal:
        told = TOLD.get(refusal.shape())
        if told is None:
            raise
        raise told(reason=refusal.message, code=refusal.shape(), id=call.request_id) from refusal
