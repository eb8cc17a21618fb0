"""Documents with API Gateway's extensions, and the REST APIs they describe."""

import msgspec
import pytest

from freehold.engines.openapi import (
    ImportErrors,
    MalformedIntegration,
    describe,
    with_model_urls,
)

LAMBDA = (
    "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:1:function:f/invocations"
)
QUEUE = "arn:aws:apigateway:eu-west-1:sqs:path/111122223333/jobs"
PROXY = {"type": "aws_proxy", "httpMethod": "POST", "uri": LAMBDA}


def openapi(paths: dict, **members) -> dict:
    return {"openapi": "3.0.1", "info": {"title": "shop", "version": "1.0"}, "paths": paths, **members}


def swagger(paths: dict, **members) -> dict:
    return {"swagger": "2.0", "info": {"title": "shop"}, "paths": paths, **members}


def operation(integration: dict | None = None, **members) -> dict:
    return {"x-amazon-apigateway-integration": integration or {"type": "mock"}, **members}


def only_method(document: dict, path: str = "/p", method: str = "GET"):
    return next(each for each in describe(document).resources if each.path == path).methods[method]


def test_resources_are_a_tree_with_parents_first():
    paths = {
        "/carts/{cartId}/lines": {"get": operation()},
        "/{proxy+}": {"x-amazon-apigateway-any-method": operation()},
        "/": {"head": operation(), "trace": operation()},
        "/carts/": {"post": operation()},
    }
    seen = [(each.path, each.path_part, each.parent, list(each.methods)) for each in describe(openapi(paths)).resources]
    assert seen == [
        ("/", "", None, ["HEAD"]),
        ("/carts", "carts", "/", ["POST"]),
        ("/carts/{cartId}", "{cartId}", "/carts", []),
        ("/carts/{cartId}/lines", "lines", "/carts/{cartId}", ["GET"]),
        ("/{proxy+}", "{proxy+}", "/", ["ANY"]),
    ]


SERVER_URL = {"servers": [{"url": "https://example.test/base/{part}/", "variables": {"part": {"default": "two"}}}]}
SERVER_VARIABLE = {"servers": [{"url": "https://example.test", "variables": {"basePath": {"default": "/var"}}}]}


@pytest.mark.parametrize(
    ("document", "mode", "path"),
    [
        (openapi({"/p": {}}, **SERVER_URL), "ignore", "/p"),
        (openapi({"/p": {}}, **SERVER_URL), "prepend", "/base/two/p"),
        (openapi({"/p": {}}, **SERVER_URL), "split", "/two/p"),
        (openapi({"/p": {}}, **SERVER_VARIABLE), "prepend", "/var/p"),
        (openapi({"/p": {}}, **SERVER_VARIABLE), "split", "/p"),
        (swagger({"/p": {}}, basePath="/old/"), "prepend", "/old/p"),
        (swagger({"/p": {}}, basePath="/old"), "ignore", "/p"),
        (swagger({"/p": {}}), "prepend", "/p"),
    ],
)
def test_base_path(document, mode, path):
    assert describe(document, mode).resources[-1].path == path


