"""Imports: from the description of a document to the content of an API.

One idea: what a document says by path and name is given the ids of this API; `overwrite` forgets what was there first,
`merge` keeps what the document does not speak of. It may not know the dialects of documents.

https://docs.aws.amazon.com/apigateway/latest/developerguide/import-api-aws-variables.html
"""

import json
from collections.abc import Callable
from typing import Any

from msgspec import to_builtins

from freehold.engines import openapi
from freehold.services.apigateway import trees
from freehold.services.apigateway.apis import Content, Document
from freehold.services.apigateway.responses import stored

OVERWRITE = "overwrite"

NewId = Callable[[], str]


def read(body: bytes, parameters: dict[str, str], strict: bool) -> openapi.RestApi:
    """The description of a document. With `strict`, warnings are refused. Raises BadRequestExceptions."""
    described = openapi.describe(body, parameters.get("basepath", "ignore"))
    if strict and described.warnings:
        raise openapi.ImportWarnings(described.warnings)
    return described


def head(described: openapi.RestApi, parameters: dict[str, str]) -> Document:
    """The members of an API's head that the document, or a parameter of the import, speaks of."""
    endpoint = to_builtins(described.endpoint_configuration)
    types = parameters.get("endpointConfigurationTypes")
    found: Document = {
        "name": described.name,
        "description": described.description,
        "version": described.version,
        "binaryMediaTypes": described.binary_media_types or None,
        "minimumCompressionSize": described.minimum_compression_size,
        "apiKeySource": described.api_key_source,
        "disableExecuteApiEndpoint": described.disable_execute_api_endpoint,
        "endpointConfiguration": endpoint | ({"types": types.split(",")} if types else {}) or None,
        "policy": json.dumps(described.policy, separators=(",", ":")) if described.policy else None,
        "warnings": described.warnings or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def write(content: Content, described: openapi.RestApi, new_id: NewId, mode: str = OVERWRITE) -> None:
    """Put what a document describes into the content of an API."""
    if mode == OVERWRITE:
        _clear(content)
    for model in described.models:
        schema = json.dumps(openapi.with_model_urls(model.schema, content.api), indent=2)
        content.models[model.name] = {"id": new_id()} | to_builtins(model) | {"schema": schema}
        content.models[model.name].setdefault("contentType", model.content_type)
    validators = _named(content.validators, described.request_validators, new_id)
    authorizers = _named(content.authorizers, described.authorizers, new_id)
    for authorizer in content.authorizers.values():
        authorizer.setdefault("authType", "custom")
    for response in described.gateway_responses:
        content.responses[response.response_type] = stored(response.response_type, to_builtins(response))
    for resource in described.resources:
        made = trees.grow(content, resource.path, new_id())
        for http_method, method in resource.methods.items():
            document = _method(method, made["id"], validators, authorizers)
            made.setdefault("resourceMethods", {})[http_method] = document


def _clear(content: Content) -> None:
    """Forget everything but the root and the models that every API has."""
    root = trees.root(content)
    content.resources = {root["id"]: {"id": root["id"], "path": "/"}}
    content.models = {name: model for name, model in content.models.items() if name in ("Empty", "Error")}
    content.authorizers, content.validators, content.responses = {}, {}, {}


def _named(kept: dict[str, Document], described: list[Any], new_id: NewId) -> dict[str, str]:
    """Keep what is known by name in a document, under the id it had or a new one; ids by name."""
    ids = {each["name"]: id for id, each in kept.items()}
    for each in described:
        id = ids.setdefault(each.name, new_id())
        kept[id] = {"id": id} | to_builtins(each)
    return ids


def _method(method: openapi.Method, resource: str, validators: dict[str, str], authorizers: dict[str, str]) -> Document:
    document = to_builtins(method)
    responses, integration = document.pop("responses", {}), document.pop("integration", None)
    authorizer, validator = document.pop("authorizer", None), document.pop("requestValidator", None)
    document.setdefault("apiKeyRequired", False)
    if authorizer in authorizers:
        document["authorizerId"] = authorizers[authorizer]
    if validator in validators:
        document["requestValidatorId"] = validators[validator]
    if responses:
        document["methodResponses"] = responses
    if integration:
        document["methodIntegration"] = integrated(integration, resource)
    return document


def integrated(integration: Document, resource: str) -> Document:
    """An integration as it is kept: with the members that AWS always shows, and its responses."""
    kept = {name: value for name, value in integration.items() if name != "responses"}
    usual = {"passthroughBehavior": "WHEN_NO_MATCH", "timeoutInMillis": 29_000}
    kept = usual | {"cacheNamespace": resource, "cacheKeyParameters": []} | kept
    if integration.get("responses"):
        kept["integrationResponses"] = integration["responses"]
    return kept
