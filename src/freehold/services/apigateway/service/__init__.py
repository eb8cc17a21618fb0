"""The API of API Gateway: one function an operation, by noun. It may not know how requests are served."""

from freehold.services.apigateway.service import (
    apis,
    authorizers,
    deployments,
    integrations,
    methods,
    models,
    resources,
    responses,
    settings,
    stages,
    validators,
)
from freehold.services.apigateway.service.catalogue import apigateway

__all__ = [
    "apigateway",
    "apis",
    "authorizers",
    "deployments",
    "integrations",
    "methods",
    "models",
    "resources",
    "responses",
    "settings",
    "stages",
    "validators",
]