def test_an_integration_with_everything():
    written = {
        "type": "aws",
        "httpMethod": "post",
        "uri": QUEUE,
        "credentials": "arn:aws:iam::111122223333:role/r",
        "requestParameters": {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"},
        "requestTemplates": {"application/json": "Action=SendMessage&MessageBody=$input.body"},
        "passthroughBehavior": "never",
        "contentHandling": "CONVERT_TO_TEXT",
        "timeoutInMillis": 5000,
        "cacheKeyParameters": ["method.request.path.id"],
        "cacheNamespace": "ns",
        "responses": {
            "default": {"statusCode": 200, "responseTemplates": {"application/json": "{}"}},
            "4\\d{2}": {"statusCode": "400", "responseParameters": {"method.response.header.X": "'y'"}},
        },
    }
    found = only_method(openapi({"/p": {"get": operation(written)}})).integration
    assert msgspec.to_builtins(found) == written | {
        "type": "AWS",
        "httpMethod": "POST",
        "passthroughBehavior": "NEVER",
        "responses": {
            "200": {"statusCode": "200", "responseTemplates": {"application/json": "{}"}},
            "400": {
                "statusCode": "400",
                "selectionPattern": "4\\d{2}",
                "responseParameters": {"method.response.header.X": "'y'"},
            },
        },
    }


@pytest.mark.parametrize(
    ("integration", "expected"),
    [
        ({"type": "mock", "httpMethod": "POST"}, ("MOCK", None, None)),
        ({"type": "http", "httpMethod": "GET", "uri": "http://example.test/"}, ("HTTP", "GET", "INTERNET")),
        (PROXY, ("AWS_PROXY", "POST", None)),
    ],
)
def test_what_an_integration_is_silent_about(integration, expected):
    found = only_method(openapi({"/p": {"get": operation(integration)}})).integration
    assert (found.type, found.http_method, found.connection_type) == expected
    assert (found.passthrough_behavior, found.timeout_in_millis) == ("WHEN_NO_MATCH", 29000)


def test_parameters_models_and_responses_of_openapi_3():
    document = openapi(
        {
            "/p/{id}/{rest+}": {
                "parameters": [{"$ref": "#/components/parameters/Page"}],
                "post": operation(
                    operationId="makeThing",
                    parameters=[
                        {"name": "id", "in": "path"},
                        {"name": "X-Trace", "in": "header", "required": True},
                        {"name": "session", "in": "cookie", "required": True},
                    ],
                    requestBody={"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
                    responses={
                        "201": {
                            "headers": {"Location": {"schema": {"type": "string"}}},
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                        },
                        "default": {"description": "no status code of its own"},
                    },
                ),
            }
        },
        components={
            "parameters": {"Page": {"name": "page", "in": "query"}},
            "schemas": {"Thing": {"type": "object", "description": "a thing"}},
        },
    )
    method = only_method(document, "/p/{id}/{rest+}", "POST")
    assert method.operation_name == "makeThing"
    assert method.request_parameters == {
        "method.request.path.id": True,
        "method.request.path.rest": True,
        "method.request.querystring.page": False,
        "method.request.header.X-Trace": True,
    }
    assert method.request_models == {"application/json": "Thing"}
    assert msgspec.to_builtins(method.responses) == {
        "201": {
            "statusCode": "201",
            "responseModels": {"application/json": "Thing"},
            "responseParameters": {"method.response.header.Location": False},
        }
    }
    (model,) = describe(document).models
    assert (model.name, model.description, model.content_type) == ("Thing", "a thing", "application/json")


def test_models_of_swagger_2():
    body = {"name": "it", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Thing"}}
    responses = {200: {"schema": {"type": "array"}}}
    document = swagger(
        {"/p": {"get": operation(parameters=[body], produces=["text/plain"], responses=responses)}},
        definitions={"Thing": {"type": "object", "properties": {"in": {"$ref": "#/definitions/Thing"}}}},
        consumes=["application/xml"],
    )
    method = only_method(document)
    assert method.request_models == {"application/xml": "Thing"}
    assert method.request_parameters == {}
    ((content_type, name),) = method.responses["200"].response_models.items()
    assert content_type == "text/plain"
    models = {each.name: each.schema for each in describe(document).models}
    assert models[name] == {"type": "array"}
    assert with_model_urls(models["Thing"], "abc123")["properties"]["in"] == {
        "$ref": "https://apigateway.amazonaws.com/restapis/abc123/models/Thing"
    }


POOL = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_x"
SCHEMES = {
    "people": {
        "type": "apiKey",
        "name": "X-Token",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [POOL]},
    },
    "checks": {
        "type": "apiKey",
        "name": "Unused",
        "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {
            "type": "request",
            "authorizerUri": LAMBDA,
            "identitySource": "method.request.querystring.q",
            "authorizerResultTtlInSeconds": 0,
        },
    },
    "signed": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
    "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, {"authorizationType": "COGNITO_USER_POOLS", "authorizer": "people", "authorizationScopes": ["all"]}),
        ({"security": []}, {"authorizationType": "NONE"}),
        ({"security": [{"people": []}]}, {"authorizationType": "COGNITO_USER_POOLS", "authorizer": "people"}),
        ({"security": [{"checks": []}]}, {"authorizationType": "CUSTOM", "authorizer": "checks"}),
        ({"security": [{"signed": []}]}, {"authorizationType": "AWS_IAM"}),
        ({"security": [{"key": []}]}, {"authorizationType": "NONE", "apiKeyRequired": True}),
        ({"security": [{"signed": [], "key": []}]}, {"authorizationType": "AWS_IAM", "apiKeyRequired": True}),
        ({"x-amazon-apigateway-auth": {"type": "NONE"}}, {"authorizationType": "NONE"}),
    ],
)
def test_security(members, expected):
    document = openapi(
        {"/p": {"get": operation(**members)}}, components={"securitySchemes": SCHEMES}, security=[{"people": ["all"]}]
    )
    found = msgspec.to_builtins(only_method(document))
    names = ("authorizationType", "authorizer", "authorizationScopes", "apiKeyRequired")
    assert {name: found[name] for name in names if name in found} == expected


