"""Event streams: framing both ways, and the events of three services."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from freehold.kernel.errors import AwsError
from freehold.wire.codecs import codec
from freehold.wire.codecs.eventstream import BrokenStream, Message, Moment, Stream, decode, encode, messages
from freehold.wire.codecs.jsons import bodies, readers, writers
from freehold.wire.models import model

HEADER = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.binary(max_size=50),
    st.text(max_size=50),
    st.uuids(),
    st.integers(0, 2**50).map(Moment),
)
MESSAGES = st.builds(
    Message, st.dictionaries(st.text(min_size=1, max_size=20), HEADER, max_size=4), st.binary(max_size=200)
)


async def chunks(data: bytes, size: int) -> AsyncIterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


async def collect(items: Any) -> list:
    return [item async for item in items]


@given(st.lists(MESSAGES, max_size=3), st.integers(1, 50))
def test_messages_survive_the_way_in_any_pieces(sent: list[Message], size: int) -> None:
    data = b"".join(encode(message) for message in sent)
    assert asyncio.run(collect(messages(chunks(data, size)))) == sent


@given(st.dictionaries(st.text(min_size=1, max_size=9), HEADER, max_size=4), st.binary(max_size=99))
def test_botocore_reads_them(headers: dict, payload: bytes) -> None:
    buffer = EventStreamBuffer()
    buffer.add_data(encode(Message(headers, payload)))
    read = next(iter(buffer))
    assert read.payload == payload
    assert read.headers == {name: value.bytes if isinstance(value, UUID) else value for name, value in headers.items()}


@pytest.mark.parametrize("at", [0, 9, 20, -1])
def test_damage_is_found(at: int) -> None:
    data = bytearray(encode(Message({":event-type": "x"}, b"payload")))
    data[at] ^= 0x40
    with pytest.raises(BrokenStream):
        decode(bytes(data))


def test_a_stream_that_ends_within_a_message_is_broken() -> None:
    with pytest.raises(BrokenStream):
        asyncio.run(collect(messages(chunks(encode(Message({}, b"payload"))[:-3], 100))))


def events_of(service: str, protocol: str, operation: str, response: dict) -> list[Message]:
    reply = codec(model(service), protocol).answer(model(service).operations[operation], response, "id")
    assert reply.header("content-type") == "application/vnd.amazon.eventstream"
    return asyncio.run(collect(messages(reply.body)))


def test_lambda_streams_chunks() -> None:
    stream = [{"PayloadChunk": {"Payload": b"ab"}}, {"InvokeComplete": {}}]
    chunk, done = events_of(
        "lambda", "rest-json", "InvokeWithResponseStream", {"EventStream": stream, "StatusCode": 200}
    )
    assert chunk == Message(
        {":message-type": "event", ":event-type": "PayloadChunk", ":content-type": "application/octet-stream"}, b"ab"
    )
    assert done.payload == b"{}"


def test_s3_select_writes_records_and_statistics() -> None:
    stream = [{"Records": {"Payload": b"1,2\n"}}, {"Stats": {"Details": {"BytesScanned": 4}}}, {"End": {}}]
    records, stats, _ = events_of("s3", "rest-xml", "SelectObjectContent", {"Payload": stream})
    assert records.payload == b"1,2\n"
    assert stats.headers[":content-type"] == "text/xml"
    assert stats.payload.endswith(b"<Stats><BytesScanned>4</BytesScanned></Stats>")


def test_kinesis_begins_with_the_rest_of_its_response() -> None:
    shard = {"SubscribeToShardEvent": {"Records": [], "ContinuationSequenceNumber": "1", "MillisBehindLatest": 0}}
    first, event = events_of("kinesis", "json", "SubscribeToShard", {"EventStream": [shard]})
    assert (first.headers[":event-type"], first.payload) == ("initial-response", b"{}")
    assert event.payload == b'{"Records":[],"ContinuationSequenceNumber":"1","MillisBehindLatest":0}'


class ResourceNotFoundException(AwsError):
    words = "Gone"


class Odd(AwsError):
    words = "Odd"


@pytest.mark.parametrize(
    ("error", "headers"),
    [
        (ResourceNotFoundException(), {":message-type": "exception", ":exception-type": "ResourceNotFoundException"}),
        (Odd(), {":message-type": "error", ":error-code": "Odd", ":error-message": "Odd"}),
    ],
)
def test_an_error_in_mid_stream_is_a_message(error: AwsError, headers: dict) -> None:
    async def broken() -> AsyncIterator[dict]:
        yield {"SubscribeToShardEvent": {"Records": []}}
        raise error

    *_, last = events_of("kinesis", "json", "SubscribeToShard", {"EventStream": broken()})
    assert headers.items() <= last.headers.items()


def test_streams_are_read_as_they_are_written() -> None:
    union = model("lambda").shapes["InvokeWithResponseStreamResponseEvent"]
    stream = Stream(union, bodies(readers(), writers(), "application/json"))
    events = [{"PayloadChunk": {"Payload": b"x"}}, {"InvokeComplete": {"ErrorCode": "E"}}]
    assert asyncio.run(collect(stream.read(stream.write(events)))) == events
