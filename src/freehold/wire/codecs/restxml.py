"""AWS REST XML: HTTP bindings with XML bodies, as S3, CloudFront and Route 53 speak it.

One idea: `rest_requests` and `rest_responses` with XML's bodies. S3 differs in three facts: its errors stand bare, its
request ids have other headers, and what it does not know at a place is a method not allowed. It may not know any
service's rules. Specification: Smithy 2.0, "AWS restXml protocol"; Amazon S3, "REST error responses".
"""

from binascii import b2a_base64
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from freehold.kernel.errors import AwsError
from freehold.wire import amendments, presigned
from freehold.wire.codecs import eventstream, rest_requests, rest_responses, uris, xmls
from freehold.wire.codecs.bodies import Bodies
from freehold.wire.codecs.faults import (
    InvalidArgument,
    MalformedXML,
    MethodNotAllowed,
    Refusal,
    UnknownOperationException,
    refusal,
)
from freehold.wire.http import HttpRequest, HttpResponse
from freehold.wire.models import Member, Operation, ServiceModel, Shape

CONTENT_TYPE = "application/xml"
SHOWN = ("additionalMessage",)  # what an error shows of its values besides those in capitals


class RestXml:
    """The codec of one service; see `freehold.wire.codecs.Codec`."""

    protocol = "rest-xml"

    def __init__(self, model: ServiceModel):
        self.model = model
        self.bare = model.service == "s3"
        self._readers, self._writers = xmls.Reader(), xmls.Writer(times=amendments.TIMES.get(model.service, "iso8601"))
        events = eventstream.Bodies("text/xml", self._event_out, self._event_in)
        self._written = {name.lower(): name for name in amendments.WRITTEN.get(model.service, ())}
        self._bodies = Bodies(
            CONTENT_TYPE, b"", self._members_in, self._payload_in, self._members_out, self._payload_out, events,
            self._written,
        )  # fmt: skip
        self._type = (self._written.get(rest_responses.TYPE, rest_responses.TYPE), CONTENT_TYPE)
        self._reader, self._writer = cache(self._compile_reader), cache(self._compile_writer)
        self._places = uris.tree(model.operations.values())

    def operation_of(self, http: HttpRequest) -> Operation:
        """The operation at a method and path, which names the bucket first; MethodNotAllowed (S3) if there is none."""
        operation = uris.find(self._places, http)
        if operation is None:
            raise MethodNotAllowed if self.bare else UnknownOperationException
        return operation

    def parse(self, operation: Operation, http: HttpRequest) -> dict:
        """The request; MalformedXML if the body does not fit, InvalidArgument if a header or argument does not."""
        try:
            return self._reader(operation.name)(presigned.unfolded(http) if self.bare and http.query else http)
        except ValueError as fault:
            raise InvalidArgument(message=str(fault)) from None

    def answer(self, operation: Operation, response: dict, request_id: str) -> HttpResponse:
        """The response at its status, with headers and a body where the model binds them. Which of several statuses of
        success is meant, a response says itself."""
        said, headers, body = self._writer(operation.name)(response)
        status = response.get(amendments.STATUS) or said or operation.http.response_code
        return HttpResponse(status, self._ids(request_id) + headers, body)

    def refuse(self, operation: Operation | None, error: AwsError, request_id: str) -> HttpResponse:
        """The error as an Error element, bare for S3. An answer to HEAD, and a 304, have no body."""
        refused = refusal(self.model, self.protocol, error)
        headers = self._ids(request_id)
        headers += [(key, str(value)) for key, value in refused.extra.items() if key.startswith("x-amz-")]
        if refused.shape:
            headers += rest_responses.bound(refused.shape, self._written)(refused.members)
        if refused.status in rest_responses.NO_BODY or (operation and operation.http.method == "HEAD"):
            return HttpResponse(refused.status, headers)
        body = self._bare(refused, request_id) if self.bare else self._wrapped(refused, request_id)
        return HttpResponse(refused.status, [*headers, self._type], body.encode())

    def _bare(self, refused: Refusal, request_id: str) -> str:
        unmodelled = {key: str(value) for key, value in refused.extra.items() if key[:1].isupper() or key in SHOWN}
        more = "".join(f"<{key}>{xmls.escape(value)}</{key}>" for key, value in unmodelled.items())
        ids = f"<RequestId>{request_id}</RequestId><HostId>{host_id(request_id)}</HostId>"
        return f"{xmls.DECLARATION}<Error>{xmls.error(self._writers, refused)}{more}{ids}</Error>"

    def _wrapped(self, refused: Refusal, request_id: str) -> str:
        error = f"<Error><Type>{refused.blame}</Type>{xmls.error(self._writers, refused)}</Error>"
        inside = f"{error}<RequestId>{request_id}</RequestId>"
        return f"{xmls.DECLARATION}<ErrorResponse{self._declared}>{inside}</ErrorResponse>"

    def _ids(self, request_id: str) -> list[tuple[str, str]]:
        if self.bare:
            return [("x-amz-request-id", request_id), ("x-amz-id-2", host_id(request_id)), ("server", "AmazonS3")]
        return [("x-amzn-requestid", request_id)]

    def _compile_reader(self, name: str) -> Callable[[HttpRequest], dict]:
        return rest_requests.inward(self.model.operations[name], self._bodies)

    def _compile_writer(self, name: str) -> Callable[[dict], rest_responses.Laid]:
        output = self.model.operations[name].output
        if output is None:
            return lambda response: (None, [], b"")
        if name in amendments.UNWRAPPED.get(self.model.service, ()):
            return self._unwrapped(output)
        return rest_responses.outward(output.root, output.target, self._bodies)

    def _unwrapped(self, output: Member) -> Callable[[dict], rest_responses.Laid]:
        ((name, _),) = output.target.members.items()
        start, end = f"<{output.root}{self._declared}", f"</{output.root}>"

        def lay(response: dict) -> rest_responses.Laid:
            text = xmls.escape(response.get(name) or "")
            body = f"{xmls.DECLARATION}{start}>{text}{end}" if text else f"{xmls.DECLARATION}{start}/>"
            return None, [self._type], body.encode()

        return lay

    @property
    def _declared(self) -> str:
        return f' xmlns="{self.model.xml_namespace}"' if self.model.xml_namespace else ""

    def _members_in(self, members: Mapping[str, Member]) -> Callable[[bytes], dict]:
        read = self._readers.members(members)
        return lambda body: _strictly(read, body) if body else {}

    def _payload_in(self, use: Member) -> Callable[[bytes], Any]:
        read = self._readers.element(use)
        return lambda body: _strictly(read, body)

    def _members_out(self, root: str, members: Mapping[str, Member]) -> Callable[[dict], bytes]:
        return _document(self._writers.root(root, self._declared, members))

    def _payload_out(self, name: str, use: Member) -> Callable[[Any], bytes]:
        declared = xmls.xmlns(use.xml_namespace) or self._declared
        return _document(self._writers.root(use.root, declared, use.target.members))

    def _event_out(self, shape: Shape) -> Callable[[dict], bytes]:
        return _document(self._writers.root(shape.name, "", shape.members))

    def _event_in(self, shape: Shape) -> Callable[[bytes], dict]:
        read = self._readers.structure(shape)
        return lambda body: _strictly(read, body)


def _document(write: xmls.Write) -> Callable[[Any], bytes]:
    return lambda value: f"{xmls.DECLARATION}{write(value)}".encode()


def host_id(request_id: str) -> str:
    """What S3 calls the extended request id."""
    return b2a_base64(request_id.encode(), newline=False).decode()


def _strictly(read: xmls.Read, body: bytes) -> Any:
    try:
        return read([xmls.load(body)])
    except ValueError:
        raise MalformedXML from None
