"""AWS query: a form with an Action, answered in XML, or in JSON for callers that accept only that.

One idea: `forms` in, `xmls` out; the JSON form is the same tree with every absent member null, as API Gateway's
integrations with SQS and SNS show it. It may not know any service's rules.
Specification: Smithy 2.0, "AWS query protocol".
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import orjson

from freehold.kernel.errors import AwsError
from freehold.wire import amendments
from freehold.wire.codecs import forms, jsons, xmls
from freehold.wire.codecs.bodies import whole
from freehold.wire.codecs.faults import (
    InvalidAction,
    MalformedInput,
    MissingAction,
    NotForEndpoint,
    UnknownOperationException,
    refusal,
)
from freehold.wire.http import HttpRequest, HttpResponse
from freehold.wire.models import Member, Operation, ServiceModel, Shape

CONTENT_TYPE = "text/xml"
RESOURCE = re.compile(r"(?:/queue/[a-z0-9-]+)?/\d{12}/[^/]+")


def fields(http: HttpRequest) -> list[tuple[str, str]]:
    """A request's form, wherever it stands. MalformedInput if it is not UTF-8."""
    try:
        return http.form(whole(http))
    except UnicodeDecodeError:
        raise MalformedInput(message="The request is not valid UTF-8.") from None


def standing_for(model: ServiceModel, http: HttpRequest) -> str:
    """The member that the request's path is the value of, if it is a resource's own URL."""
    member = amendments.PATHS.get(model.service, "")
    return member if member and RESOURCE.fullmatch(http.path) else ""


def operation_of(model: ServiceModel, http: HttpRequest) -> Operation:
    """The operation that Action names; MissingAction or InvalidAction if there is none, or none for such a URL."""
    name = next((value for key, value in fields(http) if key == "Action"), "")
    member = standing_for(model, http)
    if not name:
        raise UnknownOperationException if member else MissingAction
    operation = model.operations.get(name)
    known = operation.input.target.members if operation and operation.input else {}
    if member and name not in amendments.ANYWHERE and member not in known:
        raise NotForEndpoint(action=name)
    if operation is None:
        raise InvalidAction(action=name)
    return operation


def parse(reader: forms.Reader, model: ServiceModel, operation: Operation, http: HttpRequest) -> dict:
    """The request; MalformedInput if a parameter is not of its type."""
    if operation.input is None:
        return {}
    try:
        request = reader.structure(operation.input.target)(forms.tree(fields(http)))
    except ValueError as fault:
        raise MalformedInput(message=str(fault)) from None
    member = standing_for(model, http)
    if member in operation.input.target.members:
        request.setdefault(member, http.path)
    return request


def element_name(use: Member, name: str) -> str:
    """What a member's element is called."""
    return use.query_name or use.location_name or name


class Query:
    """The codec of one service; see `freehold.wire.codecs.Codec`."""

    protocol = "query"

    def __init__(self, model: ServiceModel):
        self.model = model
        self._readers, self._writers = forms.Reader(forms.query_names), xmls.Writer(element_name)
        self._writer = cache(self._compile_writer)

    def operation_of(self, http: HttpRequest) -> Operation:
        """The operation that Action names; MissingAction or InvalidAction if there is none."""
        return operation_of(self.model, http)

    def parse(self, operation: Operation, http: HttpRequest) -> dict:
        """The request; MalformedInput if a parameter is not of its type."""
        return parse(self._readers, self.model, operation, http)

    def answer(self, operation: Operation, response: dict, request_id: str) -> HttpResponse:
        """The response in its Result element, and the request id in ResponseMetadata."""
        root = f"{operation.name}Response"
        result = self._writer(operation.name)(response)
        metadata = f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
        return _reply(200, f"<{root}{self._declared}>{result}{metadata}</{root}>", request_id)

    def refuse(self, operation: Operation | None, error: AwsError, request_id: str) -> HttpResponse:
        """The error in an ErrorResponse."""
        refused = refusal(self.model, self.protocol, error)
        if isinstance(error, UnknownOperationException):
            return HttpResponse(404, [("x-amzn-requestid", request_id)], b"<UnknownOperationException/>\n")
        inside = f"<Type>{refused.blame}</Type>{xmls.error(self._writers, refused)}"
        inside += "<Detail/>" if self.model.service in amendments.DETAILED else ""
        body = f"<Error>{inside}</Error><RequestId>{request_id}</RequestId>"
        return _reply(refused.status, f"<ErrorResponse{self._declared}>{body}</ErrorResponse>", request_id)

    @property
    def _declared(self) -> str:
        return f' xmlns="{self.model.xml_namespace}"' if self.model.xml_namespace else ""

    def _compile_writer(self, name: str) -> Callable[[dict], str]:
        output = self.model.operations[name].output
        if output is None or not (output.target.members or output.result_wrapper):
            return lambda response: ""
        wrapper = output.result_wrapper or f"{name}Result"
        write = self._writers.contents(output.target.members)

        def lay(response: dict) -> str:
            inside = write(response)
            return f"<{wrapper}>{inside}</{wrapper}>" if inside else f"<{wrapper}/>"

        return lay


