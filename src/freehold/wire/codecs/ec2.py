"""EC2 query: a form with an Action, answered in XML without wrappers.

One idea: the query protocol with EC2's names and envelope. It may not know any service's rules.
Specification: Smithy 2.0, "AWS EC2 query protocol".
"""

from functools import cache

from freehold.kernel.errors import AwsError
from freehold.wire.codecs import forms, query, xmls
from freehold.wire.codecs.faults import refusal
from freehold.wire.http import HttpRequest, HttpResponse
from freehold.wire.models import Operation, ServiceModel

CONTENT_TYPE = "text/xml;charset=UTF-8"


class Ec2:
    """The codec of one service; see `freehold.wire.codecs.Codec`."""

    protocol = "ec2"

    def __init__(self, model: ServiceModel):
        self.model = model
        self._readers, self._writers = forms.Reader(forms.ec2_names), xmls.Writer()
        self._writer = cache(self._compile_writer)

    def operation_of(self, http: HttpRequest) -> Operation:
        """The operation that Action names; MissingAction or InvalidAction if there is none."""
        return query.operation_of(self.model, http)

    def parse(self, operation: Operation, http: HttpRequest) -> dict:
        """The request; MalformedInput if a parameter is not of its type."""
        return query.parse(self._readers, self.model, operation, http)

    def answer(self, operation: Operation, response: dict, request_id: str) -> HttpResponse:
        """The response's members beside the request id."""
        root = f"{operation.name}Response"
        members = self._writer(operation.name)(response)
        declared = f' xmlns="{self.model.xml_namespace}"' if self.model.xml_namespace else ""
        return _reply(200, f"<{root}{declared}><requestId>{request_id}</requestId>{members}</{root}>", request_id)

    def refuse(self, operation: Operation | None, error: AwsError, request_id: str) -> HttpResponse:
        """The error in a Response."""
        refused = refusal(self.model, self.protocol, error)
        errors = f"<Errors><Error>{xmls.error(self._writers, refused)}</Error></Errors>"
        return _reply(refused.status, f"<Response>{errors}<RequestID>{request_id}</RequestID></Response>", request_id)

    def _compile_writer(self, name: str) -> xmls.Write:
        output = self.model.operations[name].output
        return self._writers.contents(output.target.members if output else {})


def _reply(status: int, document: str, request_id: str) -> HttpResponse:
    headers = [("content-type", CONTENT_TYPE), ("x-amzn-requestid", request_id)]
    return HttpResponse(status, headers, (xmls.DECLARATION + document).encode())
