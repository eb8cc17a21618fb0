"""System 1: Express, Flask and FastAPI applications, unchanged, behind function URLs; deployed by the real SAM CLI."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from tests.running import HOME, Freehold

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
FETCH_S = 300
FETCH = {
    "express": ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"],
    "flask": [sys.executable, "-m", "pip", "install", "-q", "-r", "requirements.txt", "--target", "."],
    "fastapi": [sys.executable, "-m", "pip", "install", "-q", "-r", "requirements.txt", "--target", "."],
}


class Unfollowed(HTTPRedirectHandler):
    """Redirects are answers."""

    def redirect_request(self, *_):
        return None


def ask(url, path, method="GET", body=None, **headers):
    """Status, headers and body of a web request; a body that is no bytes is sent as JSON."""
    if body is not None and not isinstance(body, bytes):
        body, headers = json.dumps(body).encode(), {"content-type": "application/json"} | headers
    request = Request(url.rstrip("/") + path, body, headers, method=method)
    try:
        with build_opener(Unfollowed).open(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except HTTPError as answer:
        return answer.code, answer.headers, answer.read()


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("apps")
    shutil.copytree(HOME / "examples" / "adapter", folder / "app")
    for name, command in FETCH.items():
        if not shutil.which(command[0]) and not os.environ.get("CI"):
            pytest.skip(f"{command[0]} is not installed")
        subprocess.run(command, cwd=folder / "app" / name, check=True, timeout=FETCH_S, stdin=subprocess.DEVNULL)
    freehold = Freehold(folder / "data")
    freehold.up()
    done = freehold.run(
        "sam", "deploy", "--stack-name", "notes", "--resolve-s3", "--capabilities", "CAPABILITY_IAM",
        "--no-confirm-changeset", "--parameter-overrides", f"Runtime={RUNTIME}", cwd=folder / "app",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    [stack] = freehold.client("cloudformation").describe_stacks(StackName="notes")["Stacks"]
    yield {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    freehold.down()


@pytest.fixture(params=["Express", "Flask", "Fastapi"])
def url(request, outputs):
    return outputs[request.param]


def test_pages_and_notes(url):
    status, headers, body = ask(url, "/")
    assert (status, body) == (200, b"<h1>Notes</h1>")
    assert headers["content-type"].startswith("text/html")

    status, headers, body = ask(url, "/notes", "POST", {"text": "grüße ☕", "tags": ["a", "b c"]})
    assert status == 201
    place, note = headers["location"], json.loads(body)
    assert note["text"] == "grüße ☕"
    assert json.loads(ask(url, place)[2]) == note
    assert note in json.loads(ask(url, "/notes?tag=a&tag=b%20c")[2])
    assert json.loads(ask(url, "/notes?tag=a&tag=x")[2]) == []
    assert ask(url, place, "DELETE")[0] == 204
    assert ask(url, place)[0] == 404


def test_cookies_and_redirects(url):
    status, headers, _ = ask(url, "/login?name=ann")
    assert status == 303
    assert urlsplit(headers["location"]).path == "/"
    cookies = [cookie.split(";")[0] for cookie in headers.get_all("set-cookie")]
    assert cookies == ["name=ann", "theme=dark"]
    assert ask(url, "/me")[0] == 401
    assert json.loads(ask(url, "/me", cookie="; ".join(cookies))[2]) == {"name": "ann"}


def test_bytes_pass_both_ways(url):
    status, headers, body = ask(url, "/logo.png")
    assert (status, headers["content-type"]) == (200, "image/png")
    assert body.startswith(b"\x89PNG\r\n\x1a\n")
    content = bytes(range(256)) * 4_000
    answer = ask(url, "/digest", "POST", content, **{"content-type": "application/octet-stream"})
    assert answer[2].decode() == hashlib.sha256(content).hexdigest()


def test_what_comes_in_pieces_arrives_whole(url):
    assert ask(url, "/countdown")[2] == b"3\n2\n1\nliftoff\n"
