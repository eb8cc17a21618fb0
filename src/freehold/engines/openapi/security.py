"""Security: authorizers from security schemes, and what a method's security requirement makes of it.

One idea: a scheme is an authorizer, an AWS signature or an API key; a method's authorization follows from which.
"""

from collections.abc import Mapping
from typing import Any

from freehold.engines.openapi.description import Authorizer
from freehold.engines.openapi.document import Document, items, mapping, string

AUTHORIZER_TYPES = {"token": "TOKEN", "request": "REQUEST", "cognito_user_pools": "COGNITO_USER_POOLS"}


def authorizers(document: Document) -> list[Authorizer]:
    """An authorizer for each scheme with x-amazon-apigateway-authorizer."""
    schemes = ((str(name), document.resolve(scheme)) for name, scheme in document.security_schemes.items())
    return [
        _authorizer(name, scheme) for name, scheme in schemes if mapping(scheme.get("x-amazon-apigateway-authorizer"))
    ]


def _authorizer(name: str, scheme: Mapping[str, Any]) -> Authorizer:
    extension = mapping(scheme["x-amazon-apigateway-authorizer"])
    ttl = string(extension.get("authorizerResultTtlInSeconds"))
    header = f"method.request.header.{scheme.get('name')}" if scheme.get("in") == "header" else None
    written = str(extension.get("type", "token"))
    return Authorizer(
        name=name,
        type=AUTHORIZER_TYPES.get(written.lower(), written.upper()),
        auth_type=string(scheme.get("x-amazon-apigateway-authtype")),
        authorizer_uri=string(extension.get("authorizerUri")),
        authorizer_credentials=string(extension.get("authorizerCredentials")),
        identity_source=string(extension.get("identitySource")) or header,
        identity_validation_expression=string(extension.get("identityValidationExpression")),
        authorizer_result_ttl_in_seconds=int(ttl) if ttl and ttl.isdecimal() else None,
        provider_arns=[str(arn) for arn in items(extension.get("providerARNs"))],
    )


def authorization(document: Document, operation: Mapping[str, Any], known: Mapping[str, Authorizer]) -> dict[str, Any]:
    """The members of Method that security decides: the operation's own requirement, or else the document's.

    Each entry of the requirement is looked at in turn; the last authorizer counts, and API keys are asked for besides.
    """
    found: dict[str, Any] = {"authorization_type": "NONE"}
    for requirement in items(operation.get("security", document.content.get("security"))):
        for name, scopes in mapping(requirement).items():
            found |= _required(str(name), document.resolve(document.security_schemes.get(name)), items(scopes), known)
    extension = mapping(operation.get("x-amazon-apigateway-auth"))
    if isinstance(kind := extension.get("type"), str):
        key = {"api_key_required": found.get("api_key_required", False)}
        found = {"authorization_type": kind.upper(), **key} if kind.upper() in ("NONE", "AWS_IAM") else found
    return found


def _required(
    name: str, scheme: Mapping[str, Any], scopes: list[Any], known: Mapping[str, Authorizer]
) -> dict[str, Any]:
    authorizer = known.get(name)
    if authorizer is not None:
        cognito = authorizer.type == "COGNITO_USER_POOLS"
        return {
            "authorization_type": "COGNITO_USER_POOLS" if cognito else "CUSTOM",
            "authorizer": name,
            "authorization_scopes": [str(scope) for scope in scopes],
        }
    if str(scheme.get("x-amazon-apigateway-authtype", "")).lower() == "awssigv4":
        return {"authorization_type": "AWS_IAM"}
    is_key = scheme.get("type") == "apiKey" and str(scheme.get("name", "")).lower() == "x-api-key"
    return {"api_key_required": True} if is_key else {}
