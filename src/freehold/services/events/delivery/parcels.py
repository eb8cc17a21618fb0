"""Parcels: how each kind of target is told.

One idea: a kind of target is a row that says which operation is asked with what; all of them take the same text. It may
not know how promises are kept.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from freehold.engines.addresses import log_group, queue_url
from freehold.kernel import arns
from freehold.services.events.delivery import inputs
from freehold.services.events.delivery.inputs import found, shown
from freehold.services.events.event import Event

ENTRIES_MAX, BYTES_MAX = 10, 240_000


class Share(NamedTuple):
    """What one target gets of one event: the target's `members` and ARN, the event and the `text` told of it, the
    moment in epoch seconds, and a source of ids."""

    members: dict[str, Any]
    place: arns.Arn
    event: Event
    text: str
    now: float
    new_id: Callable[[], str]


class Parcel(NamedTuple):
    """A promise to be made: which operation, with what, for which shares."""

    to: str
    operation: str
    request: dict[str, Any]
    shares: tuple[Share, ...] = ()


def _to_queue(share: Share) -> Parcel:
    return Parcel("sqs", "SendMessage", {"QueueUrl": queue_url(str(share.place)), **_message(share)})


def _message(share: Share) -> dict[str, str]:
    group = share.members.get("SqsParameters", {}).get("MessageGroupId")
    return {"MessageBody": share.text} | ({"MessageGroupId": group} if group else {})


def _to_topic(share: Share) -> Parcel:
    return Parcel("sns", "Publish", {"TopicArn": str(share.place), "Message": share.text})


def _to_function(share: Share) -> Parcel:
    return Parcel("lambda", "accept_event", {"FunctionName": str(share.place), "Payload": share.text.encode()})


def _to_machine(share: Share) -> Parcel:
    name = f"{share.event['id']}_{share.new_id()}"
    return Parcel("states", "StartExecution", {"stateMachineArn": str(share.place), "name": name, "input": share.text})


def _to_stream(share: Share) -> Parcel:
    path = share.members.get("KinesisParameters", {}).get("PartitionKeyPath")
    key = shown(found(share.event, path)) if path else ""
    request = {"StreamARN": str(share.place), "Data": share.text.encode(), "PartitionKey": key or share.event["id"]}
    return Parcel("kinesis", "PutRecord", request)


def _to_log(share: Share) -> Parcel:
    request = {"group": log_group(str(share.place)), "stream": share.new_id()}
    return Parcel("logs", "append_lines", request | {"events": [(int(share.now * 1_000), share.text)]})


def _to_bus(share: Share) -> Parcel:
    bus = share.place.resource.removeprefix("event-bus/")
    return Parcel("events", "receive", {"bus": bus, "event": share.event})


def _to_destination(share: Share) -> Parcel:
    request = {"resource": share.place.resource, "text": share.text, "http": _http(share)}
    return Parcel("events", "call_destination", request)


def _to_api(share: Share) -> Parcel:
    return Parcel("events", "call_api", {"resource": share.place.resource, "text": share.text, "http": _http(share)})


def _http(share: Share) -> Any:
    return inputs.dynamic(share.members.get("HttpParameters", {}), share.event)


# By the service of the ARN, and for EventBridge's own by the kind of resource as well.
PARCELS: dict[str, Callable[[Share], Parcel]] = {
    "sqs": _to_queue,
    "sns": _to_topic,
    "lambda": _to_function,
    "states": _to_machine,
    "kinesis": _to_stream,
    "logs": _to_log,
    "events:event-bus": _to_bus,
    "events:api-destination": _to_destination,
    "execute-api": _to_api,
}


def packed(shares: Sequence[Share]) -> Iterator[Parcel]:
    """The parcels for a target's shares: one for each, or for several where the target takes several."""
    place = shares[0].place
    if place.service == "sqs" and len(shares) > 1:
        yield from _to_queue_together(shares)
        return
    own = f"{place.service}:{place.resource.partition('/')[0]}"
    pack = PARCELS.get(own) or PARCELS[place.service]
    for share in shares:
        yield pack(share)._replace(shares=(share,))


def _to_queue_together(shares: Sequence[Share]) -> Iterator[Parcel]:
    """Messages in as few requests as their number and size allow. An entry's id is its share's place among them."""
    batch: list[Share] = []
    size = 0
    for share in shares:
        more = len(share.text.encode())
        if batch and (len(batch) == ENTRIES_MAX or size + more > BYTES_MAX):
            yield _together(batch)
            batch, size = [], 0
        batch.append(share)
        size += more
    yield _together(batch)


def _together(batch: list[Share]) -> Parcel:
    if len(batch) == 1:
        return _to_queue(batch[0])._replace(shares=tuple(batch))
    entries = [{"Id": str(at), **_message(share)} for at, share in enumerate(batch)]
    request = {"QueueUrl": queue_url(str(batch[0].place)), "Entries": entries}
    return Parcel("sqs", "SendMessageBatch", request, tuple(batch))
