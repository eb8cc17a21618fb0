"""CloudFormation types of API Gateway.

One idea: most types are a line in a table of parts: which operations make, patch and remove them, and by what they are
called. APIs, deployments, stages and methods have steps of their own. They may not know the store.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApiGateway.html
"""

import json
from typing import Any, NamedTuple

from freehold.engines.coerce import boolean
from freehold.kernel.call import Call
from freehold.kernel.errors import NotImplementedHere
from freehold.kernel.resources import Ask, Ending, Made, Properties, Refused, Steps, Want
from freehold.kernel.service import Request, Response
from freehold.services.apigateway.properties import (
    flagged,
    listed,
    mapped,
    members,
    method_settings,
    replaced,
    scalars,
    settings_at,
)
from freehold.services.apigateway.service import apigateway

ROOM = "apigateway"
GONE = "NotFoundException"
HEAD = ("Name", "Description", "ApiKeySource", "MinimumCompressionSize", "DisableExecuteApiEndpoint", "Policy")
STAGE_SCALARS = ("Description", "CacheClusterEnabled", "CacheClusterSize", "TracingEnabled", "DocumentationVersion")

rest_api = apigateway.resource("AWS::ApiGateway::RestApi", attributes=("RootResourceId", "RestApiId"))
deployment = apigateway.resource("AWS::ApiGateway::Deployment", replaces=("RestApiId",), attributes=("DeploymentId",))
stage = apigateway.resource("AWS::ApiGateway::Stage", replaces=("RestApiId", "StageName"))
method = apigateway.resource("AWS::ApiGateway::Method", replaces=("RestApiId", "ResourceId", "HttpMethod"))
gateway_response = apigateway.resource(
    "AWS::ApiGateway::GatewayResponse", replaces=("RestApiId", "ResponseType"), attributes=("Id",)
)
account = apigateway.resource("AWS::ApiGateway::Account", attributes=("Id",))


def _absent(properties: Properties, *names: str) -> None:
    """Refuse properties that ask for what is not here."""
    for name in names:
        if properties.get(name):
            raise NotImplementedHere(service=ROOM, operation=f"{name} of resources")


# APIs


@apigateway.internal
async def fetch_document(call: Call, request: Request) -> Response:
    """The content of an S3 object, as `body`: for APIs whose document lies in a bucket."""
    body = (await call.ask("s3", "GetObject", request))["Body"]
    return {"body": body if isinstance(body, bytes) else b"".join([chunk async for chunk in body])}


def _document(properties: Properties) -> Any:
    """The document of an API in bytes; None if it has none."""
    if properties.get("Body"):
        body = properties["Body"]
        return body.encode() if isinstance(body, str) else json.dumps(body).encode()
    place = properties.get("BodyS3Location")
    if not place:
        return None
    request = {"Bucket": place["Bucket"], "Key": place["Key"]}
    if place.get("Version"):
        request["VersionId"] = place["Version"]
    answer = yield Ask(ROOM, "fetch_document", request)
    return answer["body"]


def _import(properties: Properties, body: bytes) -> dict[str, Any]:
    request: dict[str, Any] = {"body": body, "failOnWarnings": boolean(properties.get("FailOnWarnings", False))}
    parameters = properties.get("Parameters")
    return request | ({"parameters": {key: str(value) for key, value in parameters.items()}} if parameters else {})


def _patched(id: str, changes: list[dict[str, Any]]) -> Ending:
    if changes:
        yield Ask(ROOM, "UpdateRestApi", {"restApiId": id, "patchOperations": changes})


def _changes(old: Properties, new: Properties) -> list[dict[str, Any]]:
    endpoints = [each.get("EndpointConfiguration") or {} for each in (old, new)]
    types = endpoints[1].get("Types")
    changes = scalars(old, new, *HEAD) + listed(old, new, "BinaryMediaTypes")
    if types and types != endpoints[0].get("Types"):
        changes.append({"op": "replace", "path": "/endpointConfiguration/types/0", "value": types[0]})
    return changes


