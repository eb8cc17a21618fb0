"""The show: a clinic's messages reach those departments alone that may hear them.

Everything here is what a person would type; only the waiting and the printing are ours.
"""

import json
import sys
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from rich.table import Table

from examples.show import DATA, RUNTIME, Failed, Show, command, on_screen, wait_for

AUDIT = "/aws/vendedlogs/clinicaudit"
DEPARTMENTS = ("scheduling", "billing")
PLAIN = "See you on Monday at ten."
MESSAGES = ("410 Terry Ave N, Seattle 98109, WA", "NDC: 0777-3105-02", PLAIN, "SSN: 123-12-1234")
GOING_ON = """\
  eval $(freehold env --data {data})         point AWS tools in this shell at Freehold
  aws sns publish --topic-arn {topic} --message 'card 4539 1488 0343 6467'
  aws logs filter-log-events --log-group-name {audit}
  aws logs filter-log-events --log-group-name /clinic/billing [--unmask]
  echo 'SSN: 123-12-1234' | freehold scan -

(`source .venv/bin/activate` puts freehold, aws and sam on your path.)"""


class Clinic(Show):
    """The four stacks; what was published, and who heard it."""

    app = Path(__file__).parent

    def deploy_stack(self, name: str, *more: str) -> str:
        command("sam", "deploy", "--config-env", name, *more, cwd=self.app, **self.environment)
        [stack] = self.client("cloudformation").describe_stacks(StackName=f"clinic-{name}")["Stacks"]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        return f"sam deploy: stack clinic-{name} is {stack['StackStatus']}"

    def deploy_roles(self) -> str:
        said = self.deploy_stack("roles")
        self.roles = self.outputs
        return said

    def deploy_topic(self) -> str:
        said = self.deploy_stack("topic")
        self.topic = self.outputs["Topic"]
        return said

    def deploy_department(self, name: str) -> str:
        parameters = ("--parameter-overrides", f"Department={name}", f"Runtime={RUNTIME}")
        return self.deploy_stack(name, "--role-arn", self.roles[name.capitalize()], *parameters)

    def publish(self) -> str:
        """Each message; one is refused."""
        sns, self.refused = self.client("sns"), {}
        for message in MESSAGES:
            try:
                sns.publish(TopicArn=self.topic, Message=message)
            except ClientError as refusal:
                self.refused[message] = refusal.response["Error"]["Code"]
        return f"{len(MESSAGES) - len(self.refused)} were taken, {len(self.refused)} refused"

    def heard(self, department: str, **more: Any) -> list[str]:
        """What a department has noted in its log."""
        events = self.client("logs").filter_log_events(
            logGroupName=f"/clinic/{department}", filterPattern="heard", **more
        )["events"]
        return [event["message"].removeprefix("heard: ").strip() for event in events]

    def listen(self) -> str:
        """Wait until each department has heard two messages, which are all that it may."""
        self.notes = {
            name: wait_for(f"{name} to hear", lambda name=name: self._all(self.heard(name, unmask=True)))
            for name in DEPARTMENTS
        }
        return f"{len(DEPARTMENTS)} departments heard two messages each"

    def _all(self, heard: list[str]) -> list[str]:
        return heard if len(set(heard)) > 1 else []

    def read_logs(self) -> str:
        """As one without logs:Unmask would."""
        return "without unmasking, billing's log has: " + " | ".join(sorted(set(self.heard("billing"))))

    def read_findings(self) -> str:
        events = self.client("logs").filter_log_events(logGroupName=AUDIT)["events"]
        self.records = [json.loads(event["message"]) for event in events]
        return f"{len(self.records)} records in {AUDIT}"


def main() -> None:
    with on_screen("A clinic's messages, and who may hear them") as progress:
        screen = progress.console
        show = Clinic(progress)
        show.step("Start Freehold", show.start)
        show.step("Deploy the departments' roles", show.deploy_roles)
        show.step("Deploy the topic", show.deploy_topic)
        for name in DEPARTMENTS:
            show.step(f"Deploy {name} in its role", lambda name=name: show.deploy_department(name))
        show.step("Publish four messages", show.publish)
        show.step("Listen", show.listen)
        show.step("Read a log", show.read_logs)
        show.step("Read the findings", show.read_findings)
    screen.print(told(show))
    screen.print("[bold]How to go on[/]")
    screen.print(GOING_ON.format(data=DATA, topic=show.topic, audit=AUDIT), soft_wrap=True, markup=False)


def told(show: Clinic) -> Table:
    """Who heard what."""
    table = Table("message", *DEPARTMENTS, "publisher", box=None)
    for message in MESSAGES:
        marks = ["✓" if message in show.notes[name] else "–" for name in DEPARTMENTS]
        table.add_row(message, *marks, show.refused.get(message, "taken"))
    return table


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(f"\n{failure}\n\nFreehold's own log: {DATA / 'freehold.log'}")
