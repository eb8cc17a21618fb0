"""Notifications: who is told when an object is made, tagged or removed.

One idea: a message is a promise in the transaction that changed the object, sent as S3 itself, so the destination's own
policy decides. It may not know how a destination takes it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote_plus

import orjson

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.identity import SERVICE, Principal
from freehold.kernel.ids import Ids
from freehold.kernel.store import Tx
from freehold.services.s3 import errors
from freehold.services.s3.buckets import Bucket, canonical_id, owner
from freehold.services.s3.news import announcing
from freehold.services.s3.versions import NULL, Version

SETTING = "NotificationConfiguration"
EVENTBRIDGE = "EventBridgeConfiguration"
S3 = "s3.amazonaws.com"
SUBJECT = "Amazon S3 Notification"
ID_LENGTH = 48
ODD_FILTER = "filter rule name must be either prefix or suffix"
TWICE = "Cannot specify more than one prefix or suffix rule in a filter."
FILTERS: dict[str, Callable[[str, str], bool]] = {"prefix": str.startswith, "suffix": str.endswith}


class Destination(NamedTuple):
    """Where messages may go: the members of a configuration, the service and operation, and how they are asked."""

    configurations: str
    arn: str
    service: str
    operation: str
    request: Callable[[arns.Arn, bytes], dict[str, Any]]
    trial: dict[str, Any] = {}


def _queued(to: arns.Arn, message: bytes) -> dict[str, Any]:
    return {
        "QueueUrl": f"https://sqs.{to.region}.amazonaws.com/{to.account}/{to.resource}",
        "MessageBody": message.decode(),
    }


def _published(to: arns.Arn, message: bytes) -> dict[str, Any]:
    return {"TopicArn": str(to), "Subject": SUBJECT, "Message": message.decode()}


def _invoked(to: arns.Arn, message: bytes) -> dict[str, Any]:
    return {"FunctionName": str(to), "InvocationType": "Event", "Payload": message}


DESTINATIONS = (
    Destination("QueueConfigurations", "QueueArn", "sqs", "SendMessage", _queued),
    Destination("TopicConfigurations", "TopicArn", "sns", "Publish", _published),
    Destination(
        "LambdaFunctionConfigurations", "LambdaFunctionArn", "lambda", "Invoke", _invoked,
        trial={"InvocationType": "DryRun", "Payload": b""},
    ),
)  # fmt: skip


def each(configuration: dict[str, Any]) -> Iterator[tuple[Destination, dict[str, Any]]]:
    """Every destination of a bucket's configuration, with what is said of it."""
    for destination in DESTINATIONS:
        for one in configuration.get(destination.configurations, ()):
            yield destination, one


def checked(configuration: dict[str, Any], ids: Ids) -> dict[str, Any]:
    """The configuration, each part of it with an id. Raises InvalidArgument."""
    found: dict[str, Any] = {}
    if configuration.get(EVENTBRIDGE) is not None:
        found[EVENTBRIDGE] = {}
    for destination, one in each(configuration):
        to = arns.parse(one[destination.arn])
        if to is None or to.service != destination.service:
            raise errors.InvalidArgument(
                reason="The ARN could not be parsed", ArgumentName=destination.arn, ArgumentValue=one[destination.arn]
            )
        names = [rule.get("Name", "").lower() for rule in _filters(one)]
        if not set(names) <= FILTERS.keys():
            raise errors.InvalidArgument(reason=ODD_FILTER, ArgumentName="FilterRule.Name", ArgumentValue=str(names))
        if len(set(names)) < len(names):
            raise errors.InvalidArgument(reason=TWICE, ArgumentName="FilterRule", ArgumentValue=str(names))
        found.setdefault(destination.configurations, []).append({"Id": one.get("Id") or ids.text(ID_LENGTH)} | one)
    return found


def speaker(bucket: Bucket) -> Principal:
    """S3 acting for a bucket; policies see the bucket as aws:SourceArn."""
    return Principal(SERVICE, bucket.account, S3, S3, bucket.arn)


async def try_out(call: Call, bucket: Bucket, configuration: dict[str, Any]) -> None:
    """Send each destination a test event, as S3 does. Raises what the first to refuse says."""
    message = orjson.dumps(
        {
            "Service": "Amazon S3",
            "Event": "s3:TestEvent",
            "Time": moment(call.now),
            "Bucket": bucket.name,
            "RequestId": call.request_id,
            "HostId": call.request_id,
        }
    )
    for destination, one in each(configuration):
        to = arns.parse(one[destination.arn])
        assert to, "checked before"
        asker = call.acting(speaker(bucket), to.account, to.region)
        await asker.ask(
            destination.service, destination.operation, destination.request(to, message) | destination.trial
        )


def tell(call: Call, tx: Tx, bucket: Bucket, event: str, version: Version) -> None:
    """Promise a message to every destination that listens to this event (`ObjectCreated:Put`) for this key; and
    announce
    it, if the bucket's events go to EventBridge."""
    if EVENTBRIDGE in bucket.settings.get(SETTING, {}):
        announcing.announced(call, tx, bucket, event, version)
    for destination, one in each(bucket.settings.get(SETTING, {})):
        if not (_listens(one["Events"], event) and _concerns(one, version.key)):
            continue
        message = orjson.dumps({"Records": [_record(call, tx, bucket, event, version, one["Id"])]})
        to = arns.parse(one[destination.arn])
        assert to, "checked when it was put"
        seat = tx.within(to.account, to.region).acting(speaker(bucket))
        promise(seat, destination.service, destination.operation, destination.request(to, message))


def _listens(events: list[str], event: str) -> bool:
    family = event.partition(":")[0]
    return f"s3:{event}" in events or f"s3:{family}:*" in events


def _concerns(one: dict[str, Any], key: str) -> bool:
    return all(FILTERS[rule["Name"].lower()](key, rule.get("Value", "")) for rule in _filters(one))


def _filters(one: dict[str, Any]) -> list[dict[str, str]]:
    return one.get("Filter", {}).get("Key", {}).get("FilterRules", [])


def _record(call: Call, tx: Tx, bucket: Bucket, event: str, version: Version, id: str) -> dict[str, Any]:
    thing: dict[str, Any] = {"key": quote_plus(version.key, safe="/"), "sequencer": f"{int(tx.now * 1000):018X}"}
    if not event.startswith("ObjectRemoved"):
        thing |= {"size": version.size, "eTag": version.etag}
    if version.id != NULL:
        thing["versionId"] = version.id
    who = tx.principal
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": bucket.region,
        "eventTime": moment(tx.now),
        "eventName": event,
        "userIdentity": {"principalId": f"AWS:{who.id}" if who.id else canonical_id(who.account)},
        "requestParameters": {"sourceIPAddress": call.source_ip or S3},
        "responseElements": {"x-amz-request-id": call.request_id, "x-amz-id-2": call.request_id},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": id,
            "bucket": {
                "name": bucket.name,
                "ownerIdentity": {"principalId": owner(bucket.account)["ID"]},
                "arn": bucket.arn,
            },
            "object": thing,
        },
    }


def moment(now: float) -> str:
    """ISO 8601 with milliseconds, as events have it."""
    return datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
