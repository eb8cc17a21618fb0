"""Pollers: what reads a queue for a function.

One idea: a poller is a loop over the mapping as it stands now: look at it, receive a batch, hand it to a task, look
again; so whatever is changed holds from the next batch on, and what runs may finish. What a function fails on stays in
the queue, which hides it, shows it again, and moves it to its dead-letter queue in the end. It may not know how
functions run.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

import asyncio
import contextlib
import logging
from typing import Any

import msgspec

from freehold.kernel import arns
from freehold.kernel.call import Call, Listener
from freehold.kernel.errors import AwsError
from freehold.sandbox import Result
from freehold.services.lambda_ import errors, invoking, mappings
from freehold.services.lambda_.catalogue import lambda_
from freehold.services.lambda_.invoking import Payload, Target
from freehold.services.lambda_.mappings import Mapping

ATTEND_EVERY_S = 30
LONG_POLL_S = 20
RECEIVE_MAX = DELETE_MAX = 10
BATCH_BYTES_MAX = 6_000_000
AT_ONCE, AT_ONCE_MAX, MORE_PER_S = 5, 1_250, 5
PAUSE_S, PAUSE_MAX_S = 1.0, 60.0
EVERYTHING = {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]}

Item = dict[str, Any]
log = logging.getLogger("freehold.lambda")


@lambda_.keeper(every=ATTEND_EVERY_S, bell="lambda-mappings", over=mappings.attended)
async def attend(call: Call, uuid: str) -> None:
    """Read a mapping's queue until it is disabled or deleted."""
    await Poller(call, uuid).run()


async def permitted(acting: Call, service: str, operation: str, request: dict[str, Any]) -> bool:
    """Whether a role's own policies allow an operation, without doing it."""
    door = acting.door
    try:
        await acting.transact(door.authorize, acting, door.room(service).find(operation), request)
    except AwsError as refusal:
        if (refusal.status or 400) >= 500:
            raise
        return False
    return True


class Poller:
    """The reader of one mapping. `batches` are those under way."""

    def __init__(self, call: Call, uuid: str):
        self.call, self.uuid = call, uuid
        self.batches: set[asyncio.Task] = set()
        self.pause_s = PAUSE_S
        self.full_since: float | None = None

    async def run(self) -> None:
        try:
            while True:
                with self.call.listen("lambda-mapping", self.uuid) as bell:
                    mapping = await self.call.transact(mappings.take_up, self.uuid)
                    if mapping:
                        await self._round(mapping, bell)
                        continue
                await asyncio.gather(*self.batches)
                if await self.call.transact(mappings.lay_down, self.uuid):
                    return
        finally:
            for batch in self.batches:
                batch.cancel()

    async def _round(self, mapping: Mapping, bell: Listener) -> None:
        """Start one batch, or wait until there may be one to start. What is refused is tried again later."""
        try:
            target = await self.call.transact(invoking.target, mapping.function, mapping.qualifier)
            if len(self.batches) >= self._at_once(mapping) or await self._crowded(target):
                await self._wait(bell)
                return
            ready = await invoking.prepare(self.call, target.version)
            items = await self._receive(ready.acting, mapping, bell)
        except AwsError as refusal:
            log.warning("event source mapping %s waits: %s", self.uuid, refusal.message)
            await self._back_off(bell)
            return
        if items:
            batch = asyncio.ensure_future(self._batch(ready.acting, mapping, items))
            self.batches.add(batch)
            batch.add_done_callback(self.batches.discard)

    def _at_once(self, mapping: Mapping) -> int:
        """How many batches may run now: few at first, more the longer the queue keeps them all busy."""
        most = mapping.most_at_once or AT_ONCE_MAX
        if len(self.batches) < AT_ONCE:
            self.full_since = None
            return most
        self.full_since = self.full_since or self.call.now
        return min(most, AT_ONCE + int(MORE_PER_S * (self.call.now - self.full_since)))

    async def _crowded(self, target: Target) -> bool:
        try:
            await invoking.check_concurrency(self.call, target.function)
        except errors.TooManyRequestsException:
            return True
        return False

    async def _wait(self, bell: Listener) -> None:
        """Until a batch ends, the mapping changes, or a second is over."""
        ring = asyncio.ensure_future(bell.wait(self.call.now + PAUSE_S))
        await asyncio.wait({ring, *self.batches}, return_when=asyncio.FIRST_COMPLETED)
        ring.cancel()

    async def _back_off(self, bell: Listener) -> None:
        await bell.wait(self.call.now + self.pause_s)
        self.pause_s = min(self.pause_s * 2, PAUSE_MAX_S)

    async def _receive(self, acting: Call, mapping: Mapping, bell: Listener) -> list[Item]:
        """A batch: what a long poll finds, and more until the batch or its window is full. Empty if the bell rings."""
        size, window_s = mapping.settings["BatchSize"], mapping.settings["MaximumBatchingWindowInSeconds"]
        first = asyncio.ensure_future(self._look(acting, mapping, size, LONG_POLL_S))
        ring = asyncio.ensure_future(bell.wait(self.call.now + 2 * LONG_POLL_S))
        try:
            await asyncio.wait({first, ring}, return_when=asyncio.FIRST_COMPLETED)
            if not first.done():
                return []
            items = first.result()
        finally:
            ring.cancel()
            first.cancel()
        until = self.call.now + window_s
        while items and len(items) < size and (left_s := until - self.call.now) > 0 and weight(items) < BATCH_BYTES_MAX:
            items += await self._look(acting, mapping, size - len(items), min(LONG_POLL_S, max(1, int(left_s))))
        return items

    async def _look(self, acting: Call, mapping: Mapping, most: int, wait_s: int) -> list[Item]:
        """Receive at most ten messages as the function's role; what the filters drop is deleted."""
        request = {"QueueUrl": queue_url(mapping.source), "MaxNumberOfMessages": min(most, RECEIVE_MAX)}
        answer = await acting.ask("sqs", "ReceiveMessage", request | {"WaitTimeSeconds": wait_s} | EVERYTHING)
        items = [record(mapping.source, message) for message in answer.get("Messages", ())]
        kept = [item for item in items if mappings.passes(mapping.patterns, item)]
        await self._delete(acting, mapping, [item for item in items if item not in kept])
        return kept

    async def _batch(self, acting: Call, mapping: Mapping, items: list[Item]) -> None:
        """Run the function on the items, in as many events as their size asks for."""
        try:
            for event in parts(items):
                await self._event(acting, mapping, event)
            self.pause_s = PAUSE_S
        except AwsError as refusal:  # the messages show again when their time is over
            log.warning("event source mapping %s left a batch: %s", self.uuid, refusal.message)
            await self.call.sleep(self.pause_s)
            self.pause_s = min(self.pause_s * 2, PAUSE_MAX_S)

    async def _event(self, acting: Call, mapping: Mapping, items: list[Item]) -> None:
        target = await self.call.transact(invoking.target, mapping.function, mapping.qualifier)
        payload = Payload(self.call.ids.uuid(), msgspec.json.encode({"Records": items}))
        result = await invoking.run(self.call, target, payload)
        await self.call.transact(invoking.write_log, target.version, result)
        failed = failures(result, items, "ReportBatchItemFailures" in mapping.response_types)
        await self._delete(acting, mapping, [item for item in items if item["messageId"] not in failed])

    async def _delete(self, acting: Call, mapping: Mapping, items: list[Item]) -> None:
        url = queue_url(mapping.source)
        for start in range(0, len(items), DELETE_MAX):
            chunk = items[start : start + DELETE_MAX]
            entries = [{"Id": str(at), "ReceiptHandle": item["receiptHandle"]} for at, item in enumerate(chunk)]
            await acting.ask("sqs", "DeleteMessageBatch", {"QueueUrl": url, "Entries": entries})


