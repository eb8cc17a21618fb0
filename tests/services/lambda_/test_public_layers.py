"""Public layers are named by ARN, and what stands in for them does their work."""

import io
import json
import zipfile
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from botocore.exceptions import ClientError
from tests.sandbox.test_adapter import free_port

from freehold.services.lambda_.layers import public

ADAPTER = "arn:aws:lambda:us-east-1:753240598075:layer:LambdaAdapterLayerX86:25"
APP = Path(__file__).parents[2] / "sandbox" / "webapp"


def packed(folder: Path) -> bytes:
    """A folder as a zip, permissions kept."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return buffer.getvalue()


class Unfollowed(HTTPRedirectHandler):
    """Redirects are answers."""

    def redirect_request(self, *_):
        return None


def get(url, method="GET", body=None, headers=None):
    """Status, headers and body of a web request."""
    try:
        with build_opener(Unfollowed).open(Request(url, body, headers or {}, method=method), timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except HTTPError as answer:
        return answer.code, answer.headers, answer.read()


@pytest.fixture
def shop(workshop):
    """The address of a web server behind the adapter."""
    return opened(workshop)


def opened(workshop, mode="BUFFERED", **variables):
    """The address of a new function with a web server."""
    client = workshop.client
    variables |= {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/bootstrap", "AWS_LWA_PORT": str(free_port())}
    client.create_function(
        FunctionName="shop", Runtime="python3.12", Handler="run.sh", Role=workshop.role(), Timeout=10, MemorySize=256,
        Code={"ZipFile": packed(APP)}, Layers=[ADAPTER],
        Environment={"Variables": variables},
    )  # fmt: skip
    client.get_waiter("function_active_v2").wait(FunctionName="shop")
    client.add_permission(
        FunctionName="shop", StatementId="all", Action="lambda:InvokeFunctionUrl", Principal="*",
        FunctionUrlAuthType="NONE",
    )  # fmt: skip
    made = client.create_function_url_config(FunctionName="shop", AuthType="NONE", InvokeMode=mode)
    return made["FunctionUrl"].rstrip("/")


def test_a_web_server_answers_behind_a_function_url(shop):
    status, headers, body = get(shop + "/echo/a%20b?x=1&x=2", headers={"cookie": "a=1; b=2"})
    told = json.loads(body)
    assert status == 200
    assert headers["content-type"] == "application/json"
    assert told["target"] == "/echo/a%20b?x=1&x=2"
    assert told["query"] == {"x": ["1", "2"]}
    assert told["headers"]["cookie"] == ["a=1; b=2"]
    assert json.loads(told["headers"]["x-amzn-request-context"][0])["http"]["method"] == "GET"


def test_all_that_a_web_server_answers_passes_a_function_url(shop):
    assert get(shop + "/image")[2].startswith(b"\x89PNG")
    assert get(shop + "/cookies")[1].get_all("set-cookie") == ["a=1; Path=/", "b=2; HttpOnly"]
    status, headers, _ = get(shop + "/redirect")
    assert (status, headers["location"]) == (302, "/elsewhere?x=1")
    assert get(shop + "/nowhere")[0::2] == (404, b"no such page")
    assert get(shop + "/chunks")[2] == b"first,second,third"
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert json.loads(get(shop + "/echo", method, b"\0\xff")[2])["method"] == method
    assert get(shop + "/image", "HEAD")[2] == b""


def test_a_web_server_may_stream_through_a_function_url(workshop):
    url = opened(workshop, "RESPONSE_STREAM", AWS_LWA_INVOKE_MODE="response_stream")
    status, headers, body = get(url + "/chunks")
    assert (status, headers["content-type"], body) == (200, "text/plain", b"first,second,third")
    assert get(url + "/cookies")[1].get_all("set-cookie") == ["a=1; Path=/", "b=2; HttpOnly"]
    assert get(url + "/nowhere")[0::2] == (404, b"no such page")
    assert get(url + "/image")[2].startswith(b"\x89PNG")


def test_other_invocations_of_a_web_server_are_posted_to_events(shop, workshop):
    _, told = workshop.invoke({"detail-type": "order"}, name="shop")
    assert (told["method"], told["target"]) == ("POST", "/events")


def test_a_layer_of_others_without_a_stand_in_is_not_shared(workshop):
    arn = "arn:aws:lambda:us-east-1:753240598075:layer:Unheard:1"
    with pytest.raises(ClientError, match="no resource-based policy allows the lambda:GetLayerVersion"):
        workshop.make(Layers=[arn])


def test_the_insights_layer_is_accepted_and_empty(workshop):
    arn = "arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension:53"
    made = workshop.make(Layers=[arn])
    assert made["Layers"][0]["Arn"] == arn
    assert workshop.invoke({"n": 1})[1]["event"] == {"n": 1}


def test_a_layer_that_must_be_fetched_first_says_so(workshop, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(ClientError, match="freehold doctor --fix"):
        workshop.make(
            Layers=["arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python312-x86_64:7"]
        )


@pytest.mark.parametrize(
    ("arn", "known"),
    [
        ("arn:aws:lambda:eu-west-1:753240598075:layer:LambdaAdapterLayerArm64:26", True),
        ("arn:aws-cn:lambda:cn-north-1:041581134020:layer:LambdaAdapterLayerX86:26", True),
        ("arn:aws:lambda:eu-west-1:111122223333:layer:LambdaAdapterLayerX86:26", False),
        ("arn:aws:lambda:eu-west-1:753240598075:layer:LambdaAdapterLayerX86", False),
        ("arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPythonV2:67", True),
        ("arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-arm64:18", True),
        ("arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPython:1", False),
        ("arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension:11", True),
        ("arn:aws:lambda:us-west-2:345057560386:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:11", True),
        ("arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension-Arm64:20", True),
    ],
)
def test_public_layers_are_known_by_their_arns(arn, known):
    assert public.known(arn) is known


PARAMETERS = "arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension:11"
ASKING = """
import json, os, urllib.error, urllib.request
def handler(event, context):
    token = event.get("token", os.environ["AWS_SESSION_TOKEN"])
    request = urllib.request.Request("http://localhost:2773" + event["page"])
    request.add_header("X-Aws-Parameters-Secrets-Token", token)
    try:
        with urllib.request.urlopen(request) as answer:
            return {"status": answer.status, "body": json.load(answer)}
    except urllib.error.HTTPError as answer:
        return {"status": answer.code, "body": json.load(answer)}
