"""How each error that SNS declares is brought about."""

import json

from tests.services.refusal import Refusal
from tests.services.sqs.refusals import CLOSED

TOPIC = ("create_topic", {"Name": "t"})
FIFO = ("create_topic", {"Name": "t.fifo", "Attributes": {
    "FifoTopic": "true", "ArchivePolicy": json.dumps({"MessageRetentionPeriod": "3"}),
}})  # fmt: skip
APPLICATION = ("create_platform_application", {
    "Name": "a", "Platform": "ADM", "Attributes": {"PlatformPrincipal": "p", "PlatformCredential": "c"},
})  # fmt: skip
DEVICE = ("create_platform_endpoint", lambda at: {
    "PlatformApplicationArn": at[0]["PlatformApplicationArn"], "Token": "t",
})  # fmt: skip
LONG, ELEVEN = "x" * 200_000, [f"{n}x" for n in "abcdefghijk"]
OFF = {"Attributes": {"Enabled": "false"}}


def topic(at, **more):
    return {"TopicArn": at.arn("sns", "t"), **more}


def batch(*entries):
    return lambda at: topic(at, PublishBatchRequestEntries=[{"Id": id, "Message": text} for id, text in entries])


def with_key(error, *calls, **key):
    """A message to a topic whose key was made so, and treated so."""
    made = ("kms.create_key", key)
    keyed = ("create_topic", lambda at: {
        "Name": "t", "Attributes": {"KmsMasterKeyId": at[0]["KeyMetadata"]["KeyId"]},
    })  # fmt: skip
    treated = tuple(
        (name, lambda at, more=more: {"KeyId": at[0]["KeyMetadata"]["KeyId"], **more}) for name, more in calls
    )
    return Refusal("publish", error, lambda at: topic(at, Message="a"), (made, keyed, *treated))


def queue(at, number):
    return {"TopicArn": at.arn("sns", "t.fifo"), "Protocol": "sqs", "Endpoint": at.arn("sqs", f"q{number}.fifo")}


def number(last):
    return {"PhoneNumber": f"+155512345{last:02}"}


REFUSALS = (
    Refusal("publish", "AuthorizationErrorException", lambda at: topic(at, Message="a"), (TOPIC,), nobody=True),
    Refusal("list_topics", "AuthorizationErrorException", nobody=True),
    Refusal("publish_batch", "BatchEntryIdsNotDistinctException", batch("aa", "ab"), (TOPIC,)),
    Refusal("publish_batch", "BatchRequestTooLongException", batch(("a", LONG), ("b", LONG)), (TOPIC,)),
    Refusal("publish_batch", "EmptyBatchRequestException", batch(), (TOPIC,)),
    Refusal("publish_batch", "InvalidBatchEntryIdException", batch((".", "x")), (TOPIC,)),
    Refusal("publish_batch", "TooManyEntriesInBatchRequestException", batch(*ELEVEN), (TOPIC,)),
    Refusal("publish", "EndpointDisabledException", lambda at: {"TargetArn": at[1]["EndpointArn"], "Message": "a"}, (
        APPLICATION, DEVICE, ("set_endpoint_attributes", lambda at: {"EndpointArn": at[1]["EndpointArn"], **OFF}),
    )),
    Refusal("publish", "PlatformApplicationDisabledException", lambda at: {
        "TargetArn": at[1]["EndpointArn"], "Message": "a",
    }, (APPLICATION, DEVICE, ("set_platform_application_attributes", lambda at: {
        "PlatformApplicationArn": at[0]["PlatformApplicationArn"], **OFF,
    }))),
    Refusal("create_topic", "InvalidParameterException", {"Name": "a b"}),
    Refusal("subscribe", "InvalidParameterException", lambda at: topic(at, Protocol="pigeon"), (TOPIC,)),
    Refusal("publish", "InvalidParameterException", lambda at: topic(at, Message=""), (TOPIC,)),
    Refusal("publish", "InvalidParameterValueException", lambda at: topic(at, Message="a", MessageAttributes={
        "a": {"DataType": "Words", "StringValue": "b"},
    }), (TOPIC,)),
    Refusal("delete_topic", "InvalidStateException", lambda at: {"TopicArn": at.arn("sns", "t.fifo")}, (FIFO,)),
    with_key("KMSAccessDeniedException", Policy=CLOSED, BypassPolicyLockoutSafetyCheck=True),
    with_key("KMSDisabledException", ("kms.disable_key", {})),
    with_key("KMSInvalidStateException", ("kms.schedule_key_deletion", {"PendingWindowInDays": 7})),
    Refusal("publish", "KMSNotFoundException", lambda at: topic(at, Message="a"), (
        ("create_topic", {"Name": "t", "Attributes": {"KmsMasterKeyId": "alias/none"}}),
    )),
    Refusal("publish", "NotFoundException", lambda at: topic(at, Message="a")),
    Refusal("get_topic_attributes", "NotFoundException", topic),
    Refusal("get_subscription_attributes", "NotFoundException", lambda at: {
        "SubscriptionArn": at.arn("sns", "t:6b0e71bd-7e97-4d97-80ce-4a0994e55286"),
    }, (TOPIC,)),
    Refusal("tag_resource", "ResourceNotFoundException", lambda at: {"ResourceArn": at.arn("sns", "t"), "Tags": []}),
    Refusal("list_tags_for_resource", "ResourceNotFoundException", lambda at: {"ResourceArn": at.arn("sns", "t")}),
    Refusal("verify_sms_sandbox_phone_number", "ResourceNotFoundException", number(0) | {"OneTimePassword": "123456"}),
    Refusal("verify_sms_sandbox_phone_number", "VerificationException", number(0) | {"OneTimePassword": "12345"}, (
        ("create_sms_sandbox_phone_number", number(0)),
    )),
    Refusal("create_sms_sandbox_phone_number", "UserErrorException", number(10), tuple(
        ("create_sms_sandbox_phone_number", number(n)) for n in range(10)
    )),
    Refusal("subscribe", "SubscriptionLimitExceededException", lambda at: queue(at, 2), (
        FIFO, ("subscribe", lambda at: queue(at, 1)),
    ), small=("subscriptions.FIFO_MAX", 1)),
)  # fmt: skip
