"""Forms: query-form requests of SQS and SNS as (operation, request), and their answers as JSON.

One idea: a name such as `MessageAttribute.1.Value.DataType` is a path in a tree; a level of numbers is a list, a list
of Name and Value a map. A body is split at `&` and at the first `=` of a part, and decoded as far as it is encoded, as
the services do: JSON that a template did not encode arrives whole as long as it has no `&`. It may not know requests.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests.html
"""

import base64
from collections.abc import Iterable
from typing import Any, NamedTuple

# What members of requests are called, where the form calls them otherwise.
MEMBERS = {
    "Attribute": "Attributes",
    "AttributeName": "AttributeNames",
    "ChangeMessageVisibilityBatchRequestEntry": "Entries",
    "DeleteMessageBatchRequestEntry": "Entries",
    "MessageAttribute": "MessageAttributes",
    "MessageAttributeName": "MessageAttributeNames",
    "MessageSystemAttribute": "MessageSystemAttributes",
    "PublishBatchRequestEntries": "PublishBatchRequestEntries",
    "SendMessageBatchRequestEntry": "Entries",
}
INTEGERS = {"DelaySeconds", "MaxNumberOfMessages", "VisibilityTimeout", "WaitTimeSeconds"}
WRAPPERS = {"entry", "member"}
PROTOCOL = {"Action", "Version"}


class Shown(NamedTuple):
    """How an answer is told in JSON: its members, absent ones being null; or a list under another name."""

    members: tuple[str, ...] = ()
    lists: tuple[tuple[str, str, tuple[str, ...]], ...] = ()


RECEIVED = (
    "Attributes",
    "Body",
    "MD5OfBody",
    "MD5OfMessageAttributes",
    "MessageAttributes",
    "MessageId",
    "ReceiptHandle",
)
SENT = (
    "Id",
    "MD5OfMessageAttributes",
    "MD5OfMessageBody",
    "MD5OfMessageSystemAttributes",
    "MessageId",
    "SequenceNumber",
)
FAILED = ("Code", "Id", "Message", "SenderFault")

OPERATIONS: dict[str, dict[str, Shown | None]] = {
    "sqs": {
        "SendMessage": Shown(tuple(name for name in SENT if name != "Id")),
        "SendMessageBatch": Shown(lists=(("Failed", "Failed", FAILED), ("Successful", "Successful", SENT))),
        "ReceiveMessage": Shown(lists=(("Messages", "messages", RECEIVED),)),
        "DeleteMessage": None,
        "ChangeMessageVisibility": None,
        "PurgeQueue": None,
    },
    "sns": {
        "Publish": Shown(("MessageId", "SequenceNumber")),
        "PublishBatch": Shown(
            lists=(("Failed", "Failed", FAILED), ("Successful", "Successful", ("Id", "MessageId", "SequenceNumber")))
        ),
    },
}
"""The operations that an integration may ask for; None answers nothing but the request id."""


def request(fields: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The request of a form, in the members of today's API. Raises ValueError for a number that is none."""
    root: dict[str, Any] = {}
    for name, value in fields:
        node = root
        *path, last = [step for step in name.split(".") if step not in WRAPPERS]
        for step in path:
            node = node.setdefault(step, {})
            if not isinstance(node, dict):
                raise ValueError(name)
        node[last] = value
    return {MEMBERS.get(name, name): _read(name, value) for name, value in root.items() if name not in PROTOCOL}


def _read(name: str, value: Any) -> Any:
    if isinstance(value, str):
        if name in INTEGERS:
            return int(value)
        return base64.b64decode(value) if name == "BinaryValue" else value
    if all(step.isdecimal() for step in value):
        return _listed([_read(name, value[step]) for step in sorted(value, key=int)])
    return {MEMBERS.get(step, step): _read(step, each) for step, each in value.items()}


def _listed(items: list[Any]) -> Any:
    """A list, or the map that it spells: entries of Name (or Key) and Value."""
    for key in ("Name", "Key", "key"):
        if all(isinstance(item, dict) and set(item) <= {key, "Value", "value"} and key in item for item in items):
            return {item[key]: item.get("Value", item.get("value")) for item in items}
    return items


def shown(service: str, operation: str, answer: dict[str, Any], request_id: str) -> dict[str, Any]:
    """An answer in the JSON form of the query protocol."""
    form = OPERATIONS[service][operation]
    told: dict[str, Any] = {"ResponseMetadata": {"RequestId": request_id}}
    if form is not None:
        result: dict[str, Any] = {name: answer.get(name) for name in form.members}
        for member, name, members in form.lists:
            items = answer.get(member)
            result[name] = items and [{each: item.get(each) for each in members} for item in items]
        told[f"{operation}Result"] = result
    return {f"{operation}Response": dict(sorted(told.items()))}


# What the query protocol calls errors that the JSON protocol calls otherwise.
CODES = {
    "QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue",
    "PurgeQueueInProgress": "AWS.SimpleQueueService.PurgeQueueInProgress",
    "AccessDeniedException": "AccessDenied",
    "NotFoundException": "NotFound",
    "InvalidParameterException": "InvalidParameter",
}


def refused(code: str, message: str, status: int, request_id: str) -> dict[str, Any]:
    """An error in the JSON form of the query protocol."""
    blame = "Sender" if status < 500 else "Receiver"
    return {"Error": {"Code": CODES.get(code, code), "Message": message, "Type": blame}, "RequestId": request_id}
