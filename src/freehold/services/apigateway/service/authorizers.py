"""Operations on authorizers. They may not know how a request is authorized.

https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.apigateway import apis, errors, patches
from freehold.services.apigateway.apis import Content, Document
from freehold.services.apigateway.service.catalogue import apigateway, at, given, page, passing

ALL = "/restapis/{restApiId}/authorizers"
ONE = ALL + "/{authorizerId}"


def _found(content: Content, request: Request) -> Document:
    found = content.authorizers.get(request["authorizerId"])
    if found is None:
        raise errors.PartNotFound(what="Authorizer")
    return found


@apigateway.operation(needs=passing("POST", ALL))
def create_authorizer(call: Call, tx: Tx, request: Request) -> Response:
    content = apis.draft(tx, request["restApiId"])
    if any(each["name"] == request["name"] for each in content.authorizers.values()):
        raise errors.NameTaken(what="Authorizer")
    made: Document = {"id": apis.part_id(tx), "authType": "custom"} | given(
        request, "name", "type", "providerARNs", "authType", "authorizerUri", "authorizerCredentials",
        "identitySource", "identityValidationExpression", "authorizerResultTtlInSeconds",
    )  # fmt: skip
    _check(made)
    if made["type"] != "COGNITO_USER_POOLS":
        made.setdefault("authorizerResultTtlInSeconds", 300)
    content.authorizers[made["id"]] = made
    tx.put(content)
    return made


def _check(authorizer: Document) -> None:
    """Raise if the authorizer lacks what its type needs."""
    kind, ttl = authorizer["type"], authorizer.get("authorizerResultTtlInSeconds", 300)
    if kind == "COGNITO_USER_POOLS" and not authorizer.get("providerARNs"):
        raise errors.BadRequestException(
            message="Invalid ARN format. Please specify at least one Cognito User Pool ARN in providerARNs"
        )
    if kind != "COGNITO_USER_POOLS" and not authorizer.get("authorizerUri"):
        raise errors.BadRequestException(message="Invalid Authorizer URI")
    if kind == "TOKEN" and not authorizer.get("identitySource"):
        raise errors.BadRequestException(message="Identity source is required for a TOKEN authorizer")
    if kind == "REQUEST" and ttl and not authorizer.get("identitySource"):
        raise errors.BadRequestException(
            message="Identity source is required for a REQUEST authorizer when authorization caching is enabled"
        )


@apigateway.operation(needs=at("GET", ONE))
def get_authorizer(call: Call, tx: Tx, request: Request) -> Response:
    return _found(apis.draft(tx, request["restApiId"]), request)


@apigateway.operation(needs=at("GET", ALL))
def get_authorizers(call: Call, tx: Tx, request: Request) -> Response:
    return page(apis.draft(tx, request["restApiId"]).authorizers.values(), request, "id")


@apigateway.operation(needs=passing("PATCH", ONE))
def update_authorizer(call: Call, tx: Tx, request: Request) -> Response:
    content = apis.draft(tx, request["restApiId"])
    found = _found(content, request)
    patches.apply(found, request.get("patchOperations") or [], patches.AUTHORIZER)
    tx.put(content)
    return found


@apigateway.operation(needs=at("DELETE", ONE))
def delete_authorizer(call: Call, tx: Tx, request: Request) -> None:
    content = apis.draft(tx, request["restApiId"])
    _found(content, request)
    del content.authorizers[request["authorizerId"]]
    tx.put(content)
