"""Operations on request validators. They may not know how a request is validated.

https://docs.aws.amazon.com/apigateway/latest/api/API_RequestValidator.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.apigateway import apis, errors, patches
from freehold.services.apigateway.apis import Content, Document
from freehold.services.apigateway.service.catalogue import apigateway, at, given, page

ALL = "/restapis/{restApiId}/requestvalidators"
ONE = ALL + "/{requestValidatorId}"


def _found(content: Content, request: Request) -> Document:
    found = content.validators.get(request["requestValidatorId"])
    if found is None:
        raise errors.PartNotFound(what="Request Validator")
    return found


@apigateway.operation(needs=at("POST", ALL))
def create_request_validator(call: Call, tx: Tx, request: Request) -> Response:
    content = apis.draft(tx, request["restApiId"])
    usual: Document = {"validateRequestBody": False, "validateRequestParameters": False}
    made: Document = {"id": apis.part_id(tx)} | usual | given(
        request, "name", "validateRequestBody", "validateRequestParameters"
    )  # fmt: skip
    content.validators[made["id"]] = made
    tx.put(content)
    return made


@apigateway.operation(needs=at("GET", ONE))
def get_request_validator(call: Call, tx: Tx, request: Request) -> Response:
    return _found(apis.draft(tx, request["restApiId"]), request)


@apigateway.operation(needs=at("GET", ALL))
def get_request_validators(call: Call, tx: Tx, request: Request) -> Response:
    return page(apis.draft(tx, request["restApiId"]).validators.values(), request, "id")


@apigateway.operation(needs=at("PATCH", ONE))
def update_request_validator(call: Call, tx: Tx, request: Request) -> Response:
    content = apis.draft(tx, request["restApiId"])
    found = _found(content, request)
    patches.apply(found, request.get("patchOperations") or [], patches.VALIDATOR)
    tx.put(content)
    return found


@apigateway.operation(needs=at("DELETE", ONE))
def delete_request_validator(call: Call, tx: Tx, request: Request) -> None:
    content = apis.draft(tx, request["restApiId"])
    _found(content, request)
    del content.validators[request["requestValidatorId"]]
    tx.put(content)
