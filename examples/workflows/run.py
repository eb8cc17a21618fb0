"""The show: four workflows, each in the ways that the published articles compare, with what they would cost in AWS.

Everything here is what a person would type; only the waiting, the measuring and the printing are ours.
"""

import json
import sys
import time
import uuid
from pathlib import Path
from statistics import median
from typing import Any

from rich.progress import Progress
from rich.table import Table

from examples.show import DATA, Failed, Show, command, on_screen, wait_for

MENU = [f"{size} {drink}" for size in ("small", "large") for drink in ("espresso", "latte", "tea")]
WISHES = [{"size": size, "drink": drink} for drink in ("latte", "tea", "water") for size in ("small", "large", "huge")]
PARTY = [WISHES[place % len(WISHES)] for place in range(60)]
WARM, ROUNDS = 2, 5  # runs that are not counted, and those that are
UNHAPPY = "My soup was cold and the waiter was rude."
OPEN_MAX = 3
GOING_ON = """\
  freehold workflow watch {polling} --data {data}
  freehold workflow graph {polling} --format svg -o polling.svg --data {data}
  freehold workflow cost {callback} --times 1000000 --data {data}
  eval $(freehold env --data {data})         point AWS tools in this shell at Freehold
  sam delete --stack-name workflows --no-prompts

(`source .venv/bin/activate` puts freehold, aws and sam on your path.)"""


