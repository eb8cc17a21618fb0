"""The CloudFormation types: their steps, carried out by a client."""

import json

import pytest

from freehold.kernel.resources import Want
from freehold.kernel.service import snake
from freehold.services.apigateway import apigateway as catalogue


@pytest.fixture
def carry_out(aws):
    """Carry out a step of a type; the outcome."""
    client = aws("apigateway")

    def run(step, type_name, properties, **more):
        want = Want(aws.account, aws.region, "arn:stack", "shop", "Thing", "ABCDEFGHIJKL", properties, **more)
        steps = catalogue.resources[f"AWS::ApiGateway::{type_name}"].steps[step](want)
        answer = None
        while True:
            try:
                asked = steps.send(answer)
            except StopIteration as end:
                return end.value
            answer = getattr(client, snake(asked.operation))(**asked.request)

    return run


def test_what_sam_makes_of_an_api(aws, carry_out, shorthand):
    body = shorthand.document(
        {"/pets": {"get": shorthand.operation(shorthand.mock(template='"$stageVariables.color"'))}}
    )
    given = {"Body": body, "Parameters": {"endpointConfigurationTypes": "REGIONAL"}, "BinaryMediaTypes": ["image~1png"]}
    given |= {"EndpointConfiguration": {"Types": ["REGIONAL"]}, "Name": "shop"}
    api = carry_out("create", "RestApi", given, tags={"stack": "shop"})
    deployment = carry_out("create", "Deployment", {"RestApiId": api.id, "StageName": "Stage", "Description": "hash"})
    settings = [{"HttpMethod": "*", "ResourcePath": "/*", "LoggingLevel": "INFO", "MetricsEnabled": "true"},
                {"HttpMethod": "GET", "ResourcePath": "/pets", "ThrottlingBurstLimit": 7}]  # fmt: skip
    staged = {"RestApiId": api.id, "DeploymentId": deployment.id, "StageName": "prod", "Variables": {"color": "red"}}
    stage = carry_out("create", "Stage", staged | {"MethodSettings": settings, "TracingEnabled": "false"})

    client = aws("apigateway")
    made = client.get_rest_api(restApiId=api.id)
    assert (made["name"], made["tags"], made["binaryMediaTypes"]) == ("shop", {"stack": "shop"}, ["image/png"])
    assert made["endpointConfiguration"]["types"] == ["REGIONAL"]
    assert api.attributes["RootResourceId"] == made["rootResourceId"]
    kept = client.get_stage(restApiId=api.id, stageName=stage.id)["methodSettings"]
    assert (kept["*/*"]["loggingLevel"], kept["pets/GET"]["throttlingBurstLimit"]) == ("INFO", 7)
    path = f"/_aws/execute-api/{api.id}/prod/pets"
    assert shorthand.send(aws.url, "GET", path, headers={"Accept": "application/json"}).json == "red"

    newer = shorthand.document({"/dogs": {"get": shorthand.operation(shorthand.mock(template='"dogs"'))}})
    carry_out("update", "RestApi", given | {"Body": json.dumps(newer)}, old=given, id=api.id, tags={"stack": "shop"})
    second = carry_out("create", "Deployment", {"RestApiId": api.id, "StageName": "Stage"})
    carry_out("update", "Stage", staged | {"DeploymentId": second.id, "Variables": {}}, old=staged, id="prod")
    carry_out("delete", "Deployment", {"RestApiId": api.id, "StageName": "Stage"}, id=deployment.id)
    assert shorthand.send(aws.url, "GET", f"/_aws/execute-api/{api.id}/prod/dogs").json == "dogs"
    assert client.get_stage(restApiId=api.id, stageName="prod").get("variables", {}) == {}

    for kind, id, properties in (
        ("Stage", "prod", staged), ("Deployment", second.id, {"RestApiId": api.id, "StageName": "Stage"}),
        ("RestApi", api.id, given),
    ):  # fmt: skip
        carry_out("delete", kind, properties, id=id)
    assert client.get_rest_apis()["items"] == []


def test_an_api_made_of_parts(aws, carry_out, shorthand):
    api = carry_out("create", "RestApi", {"Name": "parts"})
    place = {"RestApiId": api.id}
    model = carry_out("create", "Model", place | {"ContentType": "application/json", "Schema": {"type": "object"}})
    check = carry_out("create", "RequestValidator", place | {"Name": "all", "ValidateRequestBody": "true"})
    resource = carry_out(
        "create", "Resource", place | {"ParentId": api.attributes["RootResourceId"], "PathPart": "pets"}
    )
    carry_out("create", "GatewayResponse", place | {"ResponseType": "BAD_REQUEST_BODY", "StatusCode": 422})
    method = place | {
        "ResourceId": resource.id, "HttpMethod": "POST", "AuthorizationType": "NONE", "RequestValidatorId": check.id,
        "RequestModels": {"application/json": model.id}, "RequestParameters": {"method.request.header.X": "false"},
        "MethodResponses": [{"StatusCode": 200, "ResponseParameters": {"method.response.header.X": True}}],
        "Integration": {
            "Type": "MOCK", "RequestTemplates": {"application/json": '{"statusCode": 200}'},
            "IntegrationResponses": [{"StatusCode": 200, "ResponseParameters": {"method.response.header.X": "'1'"}}],
        },
    }  # fmt: skip
    made = carry_out("create", "Method", method)
    carry_out("create", "Deployment", place | {"StageName": "live", "StageDescription": {"LoggingLevel": "ERROR"}})
    path = f"/_aws/execute-api/{api.id}/live/pets"
    assert shorthand.send(aws.url, "POST", path, {}).headers["X"] == "1"
    assert shorthand.send(aws.url, "POST", path, []).status == 422
    changed = method | {"Integration": {"Type": "MOCK"}, "MethodResponses": []}
    assert carry_out("update", "Method", changed, old=method, id=made.id).id == made.id
    shown = aws("apigateway").get_method(restApiId=api.id, resourceId=resource.id, httpMethod="POST")
    assert "integrationResponses" not in shown["methodIntegration"]
    for kind, id, properties in (
        ("Method", made.id, method),
        ("Resource", resource.id, place),
        ("Model", model.id, place),
    ):
        carry_out("delete", kind, properties, id=id)


def test_the_account(aws, carry_out):
    role = f"arn:aws:iam::{aws.account}:role/logs"
    made = carry_out("create", "Account", {"CloudWatchRoleArn": role})
    assert aws("apigateway").get_account()["cloudwatchRoleArn"] == role
    carry_out("delete", "Account", {}, id=made.id)
