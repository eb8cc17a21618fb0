"""Operations on messages.

One idea: a request is read into a draft or a look, and what was found is told in AWS's names. It may not know how
messages lie.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.sqs import attempts, attributes, batches, contents, fifo, messages, receipts, sealing
from freehold.services.sqs.errors import (
    BatchRequestTooLong,
    EntryTooLong,
    InvalidParameterValue,
    MessageTooLong,
    MissingParameter,
    OverLimit,
    ParameterRefused,
)
from freehold.services.sqs.pile import Message
from freehold.services.sqs.queues import Queue
from freehold.services.sqs.service.catalogue import address, opened, queue_arn, sqs

MICROSECOND = 1e-6

MOST_WORDS = "Must be between 1 and 10, if provided."
WAIT_WORDS = "Must be >= 0 and <= 20, if provided."

# The system attributes of a received message, each with how its text is found; those without text are left out.
SYSTEM_ATTRIBUTES: dict[str, Callable[[Message], str]] = {
    "SenderId": lambda message: message.sender,
    "SentTimestamp": lambda message: str(int(message.sent_at * 1000)),
    "ApproximateReceiveCount": lambda message: str(message.receives),
    "ApproximateFirstReceiveTimestamp": lambda message: str(int(message.first_received_at * 1000)),
    "SequenceNumber": lambda message: fifo.shown_number(message) if message.number else "",
    "MessageDeduplicationId": lambda message: message.dedup_id,
    "MessageGroupId": lambda message: message.group_id,
    "AWSTraceHeader": lambda message: message.trace,
    "DeadLetterQueueSourceArn": lambda message: message.source,
}


@sqs.operation(needs={"sqs:SendMessage": queue_arn})
def send_message(call: Call, tx: Tx, request: Request) -> Response:
    seat, queue = opened(call, tx, request["QueueUrl"], "SendMessage")
    draft = contents.draft(request, call.trace)
    if queue.key:
        draft = sealing.sealer(call, tx, seat, queue)(draft)
    return _sent(messages.send(seat, queue, draft, tx.now), draft)


def _sent(message: Message, draft: contents.Draft) -> Response:
    answer = {
        "MessageId": message.id,
        "MD5OfMessageBody": message.md5,
        "MD5OfMessageAttributes": contents.digest(draft.attributes),
        "MD5OfMessageSystemAttributes": draft.system_md5,
        "SequenceNumber": fifo.shown_number(message) if message.number else "",
    }
    return {name: text for name, text in answer.items() if text}


@sqs.operation(needs={"sqs:SendMessage": queue_arn})
def send_message_batch(call: Call, tx: Tx, request: Request) -> Response:
    """Messages of a batch are sent a microsecond apart, so that they keep their order."""
    entries = request["Entries"]
    batches.check(entries, "SendMessageBatchRequestEntry")
    seat, queue = opened(call, tx, request["QueueUrl"], "SendMessage")
    _check_size(entries)
    if queue.fifo:
        _check_groups(queue, entries)
    seal = sealing.sealer(call, tx, seat, queue) if queue.key else None
    moments = {entry["Id"]: tx.now + position * MICROSECOND for position, entry in enumerate(entries)}

    def send(entry: batches.Entry) -> Response:
        draft = contents.draft(entry, call.trace)
        draft = seal(draft) if seal else draft
        try:
            return _sent(messages.send(seat, queue, draft, moments[entry["Id"]]), draft)
        except MessageTooLong as refusal:
            raise EntryTooLong(**refusal.values) from None

    return batches.run(entries, send)


def _check_size(entries: list[batches.Entry]) -> None:
    size = sum(len(entry["MessageBody"].encode()) + _attributes_size(entry) for entry in entries)
    if size > attributes.SIZE_MAX:
        raise BatchRequestTooLong(limit=attributes.SIZE_MAX, size=size)


def _attributes_size(entry: batches.Entry) -> int:
    def size(value: str | bytes) -> int:
        return len(value.encode() if isinstance(value, str) else value)

    given = (entry.get("MessageAttributes") or {}).items()
    return sum(size(name) + sum(size(part) for part in value.values()) for name, value in given)


def _check_groups(queue: Queue, entries: list[batches.Entry]) -> None:
    """What a FIFO queue asks of every entry; AWS refuses the whole batch if one lacks it."""
    for entry in entries:
        if not entry.get("MessageGroupId"):
            raise ParameterRefused(message=MissingParameter(parameter="MessageGroupId").message)
        if not entry.get("MessageDeduplicationId") and not queue.on("ContentBasedDeduplication"):
            raise messages.DeduplicationMissing()


class Look(NamedTuple):
    """What a receiver asks for. `hidden_s` and `wait_s` are None where the queue's own hold."""

    url: str
    most: int
    hidden_s: int | None
    wait_s: int | None
    system_names: frozenset[str]
    names: tuple[str, ...]
    attempt: str


def _look(request: Request) -> Look:
    most = request.get("MaxNumberOfMessages", 1)
    if not 1 <= most <= 10:
        raise InvalidParameterValue(value=most, parameter="MaxNumberOfMessages", reason=MOST_WORDS)
    wait_s, hidden_s = request.get("WaitTimeSeconds"), request.get("VisibilityTimeout")
    if wait_s is not None and not 0 <= wait_s <= 20:
        raise InvalidParameterValue(value=wait_s, parameter="WaitTimeSeconds", reason=WAIT_WORDS)
    if hidden_s is not None:
        messages.check_hidden(hidden_s)
    system = (*request.get("AttributeNames", ()), *request.get("MessageSystemAttributeNames", ()))
    names = frozenset(SYSTEM_ATTRIBUTES if "All" in system else system)
    attempt = contents.label(request, "ReceiveRequestAttemptId")
    return Look(
        request["QueueUrl"], most, hidden_s, wait_s, names, tuple(request.get("MessageAttributeNames", ())), attempt
    )  # fmt: skip


