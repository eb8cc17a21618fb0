"""Dead-letter queues: which queue sends its dead where, and who may.

One idea: a message that was received too often is moved as it is, with the ARN of where it came from. It may not know
how messages are received.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
"""

from typing import Any, NamedTuple

import msgspec

from freehold.engines import jsontext
from freehold.kernel import arns
from freehold.kernel.store import Tx
from freehold.services.sqs import fair, fifo, queues
from freehold.services.sqs.attributes import Attributes
from freehold.services.sqs.errors import InvalidParameterValue
from freehold.services.sqs.pile import Message, in_kind, kind_of
from freehold.services.sqs.queues import Queue

RECEIVES_MAX = 1_000
SOURCES_MAX = 10
PERMISSIONS = ("allowAll", "denyAll", "byQueue")

NOT_A_MAP = "{policy} is not a valid JSON map."
LACKS = "Redrive policy does not contain mandatory attribute: {name}."
BAD_COUNT = "Invalid value for maxReceiveCount: {count}, valid values are from 1 to 1000 both inclusive."
NO_TARGET = "Dead letter target does not exist."
OTHER_OWNER = "Dead-letter target owner should be same as the source."
OTHER_TYPE = "Dead-letter queue must be same type of queue as the source."
NOT_ALLOWED = "Queue does not have permission to use the given dead-letter queue."
BAD_PERMISSION = "Redrive permission must be one of allowAll, denyAll, byQueue."
BAD_SOURCES = "sourceQueueArns must hold one to ten queue ARNs when redrivePermission is byQueue, and none otherwise."


class RedrivePolicy(NamedTuple):
    """After how many receipts messages go where (an ARN)."""

    target: str
    receives_max: int


def policy_of(queue: Queue) -> RedrivePolicy | None:
    text = queue.attributes.get("RedrivePolicy")
    if not text:
        return None
    document = msgspec.json.decode(text)
    return RedrivePolicy(document["deadLetterTargetArn"], int(document["maxReceiveCount"]))


def checked(tx: Tx, name: str, kept: Attributes) -> Attributes:
    """The attributes, if those of redrive among them may be set on the queue of that name; the policy in AWS's form."""
    if kept.get("RedriveAllowPolicy"):
        _check_allowance(kept["RedriveAllowPolicy"])
    if kept.get("RedrivePolicy"):
        return kept | {"RedrivePolicy": _checked_policy(tx, name, kept["RedrivePolicy"])}
    return kept


def _checked_policy(tx: Tx, source: str, text: str) -> str:
    document = _document("RedrivePolicy", text, "Redrive policy")
    for attribute in ("deadLetterTargetArn", "maxReceiveCount"):
        if attribute not in document:
            raise _wrong("RedrivePolicy", text, LACKS.format(name=attribute))
    count = str(document["maxReceiveCount"])
    if not count.isdecimal() or not 1 <= int(count) <= RECEIVES_MAX:
        raise _wrong("RedrivePolicy", text, BAD_COUNT.format(count=count))
    target = arns.parse(str(document["deadLetterTargetArn"]))
    if target and (target.account, target.region) != (tx.account, tx.region):
        raise _wrong("RedrivePolicy", text, OTHER_OWNER)
    dead = tx.get(Queue, target.resource) if target and target.service == "sqs" else None
    if dead is None:
        raise _wrong("RedrivePolicy", text, NO_TARGET)
    if dead.fifo != source.endswith(".fifo"):
        raise _wrong("RedrivePolicy", text, OTHER_TYPE)
    if not allows(dead, queues.arn(tx, source)):
        raise _wrong("RedrivePolicy", text, NOT_ALLOWED)
    policy = {"deadLetterTargetArn": str(target), "maxReceiveCount": int(count)}
    return msgspec.json.encode(policy).decode()


def _check_allowance(text: str) -> None:
    document = _document("RedriveAllowPolicy", text, "Redrive allow policy")
    permission, sources = document.get("redrivePermission"), document.get("sourceQueueArns")
    if permission not in PERMISSIONS:
        raise _wrong("RedriveAllowPolicy", text, BAD_PERMISSION)
    listed = isinstance(sources, list) and 1 <= len(sources) <= SOURCES_MAX
    if listed != (permission == "byQueue"):
        raise _wrong("RedriveAllowPolicy", text, BAD_SOURCES)


def _document(parameter: str, text: str, called: str) -> dict[str, Any]:
    try:
        return jsontext.read(text, dict[str, Any])
    except msgspec.DecodeError:
        raise _wrong(parameter, text, NOT_A_MAP.format(policy=called)) from None


def _wrong(parameter: str, text: str, reason: str) -> InvalidParameterValue:
    return InvalidParameterValue(value=text, parameter=parameter, reason=reason)


def allows(dead: Queue, source_arn: str) -> bool:
    """Whether the redrive allow policy of a dead-letter queue lets that queue in."""
    text = dead.attributes.get("RedriveAllowPolicy")
    document = msgspec.json.decode(text) if text else {"redrivePermission": "allowAll"}
    permission = document["redrivePermission"]
    return permission == "allowAll" or (permission == "byQueue" and source_arn in document["sourceQueueArns"])


def sources(tx: Tx, dead: Queue) -> list[Queue]:
    """The queues that send their dead to this one, by name."""
    target = queues.arn(tx, dead.name)
    policies = ((queue, policy_of(queue)) for queue in tx.range(Queue))
    return [queue for queue, policy in policies if policy and policy.target == target]


def bury(tx: Tx, queue: Queue, message: Message, policy: RedrivePolicy) -> bool:
    """Move a message to the dead-letter queue. Whether that exists; if not, the message stays where it is."""
    dead = tx.get(Queue, policy.target.rpartition(":")[2])
    if dead is None:
        return False
    tx.delete(type(message), message.pile, message.sent_at, message.id)
    message.source = queues.arn(tx, queue.name)
    place(tx, dead, message)
    return True


def place(tx: Tx, queue: Queue, message: Message) -> None:
    """Let a message that another queue had be seen in this one."""
    message.pile, message.visible_at = queue.pile, tx.now
    if queue.fifo:
        message.sent_at = tx.now
        fifo.append(tx, queue, message)
    else:
        if message.group_id and not queue.fair:
            fair.begin(tx, queue)
        tx.put(in_kind(message, kind_of(queue)))
    tx.ring("sqs", queue.name)
