"""APIs described piece by piece, patched, listed, removed."""

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def client(aws):
    return aws("apigateway")


@pytest.fixture
def api(client):
    """A new API: its id and its root."""
    made = client.create_rest_api(name="pets", tags={"a": "1"})
    return {"restApiId": made["id"]}, made["rootResourceId"]


@pytest.fixture
def refused():
    class Refused:
        def __init__(self, code, words=""):
            self.code, self.words = code, words

        def __enter__(self):
            return self

        def __exit__(self, kind, error, _):
            assert isinstance(error, ClientError), "nothing was refused"
            told = error.response["Error"]
            assert told["Code"] == self.code and self.words in told["Message"], told
            return True

    return Refused


def patch(op, path, value=None):
    return {"op": op, "path": path} | ({"value": value} if value is not None else {})


def test_an_api_from_birth_to_death(aws, client, api, refused):
    place, root = api
    made = client.get_rest_api(**place)
    assert (made["name"], made["apiKeySource"], made["tags"]) == ("pets", "HEADER", {"a": "1"})
    assert made["endpointConfiguration"]["types"] == ["EDGE"] and made["rootResourceId"] == root
    changed = client.update_rest_api(**place, patchOperations=[
        patch("replace", "/name", "dogs"), patch("add", "/binaryMediaTypes/image~1png"),
        patch("replace", "/endpointConfiguration/types/EDGE", "REGIONAL"),
        patch("replace", "/minimumCompressionSize", "5"),
    ])  # fmt: skip
    assert (changed["name"], changed["binaryMediaTypes"], changed["minimumCompressionSize"]) == (
        "dogs",
        ["image/png"],
        5,
    )
    assert changed["endpointConfiguration"]["types"] == ["REGIONAL"]
    with refused("BadRequestException", "Invalid patch path  '/own' specified for op 'replace'"):
        client.update_rest_api(**place, patchOperations=[patch("replace", "/own", "1")])
    client.delete_rest_api(**place)
    with refused("NotFoundException", f"Invalid API identifier specified {aws.account}:{place['restApiId']}"):
        client.get_rest_api(**place)


def test_lists_have_pages(client):
    ids = {client.create_rest_api(name=f"api-{number}")["id"] for number in range(5)}
    found = client.get_paginator("get_rest_apis").paginate(PaginationConfig={"PageSize": 2})
    pages = [page["items"] for page in found]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert {each["id"] for page in pages for each in page} == ids


def test_resources_are_a_tree(client, api, refused):
    place, root = api
    pets = client.create_resource(**place, parentId=root, pathPart="pets")
    one = client.create_resource(**place, parentId=pets["id"], pathPart="{id}")
    assert (pets["path"], one["path"]) == ("/pets", "/pets/{id}")
    with refused("ConflictException", "Another resource with the same parent already has this name: pets"):
        client.create_resource(**place, parentId=root, pathPart="pets")
    with refused("BadRequestException", "already has a variable path part"):
        client.create_resource(**place, parentId=pets["id"], pathPart="{name}")
    with refused("BadRequestException", "path part only allow"):
        client.create_resource(**place, parentId=root, pathPart="a b")
    client.update_resource(**place, resourceId=pets["id"], patchOperations=[patch("replace", "/pathPart", "dogs")])
    assert client.get_resource(**place, resourceId=one["id"])["path"] == "/dogs/{id}"
    client.delete_resource(**place, resourceId=pets["id"])
    assert [each["path"] for each in client.get_resources(**place)["items"]] == ["/"]
    with refused("BadRequestException"):
        client.delete_resource(**place, resourceId=root)


