"""The adapter's work: see the web server ready, then one invocation after the other.

One idea: it is the function's runtime client, in a process beside the web server; whatever goes wrong between the two
is an invocation's error, and the next one is tried afresh. It may not know the forms of events.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time

from . import compression, events, readiness
from .http1 import Broken, Connection, Response
from .settings import Settings, read

RUNTIME = "/2018-06-01/runtime/invocation/"
HTTP_STREAM = "application/vnd.awslambda.http-integration-response"
CONTEXT = {  # the Lambda context as the web server sees it → the header it comes in
    "request_id": "lambda-runtime-aws-request-id",
    "deadline": "lambda-runtime-deadline-ms",
    "invoked_function_arn": "lambda-runtime-invoked-function-arn",
    "xray_trace_id": "lambda-runtime-trace-id",
    "client_context": "lambda-runtime-client-context",
    "identity": "lambda-runtime-cognito-identity",
}
FUNCTION = {
    "function_name": "AWS_LAMBDA_FUNCTION_NAME",
    "memory": "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "version": "AWS_LAMBDA_FUNCTION_VERSION",
    "log_stream": "AWS_LAMBDA_LOG_STREAM_NAME",
    "log_group": "AWS_LAMBDA_LOG_GROUP_NAME",
}
APP_IDLE_S = 1.0  # servers drop idle connections, some after two seconds: no request must meet that moment
DYING_S = 0.05  # its connection may close some moments before its door
CRASH_S = 2.0  # how long the end of the web server may take to be noticed by those who run this environment
IN_JSON = ("deadline", "client_context", "identity")


class Refused(Exception):
    """The web server's answer is an error of the invocation, because its owner says so."""


