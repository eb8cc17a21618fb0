"""Operations on integrations and their responses. They may not know how an integration is carried out.

https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
"""

import re

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.apigateway import apis, errors, imports, patches, trees
from freehold.services.apigateway.apis import Content, Document
from freehold.services.apigateway.service.catalogue import METHOD, apigateway, at, given, passing, refuse

RESPONSES = "integrationResponses"
INTEGRATION = METHOD + "/integration"
RESPONSE = INTEGRATION + "/responses/{statusCode}"
SERVICE_URI = re.compile(r"arn:[\w-]+:apigateway:[^:]+:[^:]+:(path|action)/.*", re.DOTALL)
HTTP_URI = re.compile(r"https?://[^\s/].*|.*\$\{stageVariables\..*", re.IGNORECASE | re.DOTALL)
TIMEOUT_MS = range(50, 29_001)


def _integration(content: Content, request: Request) -> Document:
    return trees.integration(content, request["resourceId"], request["httpMethod"])


def _check(integration: Document) -> None:
    """Raise if the integration could never be carried out."""
    kind, uri = integration["type"], integration.get("uri") or ""
    if integration["timeoutInMillis"] not in TIMEOUT_MS:
        raise errors.BadRequestException(message="Timeout should be between 50 ms and 29000 ms")
    if kind == "MOCK":
        return
    if not integration.get("httpMethod"):
        raise errors.BadRequestException(message="Enumeration value for HttpMethod must be non-empty")
    if kind.startswith("HTTP") and not HTTP_URI.fullmatch(uri):
        raise errors.BadRequestException(message="Invalid HTTP endpoint specified for URI")
    if kind.startswith("AWS") and not uri.startswith("arn:"):
        raise errors.BadRequestException(message="Invalid ARN specified in the request")
    if kind.startswith("AWS") and not SERVICE_URI.fullmatch(uri):
        raise errors.BadRequestException(message="AWS ARN for integration must contain path or action")


@apigateway.operation(needs=passing("PUT", INTEGRATION))
def put_integration(call: Call, tx: Tx, request: Request) -> Response:
    refuse(request, "integrationTarget")
    if request.get("responseTransferMode") == "STREAM":
        refuse(request, "responseTransferMode")
    content = apis.draft(tx, request["restApiId"])
    method = trees.method(content, request["resourceId"], request["httpMethod"])
    wanted = given(
        request, "type", "uri", "connectionType", "connectionId", "credentials", "requestParameters",
        "requestTemplates", "passthroughBehavior", "cacheNamespace", "cacheKeyParameters", "contentHandling",
        "timeoutInMillis", "tlsConfig",
    )  # fmt: skip
    if request.get("integrationHttpMethod"):
        wanted["httpMethod"] = request["integrationHttpMethod"]
    if wanted["type"].startswith("HTTP"):
        wanted.setdefault("connectionType", "INTERNET")
    made = imports.integrated(wanted, request["resourceId"])
    _check(made)
    kept = method.get("methodIntegration", {}).get(RESPONSES)
    method["methodIntegration"] = made | ({RESPONSES: kept} if kept else {})
    tx.put(content)
    return method["methodIntegration"]


@apigateway.operation(needs=at("GET", INTEGRATION))
def get_integration(call: Call, tx: Tx, request: Request) -> Response:
    return _integration(apis.draft(tx, request["restApiId"]), request)


@apigateway.operation(needs=passing("PATCH", INTEGRATION))
def update_integration(call: Call, tx: Tx, request: Request) -> Response:
    content = apis.draft(tx, request["restApiId"])
    integration = _integration(content, request)
    patches.apply(integration, request.get("patchOperations") or [], patches.INTEGRATION)
    _check(integration)
    tx.put(content)
    return integration


@apigateway.operation(needs=at("DELETE", INTEGRATION))
def delete_integration(call: Call, tx: Tx, request: Request) -> None:
    content = apis.draft(tx, request["restApiId"])
    _integration(content, request)
    del trees.method(content, request["resourceId"], request["httpMethod"])["methodIntegration"]
    tx.put(content)


@apigateway.operation(needs=at("PUT", RESPONSE))
def put_integration_response(call: Call, tx: Tx, request: Request) -> Response:
    content = apis.draft(tx, request["restApiId"])
    responses = _integration(content, request).setdefault(RESPONSES, {})
    made = given(
        request, "statusCode", "selectionPattern", "responseParameters", "responseTemplates", "contentHandling"
    )
    responses[request["statusCode"]] = made
    tx.put(content)
    return made


@apigateway.operation(needs=at("GET", RESPONSE))
def get_integration_response(call: Call, tx: Tx, request: Request) -> Response:
    integration = _integration(apis.draft(tx, request["restApiId"]), request)
    return trees.response(integration, RESPONSES, request["statusCode"])


@apigateway.operation(needs=at("PATCH", RESPONSE))
def update_integration_response(call: Call, tx: Tx, request: Request) -> Response:
    content = apis.draft(tx, request["restApiId"])
    response = trees.response(_integration(content, request), RESPONSES, request["statusCode"])
    patches.apply(response, request.get("patchOperations") or [], patches.INTEGRATION_RESPONSE)
    tx.put(content)
    return response


@apigateway.operation(needs=at("DELETE", RESPONSE))
def delete_integration_response(call: Call, tx: Tx, request: Request) -> None:
    content = apis.draft(tx, request["restApiId"])
    integration = _integration(content, request)
    trees.response(integration, RESPONSES, request["statusCode"])
    del integration[RESPONSES][request["statusCode"]]
    tx.put(content)