def test_authorizers():
    assert msgspec.to_builtins(describe(swagger({}, securityDefinitions=SCHEMES)).authorizers) == [
        {
            "name": "people",
            "type": "COGNITO_USER_POOLS",
            "authType": "cognito_user_pools",
            "identitySource": "method.request.header.X-Token",
            "providerARNs": [POOL],
        },
        {
            "name": "checks",
            "type": "REQUEST",
            "authType": "custom",
            "authorizerUri": LAMBDA,
            "identitySource": "method.request.querystring.q",
            "authorizerResultTtlInSeconds": 0,
        },
    ]


def test_what_belongs_to_the_whole_api():
    policy = {"Version": "2012-10-17", "Statement": []}
    api = describe(
        openapi(
            {"/p": {"get": operation()}},
            servers=[{"url": "/", "x-amazon-apigateway-endpoint-configuration": {"types": ["REGIONAL"]}}],
            **{
                "x-amazon-apigateway-api-key-source": "authorizer",
                "x-amazon-apigateway-binary-media-types": ["image/png"],
                "x-amazon-apigateway-minimum-compression-size": 100,
                "x-amazon-apigateway-policy": policy,
                "x-amazon-apigateway-request-validator": "body",
                "x-amazon-apigateway-request-validators": {"body": {"validateRequestBody": True}},
                "x-amazon-apigateway-gateway-responses": {
                    "UNAUTHORIZED": {
                        "statusCode": 401,
                        "responseParameters": {"gatewayresponse.header.X": "'y'"},
                        "responseTemplates": {"application/json": "{}"},
                    }
                },
            },
        )
    )
    assert (api.name, api.version, api.api_key_source, api.minimum_compression_size) == (
        "shop",
        "1.0",
        "AUTHORIZER",
        100,
    )
    assert (api.binary_media_types, api.policy, api.endpoint_configuration.types) == (
        ["image/png"],
        policy,
        ["REGIONAL"],
    )
    assert msgspec.to_builtins(api.request_validators) == [
        {"name": "body", "validateRequestBody": True, "validateRequestParameters": False}
    ]
    assert api.resources[1].methods["GET"].request_validator == "body"
    assert (api.gateway_responses[0].response_type, api.gateway_responses[0].status_code) == ("UNAUTHORIZED", "401")


def test_the_mock_method_that_answers_cross_origin_questions():
    headers = {"method.response.header.Access-Control-Allow-Origin": "'*'"}
    integration = {
        "type": "mock",
        "requestTemplates": {"application/json": '{\n  "statusCode" : 200\n}\n'},
        "responses": {"default": {"statusCode": "200", "responseParameters": headers}},
    }
    responses = {"200": {"headers": {"Access-Control-Allow-Origin": {"type": "string"}}}}
    method = only_method(swagger({"/p": {"options": operation(integration, responses=responses)}}), method="OPTIONS")
    assert method.integration.responses["200"].response_parameters == headers
    assert method.responses["200"].response_parameters == {"method.response.header.Access-Control-Allow-Origin": False}


def test_what_is_dropped_is_a_warning():
    integration = {"type": "mock", "requestParameters": {"integration.request.header.odd": True, "good": "'x'"}}
    api = describe(openapi({"/p": {"get": operation(integration)}}))
    assert api.warnings == [
        "Invalid format for 'requestParameters'. Expected type string for property 'integration.request.header.odd'"
        " of resource '/p' and method 'GET' but got 'true'"
    ]
    assert api.resources[1].methods["GET"].integration.request_parameters == {"good": "'x'"}


@pytest.mark.parametrize(
    ("integration", "reason"),
    [
        ({"type": "aws_proxy", "uri": LAMBDA}, "Enumeration value for HttpMethod must be non-empty"),
        ({"type": "aws", "httpMethod": "POST", "uri": "no-arn"}, "Invalid ARN specified in the request"),
        (
            {"type": "aws", "httpMethod": "POST", "uri": "arn:aws:sqs:eu-west-1:1:q"},
            "AWS ARN for integration must contain path or action",
        ),
        ({"type": "http", "httpMethod": "GET", "uri": "ftp:/x"}, "Invalid HTTP endpoint specified for URI"),
        (PROXY | {"timeoutInMillis": 49}, "Timeout should be between 50 ms and 29000 ms"),
    ],
)
def test_what_is_refused_is_named_with_its_place(integration, reason):
    paths = {"/p": {"post": operation(integration), "get": operation(integration)}}
    with pytest.raises(ImportErrors) as caught:
        describe(openapi(paths))
    assert caught.value.message == (
        "Errors found during import:"
        f"\n\tUnable to put integration on 'POST' for resource at path '/p': {reason}"
        f"\n\tUnable to put integration on 'GET' for resource at path '/p': {reason}"
    )
    assert caught.value.shape() == "BadRequestException"


def test_a_malformed_integration():
    with pytest.raises(MalformedIntegration, match=r"because of a malformed integration at path /p\."):
        describe(openapi({"/p": {"get": operation({"type": "lambda"})}}))
