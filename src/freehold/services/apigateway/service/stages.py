"""Operations on stages. They may not know how one is served.

https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.apigateway import apis, patches
from freehold.services.apigateway.apis import Stage
from freehold.services.apigateway.service.catalogue import apigateway, at, given, refuse

ALL = "/restapis/{restApiId}/stages"
ONE = ALL + "/{stageName}"


@apigateway.operation(needs=at("POST", ALL))
def create_stage(call: Call, tx: Tx, request: Request) -> Response:
    refuse(request, "canarySettings")
    api, name = apis.find(tx, request["restApiId"]).id, request["stageName"]
    document = given(
        request, "description", "cacheClusterEnabled", "cacheClusterSize", "variables", "documentationVersion",
        "tracingEnabled", "tags",
    )  # fmt: skip
    return apis.create_stage(tx, api, name, request["deploymentId"], document).document


@apigateway.operation(needs=at("GET", ONE))
def get_stage(call: Call, tx: Tx, request: Request) -> Response:
    apis.find(tx, request["restApiId"])
    return apis.find_stage(tx, request["restApiId"], request["stageName"]).document


@apigateway.operation(needs=at("GET", ALL))
def get_stages(call: Call, tx: Tx, request: Request) -> Response:
    stages = [stage.document for stage in tx.range(Stage, apis.find(tx, request["restApiId"]).id)]
    wanted = request.get("deploymentId")
    return {"item": [stage for stage in stages if wanted in (None, stage["deploymentId"])]}


@apigateway.operation(needs=at("PATCH", ONE))
def update_stage(call: Call, tx: Tx, request: Request) -> Response:
    api = apis.find(tx, request["restApiId"]).id
    stage = apis.find_stage(tx, api, request["stageName"])
    patches.apply(stage.document, request.get("patchOperations") or [], patches.STAGE)
    apis.find_deployment(tx, api, stage.document["deploymentId"])
    stage.document["lastUpdatedDate"] = int(tx.now)
    tx.put(stage)
    return stage.document


@apigateway.operation(needs=at("DELETE", ONE))
def delete_stage(call: Call, tx: Tx, request: Request) -> None:
    apis.find(tx, request["restApiId"])
    apis.delete_stage(tx, request["restApiId"], request["stageName"])
