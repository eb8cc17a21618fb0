"""Operations on resources. They may not know how requests are matched.

https://docs.aws.amazon.com/apigateway/latest/api/API_Resource.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.apigateway import apis, patches, trees
from freehold.services.apigateway.service.catalogue import RESOURCE, apigateway, at, page

METHODS = "methods"


@apigateway.operation(needs=at("POST", "/restapis/{restApiId}/resources/{parentId}"))
def create_resource(call: Call, tx: Tx, request: Request) -> Response:
    content = apis.draft(tx, request["restApiId"])
    made = trees.add(content, apis.part_id(tx), request["parentId"], request["pathPart"])
    tx.put(content)
    return made


@apigateway.operation(needs=at("GET", RESOURCE))
def get_resource(call: Call, tx: Tx, request: Request) -> Response:
    found = trees.resource(apis.draft(tx, request["restApiId"]), request["resourceId"])
    return found if METHODS in (request.get("embed") or ()) else trees.bare(found)


@apigateway.operation(needs=at("GET", "/restapis/{restApiId}/resources"))
def get_resources(call: Call, tx: Tx, request: Request) -> Response:
    found = apis.draft(tx, request["restApiId"]).resources.values()
    embedded = METHODS in (request.get("embed") or ())
    return page((each if embedded else trees.bare(each) for each in found), request, "id")


@apigateway.operation(needs=at("PATCH", RESOURCE))
def update_resource(call: Call, tx: Tx, request: Request) -> Response:
    content = apis.draft(tx, request["restApiId"])
    changed = trees.resource(content, request["resourceId"])
    patches.apply(changed, request.get("patchOperations") or [], patches.RESOURCE)
    trees.check_part(content, trees.resource(content, changed["parentId"]), changed["pathPart"], changed["id"])
    trees.repath(content, changed["id"])
    tx.put(content)
    return trees.bare(changed)


@apigateway.operation(needs=at("DELETE", RESOURCE))
def delete_resource(call: Call, tx: Tx, request: Request) -> None:
    content = apis.draft(tx, request["restApiId"])
    trees.remove(content, request["resourceId"])
    tx.put(content)
