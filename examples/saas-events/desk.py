"""A help desk that somebody else runs: the SaaS of this example, in one small server of the standard library.

It gives tokens (OAuth 2.0, client credentials: RFC 6749, 4.4), lets in who shows a token, a key or a password, and
keeps what it is told about its cases. It can be put into trouble, and shows what it got:

    GET  /desk           what it knows: cases, activity, every call with its time and answer, how many tokens it gave
    POST /desk/trouble   {"path": "/cases", "status": 503, "times": 3, "headers": {"Retry-After": "1"}}
    POST /desk/revoke    no token that it gave is good any more

    python desk.py --port 8300       opened by the JSON of DESK_CREDENTIALS, or by what stands in CREDENTIALS
"""

import argparse
import json
import os
import re
import secrets
import threading
import time
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

CREDENTIALS = {
    "client_id": "desk",
    "client_secret": "desk-secret",
    "api_key": "desk-key",
    "user": "desk",
    "password": "desk-word",
}
TOKEN_S = 3_600


class Desk:
    """What the desk knows. Its doors: (method, path, who may come in, what is done)."""

    def __init__(self, credentials):
        self.credentials = credentials
        self.cases, self.activity, self.calls = {}, [], []
        self.tokens, self.given, self.troubles = {}, 0, []
        self.lock = threading.Lock()
        self.doors = [
            ("POST", r"/oauth/token", None, self.give_token),
            ("PATCH", r"/cases/([^/]+)/orders", self.has_token, self.note("orders")),
            ("PUT", r"/cases/([^/]+)/mood", self.has_key, self.note("mood")),
            ("POST", r"/activity", self.has_password, self.note_activity),
            ("GET", r"/desk", None, self.show),
            ("POST", r"/desk/trouble", None, self.trouble),
            ("POST", r"/desk/revoke", None, self.revoke),
        ]

    def answer(self, method, target, headers, body):
        """The status, the headers and the JSON value that a request is answered with."""
        path = urlsplit(target).path
        with self.lock:
            found = self.in_trouble(path) or self.let_in(method, path, headers, body)
            if not path.startswith("/desk"):
                call = {"at": time.time(), "method": method, "target": target, "status": found[0]}
                self.calls.append(
                    {**call, "body": body.decode(errors="replace"), "agent": headers.get("User-Agent", "")}
                )
        return found

    def let_in(self, method, path, headers, body):
        for wanted, pattern, knows, work in self.doors:
            match = re.fullmatch(pattern, path)
            if match and wanted == method:
                if knows and not knows(headers):
                    return 401, {"WWW-Authenticate": "Bearer"}, {"error": "you are not known here"}
                return work(headers, body, *map(unquote, match.groups()))
        return 404, {}, {"error": f"no {method} {path}"}

    # Who comes in.

    def give_token(self, headers, body):
        """RFC 6749, 2.3.1 and 5: the client says who it is by a header or in the form."""
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        said = basic(headers) or (form.get("client_id"), form.get("client_secret"))
        if said != (self.credentials["client_id"], self.credentials["client_secret"]):
            return 401, {}, {"error": "invalid_client"}
        if form.get("grant_type") != "client_credentials":
            return 400, {}, {"error": "unsupported_grant_type"}
        token = secrets.token_urlsafe(24)
        self.tokens[token] = time.time() + TOKEN_S
        self.given += 1
        told = {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_S, "scope": form.get("scope", "")}
        return 200, {"Cache-Control": "no-store"}, told

    def has_token(self, headers):
        kind, _, token = headers.get("Authorization", "").partition(" ")
        return kind == "Bearer" and self.tokens.get(token, 0) > time.time()

    def has_key(self, headers):
        return headers.get("x-api-key") == self.credentials["api_key"]

    def has_password(self, headers):
        return basic(headers) == (self.credentials["user"], self.credentials["password"])

    # What is told.

    def note(self, what):
        def keep(headers, body, case):
            self.cases.setdefault(case, {})[what] = json.loads(body)
            return 200, {}, {"case": case}

        return keep

    def note_activity(self, headers, body):
        self.activity.append(json.loads(body))
        return 202, {}, {}

    # How it is looked at and played with.

    def show(self, headers, body):
        return 200, {}, {"cases": self.cases, "activity": self.activity, "calls": self.calls, "tokens": self.given}

    def trouble(self, headers, body):
        self.troubles.append({"headers": {}, "times": 1, **json.loads(body)})
        return 200, {}, {}

    def in_trouble(self, path):
        for trouble in self.troubles:
            if path.startswith(trouble["path"]) and trouble["times"] > 0:
                trouble["times"] -= 1
                return trouble["status"], trouble["headers"], {"error": "not now"}
        return None

    def revoke(self, headers, body):
        self.tokens.clear()
        return 200, {}, {}


def basic(headers):
    """The name and password of a Basic Authorization, if there is one."""
    kind, _, told = headers.get("Authorization", "").partition(" ")
    if kind != "Basic":
        return None
    name, _, word = b64decode(told).decode().partition(":")
    return unquote(name), unquote(word)


class Door(BaseHTTPRequestHandler):
    """HTTP before the desk."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, value = self.server.desk.answer(self.command, self.path, self.headers, body)
        content = json.dumps(value).encode()
        self.send_response(status)
        for name, told in {"Content-Type": "application/json", "Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, told)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *_):
        pass


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=0, help="any free one, if it is left out")
    options.add_argument("--credentials", action="store_true", help="only tell what it is opened by")
    given, credentials = options.parse_args(), os.environ.get("DESK_CREDENTIALS") or json.dumps(CREDENTIALS)
    if given.credentials:
        print(credentials)
        return
    server = ThreadingHTTPServer((given.host, given.port), Door)
    server.desk = Desk(json.loads(credentials))
    print(f"http://{given.host}:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