def _retag(want: Want, arn: str) -> Ending:
    gone, new = want.retagged()
    if gone:
        yield Ask(ROOM, "UntagResource", {"resourceArn": arn, "tagKeys": gone})
    if new:
        yield Ask(ROOM, "TagResource", {"resourceArn": arn, "tags": new})


def _api_arn(want: Want, api: str) -> str:
    return f"arn:aws:apigateway:{want.region}::/restapis/{api}"


def _api_made(answer: dict[str, Any]) -> Made:
    return Made(answer["id"], {"RootResourceId": answer["rootResourceId"], "RestApiId": answer["id"]})


@rest_api.create
def create_rest_api(want: Want) -> Steps:
    given = want.properties
    body = yield from _document(given)
    if body is None:
        request = members(given, *HEAD, "BinaryMediaTypes", "EndpointConfiguration")
        if given.get("CloneFrom"):
            request["cloneFrom"] = given["CloneFrom"]
        tags = want.tagged(given)
        answer = yield Ask(ROOM, "CreateRestApi", request | ({"tags": tags} if tags else {}))
        return _api_made(answer)
    answer = yield Ask(ROOM, "ImportRestApi", _import(given, body))
    yield from _patched(answer["id"], _changes({}, given))
    yield from _retag(want, _api_arn(want, answer["id"]))
    return _api_made(answer)


@rest_api.update
def update_rest_api(want: Want) -> Steps:
    body = yield from _document(want.properties)
    changes = _changes(want.old, want.properties)
    if body is not None:
        request = _import(want.properties, body) | {"mode": want.properties.get("Mode", "overwrite")}
        yield Ask(ROOM, "PutRestApi", request | {"restApiId": want.id})
        changes = _changes({}, want.properties)
    yield from _patched(want.id, changes)
    yield from _retag(want, _api_arn(want, want.id))
    answer = yield Ask(ROOM, "GetRestApi", {"restApiId": want.id})
    return _api_made(answer)


@rest_api.delete
def delete_rest_api(want: Want) -> Ending:
    yield Ask(ROOM, "DeleteRestApi", {"restApiId": want.id})


# Deployments and stages


@deployment.create
def create_deployment(want: Want) -> Steps:
    given = want.properties
    described = given.get("StageDescription") or {}
    _absent(given, "DeploymentCanarySettings")
    _absent(described, "AccessLogSetting", "CanarySetting", "ClientCertificateId")
    request = members(given, "RestApiId", "Description", "StageName")
    if given.get("StageName"):
        request |= members(described, "CacheClusterEnabled", "CacheClusterSize", "Variables", "TracingEnabled")
        if described.get("Description"):
            request["stageDescription"] = described["Description"]
    answer = yield Ask(ROOM, "CreateDeployment", request)
    changes = settings_at("*/*", described) + method_settings({}, described)
    if given.get("StageName") and changes:
        place = members(given, "RestApiId", "StageName")
        yield Ask(ROOM, "UpdateStage", place | {"patchOperations": changes})
    return Made(answer["id"], {"DeploymentId": answer["id"]})


@deployment.update
def update_deployment(want: Want) -> Steps:
    changes = replaced(want, "Description")
    if changes:
        place = {"restApiId": want.properties["RestApiId"], "deploymentId": want.id}
        yield Ask(ROOM, "UpdateDeployment", place | {"patchOperations": changes})
    return Made(want.id, {"DeploymentId": want.id})


@deployment.delete
def delete_deployment(want: Want) -> Ending:
    """The stage that was made with the deployment goes with it, unless it has moved on."""
    api, name = want.properties["RestApiId"], want.properties.get("StageName")
    try:
        if name:
            found = yield Ask(ROOM, "GetStage", {"restApiId": api, "stageName": name})
            if found["deploymentId"] == want.id:
                yield Ask(ROOM, "DeleteStage", {"restApiId": api, "stageName": name})
    except Refused as refusal:
        if refusal.code != GONE:
            raise
    yield Ask(ROOM, "DeleteDeployment", {"restApiId": api, "deploymentId": want.id})


