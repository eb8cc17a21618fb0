"""Deployed APIs: matching, mocks, mappings, gateway responses, HTTP backends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.services.apigateway import matching

PATHS = {
    "/": "root",
    "/pets": "list",
    "/pets/new": "literal",
    "/pets/{id}": "one",
    "/pets/{id}/toys": "toys",
    "/files/{path+}": "greedy",
    "/files/index": "index",
}


@pytest.mark.parametrize(
    ("path", "said", "parameters"),
    [
        ("/", "root", {}),
        ("/pets", "list", {}),
        ("/pets/", "list", {}),
        ("/pets/new", "literal", {}),
        ("/pets/7", "one", {"id": "7"}),
        ("/pets/a%20b", "one", {"id": "a b"}),
        ("/pets/new/toys", "toys", {"id": "new"}),
        ("/files/a/b%2Fc.txt", "greedy", {"path": "a/b/c.txt"}),
        ("/files/index", "index", {}),
        ("/files/index/deeper", "greedy", {"path": "index/deeper"}),
    ],
)
def test_the_most_exact_path_answers(deployed, shorthand, path, said, parameters):
    template = '{"said": "%s", "path": {#foreach($k in $input.params().path.keySet())"$k": "$input.params($k)"#end}}'
    api = deployed({
        path: {"get": shorthand.operation(shorthand.mock(template=template % name))} for path, name in PATHS.items()
    })  # fmt: skip
    assert api("GET", path).json == {"said": said, "path": parameters}


def test_what_is_not_there_is_a_missing_token(deployed, shorthand):
    api = deployed({"/pets": {"get": shorthand.operation(shorthand.mock())}})
    for verb, path in (("GET", "/nothing"), ("POST", "/pets"), ("GET", "/pets/1")):
        answer = api(verb, path)
        assert (answer.status, answer.json) == (403, {"message": "Missing Authentication Token"})
        assert answer.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"
        assert answer.headers["x-amzn-RequestId"] and answer.headers["x-amz-apigw-id"]
    answer = api("GET", "/pets", stage="other")
    assert (answer.status, answer.json) == (403, {"message": "Forbidden"})


def test_three_addresses(aws, deployed, shorthand):
    api = deployed({"/pets": {"get": shorthand.operation(shorthand.mock(template='"$context.domainName"'))}})
    usual = f"{api.id}.execute-api.us-east-1.amazonaws.com"
    assert api("GET", "/pets").json == usual
    assert api("GET", "/pets", form="/restapis/{id}/{stage}/_user_request_").json == usual
    host = f"{api.id}.execute-api.eu-west-1.example.org"
    assert shorthand.send(aws.url, "GET", "/test/pets", headers={"Host": host}).json == host
    assert [stage["stageName"] for stage in api.client.get_stages(restApiId=api.id)["item"]] == ["test"]


def test_any_answers_the_verbs_that_nobody_else_does(deployed, shorthand):
    anything = shorthand.operation(shorthand.mock(template='"$context.httpMethod"'))
    own = shorthand.operation(shorthand.mock(template='"own"'))
    api = deployed({"/pets": {"x-amazon-apigateway-any-method": anything, "get": own}})
    assert [api(verb, "/pets").json for verb in ("GET", "DELETE", "PATCH")] == ["own", "DELETE", "PATCH"]


def test_preflights_are_answered_by_the_api(deployed, shorthand):
    headers = {
        "method.response.header.Access-Control-Allow-Origin": "'https://shop.example'",
        "method.response.header.Access-Control-Allow-Headers": "'content-type,x-own'",
    }
    options = shorthand.operation(shorthand.mock(204, responseParameters=headers))
    api = deployed({"/pets": {"options": options, "get": shorthand.operation(shorthand.mock())}})
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "GET"}
    answer = api("OPTIONS", "/pets", headers=asked)
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert answer.headers["Access-Control-Allow-Headers"] == "content-type,x-own"
    assert "Access-Control-Allow-Origin" not in api("GET", "/pets", headers=asked).headers


def test_a_deployment_is_a_copy(deployed, shorthand):
    def said(word):
        return {"/pets": {"get": shorthand.operation(shorthand.mock(template=f'"{word}"'))}}

    api = deployed(said("one"))
    first = api.client.get_stage(restApiId=api.id, stageName="test")["deploymentId"]
    api.put(shorthand.document(said("two")), mode="overwrite")
    assert api("GET", "/pets").json == "one"
    api.deploy()
    assert api("GET", "/pets").json == "two"
    back = [{"op": "replace", "path": "/deploymentId", "value": first}]
    api.client.update_stage(restApiId=api.id, stageName="test", patchOperations=back)
    assert api("GET", "/pets").json == "one"


def test_stage_variables_and_context(deployed, shorthand):
    template = (
        '{"v": "$stageVariables.color", "s": "$context.stage", "p": "$context.resourcePath", "i": "$context.apiId"}'
    )
    api = deployed(
        {"/pets/{id}": {"get": shorthand.operation(shorthand.mock(template=template))}},
        stage={"variables": {"color": "red"}},
    )
    assert api("GET", "/pets/1").json == {"v": "red", "s": "test", "p": "/pets/{id}", "i": api.id}


def test_selection_and_overrides(deployed, shorthand):
    integration = shorthand.mock(template='#set($context.responseOverride.header.X-Own = "a")"fine"')
    integration["requestTemplates"] = {"application/json": '{"statusCode": $input.json("$.want")}'}
    integration["responses"]["4\\d\\d"] = {
        "statusCode": "404",
        "responseTemplates": {"application/json": '#set($context.responseOverride.status = 418)"short"'},
    }
    api = deployed({"/pets": {"post": shorthand.operation(integration)}})
    fine = api("POST", "/pets", {"want": 200})
    assert (fine.status, fine.json, fine.headers["X-Own"]) == (200, "fine", "a")
    assert (lambda answer: (answer.status, answer.json))(api("POST", "/pets", {"want": 422})) == (418, "short")


@pytest.mark.parametrize(
    ("behaviour", "media", "status"),
    [
        ("NEVER", "text/plain", 415),
        ("WHEN_NO_TEMPLATES", "text/plain", 415),
        ("WHEN_NO_MATCH", "text/plain", 200),
        ("NEVER", "application/json; charset=utf-8", 200),
    ],
)
def test_passthrough(deployed, shorthand, behaviour, media, status):
    integration = shorthand.mock() | {"passthroughBehavior": behaviour}
    api = deployed({"/pets": {"post": shorthand.operation(integration)}})
    answer = api("POST", "/pets", '{"statusCode": 200}', {"Content-Type": media})
    assert answer.status == status
    if status == 415:
        assert answer.json == {"message": "Unsupported Media Type"}


def test_a_body_that_is_not_json_is_the_callers_fault(deployed, shorthand):
    integration = shorthand.mock()
    integration["requestTemplates"] = {"application/json": '{"statusCode": 200, "in": $input.json(\'$\')}'}
    answer = deployed({"/pets": {"post": shorthand.operation(integration)}})("POST", "/pets", '{"a": ')
    assert answer.status == 400
    assert answer.json["message"].startswith("Could not parse request body into json: ")


def test_gateway_responses_in_the_apis_own_words(deployed, shorthand):
    own = {
        "MISSING_AUTHENTICATION_TOKEN": {
            "statusCode": 404,
            "responseParameters": {
                "gatewayresponse.header.X-Own": "'yes'",
                "gatewayresponse.header.X-Path": "context.path",
            },
            "responseTemplates": {
                "application/json": '{"m": $context.error.messageString, "t": "$context.error.responseType"}'
            },
        },
        "DEFAULT_4XX": {"responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}},
    }  # fmt: skip
    integration = shorthand.mock() | {"passthroughBehavior": "NEVER"}
    api = deployed(
        {"/pets": {"post": shorthand.operation(integration)}}, **{"x-amazon-apigateway-gateway-responses": own}
    )
    answer = api("GET", "/nothing")
    assert answer.status == 404
    assert answer.json == {"m": "Missing Authentication Token", "t": "MISSING_AUTHENTICATION_TOKEN"}
    assert (answer.headers["X-Own"], answer.headers["X-Path"]) == ("yes", "/test/nothing")
    general = api("POST", "/pets", "<a/>", {"Content-Type": "text/xml"})
    assert (general.status, general.headers["Access-Control-Allow-Origin"]) == (415, "*")


# Validation


def test_required_parameters_and_bodies(deployed, shorthand):
    named = {"name": {"$ref": "#/components/schemas/Name"}}
    pet = {"type": "object", "required": ["name"], "properties": named}
    required = [{"in": "query", "name": "page"}, {"in": "header", "name": "X-Own"}]
    guarded = shorthand.operation(
        shorthand.mock(),
        parameters=[each | {"required": True} for each in required],
        requestBody={"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
    )
    api = deployed(
        {"/pets": {"post": guarded}},
        components={"schemas": {"Name": {"type": "string", "minLength": 2}, "Pet": pet}},
        **{
            "x-amazon-apigateway-request-validators": {
                "all": {"validateRequestBody": True, "validateRequestParameters": True}
            },
            "x-amazon-apigateway-request-validator": "all",
        },
    )
    answer = api("POST", "/pets", {"name": "Rex"})
    assert (answer.status, answer.json) == (400, {"message": "Missing required request parameters: [page, X-Own]"})
    for body, status in (({"name": "Rex"}, 200), ({"name": "R"}, 400), ({}, 400), ("{", 400)):
        answer = api("POST", "/pets?page=1", body, {"X-Own": "a"})
        assert answer.status == status, body
        assert status == 200 or answer.json == {"message": "Invalid request body"}


# HTTP backends


def test_http_proxy_hands_everything_on(deployed, shorthand, echo):
    proxy = {"type": "HTTP_PROXY", "httpMethod": "ANY", "uri": echo + "/base/{path}",
             "requestParameters": {"integration.request.path.path": "method.request.path.path",
                                   "integration.request.header.X-Stage": "context.stage"}}  # fmt: skip
    api = deployed({"/{path+}": {"x-amazon-apigateway-any-method": shorthand.operation(proxy)}})
    answer = api("PUT", "/a/b?x=1&x=2&y=%26", "body", {"X-Own": "yes", "X-Want": "202", "Content-Type": "text/plain"})
    told = answer.json
    assert (answer.status, answer.headers["X-Echo"]) == (202, "yes")
    assert (told["verb"], told["path"], told["body"]) == ("PUT", "/base/a/b?x=1&x=2&y=%26", "body")
    assert (told["headers"]["X-Own"], told["headers"]["X-Stage"]) == ("yes", "test")


def test_http_sends_only_what_is_mapped(deployed, shorthand, echo):
    integration = {
        "type": "HTTP", "httpMethod": "POST", "uri": "http://${stageVariables.backend}/orders",
        "requestParameters": {
            "integration.request.querystring.q": "method.request.querystring.query",
            "integration.request.header.X-Key": "method.request.body.key",
        },
        "requestTemplates": {"application/json": '{"made": $input.json("$.key")}'},
        "responses": {
            "default": {"statusCode": "200", "responseParameters": {
                "method.response.header.X-Was": "integration.response.header.X-Echo",
                "method.response.header.X-Verb": "integration.response.body.verb"}},
            "5\\d{2}": {"statusCode": "502", "responseTemplates": {"application/json": '"sorry"'}},
        },
    }  # fmt: skip
    api = deployed(
        {"/orders": {"post": shorthand.operation(integration)}},
        stage={"variables": {"backend": echo.removeprefix("http://")}},
    )
    answer = api("POST", "/orders?query=a%20b&other=1", {"key": "k"}, {"X-Own": "no"})
    told = answer.json
    assert (told["path"], told["body"], told["headers"]["X-Key"]) == ("/orders?q=a+b", '{"made": "k"}', "k")
    assert "X-Own" not in told["headers"]
    assert (answer.headers["X-Was"], answer.headers["X-Verb"]) == ("yes", "POST")


def test_a_backend_that_is_not_there(deployed, shorthand):
    proxy = {"type": "HTTP_PROXY", "httpMethod": "GET", "uri": "http://127.0.0.1:1/"}
    answer = deployed({"/": {"get": shorthand.operation(proxy)}})("GET", "/")
    assert (answer.status, answer.json) == (504, {"message": "Network error communicating with endpoint"})


def test_guards_that_cannot_be_passed(deployed, shorthand):
    api = deployed({
        "/key": {"get": shorthand.operation(shorthand.mock(), security=[{"key": []}])},
        "/signed": {"get": shorthand.operation(shorthand.mock(), **{"x-amazon-apigateway-auth": {"type": "AWS_IAM"}})},
    }, components={"securitySchemes": {"key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}})  # fmt: skip
    assert (api("GET", "/key").status, api("GET", "/key").json) == (403, {"message": "Forbidden"})
    assert (api("GET", "/signed").status, api("GET", "/signed").json) == (
        403,
        {"message": "Missing Authentication Token"},
    )


# Matching, as an invariant

PARTS = st.sampled_from(["a", "b", "{x}", "{y+}"])


@given(st.lists(st.lists(PARTS, min_size=1, max_size=3), max_size=6), st.lists(st.sampled_from("abc"), max_size=4))
def test_a_literal_path_always_wins(paths, steps):
    resources = {"root": {"id": "root", "path": "/"}}
    for parts in [*paths, steps]:
        for depth in range(1, len(parts) + 1):
            id = "/".join(parts[:depth])
            above = "/".join(parts[: depth - 1]) or "root"
            resources.setdefault(id, {"id": id, "parentId": above, "pathPart": parts[depth - 1], "path": f"/{id}"})
        if parts:
            resources["/".join(parts)]["resourceMethods"] = {"GET": {"httpMethod": "GET"}}
    found = matching.match(resources, "GET", "/" + "/".join(steps))
    assert (found.resource["path"] == "/" + "/".join(steps)) if steps else found is None
    assert not found or not found.path_parameters
