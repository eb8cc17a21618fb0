"""The pure parts of the programs in our own layers."""

import json
import time

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from freehold.sandbox.stand_ins.adapter.lambda_adapter import compression, events, settings, text
from freehold.sandbox.stand_ins.parameters.parameters_secrets import aws, pages
from freehold.sandbox.stand_ins.parameters.parameters_secrets.cache import Cache


def test_settings_have_the_defaults_of_the_public_adapter():
    given = settings.read({"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001"})
    assert (given.host, given.port, given.check_port, given.check_path) == ("127.0.0.1", 8080, 8080, "/")
    assert (given.check_protocol, given.healthy) == ("http", frozenset(range(100, 500)))
    assert (given.async_init, given.compression, given.streaming) == (False, False, False)
    assert (given.pass_through_path, given.base_path, given.error_codes) == ("/events", "", frozenset())


def test_the_newest_name_of_a_setting_counts():
    given = settings.read({"PORT": "1", "AWS_LWA_PORT": "2", "READINESS_CHECK_PORT": "3", "ASYNC_INIT": "true"})
    assert (given.port, given.check_port, given.async_init) == (2, 3, True)
    assert settings.read({"READINESS_CHECK_MIN_UNHEALTHY_STATUS": "400"}).healthy == frozenset(range(100, 400))
    proxied = {"AWS_LAMBDA_RUNTIME_API": "a:1", "AWS_LWA_LAMBDA_RUNTIME_API_PROXY": "b:2"}
    assert settings.read(proxied).runtime_api == "b:2"
    streaming = settings.read({"AWS_LWA_INVOKE_MODE": "RESPONSE_STREAM", "AWS_LWA_ENABLE_COMPRESSION": "true"})
    assert (streaming.streaming, streaming.compression) == (True, False)


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("500,502-504, 422", {500, 502, 503, 504, 422}),
        ("500-502", {500, 501, 502}),
        ("200-300-400", set()),
        ("many, 500-more", set()),
        ("", set()),
    ],
)
def test_status_codes_are_codes_and_ranges(written, codes):
    assert settings.status_codes(written) == codes


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("br", None),
        ("gzip, deflate, br", "gzip"),
        ("deflate, gzip;q=0.5", "deflate"),
        ("*", "gzip"),
        ("gzip;q=0, *;q=0.1", "deflate"),
        ("identity", None),
        ("gzip;q=nonsense", None),
    ],
)
def test_the_coding_that_the_client_likes_best_is_used(accepted, coding):
    assert compression.best(accepted) == coding


@pytest.mark.parametrize(
    ("base", "path", "left"),
    [
        ("/api", "/api/a", "/a"),
        ("/api", "/api", "/"),
        ("/api/", "/api/api/a", "/api/a"),
        ("/api", "/apiary", "/apiary"),
        ("", "/a", "/a"),
    ],
)
def test_a_base_path_is_whole_segments(base, path, left):
    event = {"requestContext": {"http": {"method": "GET"}}, "rawPath": path}
    given = settings.read({"AWS_LWA_REMOVE_BASE_PATH": base})
    assert events.request_of(event, b"", given).path == left


@pytest.mark.parametrize(
    "event",
    [None, [], "text", {}, {"requestContext": None}, {"requestContext": {}}, {"httpMethod": "GET"}, {"Records": []}],
)
def test_what_is_no_web_request_is_passed_on(event):
    assert events.kind_of(event) is None


def test_escapes_are_kept_and_unsafe_bytes_are_escaped():
    assert text.escaped("/a%2Fb c?d#é", text.PATH) == "/a%2Fb%20c%3Fd%23%C3%A9"
    assert text.pairs([("a b", "1&2"), ("c", "")]) == "a%20b=1%262&c="


def test_a_cache_forgets_by_age_and_by_use():
    cache = Cache(2)
    cache.put("a", b"1", until=10)
    cache.put("b", b"2", until=20)
    assert cache.get("a", now=9) == b"1"
    cache.put("c", b"3", until=20)
    assert [cache.get(name, now=9) for name in "abc"] == [b"1", None, b"3"]
    assert cache.get("a", now=10) is None
    nothing = Cache(0)
    nothing.put("a", b"1", until=10)
    assert nothing.get("a", now=0) is None


def test_pages_ask_for_what_their_queries_say():
    page, query = pages.read("/systemsmanager/parameters/get?name=%2Fa%2Fb&withDecryption=true&label=live")
    assert page.request(query) == {"Name": "/a/b:live", "WithDecryption": True}
    page, query = pages.read("/systemsmanager/parameters/get/?name=a&version=3")
    assert page.request(query) == {"Name": "a:3", "WithDecryption": False}
    page, query = pages.read("/secretsmanager/get?secretId=db&versionStage=AWSPREVIOUS")
    assert page.request(query) == {"SecretId": "db", "VersionStage": "AWSPREVIOUS"}
    assert pages.read("/other")[0] is None
    for target in ("/systemsmanager/parameters/get", "/systemsmanager/parameters/get?name=a&version=1&label=b"):
        page, query = pages.read(target)
        with pytest.raises(pages.Unasked):
            page.request(query)


def test_a_parameter_is_shown_as_the_public_extension_shows_it():
    page, _ = pages.read("/systemsmanager/parameters/get?name=a")
    told = json.loads(pages.told(page, b'{"Parameter": {"Name": "a", "Value": "1", "LastModifiedDate": 1.5}}'))
    assert told["Parameter"]["LastModifiedDate"] == "1970-01-01T00:00:01.500Z"
    assert told["Parameter"]["Selector"] is None
    assert told["ResultMetadata"] == {}


def test_calls_are_signed_as_the_sdk_signs_them():
    variables = {
        "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_SESSION_TOKEN": "token",
    }  # fmt: skip
    now = time.gmtime(1_700_000_000)
    ours = aws.signed(variables, "ssm", "AmazonSSM.GetParameter", "ssm.eu-west-1.amazonaws.com", b"{}", now)
    headers = {name: value for name, value in ours.items() if name not in ("authorization", "host")}
    request = AWSRequest("POST", "https://ssm.eu-west-1.amazonaws.com/", headers, b"{}")
    request.context["timestamp"] = ours["x-amz-date"]
    signer = SigV4Auth(Credentials("AKID", "secret", "token"), "ssm", "eu-west-1")
    signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    assert ours["authorization"].endswith(signature)


def test_addresses_of_services_are_the_most_particular_given():
    told = {"AWS_REGION": "eu-west-1"}
    assert aws.address(told, "ssm") == "https://ssm.eu-west-1.amazonaws.com"
    told["AWS_ENDPOINT_URL"] = "http://a"
    assert aws.address(told, "secretsmanager") == "http://a"
    told["AWS_ENDPOINT_URL_SSM"] = "http://b"
    assert aws.address(told, "ssm") == "http://b"
