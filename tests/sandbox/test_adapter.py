"""The web adapter: an ordinary web server, in a real process, answers every kind of event.

One suite, two targets: with LAMBDA_ADAPTER_LAYER naming a folder laid out as the public layer (`bootstrap` and
`extensions/lambda-adapter`), the same tests run against that program too.
"""

import asyncio
import base64
import gzip
import json
import os
import socket
import zlib
from pathlib import Path

import pytest
import uvloop

from freehold.sandbox import FunctionSpec, Result, Sandbox
from freehold.sandbox.stand_ins import ADAPTER

from .workshop import PYTHON, texts

APP = Path(__file__).with_name("webapp")
PUBLIC = os.environ.get("LAMBDA_ADAPTER_LAYER")
TARGETS = {"ours": ADAPTER, **({"public": Path(PUBLIC)} if PUBLIC else {})}
HTTP_CONTEXT = {"accountId": "111122223333", "stage": "$default", "requestId": "r-1", "domainName": "shop.example"}


def http_api(path="/echo", method="GET", query="", headers=None, **fields):
    """A payload 2.0 event, as function URLs and HTTP APIs send it."""
    context = {**HTTP_CONTEXT, "http": {"method": method, "path": path, "sourceIp": "192.0.2.1"}}
    told = {"version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query}
    return {**told, "headers": headers or {}, "requestContext": context, "isBase64Encoded": False, **fields}


def rest_api(path="/echo", method="GET", **fields):
    """A payload 1.0 event, as REST APIs send it."""
    context = {"accountId": "111122223333", "stage": "prod", "requestId": "r-1", "httpMethod": method, "path": path}
    told = {"resource": "/{proxy+}", "path": path, "httpMethod": method, "headers": {}, "multiValueHeaders": {}}
    return {**told, "requestContext": context, "body": None, "isBase64Encoded": False, **fields}


def load_balancer(path="/echo", method="GET", **fields):
    """A target group's event."""
    context = {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/1"}}
    return {
        "requestContext": context,
        "path": path,
        "httpMethod": method,
        "body": "",
        "isBase64Encoded": False,
        **fields,
    }


class Site:
    """A web server behind the adapter, in one sandbox; `variables` are the function's own."""

    def __init__(self, root: Path, layer: Path, variables: dict[str, str], **fields) -> None:
        self.loop = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self.port = free_port()
        environment = {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/bootstrap", "AWS_LWA_PORT": str(self.port)} | variables
        arn = "arn:aws:lambda:eu-west-1:111122223333:function:shop"
        told = {"code": APP, "handler": "run.sh", "runtime": PYTHON, "name": "shop", "arn": arn, "region": "eu-west-1"}
        settings = {"memory_mb": 256, "timeout_s": 10.0, "layers": (layer,), "environment": environment}
        self.spec = FunctionSpec(key="shop", **{**told, **settings, **fields})
        self.count = 0

        async def open_sandbox() -> Sandbox:
            return Sandbox(root, "auto")

        self.box = self.loop.run(open_sandbox())

    def invoke(self, event) -> Result:
        """What the function answers, errors too."""
        self.count += 1
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        return self.loop.run(self.box.invoke(self.spec, body, request_id=f"request-{self.count}", trace_id="Root=1-a"))

    def ask(self, event):
        """The answer of an invocation that goes well."""
        result = self.invoke(event)
        assert result.status == "ok", (result.payload, texts(result))
        return json.loads(result.payload)

    def echo(self, event):
        """The request as the web server saw it."""
        return json.loads(self.ask(event)["body"])

    def close(self) -> None:
        self.loop.run(self.box.close())
        self.loop.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module", params=TARGETS)
def layer(request):
    return TARGETS[request.param]


@pytest.fixture
def build(tmp_path, layer):
    """Makes sites of one test's own."""
    sites = []

    def make(variables=None, **fields):
        sites.append(Site(tmp_path / f"sandbox{len(sites)}", layer, variables or {}, **fields))
        return sites[-1]

    yield make
    for site in sites:
        site.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory, layer):
    """A site that tests share, with no settings but a port."""
    made = Site(tmp_path_factory.mktemp("site"), layer, {})
    yield made
    made.close()


@pytest.fixture
def ours(layer):
    """For what the public adapter does otherwise."""
    if layer != ADAPTER:
        pytest.skip("the public adapter does this otherwise")


# Requests.


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("event", [http_api, rest_api, load_balancer])
def test_every_kind_of_event_reaches_the_web_server(site, event, method):
    told = site.echo(event("/echo/a", method, headers={"X-Colour": "red", "Host": "shop.example"}, body="grüße"))
    assert (told["method"], told["target"]) == (method, "/echo/a")
    assert base64.b64decode(told["body"]).decode() == "grüße"
    assert told["headers"]["x-colour"] == ["red"]
    assert told["headers"]["host"] == ["shop.example"]


def test_without_a_host_header_the_servers_address_is_the_host(site):
    assert site.echo(http_api())["headers"]["host"] == [f"127.0.0.1:{site.port}"]


def test_bodies_in_base64_arrive_as_bytes(site):
    told = site.echo(http_api(method="POST", body=base64.b64encode(b"\0\xff").decode(), isBase64Encoded=True))
    assert base64.b64decode(told["body"]) == b"\0\xff"


def test_query_strings_keep_their_repeats_and_escapes(site):
    told = site.echo(http_api(query="a=1&a=2&b=x%20y&c="))
    assert told["query"] == {"a": ["1", "2"], "b": ["x y"], "c": [""]}
    told = site.echo(rest_api(queryStringParameters={"a": "2"}, multiValueQueryStringParameters={"a": ["1", "ü &="]}))
    assert told["query"] == {"a": ["1", "ü &="]}
    assert site.echo(rest_api(queryStringParameters={"a": "x y"}))["query"] == {"a": ["x y"]}
    told = site.echo(load_balancer(multiValueQueryStringParameters={"a": ["1%202", "3"]}))
    assert told["query"] == {"a": ["1 2", "3"]}
    assert site.echo(load_balancer(queryStringParameters={"a": "1%262"}))["query"] == {"a": ["1&2"]}


def test_paths_are_escaped_once(site):
    target = site.echo(http_api("/echo/a b/ü?#%2F"))["target"]
    assert target.removesuffix("?") == "/echo/a%20b/%C3%BC%3F%23%2F"  # older public adapters add an empty query


def test_cookies_come_as_one_header(site):
    cookies = site.echo(http_api(cookies=["a=1", "b=2"]))["headers"]["cookie"][0]
    assert [cookie.strip() for cookie in cookies.split(";")] == ["a=1", "b=2"]


def test_headers_with_several_values_all_arrive(site, ours):
    several = {"headers": {"x-a": "2"}, "multiValueHeaders": {"X-A": ["1", "2"]}}
    assert site.echo(rest_api(**several))["headers"]["x-a"] == ["1", "2"]
    assert site.echo(load_balancer(**several))["headers"]["x-a"] == ["1", "2"]


def test_a_header_can_not_smuggle_another(site, ours):
    told = site.echo(http_api(headers={"x-a": "1\r\nx-b: 2", "content-length": "999", "transfer-encoding": "chunked"}))
    assert "x-b" not in told["headers"]
    assert "transfer-encoding" not in told["headers"]


def test_the_contexts_are_told_in_headers(site):
    headers = site.echo(http_api())["headers"]
    context = json.loads(headers["x-amzn-request-context"][0])
    assert context["http"]["sourceIp"] == "192.0.2.1"
    assert context["accountId"] == "111122223333"
    told = json.loads(headers["x-amzn-lambda-context"][0])
    assert told["request_id"] == f"request-{site.count}"
    assert told["invoked_function_arn"] == site.spec.arn
    assert told["xray_trace_id"] == "Root=1-a"
    assert isinstance(told["deadline"], int)
    assert told["env_config"]["function_name"] == "shop"
    assert told["env_config"]["memory"] == 256
    assert headers["x-amzn-trace-id"] == ["Root=1-a"]


def test_other_events_are_posted_as_they_are(site):
    event = {"Records": [{"eventSource": "aws:sqs", "body": "ü"}]}
    told = site.ask(event)
    assert (told["method"], told["target"]) == ("POST", "/events")
    assert json.loads(base64.b64decode(told["body"])) == event
    assert told["headers"]["content-type"] == ["application/json"]
    assert site.ask({"httpMethod": "GET", "actionGroup": "agents have no request context"})["target"] == "/events"


# Responses.


def reply(site, event=http_api, **wish):
    return site.ask(event("/reply", "POST", body=json.dumps(wish)))


def test_images_are_answered_in_base64(site):
    answer = site.ask(http_api("/image"))
    assert answer["isBase64Encoded"]
    assert base64.b64decode(answer["body"]).startswith(b"\x89PNG")
    assert answer["headers"]["content-type"] == "image/png"


@pytest.mark.parametrize(
    ("headers", "encoded"),
    [
        ({"Content_Type": "text/html; charset=utf-8"}, False),
        ({"Content_Type": "application/problem+json"}, False),
        ({"Content_Type": "image/svg+xml"}, False),
        ({"Content_Type": "application/javascript"}, False),
        ({}, False),
        ({"Content_Type": "application/pdf"}, True),
        ({"Content_Type": "application/pdf", "X_Lambda_Http_Content_Encoding": "text"}, False),
        ({"Content_Type": "text/plain", "Content_Encoding": "br"}, True),
    ],
)
def test_the_content_type_says_what_is_text(site, headers, encoded):
    assert reply(site, headers=headers, body="hello")["isBase64Encoded"] is encoded


def test_text_of_another_character_set_keeps_its_bytes(site, ours):
    assert base64.b64decode(site.ask(http_api("/latin"))["body"]) == "café".encode("latin-1")


def test_cookies_and_repeated_headers_leave_as_each_kind_of_event_wants(site):
    set_cookie = ["a=1; Path=/", "b=2; HttpOnly"]
    answer = site.ask(http_api("/cookies"))
    assert answer["cookies"] == set_cookie
    assert "set-cookie" not in answer["headers"]
    answer = site.ask(rest_api("/cookies"))
    assert answer["multiValueHeaders"]["set-cookie"] == set_cookie
    assert not answer["headers"]
    answer = site.ask(load_balancer("/cookies"))
    assert answer["multiValueHeaders"]["set-cookie"] == set_cookie
    assert answer["headers"]["set-cookie"] == set_cookie[0]
    assert answer["statusDescription"] == "200 OK"


@pytest.mark.parametrize("status", [201, 204, 304, 400, 404, 500, 503])
def test_every_status_passes(site, status):
    assert site.ask(http_api(f"/status/{status}"))["statusCode"] == status


def test_redirects_are_the_clients_to_follow(site):
    answer = site.ask(http_api("/redirect"))
    assert (answer["statusCode"], answer["headers"]["location"]) == (302, "/elsewhere?x=1")


def test_head_has_no_body(site):
    answer = site.ask(http_api("/image", "HEAD"))
    assert answer["statusCode"] == 200
    assert not answer.get("body")


def test_bodies_end_by_chunks_or_with_the_connection(site):
    answer = site.ask(http_api("/chunks"))
    assert answer["body"] == "first,second,third"
    assert "transfer-encoding" not in answer["headers"]
    assert site.ask(http_api("/until_close"))["body"] == "no length"
    assert site.ask(http_api("/echo"))["statusCode"] == 200


def test_early_hints_are_passed_over(site):
    assert site.ask(http_api("/early"))["body"] == "late"


def test_a_response_that_nobody_asked_for_answers_nobody(site):
    assert site.ask(http_api("/stray"))["body"] == "ok"
    assert site.ask(http_api("/"))["body"] == "home"


def test_answers_to_other_events_must_be_json(build):
    site = build({"AWS_LWA_PASS_THROUGH_PATH": "/reply"})
    wish = {"body": '{"batchItemFailures": []}', "headers": {"Content_Type": "application/json"}}
    assert site.ask(wish) == {"batchItemFailures": []}
    assert site.ask(wish | {"body": "no json"}) is None


def test_large_bodies_pass_both_ways(site):
    body = "y" * 4_000_000
    assert len(base64.b64decode(site.echo(http_api(method="POST", body=body[:1_000_000]))["body"])) == 1_000_000
    assert len(site.ask(http_api("/big", query="n=4000000"))["body"]) == 4_000_000


def test_too_large_an_answer_is_an_error_and_the_next_request_is_served(site):
    result = site.invoke(http_api("/big", query="n=7000000"))
    assert result.status == "error"
    assert json.loads(result.payload)["errorType"] == "Function.ResponseSizeTooLarge"
    assert site.ask(http_api("/"))["body"] == "home"


# Failures of the web server.


@pytest.mark.parametrize("page", ["/hangup", "/cut"])
def test_a_response_that_never_comes_is_an_error_and_the_next_request_is_served(site, page):
    assert site.invoke(http_api(page)).status == "error"
    assert site.ask(http_api("/"))["body"] == "home"


def test_a_web_server_that_crashes_is_started_again_for_the_next_request(build, ours):
    site = build()
    assert site.invoke(http_api("/crash")).status == "crash"
    assert site.ask(http_api("/"))["body"] == "home"


def test_a_web_server_that_hangs_ends_with_the_timeout(build):
    site = build(timeout_s=1.0)
    assert site.ask(http_api("/"))["body"] == "home"
    assert site.invoke(http_api("/hang")).status == "timeout"
    assert site.ask(http_api("/"))["body"] == "home"


def test_a_start_script_that_is_not_there_is_said(build):
    result = build(handler="nothing.sh").invoke(http_api())
    assert result.status == "crash"
    assert any("nothing.sh" in text for text in texts(result))


def test_status_codes_can_be_errors(build):
    site = build({"AWS_LWA_ERROR_STATUS_CODES": "500,502-504"})
    result = site.invoke(http_api("/status/503"))
    assert result.status == "error"
    assert "503" in json.loads(result.payload)["errorMessage"]
    assert site.ask(http_api("/status/501"))["statusCode"] == 501


# Readiness.


@pytest.mark.parametrize(
    "variables",
    [
        {"AWS_LWA_READINESS_CHECK_PATH": "/status/201", "AWS_LWA_READINESS_CHECK_HEALTHY_STATUS": "200-204,301"},
        {"READINESS_CHECK_PATH": "/status/404"},
        {"AWS_LWA_READINESS_CHECK_PROTOCOL": "tcp", "AWS_LWA_READINESS_CHECK_PATH": "/status/500"},
        {"READINESS_CHECK_PROTOCOL": "TCP"},
    ],
)
def test_the_web_server_is_ready_when_the_check_says_so(build, variables):
    assert build(variables).ask(http_api("/"))["body"] == "home"


def test_an_unhealthy_web_server_is_waited_for_and_never_asked(build):
    site = build({"AWS_LWA_READINESS_CHECK_PATH": "/status/503"}, timeout_s=0.5)
    site.box._init_max_s = 0.5
    assert site.invoke(http_api("/")).status == "timeout"


def test_a_slow_start_is_waited_for(build):
    site = build({"START_AFTER_S": "0.7"})
    result = site.invoke(http_api("/"))
    assert result.status == "ok"
    assert result.init_ms > 700


def test_the_port_may_be_given_by_its_old_name(tmp_path, layer):
    port = str(free_port())
    site = Site(tmp_path, layer, {"PORT": port})
    del site.spec.environment["AWS_LWA_PORT"]
    assert site.ask(http_api("/"))["body"] == "home"
    site.close()


# Settings.


@pytest.mark.parametrize("name", ["AWS_LWA_REMOVE_BASE_PATH", "REMOVE_BASE_PATH"])
def test_a_base_path_is_taken_away(build, name):
    site = build({name: "/api"})
    assert site.echo(http_api("/api/echo/1", query="a=1"))["target"] == "/echo/1?a=1"
    assert site.ask(http_api("/api"))["body"] == "home"
    assert site.echo(http_api("/echo/api"))["target"] == "/echo/api"


def test_authorization_may_come_in_a_header_of_another_name(build):
    site = build({"AWS_LWA_AUTHORIZATION_SOURCE": "X-Auth"})
    headers = site.echo(http_api(headers={"x-auth": "Bearer 1", "authorization": "AWS4-HMAC-SHA256"}))["headers"]
    assert headers["authorization"] == ["Bearer 1"]
    assert "x-auth" not in headers


UNPACK = {"gzip": gzip.decompress, "deflate": zlib.decompress}


@pytest.mark.parametrize(("accepted", "coding"), [("gzip", "gzip"), ("identity, deflate;q=0.5, gzip;q=0", "deflate")])
def test_responses_are_compressed_where_that_is_wished(build, layer, accepted, coding):
    if coding == "deflate" and layer != ADAPTER:
        pytest.skip("the public adapter knows gzip and brotli alone")
    site = build({"AWS_LWA_ENABLE_COMPRESSION": "true"})
    answer = site.ask(http_api("/big", query="n=1000", headers={"accept-encoding": accepted}))
    assert answer["headers"]["content-encoding"] == coding
    assert UNPACK[coding](base64.b64decode(answer["body"])) == b"x" * 1000
    assert "content-encoding" not in site.ask(http_api("/big", query="n=1000"))["headers"]
    assert "content-encoding" not in site.ask(http_api("/image", headers={"accept-encoding": accepted}))["headers"]


# Streams.


def streamed(result: Result):
    head, _, body = result.payload.partition(b"\0" * 8)
    return json.loads(head), body


def test_responses_are_streamed_behind_a_prelude(build):
    site = build({"AWS_LWA_INVOKE_MODE": "response_stream"})
    head, body = streamed(site.invoke(http_api("/chunks")))
    assert head["statusCode"] == 200
    assert head["headers"]["content-type"] == "text/plain"
    assert body == b"first,second,third"
    head, body = streamed(site.invoke(http_api("/cookies")))
    assert head["cookies"] == ["a=1; Path=/", "b=2; HttpOnly"]
    head, body = streamed(site.invoke(http_api("/until_close")))
    assert (head["headers"]["content-type"], body) == ("application/octet-stream", b"no length")


def test_a_stream_that_breaks_off_is_an_error_and_the_next_request_is_served(build, ours):
    site = build({"AWS_LWA_INVOKE_MODE": "response_stream"})
    assert site.invoke(http_api("/cut")).status == "error"
    assert streamed(site.invoke(http_api("/")))[1] == b"home"
