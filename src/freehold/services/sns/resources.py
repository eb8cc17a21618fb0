"""CloudFormation types of SNS.

One idea: a property is an attribute with another spelling. They may not know how topics lie.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SNS.html
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from freehold.engines.coerce import tag_list
from freehold.kernel.resources import Ask, Ending, Made, Refused, Steps, Want
from freehold.services.sns.service import sns

FIFO_SUFFIX = ".fifo"
NAME_MAX = 256
GONE = ("NotFound", "NotFoundException")

# Properties of a topic that are attributes under the same name.
TOPIC_ATTRIBUTES = (
    *("DisplayName", "KmsMasterKeyId", "SignatureVersion", "TracingConfig", "FifoTopic", "FifoThroughputScope"),
    *("ContentBasedDeduplication", "DeliveryPolicy", "ArchivePolicy"),
)
SUBSCRIPTION_ATTRIBUTES = (
    *("RawMessageDelivery", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy", "DeliveryPolicy"),
    *("SubscriptionRoleArn", "ReplayPolicy"),
)
LOGGED = ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn")
LOGGING_PROTOCOLS = {
    "http/s": "HTTP",
    "sqs": "SQS",
    "lambda": "Lambda",
    "firehose": "Firehose",
    "application": "Application",
}

topic = sns.resource("AWS::SNS::Topic", replaces=("TopicName", "FifoTopic"), attributes=("TopicArn", "TopicName"))
subscription = sns.resource(
    "AWS::SNS::Subscription", replaces=("TopicArn", "Protocol", "Endpoint"), attributes=("Arn",)
)  # fmt: skip
policy = sns.resource("AWS::SNS::TopicPolicy", attributes=("Id",))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return msgspec.json.encode(value).decode() if isinstance(value, dict) else str(value)


def _attributes(properties: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    return {name: _text(properties[name]) for name in names if name in properties}


def _topic_attributes(properties: Mapping[str, Any]) -> dict[str, str]:
    found = _attributes(properties, TOPIC_ATTRIBUTES)
    if found.get("FifoTopic") == "false":
        del found["FifoTopic"]
    for logging in properties.get("DeliveryStatusLogging", ()):
        prefix = LOGGING_PROTOCOLS[logging["Protocol"]]
        found |= {f"{prefix}{name}": _text(logging[name]) for name in LOGGED if name in logging}
    return found


def _name(want: Want) -> str:
    given = want.properties.get("TopicName")
    if given or _text(want.properties.get("FifoTopic", "")) != "true":
        return want.name(given, NAME_MAX)
    return want.name(longest=NAME_MAX - len(FIFO_SUFFIX)) + FIFO_SUFFIX


def _made(arn: str) -> Made:
    return Made(arn, {"TopicArn": arn, "TopicName": arn.rpartition(":")[2]})


@topic.create
def create_topic(want: Want) -> Steps:
    request: dict[str, Any] = {"Name": _name(want), "Attributes": _topic_attributes(want.properties)}
    if want.properties.get("DataProtectionPolicy"):
        request["DataProtectionPolicy"] = _text(want.properties["DataProtectionPolicy"])
    if tags := tag_list(want.tagged(want.properties)):
        request["Tags"] = tags
    arn = (yield Ask("sns", "CreateTopic", request))["TopicArn"]
    for one in want.properties.get("Subscription", ()):
        yield _subscribe(arn, one)
    return _made(arn)


def _subscribe(arn: str, wanted: Mapping[str, Any]) -> Ask:
    request = {"TopicArn": arn, "Protocol": wanted["Protocol"], "Endpoint": wanted["Endpoint"]}
    return Ask("sns", "Subscribe", request | {"ReturnSubscriptionArn": True})


@topic.update
def update_topic(want: Want) -> Steps:
    """Attributes that the template no longer names go back to their defaults; so do subscriptions and tags."""
    new, old = _topic_attributes(want.properties), _topic_attributes(want.old)
    for name in new | old:
        if new.get(name) != old.get(name):
            yield _set_topic(want.id, name, new.get(name, ""))
    if want.changed("DataProtectionPolicy"):
        text = _text(want.properties.get("DataProtectionPolicy") or "")
        yield Ask("sns", "PutDataProtectionPolicy", {"ResourceArn": want.id, "DataProtectionPolicy": text})
    yield from _update_subscriptions(want)
    gone, new = want.retagged()
    if gone:
        yield Ask("sns", "UntagResource", {"ResourceArn": want.id, "TagKeys": gone})
    if new:
        yield Ask("sns", "TagResource", {"ResourceArn": want.id, "Tags": tag_list(new)})
    return _made(want.id)


def _update_subscriptions(want: Want) -> Ending:
    new, old = want.properties.get("Subscription", []), want.old.get("Subscription", [])
    for one in new:
        if one not in old:
            yield _subscribe(want.id, one)
    for one in old:
        if one not in new:
            found = yield _subscribe(want.id, one)
            yield Ask("sns", "Unsubscribe", {"SubscriptionArn": found["SubscriptionArn"]})


def _set_topic(arn: str, name: str, text: str) -> Ask:
    request = {"TopicArn": arn, "AttributeName": name, "AttributeValue": text}
    return Ask("sns", "SetTopicAttributes", request)


@topic.delete
def delete_topic(want: Want) -> Ending:
    yield Ask("sns", "DeleteTopic", {"TopicArn": want.id})


@subscription.create
def create_subscription(want: Want) -> Steps:
    wanted = want.properties
    ask = _subscribe(wanted["TopicArn"], wanted)
    attributes = _attributes(wanted, SUBSCRIPTION_ATTRIBUTES)
    answer = yield ask._replace(request=ask.request | {"Attributes": attributes})
    return Made(answer["SubscriptionArn"], {"Arn": answer["SubscriptionArn"]})


@subscription.update
def update_subscription(want: Want) -> Steps:
    new, old = (_attributes(properties, SUBSCRIPTION_ATTRIBUTES) for properties in (want.properties, want.old))
    defaults = {"RawMessageDelivery": "false", "FilterPolicyScope": "MessageAttributes"}
    for name in new | old:
        if new.get(name) != old.get(name):
            text = new.get(name, defaults.get(name, ""))
            request = {"SubscriptionArn": want.id, "AttributeName": name, "AttributeValue": text}
            yield Ask("sns", "SetSubscriptionAttributes", request)
    return Made(want.id, {"Arn": want.id})


@subscription.delete
def delete_subscription(want: Want) -> Ending:
    yield Ask("sns", "Unsubscribe", {"SubscriptionArn": want.id})


@policy.create
def create_policy(want: Want) -> Steps:
    for arn in want.properties["Topics"]:
        yield _set_topic(arn, "Policy", _text(want.properties["PolicyDocument"]))
    id = want.id or want.name()
    return Made(id, {"Id": id})


@policy.update
def update_policy(want: Want) -> Steps:
    yield from _clear([arn for arn in want.old["Topics"] if arn not in want.properties["Topics"]])
    return (yield from create_policy(want))


@policy.delete
def delete_policy(want: Want) -> Ending:
    yield from _clear(want.properties["Topics"])


def _clear(arns: list[str]) -> Ending:
    for arn in arns:
        try:
            yield _set_topic(arn, "Policy", "")
        except Refused as refusal:
            if refusal.code not in GONE:
                raise
