"""Smithy RPC v2 CBOR: POST /service/{service}/operation/{operation}, a CBOR map each way; and CBOR 1.1, which is AWS
JSON with such maps in place of JSON.

One idea: the same trees as JSON with other leaves: bytes are bytes and times are tagged. It may not know any service's
rules. Specification: Smithy 2.0, "Smithy RPC v2 CBOR protocol"; CBOR 1.1 as the AWS SDKs for Java speak it to Kinesis.
"""

from datetime import datetime
from functools import cache
from typing import Any

import cbor2

from freehold.kernel.errors import AwsError
from freehold.wire.codecs import CBOR_1_1, eventstream, jsons, plaincbor, texts
from freehold.wire.codecs.bodies import whole
from freehold.wire.codecs.faults import SerializationException, UnknownOperationException, query_error, refusal
from freehold.wire.codecs.trees import Compiler, Direction, Leaf, Translate, outward_wrong
from freehold.wire.http import HttpRequest, HttpResponse
from freehold.wire.models import Member, Operation, ServiceModel, Shape

CONTENT_TYPE = "application/cbor"
EPOCH = 1  # the tag of a time in seconds


def _read_blob(value: Any) -> bytes:
    raise jsons.wrong(value, "blob")


def _read_time(value: Any) -> texts.Seconds:
    if isinstance(value, datetime):
        return texts.seconds(value.timestamp())
    if type(value) not in (int, float):
        raise jsons.wrong(value, "timestamp")
    return value


INWARD: dict[str, Leaf] = jsons.INWARD | {"blob": (bytes, _read_blob), "timestamp": (None, _read_time)}
OUTWARD: dict[str, Leaf] = jsons.OUTWARD | {
    "blob": (bytes, lambda value: value.encode() if isinstance(value, str) else bytes(value)),
    "float": (float, float),
    "double": (float, float),
    "timestamp": (None, lambda value: cbor2.CBORTag(EPOCH, texts.seconds(round(value, 3)))),
}


# Times of CBOR 1.1 are whole milliseconds under the tag for seconds.
MILLIS_IN: dict[str, Leaf] = INWARD | {"timestamp": (None, lambda value: _read_time(value) / 1_000)}
MILLIS_OUT: dict[str, Leaf] = OUTWARD | {"timestamp": (None, lambda value: cbor2.CBORTag(EPOCH, round(value * 1_000)))}


def _load(body: bytes) -> Any:
    try:
        return cbor2.loads(body) if body else {}
    except (cbor2.CBORDecodeError, ValueError, RecursionError):
        raise SerializationException(message="") from None


class Cbor:
    """The codec of one service; see `freehold.wire.codecs.Codec`."""

    protocol = "smithy-rpc-v2-cbor"
    content_type = CONTENT_TYPE
    inward, outward = INWARD, OUTWARD

    def __init__(self, model: ServiceModel):
        self.model = model
        self._readers = Compiler(Direction(True, self._leaf_in, jsons.wrong))
        self._writers = Compiler(Direction(False, self._leaf_out, outward_wrong))
        self._reader, self._writer = cache(self._compile_reader), cache(self._compile_writer)
        self._bodies = eventstream.Bodies(self.content_type, self._write_body, self._read_body)

    def _leaf_in(self, use: Member) -> Leaf:
        return self.inward[use.target.type]

    def _leaf_out(self, use: Member) -> Leaf:
        return self.outward[use.target.type]

    def operation_of(self, http: HttpRequest) -> Operation:
        """The operation that the path names; UnknownOperationException if there is none."""
        operation = self.model.operations.get(http.path.rpartition("/operation/")[2])
        if operation is None:
            raise UnknownOperationException
        return operation

    def parse(self, operation: Operation, http: HttpRequest) -> dict:
        """The request; SerializationException if the body is no CBOR map or a member is not of its type."""
        return self._reader(operation.name)(self._load(whole(http)))

    def answer(self, operation: Operation, response: dict, request_id: str) -> HttpResponse:
        """The response as a CBOR map, or as events of which the first is the rest of the response."""
        body = cbor2.dumps(self._writer(operation.name)(response)) if operation.output else b""
        if not operation.output_stream:
            return self._reply(200, body, request_id)
        events, stream = eventstream.of(operation, response, self._bodies)
        reply = self._reply(200, b"", request_id, eventstream.CONTENT_TYPE)
        reply.body = stream.write(events, first=body)
        return reply

    def refuse(self, operation: Operation | None, error: AwsError, request_id: str) -> HttpResponse:
        """The error as `__type`, its message and its members."""
        refused = refusal(self.model, self.protocol, error)
        tree = {"__type": refused.full_name} | jsons.error_tree(self._writers, refused)
        reply = self._reply(refused.status, cbor2.dumps(tree), request_id)
        reply.headers += query_error(self.model, refused)
        return reply

    def _reply(self, status: int, body: bytes, request_id: str, content_type: str = "") -> HttpResponse:
        headers = [("smithy-protocol", "rpc-v2-cbor"), ("x-amzn-requestid", request_id)]
        if body or content_type:
            headers.append(("content-type", content_type or self.content_type))
        return HttpResponse(status, headers, body)

    def _compile_reader(self, name: str) -> Translate:
        use = self.model.operations[name].input
        return self._readers.structure(use.target) if use else self._readers.members({})

    def _compile_writer(self, name: str) -> Translate:
        use = self.model.operations[name].output
        return self._writers.structure(use.target) if use else self._writers.members({})

    def _load(self, body: bytes) -> Any:
        return _load(body)

    def _write_body(self, shape: Shape) -> Any:
        write = self._writers.structure(shape)
        return lambda value: cbor2.dumps(write(value))

    def _read_body(self, shape: Shape) -> Any:
        read = self._readers.structure(shape)
        return lambda body: read(self._load(body))


class TargetedCbor(Cbor):
    """CBOR 1.1: the operation is in X-Amz-Target, times are milliseconds."""

    protocol = "json"  # in whose model the service's errors are told
    content_type = CBOR_1_1
    inward, outward = MILLIS_IN, MILLIS_OUT

    def _load(self, body: bytes) -> Any:
        try:
            return plaincbor.read(body) if body else {}
        except ValueError:
            raise SerializationException(message="") from None

    def operation_of(self, http: HttpRequest) -> Operation:
        operation = self.model.operations.get(http.headers.get("x-amz-target").rpartition(".")[2])
        if operation is None:
            raise UnknownOperationException
        return operation

    def _reply(self, status: int, body: bytes, request_id: str, content_type: str = "") -> HttpResponse:
        headers = [("content-type", content_type or self.content_type), ("x-amzn-requestid", request_id)]
        return HttpResponse(status, headers, body)