def _stage_changes(old: Properties, new: Properties) -> list[dict[str, Any]]:
    log = new.get("AccessLogSetting") or {}
    logged = [
        {"op": "replace", "path": f"/accessLogSettings/{name[0].lower()}{name[1:]}", "value": log[name]}
        for name in ("DestinationArn", "Format")
        if log.get(name)
    ]
    return method_settings(old, new) + logged


@stage.create
def create_stage(want: Want) -> Steps:
    given = want.properties
    _absent(given, "CanarySetting", "ClientCertificateId")
    place = {"restApiId": given["RestApiId"], "stageName": given.get("StageName") or "default"}
    request = place | members(given, "DeploymentId", "Variables", *STAGE_SCALARS)
    tags = want.tagged(given)
    yield Ask(ROOM, "CreateStage", request | ({"tags": tags} if tags else {}))
    changes = _stage_changes({}, given)
    if changes:
        yield Ask(ROOM, "UpdateStage", place | {"patchOperations": changes})
    return Made(place["stageName"])


@stage.update
def update_stage(want: Want) -> Steps:
    _absent(want.properties, "CanarySetting", "ClientCertificateId")
    old, new = want.old, want.properties
    changes = replaced(want, "DeploymentId", *STAGE_SCALARS) + mapped(old, new, "Variables") + _stage_changes(old, new)
    if changes:
        place = {"restApiId": new["RestApiId"], "stageName": want.id}
        yield Ask(ROOM, "UpdateStage", place | {"patchOperations": changes})
    yield from _retag(want, f"{_api_arn(want, new['RestApiId'])}/stages/{want.id}")
    return Made(want.id)


@stage.delete
def delete_stage(want: Want) -> Ending:
    request = {"restApiId": want.properties["RestApiId"], "stageName": want.id}
    yield Ask(ROOM, "DeleteStage", request)


# Methods


def _method_place(given: Properties) -> dict[str, Any]:
    return members(given, "RestApiId", "ResourceId", "HttpMethod")


@method.create
def create_method(want: Want) -> Steps:
    """The method, its responses, its integration, and that one's responses."""
    given, place = want.properties, _method_place(want.properties)
    wanted = members(
        given, "AuthorizationType", "AuthorizerId", "AuthorizationScopes", "ApiKeyRequired", "OperationName",
        "RequestParameters", "RequestModels", "RequestValidatorId",
    )  # fmt: skip
    yield Ask(ROOM, "PutMethod", place | {"authorizationType": "NONE"} | flagged(wanted, "requestParameters"))
    for response in given.get("MethodResponses") or ():
        wanted = members(response, "StatusCode", "ResponseModels", "ResponseParameters")
        yield Ask(ROOM, "PutMethodResponse", place | flagged(wanted, "responseParameters"))
    integration = given.get("Integration")
    if integration:
        yield Ask(ROOM, "PutIntegration", place | members(
            integration, "Type", "IntegrationHttpMethod", "Uri", "Credentials", "RequestParameters", "RequestTemplates",
            "PassthroughBehavior", "ContentHandling", "TimeoutInMillis", "CacheNamespace", "CacheKeyParameters",
            "ConnectionType", "ConnectionId", "TlsConfig",
        ))  # fmt: skip
        for response in integration.get("IntegrationResponses") or ():
            wanted = members(
                response, "StatusCode", "SelectionPattern", "ResponseParameters", "ResponseTemplates", "ContentHandling"
            )
            yield Ask(ROOM, "PutIntegrationResponse", place | wanted)
    return Made(want.id or want.name())


@method.update
def update_method(want: Want) -> Steps:
    """Made anew: callers see nothing of it before the next deployment."""
    try:
        yield Ask(ROOM, "DeleteMethod", _method_place(want.old))
    except Refused as refusal:
        if refusal.code != GONE:
            raise
    return (yield from create_method(want))


@method.delete
def delete_method(want: Want) -> Ending:
    yield Ask(ROOM, "DeleteMethod", _method_place(want.properties))


