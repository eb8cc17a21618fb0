"""Tasks that call anybody's API by HTTP, with an EventBridge connection that opens it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from .definitions import machine

BASIC = {"BasicAuthParameters": {"Username": "u", "Password": "p"}}


class Desk(BaseHTTPRequestHandler):
    """Answers with what it was asked; by /refuse with 418."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        told = {
            "path": self.path,
            "body": body,
            "type": self.headers["content-type"],
            "by": self.headers["authorization"],
        }
        answer = json.dumps(told).encode()
        self.send_response(418 if self.path.startswith("/refuse") else 200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def desk():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def connection(aws):
    made = aws("events").create_connection(Name="desk", AuthorizationType="BASIC", AuthParameters=BASIC)
    return made["ConnectionArn"]


def ask(connection, url, method="POST", **more):
    parameters = {"ApiEndpoint": url, "Method": method, "Authentication": {"ConnectionArn": connection}, **more}
    return machine(("Ask", {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": parameters}))


def test_an_endpoint_answers(flows, desk, connection):
    told = flows.run(ask(connection, desk + "/in", RequestBody={"a": 1}, QueryParameters={"q": "x y"}))
    output = json.loads(told["output"])
    assert (output["StatusCode"], output["StatusText"]) == (200, "OK")
    assert output["Headers"]["content-type"] == ["application/json"]
    seen = output["ResponseBody"]
    assert (seen["path"], json.loads(seen["body"]), seen["type"]) == ("/in?q=x+y", {"a": 1}, "application/json")
    assert seen["by"] == "Basic dTpw"


@pytest.mark.parametrize("way, body", [
    ("INDICES", "n=1&t%5B0%5D=a&t%5B1%5D=b"), ("REPEAT", "n=1&t=a&t=b"), ("COMMAS", "n=1&t=a%2Cb"),
    ("BRACKETS", "n=1&t%5B%5D=a&t%5B%5D=b"),
])  # fmt: skip
def test_a_body_becomes_a_form(flows, desk, connection, way, body):
    transform = {"RequestBodyEncoding": "URL_ENCODED", "RequestEncodingOptions": {"ArrayFormat": way}}
    told = flows.run(ask(connection, desk, RequestBody={"n": 1, "t": ["a", "b"]}, Transform=transform))
    seen = json.loads(told["output"])["ResponseBody"]
    assert (seen["body"], seen["type"]) == (body, "application/x-www-form-urlencoded")


def test_an_error_is_named_by_its_status(flows, desk, connection):
    told = flows.run(ask(connection, desk + "/refuse"))
    assert told["error"] == "States.Http.StatusCode.418" and "/refuse" in told["cause"]


def test_an_endpoint_that_does_not_answer(flows, connection):
    assert flows.run(ask(connection, "http://127.0.0.1:9/"))["error"] == "States.Http.Socket"


def test_a_connection_that_is_not_there(flows, desk, connection):
    told = flows.run(ask(connection.replace("desk", "none"), desk))
    assert told["status"] == "FAILED" and "none" in told["cause"]


def test_the_role_must_be_allowed_the_endpoint(flows, desk, connection, aws):
    only = {"StringEquals": {"states:HTTPEndpoint": desk + "/open"}}
    rights = (
        {"Effect": "Allow", "Action": "states:InvokeHTTPEndpoint", "Resource": "*", "Condition": only},
        {"Effect": "Allow", "Action": "events:RetrieveConnectionCredentials", "Resource": connection},
    )
    flows.role = aws.role("caller", "states.amazonaws.com", *rights)
    assert flows.run(ask(connection, desk + "/open"), name="may")["status"] == "SUCCEEDED"
    told = flows.run(ask(connection, desk + "/other"), name="may-not")
    assert told["status"] == "FAILED" and "states:InvokeHTTPEndpoint" in told["cause"]


def test_a_single_state_is_tried(flows, desk, connection):
    state = json.loads(ask(connection, desk + "/in"))["States"]["Ask"]
    told = flows.client.test_state(definition=json.dumps(state), roleArn=flows.role)
    assert told["status"] == "SUCCEEDED" and json.loads(told["output"])["StatusCode"] == 200