class Seen(NamedTuple):
    """What one look found: messages as told, how long the queue waits, and when there may be more."""

    messages: list[Response]
    wait_s: int
    more_at: float


@sqs.operation(needs={"sqs:ReceiveMessage": queue_arn})
async def receive_message(call: Call, request: Request) -> Response:
    """Answer at once what is there; else wait for the queue's bell or the next message to become visible."""
    look = _look(request)
    started_at = call.now
    account, name = address(call, look.url)
    with call.within(account).listen("sqs", name) as bell:
        while True:
            seen = await call.transact(_take, call, look)
            until = started_at + (seen.wait_s if look.wait_s is None else look.wait_s)
            if seen.messages or call.now >= until:
                return {"Messages": seen.messages} if seen.messages else {}
            await bell.wait(min(until, seen.more_at))


def _take(tx: Tx, call: Call, look: Look) -> Seen:
    seat, queue = opened(call, tx, look.url, "ReceiveMessage")
    hidden_s = queue.number("VisibilityTimeout") if look.hidden_s is None else look.hidden_s
    waits_s = queue.number("ReceiveMessageWaitTimeSeconds")
    if messages.full(seat, queue):
        return _nothing_more(queue, waits_s if look.wait_s is None else look.wait_s)
    found = _again(seat, queue, look, hidden_s) or messages.receive(seat, queue, look.most, hidden_s)
    if look.attempt:
        attempts.note(seat, queue, look.attempt, found)
    body = sealing.opener(call, tx)
    told = [_told(queue, message, look, body(message)) for message in found]
    more_at = 0.0 if found else messages.next_visible_at(seat, queue)
    return Seen(told, waits_s, more_at)


def _nothing_more(queue: Queue, wait_s: int) -> Seen:
    """What a queue with too much in flight answers: a standard queue says so to who does not wait."""
    if not (queue.fifo or wait_s):
        raise OverLimit()
    return Seen([], wait_s, float("inf"))


def _again(seat: Tx, queue: Queue, look: Look, hidden_s: int) -> list[Message]:
    """What this very attempt was given before."""
    if not look.attempt:
        return []
    if not queue.fifo:
        raise messages.unfit("ReceiveRequestAttemptId", look.attempt)
    return attempts.again(seat, queue, look.attempt, hidden_s)


def _told(queue: Queue, message: Message, look: Look, body: str) -> Response:
    answer: Response = {
        "MessageId": message.id,
        "ReceiptHandle": receipts.handle(queue, message),
        "MD5OfBody": message.md5,
        "Body": body,
    }
    if look.system_names:
        known = ((name, tell(message)) for name, tell in SYSTEM_ATTRIBUTES.items() if name in look.system_names)
        answer["Attributes"] = {name: text for name, text in known if text}
    if look.names and message.attributes:
        chosen = {name: value for name, value in message.attributes.items() if _chosen(name, look.names)}
        if chosen:
            answer |= {"MessageAttributes": chosen, "MD5OfMessageAttributes": contents.digest(chosen)}
    return answer


def _chosen(name: str, patterns: Iterable[str]) -> bool:
    """Whether an attribute is asked for: by name, by `All`, or by what its name starts with (`trace.*`)."""
    return any(
        pattern in ("All", name) or (pattern.endswith("*") and name.startswith(pattern[:-1].removesuffix(".")))
        for pattern in patterns
    )


@sqs.operation(needs={"sqs:DeleteMessage": queue_arn})
def delete_message(call: Call, tx: Tx, request: Request) -> None:
    messages.delete(*opened(call, tx, request["QueueUrl"], "DeleteMessage"), request["ReceiptHandle"])


@sqs.operation(needs={"sqs:DeleteMessage": queue_arn})
def delete_message_batch(call: Call, tx: Tx, request: Request) -> Response:
    batches.check(request["Entries"], "DeleteMessageBatchRequestEntry")
    seat, queue = opened(call, tx, request["QueueUrl"], "DeleteMessage")
    return batches.run(request["Entries"], lambda entry: messages.delete(seat, queue, entry["ReceiptHandle"]))


@sqs.operation(needs={"sqs:ChangeMessageVisibility": queue_arn})
def change_message_visibility(call: Call, tx: Tx, request: Request) -> None:
    seat, queue = opened(call, tx, request["QueueUrl"], "ChangeMessageVisibility")
    messages.change_visibility(seat, queue, request["ReceiptHandle"], request["VisibilityTimeout"])


@sqs.operation(needs={"sqs:ChangeMessageVisibility": queue_arn})
def change_message_visibility_batch(call: Call, tx: Tx, request: Request) -> Response:
    batches.check(request["Entries"], "ChangeMessageVisibilityBatchRequestEntry")
    seat, queue = opened(call, tx, request["QueueUrl"], "ChangeMessageVisibility")

    def change(entry: batches.Entry) -> None:
        hidden_s = entry.get("VisibilityTimeout", queue.number("VisibilityTimeout"))
        messages.change_visibility(seat, queue, entry["ReceiptHandle"], hidden_s)

    return batches.run(request["Entries"], change)
