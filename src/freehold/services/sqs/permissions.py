"""Queue policies: whom they let in, and the statements that AddPermission writes.

One idea: within its account a queue is guarded by the caller's own policies, which the door weighs; a service or
another account needs the queue's policy too. It may not know operations beyond their names.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-overview-of-managing-access.html
"""

from functools import lru_cache
from typing import Any

import msgspec

from freehold.engines import iam
from freehold.kernel import identity
from freehold.kernel.identity import Principal
from freehold.kernel.store import Tx
from freehold.services.sqs import queues
from freehold.services.sqs.errors import AccessDenied, InvalidParameterValue, TooManyActions
from freehold.services.sqs.queues import Queue

TAKEN, UNKNOWN = "Already exists.", "can't find label."
ACTIONS = (
    *("*", "SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "GetQueueAttributes"),
    *("GetQueueUrl", "ListDeadLetterSourceQueues", "PurgeQueue"),
)
ACTIONS_MAX = 7  # of one statement
BAD_ACTION = "Only the actions that a queue can share may be given."


def admit(tx: Tx, queue: Queue, action: str) -> None:
    """Raise AccessDenied for a service or another account's principal whom the queue's policy does not allow."""
    caller = tx.principal
    if caller.kind != identity.SERVICE and caller.account == tx.account:
        return
    arn = queues.arn(tx, queue.name)
    verdict = _verdict(queue.attributes.get("Policy", ""), f"sqs:{action}", arn, caller)
    if not verdict.allowed:
        raise AccessDenied(principal=caller.arn, action=f"sqs:{action}", resource=arn, reason=verdict.ending)


@lru_cache(maxsize=1_024)
def _verdict(text: str, action: str, arn: str, caller: Principal) -> iam.Verdict:
    """What a policy says, remembered: a topic asks its queues the same question at every message."""
    return iam.weigh(caller, action, arn, iam.resource_policy(text), iam.facts_of(caller))


def add(tx: Tx, queue: Queue, label: str, accounts: list[str], actions: list[str]) -> None:
    """Write a statement that lets other accounts do these actions."""
    document = _document(tx, queue)
    if any(statement.get("Sid") == label for statement in document["Statement"]):
        raise InvalidParameterValue(value=label, parameter="Label", reason=TAKEN)
    if len(actions) > ACTIONS_MAX:
        raise TooManyActions(count=len(actions), most=ACTIONS_MAX)
    for action in actions:
        if action not in ACTIONS:
            raise InvalidParameterValue(value=f"SQS:{action}", parameter="ActionName", reason=BAD_ACTION)
    whole = [f"SQS:{action}" for action in actions]
    document["Statement"].append(iam.sharing(label, accounts, whole, queues.arn(tx, queue.name)))
    _keep(tx, queue, document)


def remove(tx: Tx, queue: Queue, label: str) -> None:
    document = _document(tx, queue)
    left = [statement for statement in document["Statement"] if statement.get("Sid") != label]
    if len(left) == len(document["Statement"]):
        raise InvalidParameterValue(value=label, parameter="Label", reason=UNKNOWN)
    _keep(tx, queue, document | {"Statement": left})


def _document(tx: Tx, queue: Queue) -> dict[str, Any]:
    if text := queue.attributes.get("Policy"):
        return iam.read(text)
    return {"Version": "2008-10-17", "Id": f"{queues.arn(tx, queue.name)}/SQSDefaultPolicy", "Statement": []}


def _keep(tx: Tx, queue: Queue, document: dict[str, Any]) -> None:
    queue.attributes["Policy"] = msgspec.json.encode(document).decode() if document["Statement"] else ""
    queue.modified_at = tx.now
    tx.put(queue)
