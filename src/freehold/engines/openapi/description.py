"""The description of a REST API: what a document says, in API Gateway's members.

One idea: these are values, and `msgspec.to_builtins` of one is the input of the API Gateway operation that makes the
thing (`Method` of PutMethod, `Integration` of PutIntegration, and so on), but for ids, which only the API has.
"""

from typing import Any

from msgspec import Struct, field


class IntegrationResponse(Struct, frozen=True, rename="camel", omit_defaults=True):
    """PutIntegrationResponse. A selection pattern of None is the default."""

    status_code: str
    selection_pattern: str | None = None
    response_parameters: dict[str, str] = {}
    response_templates: dict[str, str] = {}
    content_handling: str | None = None


class Integration(Struct, frozen=True, rename="camel", omit_defaults=True):
    """PutIntegration; `http_method` is the method of the backend (that operation's integrationHttpMethod)."""

    type: str
    http_method: str | None = None
    uri: str | None = None
    credentials: str | None = None
    connection_type: str | None = None
    connection_id: str | None = None
    request_parameters: dict[str, str] = {}
    request_templates: dict[str, str] = {}
    passthrough_behavior: str = "WHEN_NO_MATCH"
    content_handling: str | None = None
    timeout_in_millis: int = 29_000
    cache_namespace: str | None = None
    cache_key_parameters: list[str] = []
    tls_config: dict[str, bool] | None = None
    responses: dict[str, IntegrationResponse] = {}
    """By status code."""


class MethodResponse(Struct, frozen=True, rename="camel", omit_defaults=True):
    """PutMethodResponse. Models by content type; of a parameter, whether it is required."""

    status_code: str
    response_models: dict[str, str] = {}
    response_parameters: dict[str, bool] = {}


class Method(Struct, frozen=True, rename="camel", omit_defaults=True):
    """PutMethod. `authorizer` and `request_validator` are names within the same document."""

    http_method: str
    authorization_type: str
    authorizer: str | None = None
    authorization_scopes: list[str] = []
    api_key_required: bool = False
    operation_name: str | None = None
    request_parameters: dict[str, bool] = {}
    request_models: dict[str, str] = {}
    request_validator: str | None = None
    responses: dict[str, MethodResponse] = {}
    """By status code."""
    integration: Integration | None = None


class Resource(Struct, frozen=True, rename="camel"):
    """CreateResource. `parent` is the path of the resource above, None for the root, whose part is empty."""

    path: str
    path_part: str
    parent: str | None
    methods: dict[str, Method] = {}


class Authorizer(Struct, frozen=True, rename="camel", omit_defaults=True):
    """CreateAuthorizer; type is TOKEN, REQUEST or COGNITO_USER_POOLS."""

    name: str
    type: str
    auth_type: str | None = None
    authorizer_uri: str | None = None
    authorizer_credentials: str | None = None
    identity_source: str | None = None
    identity_validation_expression: str | None = None
    authorizer_result_ttl_in_seconds: int | None = None
    provider_arns: list[str] = field(default_factory=list, name="providerARNs")


class Model(Struct, frozen=True, rename="camel", omit_defaults=True):
    """CreateModel. The schema still refers to other models by their place in the document."""

    name: str
    schema: dict[str, Any]
    description: str | None = None
    content_type: str = "application/json"


class RequestValidator(Struct, frozen=True, rename="camel"):
    """CreateRequestValidator."""

    name: str
    validate_request_body: bool = False
    validate_request_parameters: bool = False


class GatewayResponse(Struct, frozen=True, rename="camel", omit_defaults=True):
    """PutGatewayResponse."""

    response_type: str
    status_code: str | None = None
    response_parameters: dict[str, str] = {}
    response_templates: dict[str, str] = {}


class EndpointConfiguration(Struct, frozen=True, rename="camel", omit_defaults=True):
    """The endpointConfiguration of CreateRestApi; empty where the document is silent."""

    types: list[str] = []
    vpc_endpoint_ids: list[str] = []


class RestApi(Struct, frozen=True, rename="camel"):
    """A whole API. `resources` hold the root first and every parent before its children."""

    name: str
    version: str | None
    description: str | None
    resources: list[Resource]
    authorizers: list[Authorizer]
    models: list[Model]
    request_validators: list[RequestValidator]
    gateway_responses: list[GatewayResponse]
    binary_media_types: list[str]
    api_key_source: str
    minimum_compression_size: int | None
    endpoint_configuration: EndpointConfiguration
    disable_execute_api_endpoint: bool
    policy: Any
    warnings: list[str]