class Workflows(Show):
    """What was run, and the lines of the table: what, published, measured here."""

    app, stack = Path(__file__).parent, "workflows"

    def __init__(self, progress: Progress):
        super().__init__(progress)
        self.lines: list[tuple[str, str, str]] = []

    def begin(self, machine: str, **input: Any) -> str:
        """Start an execution of the machine of an output."""
        states = self.client("stepfunctions")
        return states.start_execution(stateMachineArn=self.outputs[machine], input=json.dumps(input))["executionArn"]

    def end(self, arn: str) -> dict[str, Any]:
        states = self.client("stepfunctions")

        def look() -> Any:
            found = states.describe_execution(executionArn=arn)
            return found if found["status"] != "RUNNING" else None

        return wait_for(f"the end of {arn}", look)

    def cost(self, arn: str) -> dict[str, dict[str, Any]]:
        """What `freehold workflow cost` tells of a thousand such executions, by the kind of workflow."""
        told = json.loads(command("freehold", "workflow", "cost", arn, "--json", "--data", str(DATA)))
        return {line["how"]: line for line in told}

    def write_menu(self) -> str:
        item = {"id": {"S": "menu"}, "drinks": {"SS": MENU}}
        self.client("dynamodb").put_item(TableName=self.outputs["MenuTable"], Item=item)
        return f"{len(MENU)} drinks in DynamoDB"

    def sanitise(self) -> str:
        answers = set()
        for machine, published in (("Function", "billed 200 ms"), ("Intrinsics", "billed 100 ms"), ("Jsonata", "")):
            took_ms, billed_ms, answer = self.measure(f"MenuBy{machine}")
            answers.add(answer)
            seen = f"billed {billed_ms:.0f} ms (a client sees {took_ms:.0f} ms)"
            self.lines.append((f"order of {len(PARTY)} drinks, by {machine}", published, seen))
        if len(answers) != 1:
            raise Failed(f"the three ways differ: {answers}")
        return f"{len(json.loads(answers.pop())['refused'])} of {len(PARTY)} drinks are not on the menu; all ways agree"

    def measure(self, machine: str) -> tuple[float, float, str]:
        """Medians of what a client sees and of what is billed, in ms, and the answer of a synchronous execution."""
        states, took, billed = self.client("stepfunctions"), [], []
        order = json.dumps({"order": "party", "items": PARTY})
        for _ in range(WARM + ROUNDS):
            begun = time.perf_counter()
            done = states.start_sync_execution(stateMachineArn=self.outputs[machine], input=order)
            took.append((time.perf_counter() - begun) * 1_000)
            if done["status"] != "SUCCEEDED":
                raise Failed(f"{machine}: {done.get('error')}: {done.get('cause')}")
            billed.append(done["billingDetails"]["billedDurationInMilliseconds"])
        return median(took[WARM:]), median(billed[WARM:]), done["output"]

    def listen(self) -> str:
        for machine, published in (("Function", 9), ("Intrinsics", 8)):
            done = self.end(self.begin(f"FeedbackBy{machine}", customer="ann", text=UNHAPPY))
            steps = self.cost(done["executionArn"])["Standard"]["transitions"] // 1_000
            self.lines.append((f"feedback, by {machine}", f"{published} transitions", f"{steps} transitions"))
        return f"“{UNHAPPY}” is {json.loads(done['output'])['feeling']}"

    def crowd(self) -> str:
        """More orders than may be open at once; then one is made, and there is room again."""
        queue, sqs, states = self.outputs["DoormanQueue"], self.client("sqs"), self.client("stepfunctions")
        taken = [self.begin("DoormanWorkflow", order=f"drink {number}") for number in range(OPEN_MAX)]
        tokens = []
        while len(tokens) < len(taken):
            for message in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20).get("Messages", []):
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
                tokens.append(json.loads(message["Body"])["token"])
        refused = self.end(self.begin("DoormanWorkflow", order="one too many"))
        for token in tokens:
            states.send_task_success(taskToken=token, output='"made"')
        outcomes = [self.end(arn)["status"] for arn in taken]
        if (refused["status"], set(outcomes)) != ("FAILED", {"SUCCEEDED"}):
            raise Failed(f"the doorman let {outcomes} in and answered {refused['status']}")
        return f"{len(taken)} orders taken; then: {refused['error']}, {refused['cause']}"

    def be_called_back(self) -> str:
        """The first order finds the functions cold and its clerk stumbling; the second is counted."""
        first = self.end(self.begin("ShopCallback", order=str(uuid.uuid4()), total=20, stumble=True))
        done = self.end(self.begin("ShopCallback", order=str(uuid.uuid4()), total=20, stumble=False))
        self.callback = done["executionArn"]
        cost = self.cost(self.callback)
        parent, child = cost["Standard"], cost["and its children"]
        here = f"{parent['transitions'] // 1_000} transitions, ${parent['dollars']:.2f}"
        self.lines.append(("callback, Standard", "8 transitions, $0.20", here))
        self.lines.append(("… and its Express child", "$0.0002", child["note"]))
        return f"{first['status']}, though the clerk stumbled after the first answer"

    def poll(self) -> str:
        """The same definition as a Standard and as an Express workflow, beside each other."""
        begun = self.begin("ShopPolling", order=str(uuid.uuid4()), total=20)
        input = json.dumps({"order": str(uuid.uuid4()), "total": 20})
        quick = self.client("stepfunctions").start_sync_execution(
            stateMachineArn=self.outputs["ShopPollingExpress"], input=input
        )
        self.polling = self.end(begun)["executionArn"]
        cost = self.cost(self.polling)
        standard, express = cost["Standard"], cost["Express"]
        here = f"{standard['transitions'] // 1_000} transitions, ${standard['dollars']:.2f}"
        self.lines.append(("polling, Standard", "17 transitions, $0.42", here))
        billed_s = quick["billingDetails"]["billedDurationInMilliseconds"] / 1_000
        self.lines.append(("polling, Express", "11.3 s, $0.01", f"{billed_s:.1f} s, ${express['dollars']:.2f}"))
        return f"{standard['transitions'] // 1_000} transitions in {billed_s:.1f} s"

    def find_dead_letter(self) -> str:
        sqs, queue = self.client("sqs"), self.outputs["ShopDeadLetters"]

        def look() -> Any:
            return sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5).get("Messages")

        [message] = wait_for("the dead letter", look)
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return f"the question about {json.loads(message['Body'])['about']} is in the dead-letter queue"


def main() -> None:
    with on_screen("Four workflows, each in two ways") as progress:
        screen = progress.console
        show = Workflows(progress)
        show.step("Start Freehold", show.start)
        show.step("Build the workflows", show.build)
        show.step("Deploy five stacks", show.deploy)
        show.step("Write the menu", show.write_menu)
        show.step("Check a party's order", show.sanitise)
        show.step("Listen to a customer", show.listen)
        show.step("Crowd the bar", show.crowd)
        show.step("Order with callbacks", show.be_called_back)
        show.step("Order with polling", show.poll)
        show.step("Find the dead letter", show.find_dead_letter)
    table = Table("a thousand times", "published", "here", title="In AWS", title_justify="left", box=None)
    for line in show.lines:
        table.add_row(*line)
    screen.print(table)
    screen.print("[bold]How to go on[/]")
    screen.print(GOING_ON.format(data=DATA, polling=show.polling, callback=show.callback), soft_wrap=True, markup=False)


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(f"\n{failure}\n\nFreehold's own log: {DATA / 'freehold.log'}")
