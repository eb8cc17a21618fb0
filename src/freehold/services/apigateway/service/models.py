"""Operations on models: the JSON schemas that bodies are held against.

They may not know how a body is validated.

https://docs.aws.amazon.com/apigateway/latest/api/API_Model.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.apigateway import apis, errors, patches
from freehold.services.apigateway.apis import Content, Document
from freehold.services.apigateway.service.catalogue import apigateway, at, given, page, refuse

MODELS = "/restapis/{restApiId}/models"
MODEL = MODELS + "/{modelName}"


def _model(content: Content, name: str) -> Document:
    found = content.models.get(name)
    if found is None:
        raise errors.ModelNotFound(name=name)
    return found


@apigateway.operation(needs=at("POST", MODELS))
def create_model(call: Call, tx: Tx, request: Request) -> Response:
    content = apis.draft(tx, request["restApiId"])
    if request["name"] in content.models:
        raise errors.NameTaken(what="Model")
    model = {"id": apis.part_id(tx)} | given(request, "name", "description", "schema", "contentType")
    content.models[request["name"]] = model
    tx.put(content)
    return model


@apigateway.operation(needs=at("GET", MODEL))
def get_model(call: Call, tx: Tx, request: Request) -> Response:
    refuse(request, "flatten")
    return _model(apis.draft(tx, request["restApiId"]), request["modelName"])


@apigateway.operation(needs=at("GET", MODELS))
def get_models(call: Call, tx: Tx, request: Request) -> Response:
    return page(apis.draft(tx, request["restApiId"]).models.values(), request, "name")


@apigateway.operation(needs=at("PATCH", MODEL))
def update_model(call: Call, tx: Tx, request: Request) -> Response:
    content = apis.draft(tx, request["restApiId"])
    model = _model(content, request["modelName"])
    patches.apply(model, request.get("patchOperations") or [], patches.MODEL)
    tx.put(content)
    return model


@apigateway.operation(needs=at("DELETE", MODEL))
def delete_model(call: Call, tx: Tx, request: Request) -> None:
    content = apis.draft(tx, request["restApiId"])
    name = request["modelName"]
    _model(content, name)
    for resource in content.resources.values():
        for http_method, method in resource.get("resourceMethods", {}).items():
            if name in method.get("requestModels", {}).values():
                raise errors.ModelInUse(name=name, where=f"{resource['id']}/{http_method}")
    del content.models[name]
    tx.put(content)
