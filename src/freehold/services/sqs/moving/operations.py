"""Operations on message move tasks. One idea: they only start, list and cancel; the steps go on by themselves.

It may not know how messages are moved.
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.sqs import queues
from freehold.services.sqs.errors import InvalidParameterValue
from freehold.services.sqs.moving import tasks
from freehold.services.sqs.service.catalogue import sqs

MOVING = ("StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
RESULTS_WORDS = "Must be between 1 and 10, if provided."


def _source(call: Call, request: Request) -> str:
    return request["SourceArn"]


def _move_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    """Who moves messages takes them from one queue and sends them to another.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
    """
    needs = [(f"sqs:{action}", _source(call, request)) for action in MOVING]
    destination = request.get("DestinationArn")
    return needs + ([("sqs:SendMessage", destination)] if destination else [])


@sqs.operation(needs=_move_needs)
def start_message_move_task(call: Call, tx: Tx, request: Request) -> Response:
    rate = request.get("MaxNumberOfMessagesPerSecond")
    return {"TaskHandle": tasks.start(tx, request["SourceArn"], request.get("DestinationArn", ""), rate)}


@sqs.operation(needs={"sqs:CancelMessageMoveTask": lambda call, request: "*"})
def cancel_message_move_task(call: Call, tx: Tx, request: Request) -> Response:
    return {"ApproximateNumberOfMessagesMoved": tasks.cancel(tx, request["TaskHandle"]).moved}


@sqs.operation(needs={"sqs:ListMessageMoveTasks": _source})
def list_message_move_tasks(call: Call, tx: Tx, request: Request) -> Response:
    limit = request.get("MaxResults", 1)
    if not 1 <= limit <= tasks.KEPT_MAX:
        raise InvalidParameterValue(value=limit, parameter="MaxResults", reason=RESULTS_WORDS)
    source = tasks.queue_of(tx, request["SourceArn"], "SourceArn")
    return {"Results": [_told(tx, task) for task in tasks.latest(tx, source, limit)]}


def _told(tx: Tx, task: tasks.Task) -> Response:
    answer = {
        "TaskHandle": tasks.handle(tx, task) if task.status == "RUNNING" else "",
        "Status": task.status,
        "SourceArn": queues.arn(tx, task.source),
        "DestinationArn": task.destination,
        "MaxNumberOfMessagesPerSecond": task.rate,
        "FailureReason": task.failure,
    }
    counted = {
        "ApproximateNumberOfMessagesMoved": task.moved,
        "ApproximateNumberOfMessagesToMove": task.to_move,
        "StartedTimestamp": int(task.started_at * 1000),
    }
    return {name: value for name, value in answer.items() if value} | counted


@sqs.internal
def move_messages(call: Call, tx: Tx, request: Request) -> None:
    """The next step of a move task: `source`, `started_at`, `id`."""
    tasks.step(tx, **request)