def _reply(status: int, document: str, request_id: str) -> HttpResponse:
    headers = [("content-type", CONTENT_TYPE), ("x-amzn-requestid", request_id)]
    return HttpResponse(status, headers, (xmls.DECLARATION + document).encode())


class QueryJson:
    """The codec of one service for callers that accept application/json; see `freehold.wire.codecs.Codec`."""

    protocol = "query-json"

    def __init__(self, model: ServiceModel):
        self.model = model
        self._readers, self._writers = forms.Reader(forms.query_names), jsons.writers()

    def operation_of(self, http: HttpRequest) -> Operation:
        """The operation that Action names; MissingAction or InvalidAction if there is none."""
        return operation_of(self.model, http)

    def parse(self, operation: Operation, http: HttpRequest) -> dict:
        """The request; MalformedInput if a parameter is not of its type."""
        return parse(self._readers, self.model, operation, http)

    def answer(self, operation: Operation, response: dict, request_id: str) -> HttpResponse:
        """{"XResponse": {"XResult": {…, absent members null}, "ResponseMetadata": {"RequestId": …}}}."""
        name, output = operation.name, operation.output
        inside: dict[str, Any] = {}
        if output and output.target.members:
            tree = self._writers.structure(output.target)(response)
            inside[output.result_wrapper or f"{name}Result"] = self._complete(output.target, tree)
        inside["ResponseMetadata"] = {"RequestId": request_id}
        return self._reply(200, {f"{name}Response": inside}, request_id)

    def refuse(self, operation: Operation | None, error: AwsError, request_id: str) -> HttpResponse:
        """{"Error": {"Code": …, "Message": …, "Type": …}, "RequestId": …}."""
        refused = refusal(self.model, self.protocol, error)
        told = {"Code": refused.code, "Message": refused.message, "Type": refused.blame}
        return self._reply(refused.status, {"Error": told, "RequestId": request_id}, request_id)

    def _complete(self, shape: Shape, tree: Any) -> Any:
        """The tree with null for each absent member."""
        if tree is None:
            return None
        if shape.type == "structure":
            named = ((name, use.location_name or name, use) for name, use in shape.members.items())
            return {self._name(shape, name): self._complete(use.target, tree.get(key)) for name, key, use in named}
        if shape.type == "list" and shape.member:
            return [self._complete(shape.member.target, item) for item in tree]
        if shape.type == "map" and shape.value:
            return {key: self._complete(shape.value.target, item) for key, item in tree.items()}
        return tree

    def _name(self, shape: Shape, name: str) -> str:
        return amendments.QUERY_JSON_NAMES.get(self.model.service, {}).get(f"{shape.name}.{name}", name)

    def _reply(self, status: int, tree: dict, request_id: str) -> HttpResponse:
        headers = [("content-type", "application/json"), ("x-amzn-requestid", request_id)]
        return HttpResponse(status, headers, orjson.dumps(tree))
