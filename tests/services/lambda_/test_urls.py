"""Function URLs: cross-origin requests, streamed answers, what functions are told."""

import base64
import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from tests.services.lambda_.conftest import zipped

ECHO = "def handler(event, context): return event"
OWN = {"access-control-allow-origin": "no"}
NODE_STREAM = """
exports.handler = awslambda.streamifyResponse(async (event, stream) => {
  stream = awslambda.HttpResponseStream.from(stream, {statusCode: 201, headers: {"x-a": "b"}, cookies: ["c=d"]})
  stream.write("one "); stream.write("two"); stream.end()
})
"""


def opened(workshop, **settings):
    """The address of the function, open to everyone."""
    made = workshop.client.create_function_url_config(FunctionName="it", AuthType="NONE", **settings)
    workshop.client.add_permission(
        FunctionName="it", StatementId="web", Action="lambda:InvokeFunctionUrl", Principal="*",
        FunctionUrlAuthType="NONE",
    )  # fmt: skip
    return made["FunctionUrl"]


def ask(url, method="GET", data=None, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return urlopen(Request(url, method=method, data=data, headers=named))


def test_a_preflight_is_answered_for_the_function(workshop):
    workshop.make("def handler(event, context): raise Exception('never')")
    cors = {"AllowOrigins": ["https://shop.example"], "AllowMethods": ["PUT"], "AllowHeaders": ["x-a"], "MaxAge": 60}
    url = opened(workshop, Cors=cors)
    told = ask(url, "OPTIONS", origin="https://shop.example", access_control_request_method="PUT").headers
    assert told["access-control-allow-origin"] == "https://shop.example"
    assert (told["access-control-allow-methods"], told["access-control-max-age"]) == ("PUT", "60")
    other = ask(url, "OPTIONS", origin="https://other.example", access_control_request_method="PUT")
    assert (other.status, other.headers["access-control-allow-origin"]) == (200, None)


def test_cors_headers_are_the_configurations(workshop):
    workshop.make(f"def handler(event, context): return {{'statusCode': 200, 'headers': {OWN}}}")
    url = opened(workshop, Cors={"AllowOrigins": ["*"], "ExposeHeaders": ["x-b"]})
    answer = ask(url, origin="https://shop.example")
    assert answer.headers.get_all("access-control-allow-origin") == ["*"]
    assert answer.headers["access-control-expose-headers"] == "x-b"


def test_bodies_that_are_no_text_are_base64(workshop):
    workshop.make(ECHO)
    url = opened(workshop)
    form = json.load(ask(url, "POST", b"a=b", content_type="application/x-www-form-urlencoded"))
    assert (form["isBase64Encoded"], base64.b64decode(form["body"])) == (True, b"a=b")
    text = json.load(ask(url, "POST", b"{}", content_type="application/json", cookie="a=1; b=2"))
    assert (text["isBase64Encoded"], text["body"], text["cookies"]) == (False, "{}", ["a=1", "b=2"])
    assert {"x-forwarded-for", "x-forwarded-proto", "x-amzn-trace-id"} <= set(text["headers"])
    assert "cookie" not in text["headers"] and "connection" not in text["headers"]


def test_a_failure_is_told_as_aws_does(workshop):
    workshop.make("def handler(event, context): raise Exception('no')")
    with pytest.raises(HTTPError) as failed:
        ask(opened(workshop))
    assert (failed.value.code, failed.value.read()) == (502, b"Internal Server Error")
    assert failed.value.headers["x-amzn-requestid"]


def test_an_address_that_is_none(workshop):
    workshop.make(ECHO)
    url = opened(workshop).rstrip("/")
    gone = url[:-4] + ("aaaa" if url[-4:] != "aaaa" else "bbbb")
    with pytest.raises(HTTPError) as refused:
        ask(gone)
    assert (refused.value.code, json.load(refused.value)) == (403, {"Message": None})
    assert refused.value.headers["x-amzn-errortype"] == "AccessDeniedException"


def test_an_answer_may_be_streamed(workshop):
    code = {"ZipFile": zipped(NODE_STREAM, "index.js")}
    role = workshop.role()
    workshop.client.create_function(
        FunctionName="it", Runtime="nodejs20.x", Handler="index.handler", Role=role, Code=code, Timeout=10
    )
    url = opened(workshop, InvokeMode="RESPONSE_STREAM")
    answer = ask(url)
    assert (answer.status, answer.headers["x-a"], answer.headers["set-cookie"]) == (201, "b", "c=d")
    assert answer.read() == b"one two"


def test_a_whole_answer_under_streaming_is_passed_as_it_is(workshop):
    workshop.make("def handler(event, context): return {'statusCode': 404}")
    answer = ask(opened(workshop, InvokeMode="RESPONSE_STREAM"))
    assert (answer.status, json.load(answer)) == (200, {"statusCode": 404})
