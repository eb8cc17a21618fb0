"""What keeps a pipe from reading, as its StateReason tells it.

One idea: the role's permissions are looked up, and the source is looked at, before a pipe says that it runs. It may not
know states.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html
"""

from typing import Any

from freehold.engines.addresses import queue_url
from freehold.engines.sources import streams
from freehold.kernel.call import Call
from freehold.kernel.errors import AwsError
from freehold.kernel.roles import permitted
from freehold.services.pipes import kinds
from freehold.services.pipes.pipes import Pipe
from freehold.services.pipes.reading.acting import Role

READING = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
INVALID = "Input parameter is invalid from the request due to : {why}"
UNTRUSTING = "The provided customer role can not be assumed by pipes.amazonaws.com"
MAY_NOT = "The provided customer role does not have permissions to call {operation} on SQS"
NO_QUEUE = "Error occurred while ReceiveMessage. SQS Error Code: {code}. SQS Error Message: {words}"
CODES = {"QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue"}
NO_STREAM = "Stream not found: {arn}"
UNREADABLE = (
    "Cannot access stream {arn}. Please ensure the role can perform the {actions} Actions on your stream in IAM."
)
UNTELLABLE = "Error occurred while sending message to {what}: {arn}"
TELLING = {"sqs": ("SendMessage", "SQS queue"), "sns": ("Publish", "SNS topic")}


async def reason(call: Call, pipe: Pipe) -> str:
    """Why a pipe cannot read its source; nothing if it can."""
    why = await _why(call, pipe)
    return INVALID.format(why=why) if why else ""


async def _why(call: Call, pipe: Pipe) -> str:
    try:
        acting = await Role(call, pipe).acting()
    except AwsError as refusal:
        if (refusal.status or 400) >= 500:
            raise
        return UNTRUSTING
    service = streams.service_of(pipe.source)
    why = await (_stream(acting, pipe, service) if service else _queue(acting, pipe))
    return why or await _letters(acting, pipe)


async def _queue(acting: Call, pipe: Pipe) -> str:
    place = kinds.place_of(pipe.source)
    there, url = acting.within(place.account, place.region), queue_url(pipe.source)
    for operation in READING:
        if not await permitted(there, "sqs", operation, {"QueueUrl": url}):
            return MAY_NOT.format(operation=operation)
    try:
        await there.ask("sqs", "GetQueueAttributes", {"QueueUrl": url, "AttributeNames": ["QueueArn"]})
    except AwsError as refusal:
        return NO_QUEUE.format(code=CODES.get(refusal.shape(), refusal.shape()), words=refusal.message)
    return ""


async def _stream(acting: Call, pipe: Pipe, service: streams.Service) -> str:
    place = kinds.place_of(pipe.source)
    there, stream = acting.within(place.account, place.region), streams.stream_of(pipe.source)
    for operation in streams.READING:
        if not await permitted(there, service.name, operation, {service.stream: stream, "ShardIterator": stream}):
            return UNREADABLE.format(arn=pipe.source, actions=streams.ACTIONS)
    try:
        await streams.described(there.ask, pipe.source)
    except AwsError:
        return NO_STREAM.format(arn=pipe.source)
    return ""


async def _letters(acting: Call, pipe: Pipe) -> str:
    """Whether what is given up can be told."""
    arn: Any = pipe.reading.get("DeadLetterConfig", {}).get("Arn")
    if not arn:
        return ""
    place = kinds.place_of(arn)
    operation, what = TELLING.get(place.service, ("", "destination"))
    request = {"QueueUrl": queue_url(arn), "TopicArn": arn, "Message": "", "MessageBody": ""}
    there = acting.within(place.account, place.region)
    if not operation or not await permitted(there, place.service, operation, request):
        return UNTELLABLE.format(what=what, arn=arn)
    return ""