def test_methods_and_their_integrations(client, api, refused):
    place, root = api
    method = place | {"resourceId": root, "httpMethod": "POST"}
    with refused("NotFoundException", "Invalid Method identifier specified"):
        client.get_method(**method)
    client.put_method(**method, authorizationType="NONE", requestParameters={"method.request.header.X": True})
    with refused("ConflictException"):
        client.put_method(**method, authorizationType="NONE")
    with refused("BadRequestException", "No integration defined for method"):
        client.create_deployment(**place)
    with refused("BadRequestException", "Invalid HTTP endpoint"):
        client.put_integration(**method, type="HTTP", integrationHttpMethod="POST", uri="nowhere")
    made = client.put_integration(**method, type="MOCK", requestTemplates={"application/json": "{}"})
    assert (made["passthroughBehavior"], made["timeoutInMillis"], made["cacheNamespace"]) == (
        "WHEN_NO_MATCH",
        29000,
        root,
    )
    client.put_integration_response(**method, statusCode="200", responseTemplates={"application/json": ""})
    client.put_method_response(**method, statusCode="200", responseModels={"application/json": "Empty"})
    client.update_integration(**method, patchOperations=[
        patch("replace", "/requestTemplates/application~1json", '{"statusCode": 200}'),
        patch("replace", "/timeoutInMillis", "500"),
    ])  # fmt: skip
    shown = client.get_method(**method)
    assert shown["methodIntegration"]["requestTemplates"] == {"application/json": '{"statusCode": 200}'}
    assert shown["methodIntegration"]["integrationResponses"]["200"]["statusCode"] == "200"
    assert shown["methodResponses"]["200"]["responseModels"] == {"application/json": "Empty"}
    assert client.get_resources(**place)["items"][0]["resourceMethods"] == {"POST": {}}
    embedded = client.get_resources(**place, embed=["methods"])["items"][0]["resourceMethods"]
    assert embedded["POST"]["authorizationType"] == "NONE"
    client.delete_method(**method)


def test_stages_and_their_settings(client, api, refused):
    place, root = api
    method = place | {"resourceId": root, "httpMethod": "GET"}
    client.put_method(**method, authorizationType="NONE")
    client.put_integration(**method, type="MOCK")
    deployment = client.create_deployment(**place, description="first")["id"]
    summary = client.get_deployment(**place, deploymentId=deployment, embed=["apisummary"])["apiSummary"]
    assert summary == {"/": {"GET": {"authorizationType": "NONE", "apiKeyRequired": False}}}
    stage = place | {"stageName": "live"}
    client.create_stage(**stage, deploymentId=deployment, variables={"a": "1"})
    with refused("BadRequestException", "Stage name only allows"):
        client.create_stage(**place, stageName="a b", deploymentId=deployment)
    with refused("ConflictException", "Stage already exists"):
        client.create_stage(**stage, deploymentId=deployment)
    changed = client.update_stage(**stage, patchOperations=[
        patch("replace", "/~1orders/GET/logging/loglevel", "INFO"), patch("replace", "/*/*/metrics/enabled", "true"),
        patch("replace", "/variables/b", "2"), patch("remove", "/variables/a"),
        patch("replace", "/*/*/throttling/rateLimit", "5.5"),
    ])  # fmt: skip
    assert changed["variables"] == {"b": "2"}
    assert changed["methodSettings"]["orders/GET"]["loggingLevel"] == "INFO"
    general = changed["methodSettings"]["*/*"]
    assert (general["metricsEnabled"], general["throttlingRateLimit"], general["cachingEnabled"]) == (True, 5.5, False)
    client.update_stage(**stage, patchOperations=[patch("remove", "/*/*")])
    assert list(client.get_stage(**stage)["methodSettings"]) == ["orders/GET"]
    with refused("BadRequestException", "Active stages"):
        client.delete_deployment(**place, deploymentId=deployment)
    client.delete_stage(**stage)
    client.delete_deployment(**place, deploymentId=deployment)
    assert client.get_deployments(**place)["items"] == []


