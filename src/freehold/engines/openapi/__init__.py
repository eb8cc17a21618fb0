"""OpenAPI 3.0 and Swagger 2.0 with API Gateway's extensions: a document in, the description of a REST API out.

One idea: the two dialects differ only in where things stand, so each is read into one description, whose members are
API Gateway's own; who keeps it need not know that a document existed. It knows no account, no API id and no other
service: references to models and authorizers are by name.

Follows https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html and recorded
imports. Not done: documentation parts, tags, export.
"""

from freehold.engines.openapi.description import (
    Authorizer,
    EndpointConfiguration,
    GatewayResponse,
    Integration,
    IntegrationResponse,
    Method,
    MethodResponse,
    Model,
    RequestValidator,
    Resource,
    RestApi,
)
from freehold.engines.openapi.errors import BadDocument, ImportErrors, ImportWarnings, MalformedIntegration
from freehold.engines.openapi.reader import describe
from freehold.engines.openapi.schemas import with_model_urls

__all__ = [
    "Authorizer",
    "BadDocument",
    "EndpointConfiguration",
    "GatewayResponse",
    "ImportErrors",
    "ImportWarnings",
    "Integration",
    "IntegrationResponse",
    "MalformedIntegration",
    "Method",
    "MethodResponse",
    "Model",
    "RequestValidator",
    "Resource",
    "RestApi",
    "describe",
    "with_model_urls",
]
