"""Operations on gateway responses. They may not know when one is given.

https://docs.aws.amazon.com/apigateway/latest/api/API_GatewayResponse.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.apigateway import apis, errors, patches, responses
from freehold.services.apigateway.service.catalogue import apigateway, at, given, page

ALL = "/restapis/{restApiId}/gatewayresponses"
ONE = ALL + "/{responseType}"


@apigateway.operation(needs=at("PUT", ONE))
def put_gateway_response(call: Call, tx: Tx, request: Request) -> Response:
    kind = request["responseType"]
    responses.check_kind(kind)
    content = apis.draft(tx, request["restApiId"])
    made = responses.stored(kind, given(request, "statusCode", "responseParameters", "responseTemplates"))
    content.responses[kind] = made
    tx.put(content)
    return made


@apigateway.operation(needs=at("GET", ONE))
def get_gateway_response(call: Call, tx: Tx, request: Request) -> Response:
    kind = request["responseType"]
    responses.check_kind(kind)
    return apis.draft(tx, request["restApiId"]).responses.get(kind) or responses.usual(kind)


@apigateway.operation(needs=at("GET", ALL))
def get_gateway_responses(call: Call, tx: Tx, request: Request) -> Response:
    own = apis.draft(tx, request["restApiId"]).responses
    everything = [own.get(kind) or responses.usual(kind) for kind in responses.KINDS]
    return page(everything, request, "responseType")


@apigateway.operation(needs=at("PATCH", ONE))
def update_gateway_response(call: Call, tx: Tx, request: Request) -> Response:
    kind = request["responseType"]
    responses.check_kind(kind)
    content = apis.draft(tx, request["restApiId"])
    response = content.responses.get(kind) or responses.usual(kind) | {"defaultResponse": False}
    patches.apply(response, request.get("patchOperations") or [], patches.GATEWAY_RESPONSE)
    content.responses[kind] = response
    tx.put(content)
    return response


@apigateway.operation(needs=at("DELETE", ONE))
def delete_gateway_response(call: Call, tx: Tx, request: Request) -> None:
    content = apis.draft(tx, request["restApiId"])
    if content.responses.pop(request["responseType"], None) is None:
        raise errors.PartNotFound(what="gateway response")
    tx.put(content)