def test_parts(aws, client, api, refused):
    place, root = api
    validator = client.create_request_validator(**place, name="all", validateRequestBody=True)
    assert validator["validateRequestParameters"] is False
    model = client.create_model(**place, name="Pet", contentType="application/json", schema="{}")
    with refused("BadRequestException", "Invalid Request Validator identifier specified"):
        client.put_method(**place, resourceId=root, httpMethod="GET", authorizationType="NONE", requestValidatorId="x")
    with refused("BadRequestException", "Invalid authorizer ID specified"):
        client.put_method(**place, resourceId=root, httpMethod="GET", authorizationType="CUSTOM", authorizerId="x")
    client.put_method(
        **place, resourceId=root, httpMethod="GET", authorizationType="NONE", requestValidatorId=validator["id"],
        requestModels={"application/json": model["name"]},
    )  # fmt: skip
    with refused("ConflictException", "Cannot delete model 'Pet'"):
        client.delete_model(**place, modelName="Pet")
    assert {each["name"] for each in client.get_models(**place)["items"]} == {"Empty", "Error", "Pet"}
    function = f"arn:aws:lambda:us-east-1:{aws.account}:function:f"
    uri = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"
    guard = client.create_authorizer(
        **place, name="guard", type="TOKEN", authorizerUri=uri, identitySource="method.request.header.Authorization"
    )
    changed = client.update_authorizer(
        **place, authorizerId=guard["id"], patchOperations=[patch("replace", "/authorizerResultTtlInSeconds", "0")]
    )
    assert (guard["authorizerResultTtlInSeconds"], changed["authorizerResultTtlInSeconds"]) == (300, 0)


def test_gateway_responses(client, api, refused):
    place, _ = api
    usual = client.get_gateway_response(**place, responseType="ACCESS_DENIED")
    assert (usual["statusCode"], usual["defaultResponse"]) == ("403", True)
    client.put_gateway_response(**place, responseType="ACCESS_DENIED", statusCode="404")
    changed = client.update_gateway_response(
        **place, responseType="ACCESS_DENIED",
        patchOperations=[patch("add", "/responseParameters/gatewayresponse.header.X", "'1'")],
    )  # fmt: skip
    assert changed["responseParameters"] == {"gatewayresponse.header.X": "'1'"} and changed["statusCode"] == "404"
    client.delete_gateway_response(**place, responseType="ACCESS_DENIED")
    assert client.get_gateway_response(**place, responseType="ACCESS_DENIED")["defaultResponse"] is True


def test_the_account_and_tags(aws, client, api):
    place, _ = api
    role = f"arn:aws:iam::{aws.account}:role/logs"
    client.update_account(patchOperations=[patch("replace", "/cloudwatchRoleArn", role)])
    assert client.get_account()["cloudwatchRoleArn"] == role
    arn = f"arn:aws:apigateway:us-east-1::/restapis/{place['restApiId']}"
    client.tag_resource(resourceArn=arn, tags={"b": "2"})
    client.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert client.get_tags(resourceArn=arn)["tags"] == {"b": "2"}


def test_merging_keeps_what_the_document_does_not_say(aws, deployed, shorthand):
    def said(path, word):
        return {path: {"get": shorthand.operation(shorthand.mock(template=f'"{word}"'))}}

    api = deployed(said("/a", "one"))
    api.put(shorthand.document(said("/b", "two")))
    api.deploy()
    assert [api("GET", path).json for path in ("/a", "/b")] == ["one", "two"]
    api.put(shorthand.document(said("/b", "three")), mode="overwrite")
    api.deploy()
    assert (api("GET", "/a").status, api("GET", "/b").json) == (403, "three")


def test_permissions_are_verbs_on_paths(aws, client, api):
    place, _ = api
    arn = f"arn:aws:apigateway:us-east-1::/restapis/{place['restApiId']}"
    reader = aws.as_role("apigateway", "reader", {"Effect": "Allow", "Action": "apigateway:GET", "Resource": arn})
    assert reader.get_rest_api(**place)["name"] == "pets"
    with pytest.raises(ClientError, match="is not authorized to perform: apigateway:DELETE on resource"):
        reader.delete_rest_api(**place)


def test_there_are_no_usage_plans(aws):
    assert aws("apigateway").get_usage_plans()["items"] == []
