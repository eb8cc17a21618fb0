"""Keys of topics: who may not use a topic's key may not publish to it.

One idea: KMS is asked for a data key as the publisher, inside the transaction that takes the message. It may not know
messages; these travel as they are.

https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
"""

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.store import Tx
from freehold.services.sns import errors, topics
from freehold.services.sns.topics import Topic

CONTEXT = "aws:sns:topicArn"

# What publishers are told of KMS's refusals.
TOLD: dict[str, type[AwsError]] = {
    "AccessDenied": errors.KMSAccessDenied,
    "AccessDeniedException": errors.KMSAccessDenied,
    "NotFoundException": errors.KMSNotFound,
    "InvalidArnException": errors.KMSNotFound,
    "DisabledException": errors.KMSDisabled,
    "KMSInvalidStateException": errors.KMSInvalidState,
    "InvalidKeyUsageException": errors.KMSInvalidState,
}


def admit(call: Call, tx: Tx, seat: Tx, topic: Topic) -> None:
    """Raise KMSAccessDenied, KMSDisabled, KMSInvalidState or KMSNotFound unless the caller may use the topic's key, if
    it has one. `tx` is the caller's, `seat` the topic's."""
    key = topic.attributes.get("KmsMasterKeyId")
    if not key:
        return
    if not key.startswith("arn:"):
        key = arns.arn("kms", seat.region, seat.account, key if key.startswith("alias/") else f"key/{key}")
    context = {CONTEXT: topics.arn(seat, topic.name)}
    request = {"KeyId": key, "KeySpec": "AES_256", "EncryptionContext": context}
    try:
        call.ask_within(tx, "kms", "GenerateDataKey", request)
    except AwsError as refusal:
        told = TOLD.get(refusal.shape())
        if told is None:
            raise
        raise told(reason=refusal.message, code=refusal.shape(), id=call.request_id) from refusal
