"""The show: a help desk's cases come in as partner events, and what is found about them goes back, whatever happens.

Everything here is what a person would type; only the waiting, the desk itself and the printing are ours.
"""

import json
import subprocess
import sys
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from rich.progress import Progress
from rich.table import Table

from examples.show import DATA, Failed, Show, on_screen, wait_for

APP = Path(__file__).parent
SOURCE, SECRET = "aws.partner/helpdesk.example/acme/cases", "saas-events/desk"
ACCOUNT, PARTNER = "000000000000", "111122223333"
ORDERS = (("2026-03-01", "hat", "10"), ("2026-03-02", "coat", "120"), ("2026-03-03", "scarf", "15"))
MOBILE = "(206) 555-0100"
GOING_ON = """\
  eval $(freehold env --data {data})         point AWS tools in this shell at Freehold
  freehold outbox --data {data}              the SMS
  aws sqs receive-message --queue-url {lost}
  aws logs filter-log-events --log-group-name {log}
  sam delete --stack-name saas-events --no-prompts

(`source .venv/bin/activate` puts freehold, aws and sam on your path. The desk itself closed with this show.)"""


class SaasEvents(Show):
    """The desk, and the cases of this show."""

    app, stack = APP, "saas-events"

    def __init__(self, progress: Progress):
        super().__init__(progress)
        self.cases = {name: f"{name}-{uuid.uuid4().hex[:6]}" for name in ("sad", "hard", "lost")}

    def open_desk(self) -> str:
        words = [sys.executable, str(APP / "desk.py")]
        self.desk = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self.desk.stdout
        self.desk_url = self.desk.stdout.readline().strip()
        self.parameters = (*Show.parameters, f"DeskUrl={self.desk_url}")
        return f"{self.desk_url}, a small server of the standard library"

    def ask_desk(self, path: str = "", value: Any = None) -> Any:
        body = json.dumps(value).encode() if value is not None else None
        with urlopen(Request(f"{self.desk_url}/desk{path}", body), timeout=30) as answer:
            return json.load(answer)

    def keep_secrets(self) -> str:
        """What opens the desk: the template has references to it, and no secret."""
        manager, text = self.client("secretsmanager"), json.dumps(_credentials())
        try:
            manager.create_secret(Name=SECRET, SecretString=text)
        except manager.exceptions.ResourceExistsException:
            manager.put_secret_value(SecretId=SECRET, SecretString=text)
        return f"secret {SECRET}"

    def offer_source(self) -> str:
        """The partner's part, in the partner's account."""
        partner = self.client("events", account=PARTNER)
        with suppress(partner.exceptions.ResourceAlreadyExistsException):
            partner.create_partner_event_source(Name=SOURCE, Account=ACCOUNT)
        return f"account {PARTNER} offers {SOURCE}"

    def write_orders(self) -> str:
        for day, item, total in ORDERS:
            row = {"customer": {"S": "ann"}, "ordered_at": {"S": day}, "item": {"S": item}, "total": {"N": total}}
            self.client("dynamodb").put_item(TableName=self.outputs["Orders"], Item=row)
        return f"{len(ORDERS)} of ann's in DynamoDB"

    def authorize(self) -> str:
        events, name = self.client("events"), self.outputs["Token"]
        wait_for("a token", lambda: events.describe_connection(Name=name)["ConnectionState"] == "AUTHORIZED")
        return "the connection has a token"

    def tell(self, name: str, text: str, customer: str = "ann") -> None:
        detail = {"case": self.cases[name], "customer": customer, "text": text, "phone": MOBILE}
        entry = {"Source": SOURCE, "DetailType": "Case opened", "Detail": json.dumps(detail)}
        told = self.client("events", account=PARTNER).put_partner_events(Entries=[entry])
        if told["FailedEntryCount"]:
            raise Failed(str(told))

    def known(self, name: str) -> dict[str, Any]:
        """What the desk knows of a case, once it knows both."""

        def look() -> Any:
            found = self.ask_desk()["cases"].get(self.cases[name], {})
            return found if {"orders", "mood"} <= found.keys() else None

        return wait_for(f"the desk to know of {self.cases[name]}", look)

    def work_a_case(self) -> str:
        self.tell("sad", "It came late, and it is broken!")
        found = self.known("sad")
        return f"the desk knows: {found['mood']['mood']}, bought {', '.join(found['orders']['bought'])}"

    def read_sms(self) -> str:
        with urlopen(f"{self.url}/_freehold/outbox", timeout=30) as answer:
            letters = [one for one in json.load(answer) if self.cases["sad"] in one["body"]]
        return f"to {letters[0]['to']}: “{letters[0]['body']}”"

    def make_trouble(self) -> str:
        """The desk forgets its tokens, then is overloaded, then has no time."""
        self.ask_desk("/revoke", {})
        path = f"/cases/{self.cases['hard']}"
        self.ask_desk("/trouble", {"path": f"{path}/mood", "status": 503, "times": 2})
        wait = {"Retry-After": "2"}
        self.ask_desk("/trouble", {"path": f"{path}/mood", "status": 429, "headers": wait})
        self.tell("hard", "Thanks, great hat!")
        self.known("hard")
        statuses = [str(one["status"]) for one in self.calls("hard") if "mood" in one["target"]]
        return f"the mood was told after {' → '.join(statuses)}, the orders with a new token"

    def calls(self, name: str) -> list[dict[str, Any]]:
        return [one for one in self.ask_desk()["calls"] if self.cases[name] in one["target"]]

    def lose_a_case(self) -> str:
        """A case without a customer cannot be enriched."""
        self.tell("lost", "Who am I?", customer="")
        sqs, queue = self.client("sqs"), self.outputs["Unenriched"]

        def look() -> Any:
            found = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5, VisibilityTimeout=0).get("Messages", [])
            return [one for one in found if self.cases["lost"] in one["Body"]]

        [message, *_] = wait_for("the dead letter", look)
        return f"in the dead-letter queue: {json.loads(message['Body'])['failure']['Error']}"