# Gateway responses and the account


@gateway_response.create
def put_gateway_response(want: Want) -> Steps:
    yield Ask(ROOM, "PutGatewayResponse", members(
        want.properties, "RestApiId", "ResponseType", "StatusCode", "ResponseParameters", "ResponseTemplates"
    ))  # fmt: skip
    id = want.id or want.name()
    return Made(id, {"Id": id})


gateway_response.update(put_gateway_response)


@gateway_response.delete
def delete_gateway_response(want: Want) -> Ending:
    place = members(want.properties, "RestApiId", "ResponseType")
    yield Ask(ROOM, "DeleteGatewayResponse", place)


@account.create
def set_account(want: Want) -> Steps:
    role = want.properties.get("CloudWatchRoleArn") or ""
    change = {"op": "replace", "path": "/cloudwatchRoleArn", "value": role}
    yield Ask(ROOM, "UpdateAccount", {"patchOperations": [change]})
    id = want.id or want.name()
    return Made(id, {"Id": id})


account.update(set_account)


@account.delete
def leave_account(want: Want) -> Ending:
    """The role stays: other stacks' APIs may log with it."""
    return
    yield


# Parts that are made, patched and removed by one operation each


class Part(NamedTuple):
    """`noun` is in the names of the operations; `made` the answer's member that Ref gives, `named` what the other
    operations call it, `attribute` what Fn::GetAtt calls it; `properties` are the maker's, `patched` may change."""

    noun: str
    made: str
    named: str
    attribute: str
    properties: tuple[str, ...]
    patched: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ("RestApiId",)
    needed: dict[str, Any] = {}


AUTHORIZER = (
    *("Name", "Type", "AuthType", "AuthorizerUri", "AuthorizerCredentials", "IdentitySource"),
    *("IdentityValidationExpression", "AuthorizerResultTtlInSeconds"),
)
FLAGS = ("ValidateRequestBody", "ValidateRequestParameters")
PARTS = (
    Part("Resource", "id", "resourceId", "ResourceId", ("ParentId", "PathPart"),
         replaces=("RestApiId", "ParentId", "PathPart")),
    Part("Model", "name", "modelName", "", ("Name", "Description", "Schema", "ContentType"), ("Description", "Schema"),
         ("RestApiId", "Name", "ContentType"), {"contentType": "application/json"}),
    Part("RequestValidator", "id", "requestValidatorId", "RequestValidatorId", ("Name", *FLAGS), FLAGS,
         ("RestApiId", "Name")),
    Part("Authorizer", "id", "authorizerId", "AuthorizerId", (*AUTHORIZER, "ProviderARNs"), AUTHORIZER),
)  # fmt: skip


def _declare(part: Part) -> None:
    attributes = (part.attribute,) if part.attribute else ()
    kind = apigateway.resource(f"AWS::ApiGateway::{part.noun}", replaces=part.replaces, attributes=attributes)

    def made(id: str) -> Made:
        return Made(id, dict.fromkeys(attributes, id))

    @kind.create
    def create(want: Want) -> Steps:
        given = members(want.properties, "RestApiId", *part.properties)
        if "Name" in part.properties:
            given.setdefault("name", want.name().replace("-", ""))
        answer = yield Ask(ROOM, f"Create{part.noun}", part.needed | given)
        return made(answer[part.made])

    @kind.update
    def update(want: Want) -> Steps:
        changes = replaced(want, *part.patched) + listed(want.old, want.properties, "ProviderARNs")
        if changes:
            place = {"restApiId": want.properties["RestApiId"], part.named: want.id}
            yield Ask(ROOM, f"Update{part.noun}", place | {"patchOperations": changes})
        return made(want.id)

    @kind.delete
    def delete(want: Want) -> Ending:
        place = {"restApiId": want.properties["RestApiId"], part.named: want.id}
        yield Ask(ROOM, f"Delete{part.noun}", place)


for _part in PARTS:
    _declare(_part)