def queue_url(arn: str) -> str:
    """A URL by which the SQS room knows a queue: its account and name are what counts."""
    place = arns.parse(arn)
    assert place
    return f"http://sqs/{place.account}/{place.resource}"


def record(source: str, message: dict[str, Any]) -> Item:
    """A received message as functions are given it."""
    place = arns.parse(source)
    item = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {name: attribute(one) for name, one in message.get("MessageAttributes", {}).items()},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": source,
        "awsRegion": place.region if place else "",
    }
    if "MD5OfMessageAttributes" in message:
        item["md5OfMessageAttributes"] = message["MD5OfMessageAttributes"]
    return item


def attribute(one: dict[str, Any]) -> dict[str, Any]:
    """A message attribute, its members in lower camel case; binary values become base64 in JSON."""
    told = {name[0].lower() + name[1:]: value for name, value in one.items()}
    return {"stringListValues": [], "binaryListValues": []} | told


def weight(items: list[Item]) -> int:
    """About how many bytes the items take in an event."""
    return sum(len(item["body"].encode()) + 1_000 for item in items)


def parts(items: list[Item]) -> list[list[Item]]:
    """The items in order, in parts that are no larger than an event may be."""
    found: list[list[Item]] = [[]]
    for item in items:
        if found[-1] and weight([*found[-1], item]) > BATCH_BYTES_MAX:
            found.append([])
        found[-1].append(item)
    return found


def failures(result: Result, items: list[Item], reports: bool) -> set[str]:
    """The ids of messages that stay in the queue: all if the function failed or its report cannot be understood.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    everything = {item["messageId"] for item in items}
    if result.status != "ok":
        return everything
    if not reports:
        return set()
    with contextlib.suppress(msgspec.DecodeError, AttributeError, TypeError, KeyError):
        answer = msgspec.json.decode(result.payload or b"null") or {}
        failed = {one["itemIdentifier"] for one in answer.get("batchItemFailures") or ()}
        return failed if failed <= everything else everything
    return everything
