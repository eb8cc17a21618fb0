"""Operations on APIs as a whole. They may not know how requests are served.

https://docs.aws.amazon.com/apigateway/latest/api/API_RestApi.html
"""

from freehold.engines.openapi import RestApi
from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.apigateway import apis, errors, imports, patches
from freehold.services.apigateway.apis import Api, Content, Document
from freehold.services.apigateway.service.catalogue import apigateway, at, given, page, passing

API = "/restapis/{restApiId}"
HEAD = (
    *("name", "description", "version", "binaryMediaTypes", "minimumCompressionSize", "apiKeySource"),
    *("endpointConfiguration", "policy", "tags", "disableExecuteApiEndpoint", "securityPolicy", "endpointAccessMode"),
)


@apigateway.operation(needs=at("POST", "/restapis"))
def create_rest_api(call: Call, tx: Tx, request: Request) -> Response:
    if not request["name"].strip():
        raise errors.NameMissing()
    document = given(request, *HEAD)
    if "endpointConfiguration" in document:
        document["endpointConfiguration"].setdefault("ipAddressType", "ipv4")
    api, content = apis.create(tx, document)
    if request.get("cloneFrom"):
        _clone(tx, content, request["cloneFrom"])
    return api.document


def _clone(tx: Tx, content: Content, source: str) -> None:
    """Fill a new API with what another does, under the other's ids but for the root's."""
    root = next(iter(content.resources.values()))
    original = apis.draft(tx, source)
    copied = {}
    for id, resource in original.resources.items():
        top = resource["path"] == "/"
        copied[root["id"] if top else id] = resource | ({"id": root["id"]} if top else {})
    old_root = next(each["id"] for each in original.resources.values() if each["path"] == "/")
    for resource in copied.values():
        if resource.get("parentId") == old_root:
            resource["parentId"] = root["id"]
    content.resources = copied
    content.authorizers, content.models = original.authorizers, original.models
    content.validators, content.responses = original.validators, original.responses
    tx.put(content)


@apigateway.operation(needs=passing("POST", "/restapis"))
def import_rest_api(call: Call, tx: Tx, request: Request) -> Response:
    parameters = request.get("parameters") or {}
    described = imports.read(request["body"], parameters, bool(request.get("failOnWarnings")))
    api, content = apis.create(tx, imports.head(described, parameters))
    return _written(tx, api, content, described, imports.OVERWRITE)


@apigateway.operation(needs=passing("PUT", API))
def put_rest_api(call: Call, tx: Tx, request: Request) -> Response:
    parameters = request.get("parameters") or {}
    api = apis.find(tx, request["restApiId"])
    described = imports.read(request["body"], parameters, bool(request.get("failOnWarnings")))
    api.document.pop("warnings", None)
    api.document |= imports.head(described, parameters)
    return _written(tx, api, apis.draft(tx, api.id), described, request.get("mode") or "merge")


def _written(tx: Tx, api: Api, content: Content, described: RestApi, mode: str) -> Document:
    imports.write(content, described, lambda: apis.part_id(tx), mode)
    tx.put(content)
    tx.put(api)
    return api.document


@apigateway.operation(needs=at("GET", API))
def get_rest_api(call: Call, tx: Tx, request: Request) -> Response:
    return apis.find(tx, request["restApiId"]).document


@apigateway.operation(needs=at("GET", "/restapis"))
def get_rest_apis(call: Call, tx: Tx, request: Request) -> Response:
    return page((api.document for api in tx.range(Api)), request, "id")


@apigateway.operation(needs=at("PATCH", API))
def update_rest_api(call: Call, tx: Tx, request: Request) -> Response:
    api = apis.find(tx, request["restApiId"])
    patches.apply(api.document, request.get("patchOperations") or [], patches.REST_API)
    if not api.document.get("name"):
        raise errors.NameMissing()
    tx.put(api)
    return api.document


@apigateway.operation(needs=at("DELETE", API))
def delete_rest_api(call: Call, tx: Tx, request: Request) -> None:
    apis.delete(tx, request["restApiId"])
