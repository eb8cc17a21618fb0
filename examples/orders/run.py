"""The show: start Freehold, deploy the orders app with the real SAM CLI, and follow one order through it.

Everything here is what a person would type; only the waiting and the printing are ours.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import boto3
from rich.console import Console
from rich.panel import Panel
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

APP = Path(__file__).parent
HOME = APP.parents[1]
DATA = Path(os.environ.get("FREEHOLD_DATA", HOME / ".freehold"))
BIN = Path(sys.executable).parent
RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
MAIL = "you@example.com"
ORDER = {"name": "Rellenos", "quantity": 5}
WITHIN_S = 60
GOING_ON = """\
  eval $(freehold env --data {data})         point AWS tools in this shell at Freehold
  curl -d '{{"name": "busy", "quantity": 1}}' -H 'content-type: application/json' {endpoint}
  aws stepfunctions list-executions --state-machine-arn {workflow}
  aws logs describe-log-groups               then: aws logs filter-log-events --log-group-name NAME
  sam delete --stack-name orders --no-prompts
  freehold outbox|status|logs|down --data {data}

(`source .venv/bin/activate` puts freehold, aws and sam on your path.)"""


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


def post(url: str, value: Any) -> Any:
    request = Request(url, json.dumps(value).encode(), {"content-type": "application/json"})
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)


class Show:
    """One run: the cloud's address, the stack's outputs, and what has been seen so far."""

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

    def client(self, service: str) -> Any:
        return boto3.client(
            service, endpoint_url=self.url, region_name="us-east-1",
            aws_access_key_id="test", aws_secret_access_key="test",
        )  # fmt: skip

    def build(self) -> str:
        parameters = f"Runtime={RUNTIME} NotifyEmail={MAIL}"
        command("sam", "build", "--parameter-overrides", parameters, cwd=APP, **self.environment)
        return "sam build"

    def deploy(self) -> str:
        parameters = f"Runtime={RUNTIME} NotifyEmail={MAIL}"
        command("sam", "deploy", "--parameter-overrides", parameters, cwd=APP, **self.environment)
        [stack] = self.client("cloudformation").describe_stacks(StackName="orders")["Stacks"]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        self.endpoint = f"{self.url}/_aws/execute-api/{self.outputs['ApiId']}/live/orders"
        return f"sam deploy: stack orders is {stack['StackStatus']}"

    def letters(self) -> list[dict[str, Any]]:
        with urlopen(f"{self.url}/_freehold/outbox", timeout=30) as answer:
            return [letter for letter in json.load(answer) if letter["to"] == MAIL]

    def confirm(self) -> str:
        """Open the link in the newest confirmation mail, as a subscriber would."""
        letters = wait_for("the confirmation mail", lambda: [x for x in self.letters() if "Confirm" in x["subject"]])
        link = re.search(r"http\S+Action=ConfirmSubscription\S+", letters[-1]["body"])
        if not link:
            raise Failed("the mail has no link")
        with urlopen(link[0], timeout=30):
            return f"opened the link in the mail to {MAIL}"

    def order(self) -> str:
        self.id = post(self.endpoint, ORDER)["id"]
        return f"POST {self.endpoint} → {self.id}"

    def travel(self) -> str:
        states, name = (
            self.client("stepfunctions"),
            self.outputs["WorkflowArn"].replace(":stateMachine:", ":execution:"),
        )
        self.execution = f"{name}:{self.id}"

        def ended() -> Any:
            try:
                found = states.describe_execution(executionArn=self.execution)
            except states.exceptions.ExecutionDoesNotExist:
                return None
            return found if found["status"] != "RUNNING" else None

        status = wait_for("the workflow", ended)["status"]
        events = states.get_execution_history(executionArn=self.execution)["events"]
        entered = [event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event]
        return f"queue → function → workflow {status}: {' → '.join(entered)}"

    def stored(self) -> str:
        item = self.client("dynamodb").get_item(
            TableName=self.outputs["TableName"], Key={"user_id": {"S": "demo"}, "id": {"S": self.id}}
        )["Item"]
        self.item = {name: next(iter(value.values())) for name, value in item.items()}
        return f"DynamoDB has it: {self.item['status']}"

    def mail(self) -> str:
        letters = wait_for("the mail", lambda: [x for x in self.letters() if self.id in x["body"]])
        self.letter = letters[-1]
        return f"SNS wrote to {self.letter['to']}"


def main() -> None:
    screen = Console()
    screen.print(Panel("An order, from the first request to the mail", title="Freehold", expand=False))
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as progress:
        show = Show(progress)
        show.step("Start Freehold", show.start)
        show.step("Build the app", show.build)
        show.step("Deploy five stacks", show.deploy)
        show.step("Confirm the subscription", show.confirm)
        show.step("Place an order", show.order)
        show.step("Follow it", show.travel)
        show.step("Look it up", show.stored)
        show.step("Read the mail", show.mail)
    screen.print(Panel(json.dumps(show.item, indent=2), title="the stored order", expand=False))
    screen.print(Panel(show.letter["body"].strip(), title=f"Subject: {show.letter['subject']}", expand=False))
    going_on = GOING_ON.format(data=DATA, endpoint=show.endpoint, workflow=show.outputs["WorkflowArn"])
    screen.print("[bold]How to go on[/]")
    screen.print(going_on, soft_wrap=True, markup=False)


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(f"\n{failure}\n\nFreehold's own log: {DATA / 'freehold.log'}")
