"""Shorthand for tests of REST APIs: documents deployed, and requests sent to them."""

import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest


class Reply(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


def mock(status=200, template=None, **response):
    """A MOCK integration that answers with one status."""
    answer = {"statusCode": str(status), **response}
    if template is not None:
        answer["responseTemplates"] = {"application/json": template}
    return {
        "type": "MOCK",
        "requestTemplates": {"application/json": json.dumps({"statusCode": status})},
        "responses": {"default": answer},
    }


def operation(integration, **more):
    return {"responses": {}, "x-amazon-apigateway-integration": integration, **more}


class Deployed:
    """An API that is deployed under the stage `test`."""

    def __init__(self, aws, document, **stage):
        self.aws, self.client = aws, aws("apigateway")
        self.id = self.client.import_rest_api(body=json.dumps(document))["id"]
        self.client.create_deployment(restApiId=self.id, stageName="test", **stage)

    def put(self, document, **more):
        return self.client.put_rest_api(restApiId=self.id, body=json.dumps(document), **more)

    def deploy(self, stage="test"):
        return self.client.create_deployment(restApiId=self.id, stageName=stage)["id"]

    def __call__(self, verb, path, body=None, headers=None, stage="test", form="/_aws/execute-api/{id}/{stage}"):
        return send(self.aws.url, verb, form.format(id=self.id, stage=stage) + path, body, headers)


def send(url, verb, path, body=None, headers=None):
    """One request, exactly as said."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    body = json.dumps(body) if isinstance(body, dict | list) else body
    try:
        connection.request(verb, path, body, headers or {})
        answer = connection.getresponse()
        return Reply(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


@pytest.fixture
def deployed(aws):
    """Makes an API of paths: deployed({"/pets": {"get": operation(mock())}}, **other members of the document)."""

    def make(paths, stage=None, **more):
        return Deployed(aws, document(paths, **more), **(stage or {}))

    return make


def document(paths, **more):
    return {"openapi": "3.0.1", "info": {"title": "pets", "version": "1"}, "paths": paths, **more}


@pytest.fixture
def echo():
    """The address of a server that tells in JSON what it was asked."""

    class Echo(BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            told = json.dumps(
                {"verb": self.command, "path": self.path, "headers": dict(self.headers.items()), "body": body}
            ).encode()
            self.send_response(int(self.headers.get("X-Want") or 200))
            self.send_header("Content-Type", "application/json")
            self.send_header("X-Echo", "yes")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST = do_PUT = do_DELETE = answer

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def shorthand():
    """The words that tests make documents of."""

    class Shorthand:
        pass

    words = Shorthand()
    words.mock, words.operation, words.document, words.send = mock, operation, document, send
    return words
