"""How each error that SQS declares is brought about."""

import json

from tests.services.refusal import Refusal

QUEUE = ("create_queue", {"QueueName": "q"})
FIFO = ("create_queue", {"QueueName": "q.fifo", "Attributes": {"FifoQueue": "true"}})
SEND = {"QueueUrl": "q", "MessageBody": "a"}
EIGHT = ("SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes",
         "GetQueueUrl", "ListDeadLetterSourceQueues", "PurgeQueue")  # fmt: skip
OTHERS = {"AWS": "arn:aws:iam::999999999999:root"}
CLOSED = json.dumps({
    "Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": OTHERS, "Action": "kms:*", "Resource": "*"},
})  # fmt: skip
STRANGE = {"Attributes": {"Colour": "red"}}


def entries(*ids):
    return {"QueueUrl": "q", "Entries": [{"Id": id, "MessageBody": "a"} for id in ids]}


def with_key(error, *calls, **key):
    """A message to a queue whose key was made so, and treated so."""
    made = ("kms.create_key", key)
    queue = ("create_queue", lambda at: {
        "QueueName": "q", "Attributes": {"KmsMasterKeyId": at[0]["KeyMetadata"]["KeyId"]},
    })  # fmt: skip
    treated = tuple(
        (name, lambda at, more=more: {"KeyId": at[0]["KeyMetadata"]["KeyId"], **more}) for name, more in calls
    )
    return Refusal("send_message", error, SEND, (made, queue, *treated))


def held(request):
    """A request about a message that was received from q.fifo and is seen again."""
    send = (
        "send_message",
        {"QueueUrl": "q.fifo", "MessageBody": "a", "MessageGroupId": "a", "MessageDeduplicationId": "a"},
    )
    take = ("receive_message", {"QueueUrl": "q.fifo"})
    handle = lambda at: {"QueueUrl": "q.fifo", "ReceiptHandle": at[2]["Messages"][0]["ReceiptHandle"]}  # noqa: E731
    show = ("change_message_visibility", lambda at: {**handle(at), "VisibilityTimeout": 0})
    return lambda at: {**handle(at), **request}, (FIFO, send, take, show)


REFUSALS = (
    Refusal("send_message_batch", "BatchEntryIdsNotDistinct", entries("a", "a"), (QUEUE,)),
    Refusal("send_message_batch", "EmptyBatchRequest", entries(), (QUEUE,)),
    Refusal("send_message_batch", "InvalidBatchEntryId", entries("a.b"), (QUEUE,)),
    Refusal("send_message_batch", "TooManyEntriesInBatchRequest", entries(*map(str, range(11))), (QUEUE,)),
    Refusal("send_message_batch", "BatchRequestTooLong", {
        "QueueUrl": "q", "Entries": [{"Id": id, "MessageBody": "x" * 600_000} for id in "ab"],
    }, (QUEUE,)),
    Refusal("delete_message_batch", "EmptyBatchRequest", {"QueueUrl": "q", "Entries": []}, (QUEUE,)),
    Refusal("change_message_visibility_batch", "EmptyBatchRequest", {"QueueUrl": "q", "Entries": []}, (QUEUE,)),
    Refusal("create_queue", "InvalidAttributeName", {"QueueName": "q", **STRANGE}),
    Refusal("get_queue_attributes", "InvalidAttributeName", {"QueueUrl": "q", "AttributeNames": ["Colour"]}, (QUEUE,)),
    Refusal("set_queue_attributes", "InvalidAttributeName", {"QueueUrl": "q", **STRANGE}, (QUEUE,)),
    Refusal("create_queue", "InvalidAttributeValue", {"QueueName": "q", "Attributes": {"DelaySeconds": "901"}}),
    Refusal("set_queue_attributes", "InvalidAttributeValue", {
        "QueueUrl": "q", "Attributes": {"Policy": "{"},
    }, (QUEUE,)),
    Refusal("send_message", "InvalidMessageContents", SEND | {"MessageBody": "\ufffe"}, (QUEUE,)),
    Refusal("change_message_visibility", "MessageNotInflight", *held({"VisibilityTimeout": 5})),
    Refusal("add_permission", "OverLimit", {
        "QueueUrl": "q", "Label": "a", "AWSAccountIds": ["111111111111"], "Actions": EIGHT,
    }, (QUEUE,)),
    Refusal("purge_queue", "PurgeQueueInProgress", {"QueueUrl": "q"}, (QUEUE, ("purge_queue", {"QueueUrl": "q"}))),
    Refusal("create_queue", "QueueNameExists", {"QueueName": "q", "Attributes": {"DelaySeconds": "5"}}, (QUEUE,)),
    Refusal("delete_message", "ReceiptHandleIsInvalid", {"QueueUrl": "q", "ReceiptHandle": "x"}, (QUEUE,)),
    Refusal("change_message_visibility", "ReceiptHandleIsInvalid", {
        "QueueUrl": "q", "ReceiptHandle": "x", "VisibilityTimeout": 1,
    }, (QUEUE,)),
    Refusal("start_message_move_task", "ResourceNotFoundException", lambda at: {"SourceArn": at.arn("sqs", "none")}),
    Refusal("list_message_move_tasks", "ResourceNotFoundException", lambda at: {"SourceArn": at.arn("sqs", "none")}),
    with_key("KmsAccessDenied", Policy=CLOSED, BypassPolicyLockoutSafetyCheck=True),
    with_key("KmsDisabled", ("kms.disable_key", {})),
    with_key("KmsInvalidState", ("kms.schedule_key_deletion", {"PendingWindowInDays": 7})),
    with_key("KmsInvalidKeyUsage", KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC"),
    Refusal("send_message", "KmsNotFound", SEND, (
        ("create_queue", {"QueueName": "q", "Attributes": {"KmsMasterKeyId": "alias/none"}}),
    )),
    *(
        Refusal(operation, "QueueDoesNotExist", {"QueueUrl": "none", **more})
        for operation, more in {
            "send_message": {"MessageBody": "a"}, "receive_message": {}, "delete_message": {"ReceiptHandle": "x"},
            "delete_queue": {}, "purge_queue": {}, "get_queue_attributes": {"AttributeNames": ["All"]},
            "set_queue_attributes": {"Attributes": {}}, "tag_queue": {"Tags": {}}, "untag_queue": {"TagKeys": []},
            "list_queue_tags": {}, "list_dead_letter_source_queues": {}, "remove_permission": {"Label": "a"},
            "change_message_visibility": {"ReceiptHandle": "x", "VisibilityTimeout": 1},
        }.items()
    ),
)  # fmt: skip
