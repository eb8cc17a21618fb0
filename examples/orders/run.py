"""The show: start Freehold, deploy the orders app with the real SAM CLI, and follow one order through it.

Everything here is what a person would type; only the waiting and the printing are ours.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from rich.panel import Panel

from examples.show import DATA, Failed, Show, on_screen, wait_for

MAIL = "you@example.com"
ORDER = {"name": "Rellenos", "quantity": 5}
GOING_ON = """\
  eval $(freehold env --data {data})         point AWS tools in this shell at Freehold
  curl -d '{{"name": "busy", "quantity": 1}}' -H 'content-type: application/json' {endpoint}
  aws stepfunctions list-executions --state-machine-arn {workflow}
  aws logs describe-log-groups               then: aws logs filter-log-events --log-group-name NAME
  sam delete --stack-name orders --no-prompts
  freehold outbox|status|logs|down --data {data}

(`source .venv/bin/activate` puts freehold, aws and sam on your path.)"""


def post(url: str, value: Any) -> Any:
    request = Request(url, json.dumps(value).encode(), {"content-type": "application/json"})
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)


class Orders(Show):
    """The app's endpoint, and the order that is followed."""

    app, stack = Path(__file__).parent, "orders"
    parameters = (*Show.parameters, f"NotifyEmail={MAIL}")

    @property
    def endpoint(self) -> str:
        return f"{self.url}/_aws/execute-api/{self.outputs['ApiId']}/live/orders"

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
    with on_screen("An order, from the first request to the mail") as progress:
        screen = progress.console
        show = Orders(progress)
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
