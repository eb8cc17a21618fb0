"""AWS REST JSON: HTTP bindings with JSON bodies, and errors named in a header.

One idea: `rest_requests` and `rest_responses` with JSON's bodies. It may not know any service's rules.
Specification: Smithy 2.0, "AWS restJson1 protocol".
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import orjson

from freehold.kernel.errors import AwsError
from freehold.wire.codecs import jsons, rest_requests, rest_responses, uris
from freehold.wire.codecs.bodies import Bodies
from freehold.wire.codecs.faults import SerializationException, UnknownOperationException, refusal
from freehold.wire.http import HttpRequest, HttpResponse
from freehold.wire.models import Member, Operation, ServiceModel

CONTENT_TYPE = "application/json"


class RestJson:
    """The codec of one service; see `freehold.wire.codecs.Codec`."""

    protocol = "rest-json"

    def __init__(self, model: ServiceModel):
        self.model = model
        self._readers, self._writers = jsons.readers(), jsons.writers()
        events = jsons.bodies(self._readers, self._writers, CONTENT_TYPE)
        self._bodies = Bodies(
            CONTENT_TYPE, b"{}", self._members_in, self._payload_in, self._members_out, self._payload_out, events
        )
        self._reader, self._writer = cache(self._compile_reader), cache(self._compile_writer)
        self._places = uris.tree(model.operations.values())

    def operation_of(self, http: HttpRequest) -> Operation:
        """The operation at a method and path; UnknownOperationException (404) if there is none."""
        operation = uris.find(self._places, http)
        if operation is None:
            raise UnknownOperationException
        return operation

    def parse(self, operation: Operation, http: HttpRequest) -> dict:
        """The request; SerializationException if the body is no JSON object or a member is not of its type."""
        try:
            return self._reader(operation.name)(http)
        except ValueError as fault:
            raise SerializationException(message=str(fault)) from None

    def answer(self, operation: Operation, response: dict, request_id: str) -> HttpResponse:
        """The response at its status, with headers and a body where the model binds them."""
        said, headers, body = self._writer(operation.name)(response)
        status = said or operation.http.response_code
        if status in rest_responses.NO_BODY:
            body = b""
        return HttpResponse(status, [("x-amzn-requestid", request_id), *headers], body)

    def refuse(self, operation: Operation | None, error: AwsError, request_id: str) -> HttpResponse:
        """The error in x-amzn-errortype, its message and members in the body, or where the model binds them."""
        refused = refusal(self.model, self.protocol, error)
        tree, bound = jsons.error_tree(self._writers, refused), []
        if refused.shape:
            bound = rest_responses.bound(refused.shape, {})(refused.members)
            for name, use in refused.shape.members.items():
                if use.location:
                    tree.pop(use.location_name or name, None)
        headers = [("x-amzn-requestid", request_id), ("x-amzn-errortype", refused.name), *bound]
        return HttpResponse(refused.status, [*headers, ("content-type", CONTENT_TYPE)], orjson.dumps(tree))

    def _compile_reader(self, name: str) -> Callable[[HttpRequest], dict]:
        return rest_requests.inward(self.model.operations[name], self._bodies)

    def _compile_writer(self, name: str) -> Callable[[dict], rest_responses.Laid]:
        output = self.model.operations[name].output
        if output is None:
            return lambda response: (None, [], b"")
        return rest_responses.outward("", output.target, self._bodies)

    def _members_in(self, members: Mapping[str, Member]) -> Callable[[bytes], dict]:
        read = self._readers.members(members)
        return lambda body: read(jsons.load(body)) if body else {}

    def _payload_in(self, use: Member) -> Callable[[bytes], Any]:
        _, read = self._readers.leaf(use)
        return lambda body: read(jsons.load(body))

    def _members_out(self, root: str, members: Mapping[str, Member]) -> Callable[[dict], bytes]:
        write = self._writers.members(members)
        return lambda response: orjson.dumps(write(response))

    def _payload_out(self, name: str, use: Member) -> Callable[[Any], bytes]:
        _, write = self._writers.leaf(use)
        return lambda value: orjson.dumps(write(value))
