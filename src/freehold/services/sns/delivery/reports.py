"""Reports: what became of a delivery, in the topic's log.

One idea: what a report needs to know travels beside the promise, and is written when the promise is settled. It may not
know how deliveries are made.

https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import md5
from typing import Any

import msgspec

from freehold.kernel.deliveries import promise
from freehold.kernel.identity import CLOUD
from freehold.kernel.store import Tx
from freehold.outbound import masked
from freehold.services.sns import subscriptions
from freehold.services.sns.notices import Notice
from freehold.services.sns.subscriptions import Subscription
from freehold.services.sns.topics import Topic, arn

# How attributes of logging begin, by protocol.
PREFIXES = {
    "http": "HTTP", "https": "HTTP", "lambda": "Lambda", "sqs": "SQS", "application": "Application",
    "firehose": "Firehose",
}  # fmt: skip
STREAM = "delivery-status"
ACCEPTED, OK, FORBIDDEN = 202, 200, 403
PROHIBITED = "The topic's data protection policy prohibits this message from being delivered to {subscription}"

Report = dict[str, Any]


def wanted(tx: Tx, topic: Topic, subscription: Subscription, notice: Notice) -> Report | None:
    """What to report of a delivery, if the topic logs its outcome: of failures all, of successes a sample."""
    prefix, attributes = PREFIXES.get(subscription.protocol), topic.attributes
    failure = bool(prefix and attributes.get(f"{prefix}FailureFeedbackRoleArn"))
    success = bool(prefix and attributes.get(f"{prefix}SuccessFeedbackRoleArn"))
    if success:
        success = tx.ids.random() * 100 < int(attributes.get(f"{prefix}SuccessFeedbackSampleRate") or 0)
    if not (failure or success):
        return None
    text = notice.text(subscription.protocol)
    return {
        "topic": topic.name, "protocol": subscription.protocol, "destination": masked(subscription.endpoint),
        "id": notice.id, "md5": md5(text.encode(), usedforsecurity=False).hexdigest(), "at": notice.at,
        "failure": failure, "success": success,
    }  # fmt: skip


def prohibit(tx: Tx, topic: Topic, subscription: Subscription, notice: Notice) -> None:
    """Report a delivery that the topic's data protection policy did not let happen."""
    report = wanted(tx, topic, subscription, notice)
    if report:
        words = PROHIBITED.format(subscription=subscriptions.arn(tx, subscription))
        write(tx, report, {"error": {"message": words, "status": FORBIDDEN}})


def write(tx: Tx, report: Report, outcome: Mapping[str, Any]) -> None:
    """Put the outcome of a delivery into the topic's log, if it is one that is logged."""
    error = outcome.get("error")
    if not report["failure" if error else "success"]:
        return
    line = {
        "notification": {
            "messageMD5Sum": report["md5"], "messageId": report["id"], "topicArn": arn(tx, report["topic"]),
            "timestamp": _moment(report["at"]),
        },
        "delivery": {
            "deliveryId": tx.ids.uuid(), "destination": report["destination"],
            "providerResponse": _response(report["protocol"], tx.ids.uuid(), outcome),
            "dwellTimeMs": int((tx.now - report["at"]) * 1000),
            **({"attempts": error.get("retries", 0) + 1} if error else {}),
            "statusCode": error["status"] if error else ACCEPTED if report["protocol"] == "lambda" else OK,
        },
        "status": "FAILURE" if error else "SUCCESS",
    }  # fmt: skip
    group = f"sns/{tx.region}/{tx.account}/{report['topic']}" + ("/Failure" if error else "")
    events = [(int(tx.now * 1000), msgspec.json.encode(line).decode())]
    promise(tx.acting(CLOUD), "logs", "append_lines", {"group": group, "stream": STREAM, "events": events})


def _response(protocol: str, id: str, outcome: Mapping[str, Any]) -> str:
    """What the endpoint answered, as JSON in the form of its kind; if it was never asked, why, in words."""
    told: dict[str, Any] = {"lambdaRequestId": id} if protocol == "lambda" else {"requestId": id}
    if error := outcome.get("error"):
        if "code" not in error:
            return error["message"]
        told = {"ErrorCode": error["code"], "ErrorMessage": error["message"]}
    elif protocol == "sqs":
        told = {"sqsRequestId": id, "sqsMessageId": outcome["result"].get("MessageId", "")}
    return msgspec.json.encode(told).decode()


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
