"""CloudFormation types of SQS.

One idea: a property is an attribute with another spelling. They may not know how queues lie.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SQS.html
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from freehold.kernel import arns
from freehold.kernel.resources import Ask, Ending, Made, Refused, Steps, Want
from freehold.services.sqs.attributes import ATTRIBUTES
from freehold.services.sqs.service import sqs

FIFO_SUFFIX = ".fifo"
NAME_MAX = 80
GONE = "QueueDoesNotExist"

# Properties that are no attributes of the queue.
APART = ("QueueName", "Tags")

# What AWS sets where a template no longer names a property, if not the default of new queues; what it leaves as it is.
TAKEN_BACK = {"MaximumMessageSize": "262144"}
LEFT = ("SqsManagedSseEnabled", "DeduplicationScope", "FifoThroughputLimit")
FIXED = ("QueueName", "FifoQueue")

queue = sqs.resource("AWS::SQS::Queue", replaces=FIXED, attributes=("Arn", "QueueName", "QueueUrl"))
policy = sqs.resource("AWS::SQS::QueuePolicy", attributes=("Id",))
inline_policy = sqs.resource("AWS::SQS::QueueInlinePolicy", replaces=("Queue",))


def _attributes(properties: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in properties.items() if name not in APART and name in ATTRIBUTES}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else str(value)


def _name(want: Want) -> str:
    fifo = _text(want.properties.get("FifoQueue", "")) == "true"
    given = want.properties.get("QueueName")
    if given or not fifo:
        return want.name(given, NAME_MAX)
    return want.name(longest=NAME_MAX - len(FIFO_SUFFIX)) + FIFO_SUFFIX


def _made(want: Want, url: str) -> Made:
    name = url.rpartition("/")[2]
    return Made(url, {"Arn": arns.arn("sqs", want.region, want.account, name), "QueueName": name, "QueueUrl": url})


@queue.create
def create_queue(want: Want) -> Steps:
    request: dict[str, Any] = {"QueueName": _name(want), "Attributes": _attributes(want.properties)}
    if tags := want.tagged(want.properties):
        request["tags"] = tags
    answer = yield Ask("sqs", "CreateQueue", request)
    return _made(want, answer["QueueUrl"])


@queue.update
def update_queue(want: Want) -> Steps:
    """Attributes that the template no longer names go back to their defaults, but for a few."""
    new, old = _attributes(want.properties), _attributes(want.old)
    taken_back = {name: TAKEN_BACK.get(name, "") for name in old if name not in LEFT}
    changed = {name: text for name, text in (taken_back | new).items() if text != old.get(name)}
    if changed:
        yield Ask("sqs", "SetQueueAttributes", {"QueueUrl": want.id, "Attributes": changed})
    gone, new = want.retagged()
    if gone:
        yield Ask("sqs", "UntagQueue", {"QueueUrl": want.id, "TagKeys": gone})
    if new:
        yield Ask("sqs", "TagQueue", {"QueueUrl": want.id, "Tags": new})
    return _made(want, want.id)


@queue.delete
def delete_queue(want: Want) -> Ending:
    yield Ask("sqs", "DeleteQueue", {"QueueUrl": want.id})


def _set_policy(url: str, document: Any) -> Ask:
    text = _text(document) if document else ""
    return Ask("sqs", "SetQueueAttributes", {"QueueUrl": url, "Attributes": {"Policy": text}})


def _clear_policies(urls: list[str]) -> Ending:
    for url in urls:
        try:
            yield _set_policy(url, None)
        except Refused as refusal:
            if refusal.code != GONE:
                raise


@policy.create
def create_policy(want: Want) -> Steps:
    for url in want.properties["Queues"]:
        yield _set_policy(url, want.properties["PolicyDocument"])
    id = want.id or want.name()
    return Made(id, {"Id": id})


@policy.update
def update_policy(want: Want) -> Steps:
    yield from _clear_policies([url for url in want.old["Queues"] if url not in want.properties["Queues"]])
    return (yield from create_policy(want))


@policy.delete
def delete_policy(want: Want) -> Ending:
    yield from _clear_policies(want.properties["Queues"])


@inline_policy.create
def create_inline_policy(want: Want) -> Steps:
    url = want.properties["Queue"]
    yield _set_policy(url, want.properties["PolicyDocument"])
    return Made(url)


@inline_policy.update
def update_inline_policy(want: Want) -> Steps:
    return (yield from create_inline_policy(want))


@inline_policy.delete
def delete_inline_policy(want: Want) -> Ending:
    yield from _clear_policies([want.properties["Queue"]])
