"""Publishing, and what is done with what was promised.

One idea: a published message is promised to everyone in the transaction that answers; the network is met by one
internal operation alone. It may not know protocols.

https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""

import re
from typing import Any

from freehold.engines.hosts import shared
from freehold.kernel import roles
from freehold.kernel.call import Call
from freehold.kernel.deliveries import promise
from freehold.kernel.errors import AwsError
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.outbound import NoAnswer, Order, fetch, masked
from freehold.services.sns import fifo, keys, notices
from freehold.services.sns.archive import notices as archived
from freehold.services.sns.archive import replays
from freehold.services.sns.catalogue import opened, sns, topic_arn
from freehold.services.sns.delivery import deliveries, reports, signing
from freehold.services.sns.errors import (
    BatchEntryIdsNotDistinct,
    BatchRequestTooLong,
    EmptyBatchRequest,
    EndpointFailed,
    EndpointRefused,
    InvalidBatchEntryId,
    InvalidParameter,
    TooManyEntriesInBatchRequest,
)
from freehold.services.sns.notices import Notice
from freehold.services.sns.protection import inbound
from freehold.services.sns.protection.reading import Reading
from freehold.services.sns.push import endpoints
from freehold.services.sns.service.settings import Settings
from freehold.services.sns.subscriptions import PHONE
from freehold.services.sns.topics import Topic
from freehold.web import HttpRequest, HttpResponse

ENTRIES_MAX, ID_MAX = 10, 80
ID = re.compile(r"[A-Za-z0-9_-]*")
PATIENCE_S = 15
TOO_MANY_REQUESTS = 429
SERVICE = "sns.amazonaws.com"


def _publish_needs(call: Call, request: Request) -> list[tuple[str, str]]:
    arn = request.get("TopicArn") or request.get("TargetArn")
    return [("sns:Publish", "*" if request.get("PhoneNumber") else arn or "*")]


@sns.operation(needs=_publish_needs)
def publish(call: Call, tx: Tx, request: Request) -> Response | AwsError:
    arn = request.get("TopicArn") or request.get("TargetArn")
    if request.get("PhoneNumber"):
        return _text_message(tx, request)
    if not arn:
        raise InvalidParameter(reason="TopicArn or TargetArn Reason: no value for required parameter")
    if "TargetArn" in request and not request.get("TopicArn") and ":endpoint/" in arn:
        return _to_device(tx, arn, request)
    seat, topic = opened(tx, arn, "Publish", "TopicArn" if "TopicArn" in request else "TargetArn")
    keys.admit(call, tx, seat, topic)
    notice = notices.notice(request, tx.ids.uuid(), tx.now)
    return _publish(call, seat, topic, notice, _reading(call, seat, topic, [notice]))


def _text_message(tx: Tx, request: Request) -> Response:
    number = request["PhoneNumber"]
    if not PHONE.fullmatch(number):
        raise InvalidParameter(reason=f"PhoneNumber Reason: {number} is not valid to publish to")
    notice = notices.notice(request, tx.ids.uuid(), tx.now)
    settings = tx.get(Settings, "sms")
    sender = settings.values.get("DefaultSenderID", "") if settings else ""
    parcel = deliveries.sms(number, notice.text("sms"), sender)
    promise(tx, parcel.to, parcel.operation, parcel.request)
    return {"MessageId": notice.id}


def _to_device(tx: Tx, arn: str, request: Request) -> Response:
    notice, platform = notices.notice(request, tx.ids.uuid(), tx.now), endpoints.key_of(arn, "TargetArn")[0]
    endpoints.push(tx, arn, notice.texts.get(platform) or notice.text("application"), notice.subject)
    return {"MessageId": notice.id}


def _reading(call: Call, tx: Tx, topic: Topic, some: list[Notice]) -> Reading | None:
    return inbound.read(call, tx, topic, some) if topic.protection else None


def _publish(call: Call, tx: Tx, topic: Topic, notice: Notice, reading: Reading | None) -> Response | AwsError:
    """An error that is returned is one whose audit stays."""
    fifo.check(topic, notice)
    new = True
    if reading:
        inspected = inbound.inspect(call, tx, topic, notice, reading)
        if isinstance(inspected, AwsError):
            return inspected
        notice = inspected
    if topic.fifo:
        notice, new = fifo.enter(tx, topic, notice)
    if new and topic.fifo:
        archived.keep(tx, topic, notice)
    if new:
        deliveries.deliver(tx, topic, notice, shared(call.base_url, call.door.base_url), reading)
    number = {"SequenceNumber": fifo.shown_number(notice.number)} if notice.number else {}
    return {"MessageId": notice.id} | number


@sns.operation(needs={"sns:Publish": topic_arn})
def publish_batch(call: Call, tx: Tx, request: Request) -> Response:
    entries = request["PublishBatchRequestEntries"]
    _check_entries(entries)
    seat, topic = opened(tx, request["TopicArn"], "Publish")
    keys.admit(call, tx, seat, topic)
    if sum(map(notices.size, entries)) > notices.SIZE_MAX:
        raise BatchRequestTooLong()
    if topic.fifo:
        for entry in entries:
            fifo.check(topic, notices.notice(entry, "", tx.now))
    done: list[Response] = []
    failed: list[Response] = []
    some = [_noticed(tx, entry) for entry in entries]
    reading = _reading(call, seat, topic, [notice for notice in some if isinstance(notice, Notice)])
    for entry, notice in zip(entries, some, strict=True):
        outcome = _publish_entry(call, seat, topic, notice, reading)
        if isinstance(outcome, AwsError):
            told = {"Id": entry["Id"], "Code": outcome.shape(), "Message": outcome.message, "SenderFault": True}
            failed.append(told)
        else:
            done.append({"Id": entry["Id"]} | outcome)
    return {"Successful": done, "Failed": failed}


def _noticed(tx: Tx, entry: dict[str, Any]) -> Notice | AwsError:
    try:
        return notices.notice(entry, tx.ids.uuid(), tx.now)
    except AwsError as refusal:
        return refusal


def _publish_entry(
    call: Call, tx: Tx, topic: Topic, notice: Notice | AwsError, reading: Reading | None
) -> Response | AwsError:
    if isinstance(notice, AwsError):
        return notice
    try:
        return _publish(call, tx, topic, notice, reading)
    except AwsError as refusal:
        return refusal


def _check_entries(entries: list[dict[str, Any]]) -> None:
    if not entries:
        raise EmptyBatchRequest()
    if len(entries) > ENTRIES_MAX:
        raise TooManyEntriesInBatchRequest()
    ids = [entry["Id"] for entry in entries]
    for id in ids:
        if len(id) > ID_MAX:
            raise InvalidBatchEntryId(fault="is too long", id=id)
        if not ID.fullmatch(id):
            raise InvalidBatchEntryId(fault="contains an impermissible character", id=id)
    if len(set(ids)) < len(ids):
        raise BatchEntryIdsNotDistinct()


@sns.internal
def settle(call: Call, tx: Tx, request: Request) -> None:
    """Send what could not be delivered to the subscription's dead-letter queue (`operation`, `request`, `region`), and
    write the `report`, in the log of `seat`."""
    if "report" in request:
        reports.write(tx.within(*request["seat"]), request["report"], request["outcome"])
    if "error" in request["outcome"] and "operation" in request:
        seat = tx.within(tx.account, request["region"])
        promise(seat, "sqs", request["operation"], request["request"])


@sns.internal
def replay(call: Call, tx: Tx, request: Request) -> None:
    """The next step of a replay: `topic`, `subscription`, `id`."""
    topic, base_url = tx.get(Topic, request["topic"]), call.door.base_url
    if topic:
        replays.step(tx, **request, send=lambda one, notice: deliveries.send(tx, topic, one, notice, base_url))


@sns.internal
async def post(call: Call, request: Request) -> Response:
    """POST a message to an endpoint: `url`, `headers`, `body`. What an endpoint will not have is not sent again, what
    it cannot take now after each of `pauses`."""
    url, body = request["url"], request["body"].encode()
    try:
        told = await fetch(Order("POST", url, request["headers"], body, PATIENCE_S, body_max=0), call.account)
    except NoAnswer as fault:
        raise EndpointFailed(_pauses(request), endpoint=masked(url), answer=fault) from None
    if 200 <= told.status < 300:
        return {}
    answer = f"{told.status} {told.reason}"
    if 400 <= told.status < 500 and told.status != TOO_MANY_REQUESTS:
        raise EndpointRefused(endpoint=masked(url), answer=answer)
    raise EndpointFailed(_pauses(request), endpoint=masked(url), answer=answer)


@sns.internal
async def pour(call: Call, request: Request) -> Response:
    """Put `data` into the delivery `stream` of an `account`, as the `role` of a subscription."""
    session = await roles.assume(call, request["role"], SERVICE, "sns")
    record = {"DeliveryStreamName": request["stream"], "Record": {"Data": request["data"]}}
    return await session.call.within(request["account"]).ask("firehose", "PutRecord", record)


def _pauses(request: Request) -> float | list[float]:
    return request.get("pauses") or 0.0


@sns.front(path=r"/SimpleNotificationService-[0-9a-f]{32}\.pem")
async def certificate(call: Call, http: HttpRequest) -> HttpResponse:
    """The certificate by which receivers check signatures."""
    key = await call.transact(signing.key_of)
    if key.id not in http.path:
        return HttpResponse(404, [], b"")
    return HttpResponse(200, [("content-type", "application/x-pem-file")], key.certificate)