"""


def test_parameters_are_read_by_plain_http(workshop):
    store = workshop.aws("ssm")
    store.put_parameter(Name="/shop/colour", Value="red", Type="String")
    store.put_parameter(Name="/shop/key", Value="hidden", Type="SecureString")
    reader = {"Effect": "Allow", "Action": ["ssm:GetParameter", "kms:Decrypt"], "Resource": "*"}
    workshop.make(ASKING, role=workshop.role(reader, name="reader"), Layers=[PARAMETERS])

    def ask(page, **more):
        told = workshop.invoke({"page": page, **more})[1]
        return told["status"], told["body"]

    where = "/systemsmanager/parameters/get?name=%2Fshop%2F"
    status, body = ask(where + "colour")
    assert (status, body["Parameter"]["Value"], body["Parameter"]["Version"]) == (200, "red", 1)
    assert ask(where + "key&withDecryption=true")[1]["Parameter"]["Value"] == "hidden"

    store.put_parameter(Name="/shop/colour", Value="blue", Type="String", Overwrite=True)
    assert ask(where + "colour")[1]["Parameter"]["Value"] == "red", "the answer is kept for five minutes"
    assert ask(where + "colour&version=2")[1]["Parameter"]["Value"] == "blue"

    status, body = ask(where + "nothing")
    assert status == 400
    assert "ParameterNotFound" in body["__type"]
    assert ask(where + "colour", token="another")[0] == 401
    assert ask("/elsewhere")[0] == 404
