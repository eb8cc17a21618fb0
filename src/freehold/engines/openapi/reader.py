"""The reader: a document becomes the description of a REST API.

One idea: one function per thing described, each taking the document and returning a value; faults are gathered and
named together at the end.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from freehold.engines.openapi.description import (
    Authorizer,
    EndpointConfiguration,
    GatewayResponse,
    Method,
    MethodResponse,
    RequestValidator,
    Resource,
    RestApi,
)
from freehold.engines.openapi.document import Document, items, mapping, read, string
from freehold.engines.openapi.errors import ImportErrors
from freehold.engines.openapi.integrations import Findings, integration
from freehold.engines.openapi.schemas import Models
from freehold.engines.openapi.security import authorization, authorizers

OPERATIONS = {
    "get": "GET",
    "put": "PUT",
    "post": "POST",
    "delete": "DELETE",
    "patch": "PATCH",
    "options": "OPTIONS",
    "head": "HEAD",
    "x-amazon-apigateway-any-method": "ANY",
}
"""What a path's members are called in a document, and the methods they make. `trace` is none of API Gateway's."""

PARAMETER_PLACES = {"path": "path", "query": "querystring", "header": "header"}

DEFAULT_CONTENT_TYPE = "application/json"

_PATH_PARAMETER = re.compile(r"\{([^{}]+?)\+?\}")


@dataclass
class _Reading:
    """One document being read, and what was found on the way."""

    document: Document
    models: Models
    authorizers: dict[str, Authorizer]
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def describe(source: str | bytes | Mapping[str, Any], basepath: str = "ignore") -> RestApi:
    """The REST API a document describes.

    `source` is JSON or YAML text, or a parsed document with no intrinsic functions left. `basepath` is ImportRestApi's
    parameter of that name: `ignore`, `prepend`, or `split` (the first part of the base path falls away, the rest is
    prepended). Raises BadDocument, MalformedIntegration, ImportErrors (all BadRequestException).
    """
    document = read(source)
    reading = _Reading(document, Models(document), {each.name: each for each in authorizers(document)})
    resources = _resources(reading, _prefix(document.base_path(), basepath))
    if reading.errors:
        raise ImportErrors(reading.errors)
    content, info = document.content, mapping(document.content.get("info"))
    compression = string(content.get("x-amazon-apigateway-minimum-compression-size"))
    endpoint = _endpoint(content)
    return RestApi(
        name=string(info.get("title")) or "",
        version=string(info.get("version")),
        description=string(info.get("description")),
        resources=resources,
        authorizers=list(reading.authorizers.values()),
        models=reading.models.all(),
        request_validators=_request_validators(content),
        gateway_responses=_gateway_responses(content),
        binary_media_types=[str(each) for each in items(content.get("x-amazon-apigateway-binary-media-types"))],
        api_key_source=(string(content.get("x-amazon-apigateway-api-key-source")) or "HEADER").upper(),
        minimum_compression_size=int(compression) if compression and compression.isdecimal() else None,
        endpoint_configuration=EndpointConfiguration(
            [str(each) for each in items(endpoint.get("types"))],
            [str(each) for each in items(endpoint.get("vpcEndpointIds"))],
        ),
        disable_execute_api_endpoint=endpoint.get("disableExecuteApiEndpoint") in (True, "true"),
        policy=content.get("x-amazon-apigateway-policy"),
        warnings=reading.warnings,
    )


def _prefix(base_path: str, mode: str) -> str:
    """What comes before every path."""
    match mode:
        case "prepend":
            return base_path
        case "split":
            return "".join(f"/{part}" for part in base_path.split("/")[2:])
    return ""


def _resources(reading: _Reading, prefix: str) -> list[Resource]:
    """The tree of resources, with the ones that only lead to others; parents first."""
    methods: dict[str, dict[str, Method]] = {"/": {}}
    for written, item in mapping(reading.document.content.get("paths")).items():
        if str(written).startswith("x-"):
            continue
        parts = [part for part in f"{prefix}/{written}".split("/") if part]
        for depth in range(1, len(parts) + 1):
            methods.setdefault("/" + "/".join(parts[:depth]), {})
        path = "/" + "/".join(parts)
        methods[path] |= _methods(reading, path, reading.document.resolve(item))
    return [_resource(path, methods[path]) for path in sorted(methods)]


def _resource(path: str, methods: dict[str, Method]) -> Resource:
    if path == "/":
        return Resource("/", "", None, methods)
    parent, _, part = path.rpartition("/")
    return Resource(path, part, parent or "/", methods)


def _methods(reading: _Reading, path: str, item: Mapping[str, Any]) -> dict[str, Method]:
    """The methods of one path, by HTTP method."""
    found = {}
    shared = items(item.get("parameters"))
    for member, operation in item.items():
        http_method = OPERATIONS.get(str(member).lower())
        if http_method and isinstance(operation, Mapping):
            findings = Findings(path, http_method, reading.errors, reading.warnings)
            found[http_method] = _method(reading, operation, shared, findings)
    return found


def _method(reading: _Reading, operation: Mapping[str, Any], shared: list[Any], findings: Findings) -> Method:
    document, models = reading.document, reading.models
    parameters = [document.resolve(each) for each in [*shared, *items(operation.get("parameters"))]]
    validator = "x-amazon-apigateway-request-validator"
    return Method(
        http_method=findings.method,
        operation_name=string(operation.get("operationId")),
        request_parameters=_request_parameters(findings.path, parameters),
        request_models=_request_models(document, operation, parameters, models),
        request_validator=string(operation.get(validator) or document.content.get(validator)),
        responses=_method_responses(document, operation, models),
        integration=integration(operation.get("x-amazon-apigateway-integration"), findings),
        **authorization(document, operation, reading.authorizers),
    )


def _request_parameters(path: str, parameters: list[Mapping[str, Any]]) -> dict[str, bool]:
    """Whether each parameter is required. Those in the path always are, declared or not."""
    found = {f"method.request.path.{name}": True for name in _PATH_PARAMETER.findall(path)}
    for each in parameters:
        place = PARAMETER_PLACES.get(str(each.get("in")))
        if place and "name" in each:
            found[f"method.request.{place}.{each['name']}"] = place == "path" or each.get("required") in (True, "true")
    return found


def _request_models(
    document: Document, operation: Mapping[str, Any], parameters: list[Mapping[str, Any]], models: Models
) -> dict[str, str]:
    if not document.swagger:
        return _content_models(document.resolve(operation.get("requestBody")).get("content"), models)
    schema = next((each.get("schema") for each in parameters if each.get("in") == "body"), None)
    return _typed_models(_content_types(document, operation, "consumes"), schema, models)


def _method_responses(document: Document, operation: Mapping[str, Any], models: Models) -> dict[str, MethodResponse]:
    found = {}
    for status, written in mapping(operation.get("responses")).items():
        status_code = str(status)
        if not status_code.isdecimal():
            continue
        response = document.resolve(written)
        if document.swagger:
            types = _content_types(document, operation, "produces")
            named = _typed_models(types, response.get("schema"), models)
        else:
            named = _content_models(response.get("content"), models)
        headers = {f"method.response.header.{name}": False for name in mapping(response.get("headers"))}
        found[status_code] = MethodResponse(status_code, named, headers)
    return found


def _content_types(document: Document, operation: Mapping[str, Any], member: str) -> list[str]:
    types = items(operation.get(member, document.content.get(member)))
    return [str(each) for each in types] or [DEFAULT_CONTENT_TYPE]


def _content_models(content: Any, models: Models) -> dict[str, str]:
    """OpenAPI 3: a schema for each content type."""
    named = ((str(kind), models.name(mapping(media).get("schema"))) for kind, media in mapping(content).items())
    return {kind: name for kind, name in named if name}


def _typed_models(types: list[str], schema: Any, models: Models) -> dict[str, str]:
    """Swagger 2: one schema for all content types."""
    name = models.name(schema)
    return dict.fromkeys(types, name) if name else {}


def _request_validators(content: Mapping[str, Any]) -> list[RequestValidator]:
    return [
        RequestValidator(
            str(name),
            mapping(each).get("validateRequestBody") in (True, "true"),
            mapping(each).get("validateRequestParameters") in (True, "true"),
        )
        for name, each in mapping(content.get("x-amazon-apigateway-request-validators")).items()
    ]


def _gateway_responses(content: Mapping[str, Any]) -> list[GatewayResponse]:
    return [
        GatewayResponse(
            str(kind),
            string(mapping(each).get("statusCode")),
            {str(name): str(value) for name, value in mapping(mapping(each).get("responseParameters")).items()},
            {str(name): str(value) for name, value in mapping(mapping(each).get("responseTemplates")).items()},
        )
        for kind, each in mapping(content.get("x-amazon-apigateway-gateway-responses")).items()
    ]


def _endpoint(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The endpoint configuration: of the document, or of one of its servers."""
    member = "x-amazon-apigateway-endpoint-configuration"
    places = (content, *(mapping(server) for server in items(content.get("servers"))))
    return next((mapping(place[member]) for place in places if member in place), {})
