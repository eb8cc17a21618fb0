"""Move tasks: begun, moved on, cancelled.

One idea: a task is a record and a step; each step moves some messages and promises the next, so a crash neither loses
nor repeats one. It may not know how tasks are asked for.
"""

import binascii
from base64 import b64decode, b64encode

import msgspec

from freehold.kernel import arns
from freehold.kernel.store import Record, Tx
from freehold.kernel.timers import at
from freehold.services.sqs import fifo, queues, redrive
from freehold.services.sqs.errors import (
    InvalidParameterValue,
    ParameterRefused,
    QueueDoesNotExist,
    ResourceNotFoundException,
    TaskNotFound,
)
from freehold.services.sqs.pile import Message, kind_of
from freehold.services.sqs.queues import Queue

STEP_MAX = 100
RATE_MAX = 500
KEPT_MAX = 10

NOT_DEAD = "Source queue must be configured as a Dead Letter Queue."
BUSY = "There is already a task running. Only one active task is allowed for a source queue arn at a given time."
NOT_RUNNING = "Only active tasks can be cancelled."
BAD_HANDLE = "Value for parameter TaskHandle is invalid."
BAD_RATE = "Must be >= 1 and <= 500, if provided."
OTHER_TYPE = "Source and destination queues must be of the same type."


class Task(Record, table="sqs_move_tasks", key="source started_at id"):
    """A move from a queue (`source`, a name) to `destination` (an ARN), or to each message's own origin.

    `status` is RUNNING, COMPLETED, CANCELLED or FAILED; `rate` messages a second at most, 0 for no limit.
    """

    source: str
    started_at: float
    id: str
    destination: str = ""
    rate: int = 0
    status: str = "RUNNING"
    moved: int = 0
    to_move: int = 0
    failure: str = ""


def queue_of(tx: Tx, arn: str, parameter: str) -> Queue:
    """The queue of an ARN in this account and region; ResourceNotFoundException if there is none."""
    found = arns.parse(arn)
    here = found and (found.service, found.account, found.region) == ("sqs", tx.account, tx.region)
    queue = tx.get(Queue, found.resource) if found and here else None
    if queue is None:
        raise ResourceNotFoundException(parameter=parameter)
    return queue


def start(tx: Tx, source_arn: str, destination: str, rate: int | None) -> str:
    """Begin to move; the task's handle."""
    if rate is not None and not 1 <= rate <= RATE_MAX:
        raise InvalidParameterValue(value=rate, parameter="MaxNumberOfMessagesPerSecond", reason=BAD_RATE)
    source = queue_of(tx, source_arn, "SourceArn")
    if destination and queue_of(tx, destination, "DestinationArn").fifo != source.fifo:
        raise ParameterRefused(message=OTHER_TYPE)
    if not redrive.sources(tx, source):
        raise ParameterRefused(message=NOT_DEAD)
    if any(task.status == "RUNNING" for task in tx.range(Task, source.name)):
        raise ParameterRefused(message=BUSY)
    task = Task(
        source=source.name, started_at=tx.now, id=tx.ids.uuid(), destination=destination, rate=rate or 0,
        to_move=tx.count(kind_of(source), source.pile, index="pile visible_at", high=tx.now),
    )  # fmt: skip
    tx.put(task)
    _forget(tx, source)
    _go_on(tx, task, tx.now)
    return handle(tx, task)


def _forget(tx: Tx, source: Queue) -> None:
    for task in tx.range(Task, source.name, reverse=True)[KEPT_MAX:]:
        tx.delete(Task, task.source, task.started_at, task.id)


def _go_on(tx: Tx, task: Task, when: float) -> None:
    at(tx, when, "sqs", "move_messages", source=task.source, started_at=task.started_at, id=task.id)


def step(tx: Tx, source: str, started_at: float, id: str) -> None:
    """Move the next messages of a task: a second's worth where it has a rate."""
    task = tx.get(Task, source, started_at, id)
    if task is None or task.status != "RUNNING":
        return
    try:
        left = _move_some(tx, task)
    except QueueDoesNotExist:
        task.status, task.failure, left = "FAILED", "AWS.SimpleQueueService.NonExistentQueue", False
    if left:
        _go_on(tx, task, tx.now + (1 if task.rate else 0))
    elif task.status == "RUNNING":
        task.status = "COMPLETED"
    tx.put(task)


def _move_some(tx: Tx, task: Task) -> bool:
    """Whether there may be more to move."""
    source = queues.find(tx, task.source)
    kind = kind_of(source)
    wanted = min(task.rate or STEP_MAX, max(0, task.to_move - task.moved))
    found = tx.claim(kind, source.pile, index="pile visible_at", high=tx.now, limit=wanted)
    for message in found:
        target = queues.find(tx, (task.destination or message.source).rpartition(":")[2])
        tx.delete(kind, message.pile, message.sent_at, message.id)
        redrive.place(tx, target, _renewed(tx, message))
        task.moved += 1
    if source.fifo:
        fifo.reorder(tx, source, found)
    return bool(found) and task.moved < task.to_move


def _renewed(tx: Tx, message: Message) -> Message:
    """The message as if sent now: AWS gives moved messages a new id and a new age."""
    message.id, message.sent_at = tx.ids.uuid(), tx.now
    message.receives, message.received_at, message.first_received_at = 0, 0.0, 0.0
    message.receipt = message.source = ""
    return message


def cancel(tx: Tx, handle: str) -> Task:
    """Stop a running task; what was moved stays moved."""
    try:
        said = msgspec.json.decode(b64decode(handle, validate=True), type=dict[str, str])
        id, source_arn = said["taskId"], said["sourceArn"]
    except (ValueError, KeyError, binascii.Error):
        raise ParameterRefused(message=BAD_HANDLE) from None
    source = queue_of(tx, source_arn, "SourceArn")
    task = next((task for task in tx.range(Task, source.name) if task.id == id), None)
    if task is None:
        raise TaskNotFound()
    if task.status != "RUNNING":
        raise ParameterRefused(message=NOT_RUNNING)
    task.status = "CANCELLED"
    tx.put(task)
    return task


def latest(tx: Tx, source: Queue, limit: int) -> list[Task]:
    return tx.range(Task, source.name, reverse=True, limit=limit)


def handle(tx: Tx, task: Task) -> str:
    said = {"taskId": task.id, "sourceArn": queues.arn(tx, task.source)}
    return b64encode(msgspec.json.encode(said)).decode()
