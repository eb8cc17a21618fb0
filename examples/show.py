"""What the shows share: a cloud that is started when it is needed, the tools as a person would type them, and a line on
the screen for each step.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from rich.console import Console
from rich.panel import Panel
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

HOME = Path(__file__).parents[1]
DATA = Path(os.environ.get("FREEHOLD_DATA", HOME / ".freehold"))
BIN = Path(sys.executable).parent
RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
WITHIN_S = 60


class Failed(Exception):
    """A step that did not work: what was run, and what it said."""


def command(*words: str, cwd: Path = HOME, **environment: str) -> str:
    """Run a command of the virtual environment; its output. Raises Failed with the last lines of what it said."""
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [str(BIN / words[0]), *words[1:]], cwd=cwd, env={**os.environ, **environment, "PATH": path},
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()[-15:]
        raise Failed(f"$ {' '.join(words)}\n" + "\n".join(said))
    return done.stdout


def wait_for(what: str, look: Callable[[], Any]) -> Any:
    """What `look` finds, looked for again and again for a minute."""
    deadline = time.monotonic() + WITHIN_S
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise Failed(f"waited {WITHIN_S} s for {what}")


@contextmanager
def on_screen(title: str) -> Iterator[Progress]:
    """A screen with a title, on which the step that goes on has a spinner."""
    screen = Console()
    screen.print(Panel(title, title="Freehold", expand=False))
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        yield progress


class Show:
    """One run: the cloud's address, the stack's outputs, and what has been seen so far."""

    app: Path  # the folder of the template
    stack: str
    parameters: tuple[str, ...] = (f"Runtime={RUNTIME}",)

    def __init__(self, progress: Progress):
        self.progress = progress

    def step(self, words: str, work: Callable[[], str]) -> None:
        """Do one thing under a spinner, and leave a line that says what came of it."""
        task = self.progress.add_task(words, total=None)
        start = time.monotonic()
        said = work()
        self.progress.remove_task(task)
        self.progress.console.print(f"[green]✓[/] {words} [dim]{time.monotonic() - start:5.1f} s[/]  {said}")

    def start(self) -> str:
        running = DATA / "running.json"
        try:
            command("freehold", "status", "--data", str(DATA))
        except Failed:
            command("freehold", "up", "--detach", "--data", str(DATA))
        self.url = json.loads(running.read_text())["url"]
        self.environment = {
            "AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1", "SAM_CLI_TELEMETRY": "0",
        }  # fmt: skip
        self.environment["AWS_CONFIG_FILE"] = self.environment["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
        return f"{self.url}, data in {DATA}"

    def client(self, service: str, account: str = "test") -> Any:
        """A client of an account, or of the first one."""
        return boto3.client(
            service, endpoint_url=self.url, region_name="us-east-1",
            aws_access_key_id=account, aws_secret_access_key="test", config=Config(inject_host_prefix=False),
        )  # fmt: skip

    def build(self) -> str:
        command("sam", "build", "--parameter-overrides", *self.parameters, cwd=self.app, **self.environment)
        return "sam build"

    def deploy(self) -> str:
        command("sam", "deploy", "--parameter-overrides", *self.parameters, cwd=self.app, **self.environment)
        [stack] = self.client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        return f"sam deploy: stack {self.stack} is {stack['StackStatus']}"