class Adapter:
    """The runtime client of one environment."""

    def __init__(self, settings: Settings, variables: dict[str, str]) -> None:
        self.settings = settings
        host, _, port = settings.runtime_api.rpartition(":")
        self.runtime = Connection(host, int(port))
        self.app = Connection(settings.host, settings.port, APP_IDLE_S)
        self.function = {name: variables.get(variable, "") for name, variable in FUNCTION.items()}
        self.function["memory"] = int(self.function["memory"] or 0)  # type: ignore[assignment]

    def run(self) -> None:
        """Serve invocations until the environment ends."""
        limit_s = readiness.ASYNC_INIT_S if self.settings.async_init else None
        ready = readiness.wait(self.settings, self.app, limit_s)
        while True:
            invocation = self.runtime_ask("GET", "next")
            event = invocation.read()
            ready = ready or readiness.wait(self.settings, self.app)
            self.serve(dict(invocation.headers), event)

    def serve(self, told: dict[str, str], raw: bytes) -> None:
        """Answer one invocation: `told` are its headers, `raw` its event."""
        request_id = told["lambda-runtime-aws-request-id"]
        try:
            event = json.loads(raw or b"null")
            request = events.request_of(event, raw, self.settings)
            response = self.forward(request, event, told)
            if self.settings.streaming:
                self.stream(request_id, response)
            else:
                self.runtime_ask("POST", f"{request_id}/response", [], self.whole(event, request, response)).read()
        except (OSError, Broken, ValueError, Refused) as reason:
            self.app.close()
            self.let_a_crash_be_seen()
            self.report(request_id, reason)

    def let_a_crash_be_seen(self) -> None:
        """A web server that is gone ends the environment: no other error may be told before that one."""
        time.sleep(DYING_S)
        try:
            socket.create_connection(self.app.address).close()
        except OSError:
            time.sleep(CRASH_S)

    def forward(self, request: events.Request, event: object, told: dict[str, str]) -> Response:
        """Send the request to the web server; its response, without the body."""
        query = f"?{request.query}" if request.query else ""
        headers = request.headers + self.additions(event, told)
        if not any(name == "host" for name, _ in headers):
            headers.append(("host", f"{self.settings.host}:{self.settings.port}"))
        response = self.app.ask(request.method, request.path + query, headers, request.body)
        if response.status in self.settings.error_codes:
            body = response.read().decode("utf-8", "replace")
            raise Refused(json.dumps({"statusCode": response.status, "body": body}))
        return response

    def additions(self, event: object, told: dict[str, str]) -> list[tuple[str, str]]:
        """The headers that tell the web server of the request's and the function's context."""
        context = event["requestContext"] if events.kind_of(event) else None  # type: ignore[index]
        values = {name: told.get(header) or None for name, header in CONTEXT.items()}
        values.update({name: json.loads(values[name] or "null") for name in IN_JSON})
        added = [
            ("x-amzn-request-context", json.dumps(context)),
            ("x-amzn-lambda-context", json.dumps({**values, "env_config": self.function})),
        ]
        if values["xray_trace_id"]:
            added.append(("x-amzn-trace-id", values["xray_trace_id"]))
        if told.get("lambda-runtime-aws-tenant-id"):
            added.append(("x-amz-tenant-id", told["lambda-runtime-aws-tenant-id"]))
        return added

    def whole(self, event: object, request: events.Request, response: Response) -> bytes:
        """The answer with all of the body in it."""
        headers, content = response.headers, response.read()
        if self.settings.compression:
            accepted = next((value for name, value in request.headers if name == "accept-encoding"), "")
            headers, content = compression.compressed(accepted, headers, content)
        return events.answer_to(event, response.status, headers, content)

    def stream(self, request_id: str, response: Response) -> None:
        """The answer as it comes. One that breaks off says so in its trailers."""
        headers = [
            ("host", self.settings.runtime_api),
            ("content-type", HTTP_STREAM),
            ("lambda-runtime-function-response-mode", "streaming"),
            ("transfer-encoding", "chunked"),
            ("trailer", "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body"),
        ]
        self.runtime.send("POST", f"{RUNTIME}{request_id}/response", headers, None)
        self.runtime.write(_chunk(events.prelude(response.status, response.headers)))
        end = b"0\r\n\r\n"
        try:
            for piece in response.pieces:
                self.runtime.write(_chunk(piece))
        except Broken as reason:
            end = b"0\r\n" + _trailers(reason) + b"\r\n"
        self.runtime.write(end)
        self.runtime.response("POST").read()

    def report(self, request_id: str, reason: Exception) -> None:
        """Say that the invocation failed."""
        kind = _kind(reason)
        headers = [("content-type", "application/json"), ("lambda-runtime-function-error-type", kind)]
        body = json.dumps({"errorType": kind, "errorMessage": str(reason)}).encode()
        self.runtime_ask("POST", f"{request_id}/error", headers, body).read()

    def runtime_ask(
        self, method: str, place: str, headers: list[tuple[str, str]] | None = None, body: bytes = b""
    ) -> Response:
        """A call of the Runtime API."""
        told = [("host", self.settings.runtime_api), *(headers or [])]
        return self.runtime.ask(method, RUNTIME + place, told, body)


def _kind(reason: Exception) -> str:
    """The error's type, in the style of Lambda's own."""
    return "Adapter.ErrorStatus" if isinstance(reason, Refused) else "Adapter.NoResponse"


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _trailers(reason: Exception) -> bytes:
    """The error of a stream that broke off; its body is JSON in base64, as the Runtime API wants it."""
    from binascii import b2a_base64

    body = json.dumps({"errorType": _kind(reason), "errorMessage": str(reason)}).encode()
    told = f"Lambda-Runtime-Function-Error-Type: {_kind(reason)}\r\nLambda-Runtime-Function-Error-Body: "
    return told.encode() + b2a_base64(body, newline=False) + b"\r\n"


def run() -> None:
    """Serve by what the environment's variables say."""
    variables = dict(os.environ)
    try:
        Adapter(read(variables), variables).run()
    except ValueError as error:
        sys.exit(f"lambda-adapter: {error}")
    except (OSError, Broken):
        sys.exit("lambda-adapter: the Runtime API is gone")
