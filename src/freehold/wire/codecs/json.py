"""AWS JSON 1.0 and 1.1: POST /, the operation in X-Amz-Target, a JSON object each way.

One idea: a request is one tree, translated by a closure per operation. It may not know any service's rules.
Specification: Smithy 2.0, "AWS JSON 1.0 protocol", "AWS JSON 1.1 protocol".
"""

import zlib
from functools import cache

from freehold.kernel.errors import AwsError
from freehold.wire.codecs import coral, eventstream, jsons
from freehold.wire.codecs.bodies import whole
from freehold.wire.codecs.faults import SerializationException, UnknownOperationException, query_error, refusal
from freehold.wire.codecs.trees import Translate
from freehold.wire.http import HttpRequest, HttpResponse
from freehold.wire.models import Operation, ServiceModel

OLDER = ("dynamodb",)  # whose words for what is not of its shape are its own
CHECKSUMMED = ("dynamodb", "dynamodbstreams")  # their answers carry x-amz-crc32


class Json:
    """The codec of one service; see `freehold.wire.codecs.Codec`."""

    protocol = "json"

    def __init__(self, model: ServiceModel):
        self.model = model
        self.content_type = f"application/x-amz-json-{model.metadata.json_version}"
        self._readers, self._writers = jsons.readers(), jsons.writers()
        self._reader, self._writer = cache(self._compile_reader), cache(self._compile_writer)
        self._bodies = jsons.bodies(self._readers, self._writers, self.content_type)

    def operation_of(self, http: HttpRequest) -> Operation:
        """The operation that X-Amz-Target names; UnknownOperationException if there is none."""
        name = http.headers.get("x-amz-target").rpartition(".")[2]
        operation = self.model.operations.get(name)
        if operation is None:
            raise UnknownOperationException
        return operation

    def parse(self, operation: Operation, http: HttpRequest) -> dict:
        """The request; SerializationException if the body is no JSON object or a member is not of its type."""
        tree = jsons.load(whole(http))
        if type(tree) is not dict and type(tree) is not list:
            raise SerializationException(message="")
        try:
            return self._reader(operation.name)(tree)
        except SerializationException:
            if self.model.service not in OLDER or operation.input is None:
                raise
            return self._reader(operation.name)(coral.mend(operation.input.target, tree))

    def answer(self, operation: Operation, response: dict, request_id: str) -> HttpResponse:
        """The response as a JSON object, or as events of which the first is the rest of the response."""
        body = jsons.dump(self._writer(operation.name)(response))
        if not operation.output_stream:
            return self._reply(200, body, request_id)
        events, stream = eventstream.of(operation, response, self._bodies)
        headers = [("content-type", eventstream.CONTENT_TYPE), ("x-amzn-requestid", request_id)]
        return HttpResponse(200, headers, stream.write(events, first=body))

    def refuse(self, operation: Operation | None, error: AwsError, request_id: str) -> HttpResponse:
        """The error as `__type`, its message and its members."""
        refused = refusal(self.model, self.protocol, error)
        tree = {"__type": refused.full_name} | jsons.error_tree(self._writers, refused)
        reply = self._reply(refused.status, jsons.dump(tree), request_id)
        reply.headers += query_error(self.model, refused)
        return reply

    def _reply(self, status: int, body: bytes, request_id: str) -> HttpResponse:
        headers = [("content-type", self.content_type), ("x-amzn-requestid", request_id)]
        if self.model.service in CHECKSUMMED:
            headers.append(("x-amz-crc32", str(zlib.crc32(body))))
        return HttpResponse(status, headers, body)

    def _compile_reader(self, name: str) -> Translate:
        use = self.model.operations[name].input
        return self._readers.structure(use.target) if use else self._readers.members({})

    def _compile_writer(self, name: str) -> Translate:
        use = self.model.operations[name].output
        return self._writers.structure(use.target) if use else self._writers.members({})
