"""Operations on methods and their responses. They may not know integrations.

https://docs.aws.amazon.com/apigateway/latest/api/API_Method.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.apigateway import apis, errors, patches, trees
from freehold.services.apigateway.apis import Content, Document
from freehold.services.apigateway.service.catalogue import METHOD, apigateway, at, given

RESPONSES = "methodResponses"
RESPONSE = METHOD + "/responses/{statusCode}"
AUTHORIZED = ("CUSTOM", "COGNITO_USER_POOLS")


def _method(content: Content, request: Request) -> Document:
    return trees.method(content, request["resourceId"], request["httpMethod"])


def _check(content: Content, method: Document) -> None:
    """Raise if the method names an authorizer, validator or model that is not there."""
    if method["authorizationType"] in AUTHORIZED and method.get("authorizerId") not in content.authorizers:
        raise errors.UnknownAuthorizer()
    if method.get("requestValidatorId") and method["requestValidatorId"] not in content.validators:
        raise errors.UnknownValidator()
    for name in method.get("requestModels", {}).values():
        if name not in content.models:
            raise errors.UnknownModel(name=name)


@apigateway.operation(needs=at("PUT", METHOD))
def put_method(call: Call, tx: Tx, request: Request) -> Response:
    content = apis.draft(tx, request["restApiId"])
    methods = trees.resource(content, request["resourceId"]).setdefault("resourceMethods", {})
    name = request["httpMethod"]
    if name in methods:
        raise errors.MethodExists()
    method = {"httpMethod": name, "apiKeyRequired": False} | given(
        request, "authorizationType", "authorizerId", "apiKeyRequired", "operationName", "requestParameters",
        "requestModels", "requestValidatorId", "authorizationScopes",
    )  # fmt: skip
    _check(content, method)
    methods[name] = method
    tx.put(content)
    return method


@apigateway.operation(needs=at("GET", METHOD))
def get_method(call: Call, tx: Tx, request: Request) -> Response:
    return _method(apis.draft(tx, request["restApiId"]), request)


@apigateway.operation(needs=at("PATCH", METHOD))
def update_method(call: Call, tx: Tx, request: Request) -> Response:
    content = apis.draft(tx, request["restApiId"])
    method = _method(content, request)
    patches.apply(method, request.get("patchOperations") or [], patches.METHOD)
    _check(content, method)
    tx.put(content)
    return method


@apigateway.operation(needs=at("DELETE", METHOD))
def delete_method(call: Call, tx: Tx, request: Request) -> None:
    content = apis.draft(tx, request["restApiId"])
    _method(content, request)
    methods = trees.resource(content, request["resourceId"])["resourceMethods"]
    del methods[request["httpMethod"]]
    if not methods:
        del trees.resource(content, request["resourceId"])["resourceMethods"]
    tx.put(content)


@apigateway.operation(needs=at("PUT", RESPONSE))
def put_method_response(call: Call, tx: Tx, request: Request) -> Response:
    content = apis.draft(tx, request["restApiId"])
    responses = _method(content, request).setdefault(RESPONSES, {})
    if request["statusCode"] in responses:
        raise errors.ResponseExists()
    made = responses[request["statusCode"]] = given(request, "statusCode", "responseParameters", "responseModels")
    tx.put(content)
    return made


@apigateway.operation(needs=at("GET", RESPONSE))
def get_method_response(call: Call, tx: Tx, request: Request) -> Response:
    method = _method(apis.draft(tx, request["restApiId"]), request)
    return trees.response(method, RESPONSES, request["statusCode"])


@apigateway.operation(needs=at("PATCH", RESPONSE))
def update_method_response(call: Call, tx: Tx, request: Request) -> Response:
    content = apis.draft(tx, request["restApiId"])
    response = trees.response(_method(content, request), RESPONSES, request["statusCode"])
    patches.apply(response, request.get("patchOperations") or [], patches.METHOD_RESPONSE)
    tx.put(content)
    return response


@apigateway.operation(needs=at("DELETE", RESPONSE))
def delete_method_response(call: Call, tx: Tx, request: Request) -> None:
    content = apis.draft(tx, request["restApiId"])
    method = _method(content, request)
    trees.response(method, RESPONSES, request["statusCode"])
    del method[RESPONSES][request["statusCode"]]
    tx.put(content)
