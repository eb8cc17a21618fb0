"""Freehold as its users run it: a process of its own, started, killed and started again over the same data."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import boto3
from botocore.config import Config

from tests import awscli

HOME = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


class Freehold:
    """One data folder and port, with or without a process on it."""

    def __init__(self, data: Path):
        self.data = data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def command(self, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "freehold", *words, "--data", str(self.data)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def up(self) -> None:
        done = self.command("up", "--detach", "--port", str(self.port))
        assert done.returncode == 0, done.stderr + (self.data / "up.log").read_text()

    def kill(self) -> None:
        """kill -9, at once."""
        pid = json.loads((self.data / "running.json").read_text())["pid"]
        os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{pid}").exists() and b"Z" not in Path(f"/proc/{pid}/stat").read_bytes().split()[2:3]:
            time.sleep(0.002)

    def down(self) -> None:
        self.command("down")

    def client(self, service: str, attempts: int = 0, account: str = "test"):
        """A client of an account, or of the first one."""
        return boto3.client(
            service, endpoint_url=self.url, region_name="us-east-1", aws_access_key_id=account,
            aws_secret_access_key="test", config=Config(retries={"total_max_attempts": attempts + 1}),
        )  # fmt: skip

    @property
    def environment(self) -> dict[str, str]:
        """What a shell needs to point AWS tools here."""
        return {
            **os.environ,
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_PAGER": "",
            "SAM_CLI_TELEMETRY": "0",
        }

    def run(self, *words: str, cwd: Path = HOME, timeout_s: float = 170, **more: str) -> subprocess.CompletedProcess:
        """A tool of the virtual environment, pointed here; `more` is added to its environment."""
        if words[0] == "aws":
            return awscli.run(words[1:], cwd, self.environment | more, timeout_s)
        program = str(BIN / words[0]) if (BIN / words[0]).exists() else words[0]
        return subprocess.run(
            [program, *words[1:]], cwd=cwd, env=self.environment | more, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=timeout_s, check=False,
        )  # fmt: skip

    def aws(self, *words: str):
        """What the `aws` command line answers. Its first version overrides AWS_ENDPOINT_URL for SQS, by a table of old
        host names."""
        endpoint = ("--endpoint-url", self.url) if words[0] == "sqs" else ()
        done = self.run("aws", *words, *endpoint, "--output", "json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    def letters(self) -> list[dict]:
        with urlopen(f"{self.url}/_freehold/outbox", timeout=30) as answer:
            return json.load(answer)


def http(method: str, url: str, value=None) -> tuple[int, object]:
    """The status and the body (as a value, if it is JSON) of a plain HTTP request."""
    body = value if isinstance(value, bytes) or value is None else json.dumps(value).encode()
    request = Request(url, body, {"content-type": "application/json"}, method=method)
    try:
        with urlopen(request, timeout=60) as answer:
            status, content = answer.status, answer.read()
    except HTTPError as error:
        status, content = error.code, error.read()
    try:
        return status, json.loads(content)
    except ValueError:
        return status, content.decode()


def wait_for(look, within_s: float = 60):
    """What `look` finds; looked for until it is found."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not found within {within_s} s")
