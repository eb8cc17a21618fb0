"""Operations on deployments. They may not know how one is served.

https://docs.aws.amazon.com/apigateway/latest/api/API_Deployment.html
"""

from freehold.kernel.call import Call
from freehold.kernel.service import Request, Response
from freehold.kernel.store import Tx
from freehold.services.apigateway import apis, patches
from freehold.services.apigateway.apis import Deployment, Document, Stage
from freehold.services.apigateway.service.catalogue import apigateway, at, given, page, refuse

ALL = "/restapis/{restApiId}/deployments"
ONE = ALL + "/{deploymentId}"


@apigateway.operation(needs=at("POST", ALL))
def create_deployment(call: Call, tx: Tx, request: Request) -> Response:
    """A copy of the draft; with a stage name, that stage is made or moved to it."""
    refuse(request, "canarySettings")
    deployment = apis.deploy(tx, apis.find(tx, request["restApiId"]), request.get("description"))
    if request.get("stageName"):
        _stage(tx, deployment, request)
    return deployment.document


def _stage(tx: Tx, deployment: Deployment, request: Request) -> None:
    document = given(request, "cacheClusterEnabled", "cacheClusterSize", "variables", "tracingEnabled")
    if request.get("stageDescription") is not None:
        document["description"] = request["stageDescription"]
    stage = tx.get(Stage, deployment.api, request["stageName"])
    if stage is None:
        apis.create_stage(tx, deployment.api, request["stageName"], deployment.id, document)
        return
    stage.document |= document | {"deploymentId": deployment.id, "lastUpdatedDate": int(tx.now)}
    tx.put(stage)


def _summary(tx: Tx, deployment: Deployment) -> Document:
    """Which methods a deployment has, by path and verb."""
    content = tx.get(apis.Content, deployment.api, deployment.id)
    found: Document = {}
    for resource in content.resources.values() if content else ():
        for http_method, method in resource.get("resourceMethods", {}).items():
            told = {"authorizationType": method["authorizationType"], "apiKeyRequired": method["apiKeyRequired"]}
            found.setdefault(resource["path"], {})[http_method] = told
    return found


@apigateway.operation(needs=at("GET", ONE))
def get_deployment(call: Call, tx: Tx, request: Request) -> Response:
    apis.find(tx, request["restApiId"])
    deployment = apis.find_deployment(tx, request["restApiId"], request["deploymentId"])
    if "apisummary" in (request.get("embed") or ()):
        return deployment.document | {"apiSummary": _summary(tx, deployment)}
    return deployment.document


@apigateway.operation(needs=at("GET", ALL))
def get_deployments(call: Call, tx: Tx, request: Request) -> Response:
    apis.find(tx, request["restApiId"])
    return page((each.document for each in tx.range(Deployment, request["restApiId"])), request, "id")


@apigateway.operation(needs=at("PATCH", ONE))
def update_deployment(call: Call, tx: Tx, request: Request) -> Response:
    deployment = apis.find_deployment(tx, request["restApiId"], request["deploymentId"])
    patches.apply(deployment.document, request.get("patchOperations") or [], patches.DEPLOYMENT)
    tx.put(deployment)
    return deployment.document


@apigateway.operation(needs=at("DELETE", ONE))
def delete_deployment(call: Call, tx: Tx, request: Request) -> None:
    apis.find(tx, request["restApiId"])
    apis.delete_deployment(tx, request["restApiId"], request["deploymentId"])
