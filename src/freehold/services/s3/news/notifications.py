"""Notifications: who is told when something happens to an object.

One idea: a message is a promise in the transaction that changed the object, sent as S3 itself, so the destination's own
policy decides. It may not know what a configuration may say.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
"""

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote_plus

import orjson

from freehold.kernel import arns
from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.errors import AwsError, NotImplementedHere
from freehold.kernel.identity import SERVICE, Principal
from freehold.kernel.store import Tx
from freehold.services.s3.buckets import Bucket, canonical_id, owner
from freehold.services.s3.news import announcing, configurations, events
from freehold.services.s3.news.configurations import EVENTBRIDGE, SETTING, each
from freehold.services.s3.versions import Version

S3 = "s3.amazonaws.com"
SUBJECT = "Amazon S3 Notification"
FIFO, NO_FIFO = ".fifo", "FIFO queues and topics are not supported as destinations"
UNABLE = "Unable to validate the following destination configurations"

More = dict[str, Any]


class Courier(NamedTuple):
    """How a service is asked to take a message, and how trying that out differs. `absent` and `forbidden` are S3's
    words where it does not."""

    operation: str
    request: Callable[[arns.Arn, bytes, str], dict[str, Any]]
    absent: str
    forbidden: str
    trial: dict[str, Any] = {}
    shown: str = "{}"


def _queued(to: arns.Arn, message: bytes, trace: str) -> dict[str, Any]:
    traced = {"AWSTraceHeader": {"DataType": "String", "StringValue": trace}} if trace else {}
    return {
        "QueueUrl": f"https://sqs.{to.region}.amazonaws.com/{to.account}/{to.resource}",
        "MessageBody": message.decode(),
    } | ({"MessageSystemAttributes": traced} if traced else {})


def _published(to: arns.Arn, message: bytes, trace: str) -> dict[str, Any]:
    return {"TopicArn": str(to), "Subject": SUBJECT, "Message": message.decode()}


def _invoked(to: arns.Arn, message: bytes, trace: str) -> dict[str, Any]:
    return {"FunctionName": str(to), "InvocationType": "Event", "Payload": message}


FORBIDDEN = "Permissions on the destination {} do not allow S3 to publish notifications from this bucket"
UNINVITED = "Not authorized to invoke function [{arn}]"

COURIERS = {
    "sqs": Courier("SendMessage", _queued, "The destination queue does not exist", FORBIDDEN.format("queue")),
    "sns": Courier("Publish", _published, "The destination topic does not exist", FORBIDDEN.format("topic")),
    "lambda": Courier(
        "Invoke", _invoked, UNINVITED, UNINVITED, {"InvocationType": "DryRun", "Payload": b""}, shown="{}, null"
    ),
}


def speaker(bucket: Bucket) -> Principal:
    """S3 acting for a bucket; policies see the bucket as aws:SourceArn."""
    return Principal(SERVICE, bucket.account, S3, S3, bucket.arn)


async def try_out(call: Call, bucket: Bucket, configuration: dict[str, Any]) -> dict[str, str]:
    """Send each destination a test event, as S3 does. Those that refuse: {shown ARN: why}."""
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
    refused: dict[str, str] = {}
    for kind, one in each(configuration):
        to, courier = arns.parse(one[kind.arn]), COURIERS[kind.service]
        assert to, "checked before"
        if to.resource.endswith(FIFO):
            refused[str(to)] = NO_FIFO
            continue
        asker = call.acting(speaker(bucket), to.account, to.region)
        try:
            await asker.ask(kind.service, courier.operation, courier.request(to, message, "") | courier.trial)
        except NotImplementedHere:
            raise
        except AwsError as refusal:
            words = courier.absent if _absent(refusal) else courier.forbidden
            refused[courier.shown.format(to)] = words.format(arn=to)
    return refused


def _absent(refusal: AwsError) -> bool:
    return any(word in refusal.shape() for word in ("NotExist", "NonExistent", "NotFound"))


def tell(call: Call, tx: Tx, bucket: Bucket, event: str, version: Version, more: More | None = None) -> None:
    """Promise a message to every destination that listens to this event (`ObjectCreated:Put`) for this key; and
    announce it, if the bucket's events go to EventBridge. `more` is what this kind of event tells besides."""
    configuration = bucket.settings.get(SETTING)
    if not configuration:
        return
    if EVENTBRIDGE in configuration:
        announcing.announced(call, tx, bucket, event, version, more or {})
    for kind, one in each(configuration):
        if not configurations.concerns(one, event, version.key):
            continue
        message = orjson.dumps({"Records": [_record(call, tx, bucket, event, version, one["Id"], more or {})]})
        to, courier = arns.parse(one[kind.arn]), COURIERS[kind.service]
        assert to, "checked when it was put"
        seat = tx.within(to.account, to.region).acting(speaker(bucket))
        promise(seat, kind.service, courier.operation, courier.request(to, message, tx.trace))


def _record(
    call: Call, tx: Tx, bucket: Bucket, event: str, version: Version, id: str, more: More
) -> dict[str, Any]:  # fmt: skip
    kind = events.KINDS[event]
    host = b64encode(call.request_id.encode()).decode()  # as the answer's own header has it
    thing = events.of_version(version, kind.shown, tx.now, removed=bool(kind.removal))
    record = {
        "eventVersion": kind.version,
        "eventSource": "aws:s3",
        "awsRegion": bucket.region,
        "eventTime": moment(tx.now),
        "eventName": event,
        "userIdentity": {"principalId": _principal_id(tx.principal, bucket)},
        "requestParameters": {"sourceIPAddress": call.source_ip or S3},
        "responseElements": {"x-amz-request-id": call.request_id, "x-amz-id-2": host},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": id,
            "bucket": {
                "name": bucket.name,
                "ownerIdentity": {"principalId": owner(bucket.account)["ID"]},
                "arn": bucket.arn,
            },
            "object": {"key": quote_plus(version.key, safe="/")} | thing,
        },
    }
    return record | more.get("record", {})


def _principal_id(who: Principal, bucket: Bucket) -> str:
    """Who did it; what S3 does by itself it does for the bucket's owner."""
    if who.account == "":
        return f"AmazonCustomer:{canonical_id(bucket.account)}"
    return f"AWS:{who.id}" if who.id else canonical_id(who.account)


def moment(now: float) -> str:
    """ISO 8601 with milliseconds, as events have it."""
    return datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