def _credentials() -> dict[str, str]:
    """What the desk is opened by if nobody says otherwise."""
    told = subprocess.run(
        [sys.executable, str(APP / "desk.py"), "--credentials"], capture_output=True, text=True, check=True
    )  # fmt: skip
    return json.loads(told.stdout)


def main() -> None:
    with on_screen("Events both ways with a help desk") as progress:
        screen = progress.console
        show = SaasEvents(progress)
        show.step("Start Freehold", show.start)
        show.step("Open the desk", show.open_desk)
        try:
            follow(show)
            calls = [call for name in show.cases for call in show.calls(name)]
        finally:
            show.desk.kill()
    table = Table("request", "body", "answer", title="What the desk was told", title_justify="left", box=None)
    for call in calls:
        table.add_row(f"{call['method']} {call['target']}", call["body"], str(call["status"]))
    screen.print(table)
    screen.print("[bold]How to go on[/]")
    going_on = GOING_ON.format(data=DATA, lost=show.outputs["Unenriched"], log=show.outputs["OutboundLog"])
    screen.print(going_on, soft_wrap=True, markup=False)


def follow(show: SaasEvents) -> None:
    """The steps while the desk is open."""
    show.step("Keep its secrets", show.keep_secrets)
    show.step("Be offered its events", show.offer_source)
    show.step("Build the app", show.build)
    show.step("Deploy it", show.deploy)
    show.step("Write orders", show.write_orders)
    show.step("Be let in", show.authorize)
    show.step("Work on a case", show.work_a_case)
    show.step("Read the SMS", show.read_sms)
    show.step("Make trouble", show.make_trouble)
    show.step("Lose a case", show.lose_a_case)


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(f"\n{failure}\n\nFreehold's own log: {DATA / 'freehold.log'}")
