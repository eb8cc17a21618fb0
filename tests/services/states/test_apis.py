"""Tasks that call deployed APIs of API Gateway."""

import json

import pytest

from .definitions import machine


@pytest.fixture
def api(aws):
    """The address of an API whose /notes answers what it is asked, and 404 otherwise."""
    client = aws("apigateway")
    id = client.create_rest_api(name="notes")["id"]
    root = client.get_resources(restApiId=id)["items"][0]["id"]
    resource = client.create_resource(restApiId=id, parentId=root, pathPart="notes")["id"]
    place = {"restApiId": id, "resourceId": resource, "httpMethod": "POST"}
    client.put_method(**place, authorizationType="NONE")
    client.put_integration(**place, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    client.put_method_response(**place, statusCode="200")
    template = """{"said": $input.json('$'), "q": "$input.params('q')"}"""
    client.put_integration_response(**place, statusCode="200", responseTemplates={"application/json": template})
    client.create_deployment(restApiId=id, stageName="live")
    return f"{id}.execute-api.{aws.region}.amazonaws.com"


def ask(endpoint: str, **more) -> str:
    parameters = {"ApiEndpoint": endpoint, "Method": "POST", "Stage": "live", "Path": "notes", **more}
    return machine(
        ("Ask", {"Type": "Task", "Resource": "arn:aws:states:::apigateway:invoke", "Parameters": parameters})
    )


def test_an_api_answers(flows, api):
    told = flows.run(ask(api, RequestBody={"a": 1}, QueryParameters={"q": ["x"]}))
    output = json.loads(told["output"])
    assert (output["StatusCode"], output["StatusText"]) == (200, "OK")
    assert output["Headers"]["Content-Type"] == ["application/json"]


def test_an_error_of_an_api_is_named_by_its_status(flows, api):
    told = flows.run(ask(api, Path="nowhere"))
    assert told["error"] == "ApiGateway.403" and "Missing Authentication Token" in told["cause"]


def test_an_address_that_no_api_has(flows):
    told = flows.run(ask("example.com"))
    assert told["error"] == "ApiGateway.SdkClientException"
