"""The extension's life: register, then answer pages until the environment ends. It may not know what pages say.

One idea: the door is open before the runtime starts, and each visitor has a thread of its own.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time

from . import pages
from .cache import Cache

NAME = "AWSParametersAndSecretsLambdaExtension"
TOKEN = "x-aws-parameters-secrets-token"
PORT, CACHE_SIZE, TTL_S, TTL_S_MAX = 2773, 1_000, 300, 300
HEAD_BYTES_MAX = 65_536
REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed"}


class Extension:
    """Pages, with the answers that are kept."""

    def __init__(self, variables: dict[str, str]) -> None:
        self.variables = variables
        wished = variables.get("PARAMETERS_SECRETS_EXTENSION_CACHE_ENABLED", "true").lower() != "false"
        size = int(variables.get("PARAMETERS_SECRETS_EXTENSION_CACHE_SIZE") or CACHE_SIZE)
        self.cache = Cache(size if wished else 0)
        self.turn = threading.Lock()

    def answer(self, method: str, target: str, token: str) -> tuple[int, bytes]:
        """Status and body of a page."""
        page, query = pages.read(target)
        if page is None:
            return 404, _message(f"no page at {target}")
        if method != "GET":
            return 405, _message(f"{method} is not allowed")
        if token != self.variables.get("AWS_SESSION_TOKEN", ""):
            return 401, _message(f"{TOKEN} is not the session token of this environment")
        try:
            request = page.request(query)
        except pages.Unasked as fault:
            return 400, _message(str(fault))
        return self.found(page, request)

    def found(self, page: pages.Page, request: dict) -> tuple[int, bytes]:
        """The answer that was kept, else a new one; only good ones are kept."""
        key = page.service + json.dumps(request, sort_keys=True)
        with self.turn:
            kept = self.cache.get(key, time.monotonic())
        if kept is not None:
            return 200, kept
        status, body = self.call(page, request)
        if status == 200:
            body = pages.told(page, body)
            ttl_s = min(int(self.variables.get(page.ttl) or TTL_S), TTL_S_MAX)
            with self.turn:
                self.cache.put(key, body, time.monotonic() + ttl_s)
        return status, body

    def call(self, page: pages.Page, request: dict) -> tuple[int, bytes]:
        from . import aws  # only where it is wanted: imports count in a cold start

        timeout_ms = int(self.variables.get(page.timeout) or 0)
        try:
            return aws.call(self.variables, page.service, page.target, request, timeout_ms / 1000 or None)
        except OSError as fault:
            return 500, _message(str(fault))

    def visit(self, connection: socket.socket) -> None:
        """Answer one connection's one request."""
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                data = connection.recv(HEAD_BYTES_MAX)
                if not data or len(head) > HEAD_BYTES_MAX:
                    return
                head += data
            first, *lines = head.decode("latin-1").split("\r\n")
            words = first.split(" ")
            pairs = [line.partition(":") for line in lines]
            token = next((value.strip() for name, _, value in pairs if name.strip().lower() == TOKEN), "")
            status, body = self.answer(words[0], words[1] if len(words) > 1 else "", token)
            reason = REASONS.get(status, "Error")
            told = f"HTTP/1.1 {status} {reason}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            connection.sendall((told + "Connection: close\r\n\r\n").encode() + body)


def _message(text: str) -> bytes:
    return json.dumps({"message": text}).encode()


def register(runtime_api: str) -> socket.socket:
    """Become an extension that hears of no events; the open connection is its place on the line."""
    host, _, port = runtime_api.rpartition(":")
    line = socket.create_connection((host, int(port)))
    body = b'{"events": []}'
    head = f"POST /2020-01-01/extension/register HTTP/1.1\r\nHost: {runtime_api}\r\nLambda-Extension-Name: {NAME}\r\n"
    line.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    answer = line.recv(HEAD_BYTES_MAX).decode("latin-1")
    pairs = [text.partition(":") for text in answer.split("\r\n")]
    told = {name.lower(): value.strip() for name, _, value in pairs}
    identifier = told.get("lambda-extension-identifier")
    if identifier is None:
        sys.exit(f"extension registration failed: {answer}")
    head = f"GET /2020-01-01/extension/event/next HTTP/1.1\r\nHost: {runtime_api}\r\n"
    line.sendall(f"{head}Lambda-Extension-Identifier: {identifier}\r\n\r\n".encode())
    return line


def main() -> None:
    """The program."""
    variables = dict(os.environ)
    extension = Extension(variables)
    port = int(variables.get("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT") or PORT)
    door = socket.create_server(("127.0.0.1", port), backlog=64)
    line = register(variables["AWS_LAMBDA_RUNTIME_API"])
    with door, line:
        while True:
            connection, _ = door.accept()
            threading.Thread(target=extension.visit, args=(connection,), daemon=True).start()
