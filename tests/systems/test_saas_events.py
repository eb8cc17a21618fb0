"""System 13: events both ways with a SaaS, deployed by the real SAM CLI; its desk refuses, fails and forgets."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.running import HOME, Freehold, http, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("saas-events")]

EXAMPLE = HOME / "examples" / "saas-events"
SOURCE, PARTNER, ACCOUNT = "aws.partner/helpdesk.example/acme/cases", "111122223333", "000000000000"
CREDENTIALS = {"client_id": "id/1", "client_secret": "s+1", "api_key": "k-1", "user": "u", "password": "p 1"}
RATE, PAUSE_S = 40, 3
MOBILE, LANDLINE = "(206) 555-0100", "206-555-0150"


class Desk:
    """The stand-in SaaS as a process of its own, which keeps its port."""

    def __init__(self) -> None:
        self.port, self.process = 0, None
        self.up()

    def up(self) -> None:
        words = [sys.executable, str(EXAMPLE / "desk.py"), "--port", str(self.port)]
        environment = {**os.environ, "DESK_CREDENTIALS": json.dumps(CREDENTIALS)}
        self.process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        self.port = int(self.url.rpartition(":")[2])

    def down(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def knows(self) -> dict:
        return http("GET", f"{self.url}/desk")[1]

    def case(self, id: str) -> dict:
        return self.knows()["cases"].get(id, {})

    def calls(self, *words: str) -> list[dict]:
        """The calls to addresses with these words in them."""
        return [call for call in self.knows()["calls"] if all(word in call["target"] for word in words)]

    def trouble(self, path: str, status: int, times: int, **headers: str) -> None:
        http("POST", f"{self.url}/desk/trouble", {"path": path, "status": status, "times": times, "headers": headers})

    def revoke(self) -> None:
        http("POST", f"{self.url}/desk/revoke", {})


class Stack:
    """The deployed example, seen by its partner and by its owner."""

    def __init__(self, freehold: Freehold, desk: Desk, folder: Path):
        self.freehold, self.desk, self.folder = freehold, desk, folder
        self.outputs: dict[str, str] = {}

    def deploy(self, *more: str) -> None:
        given = [f"Runtime=python{sys.version_info.major}.{sys.version_info.minor}", f"DeskUrl={self.desk.url}"]
        parameters = ("--parameter-overrides", *given, f"DeskRate={RATE}", *more)
        for words in (("sam", "build", *parameters), ("sam", "deploy", *parameters)):
            done = self.freehold.run(*words, cwd=self.folder)
            assert done.returncode == 0, done.stdout + done.stderr
        [stack] = self.freehold.client("cloudformation").describe_stacks(StackName="saas-events")["Stacks"]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}

    def partner(self):
        """EventBridge, as the account of the partner sees it."""
        return self.freehold.client("events", account=PARTNER)

    def tell(self, kind: str, *details: dict, source: str = SOURCE) -> None:
        """The desk's events, as it puts them."""
        entries = [{"Source": source, "DetailType": kind, "Detail": json.dumps(detail)} for detail in details]
        for first in range(0, len(entries), 10):
            told = self.partner().put_partner_events(Entries=entries[first : first + 10])
            assert told["FailedEntryCount"] == 0, told

    def open_case(self, id: str, customer: str = "ann", text: str = "Where is it?", phone: str = MOBILE) -> None:
        self.tell("Case opened", {"case": id, "customer": customer, "text": text, "phone": phone})

    def ended(self, machine: str, id: str) -> dict:
        """The execution about a case, once it has ended."""
        states = self.freehold.client("stepfunctions")

        def look():
            for one in states.list_executions(stateMachineArn=self.outputs[machine])["executions"]:
                told = states.describe_execution(executionArn=one["executionArn"])
                if json.loads(told["input"])["case"] == id and told["status"] != "RUNNING":
                    return told
            return None

        return wait_for(look)

    def texts(self, words: str) -> list[dict]:
        """The SMS with these words in them."""
        return [one for one in self.freehold.letters() if one["medium"] == "sms" and words in one["body"]]

    def letter(self, queue: str) -> dict:
        """The next message of a queue, taken out of it."""
        sqs, url = self.freehold.client("sqs"), self.outputs[queue]

        def look():
            asked = {"QueueUrl": url, "WaitTimeSeconds": 2, "MessageAttributeNames": ["All"]}
            return sqs.receive_message(**asked).get("Messages")

        [message] = wait_for(look)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return message


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saas-events")
    freehold, desk = Freehold(folder / "data"), Desk()
    freehold.up()
    shutil.copytree(EXAMPLE, folder / "app", ignore=shutil.ignore_patterns(".aws-sam"))
    made = Stack(freehold, desk, folder / "app")
    secret = json.dumps(CREDENTIALS)
    freehold.client("secretsmanager").create_secret(Name="saas-events/desk", SecretString=secret)
    made.partner().create_partner_event_source(Name=SOURCE, Account=ACCOUNT)
    made.deploy()
    for day, item, total in (("01", "hat", 10), ("02", "coat", 120), ("03", "scarf", 15)):
        order = {"customer": "ann", "ordered_at": f"2026-03-{day}", "item": item}
        item = {name: {"S": value} for name, value in order.items()} | {"total": {"N": str(total)}}
        freehold.client("dynamodb").put_item(TableName=made.outputs["Orders"], Item=item)
    events = freehold.client("events")
    wait_for(lambda: events.describe_connection(Name=made.outputs["Token"])["ConnectionState"] == "AUTHORIZED")
    yield made
    desk.down()
    freehold.down()


# A case comes in, and what is found goes back


def test_the_partners_bus_is_made_for_its_source(stack):
    events = stack.freehold.client("events")
    assert events.describe_event_source(Name=SOURCE)["State"] == "ACTIVE"
    [bus] = events.list_event_buses(NamePrefix="aws.partner")["EventBuses"]
    assert bus["Name"] == SOURCE


def test_a_case_is_enriched_and_answered(stack):
    stack.open_case("c-1", text="It came late, and broken!")
    wait_for(lambda: {"orders", "mood"} <= stack.desk.case("c-1").keys())
    assert stack.desk.case("c-1") == {
        "orders": {"last_total": 15, "bought": ["scarf", "coat", "hat"], "last_order_at": "2026-03-03"},
        "mood": {"mood": "NEGATIVE", "customer_was_told": True},
    }
    [text] = stack.texts("c-1")
    assert (text["to"], text["body"].split(".")[0]) == ("+12065550100", "We are sorry")
    assert stack.ended("Enrich", "c-1")["status"] == stack.ended("Process", "c-1")["status"] == "SUCCEEDED"


@pytest.mark.parametrize(("text", "phone", "mood", "told"), [
    ("Lovely, thanks!", MOBILE, "POSITIVE", "Thank you"),
    ("Lovely, but late.", MOBILE, "MIXED", ""),
    ("It came late.", LANDLINE, "NEGATIVE", ""),
    ("It came late.", "12", "NEGATIVE", ""),
])  # fmt: skip
def test_who_gets_a_message(stack, text, phone, mood, told):
    id = f"c-{mood}-{phone}".replace(" ", "")
    stack.tell("Case changed", {"case": id, "customer": "ann", "text": text, "phone": phone})
    wait_for(lambda: stack.desk.case(id))
    assert stack.desk.case(id) == {"mood": {"mood": mood, "customer_was_told": bool(told)}}
    assert [one["body"].startswith(told) for one in stack.texts(id)] == [True] * bool(told)


def test_neither_an_unknown_customer_nor_a_calm_one_is_told_to_the_desk(stack):
    stack.open_case("c-calm", customer="bob", text="Where is it?")
    output = json.loads(stack.ended("Process", "c-calm")["output"])
    assert output["FailedEntryCount"] == 0
    assert json.loads(stack.ended("Enrich", "c-calm")["output"])["orders"]["count"] == 0
    wait_for(lambda: any("c-calm" in line for line in stack.desk.knows()["activity"]))
    assert stack.desk.case("c-calm") == {}


def test_the_desk_and_the_log_are_told_of_everything(stack):
    stack.open_case("c-log")
    wait_for(lambda: len([line for line in stack.desk.knows()["activity"] if "c-log" in line]) == 2)
    told = sorted(line for line in stack.desk.knows()["activity"] if "c-log" in line)
    assert told[0].startswith("Case enriched for case c-log, by saas-events-TellActivity-")
    logs, group = stack.freehold.client("logs"), stack.outputs["OutboundLog"]
    found = wait_for(lambda: logs.filter_log_events(logGroupName=group, filterPattern='"c-log"')["events"])
    assert {json.loads(one["message"])["source"] for one in found} <= {"case.enrich", "case.process"}


def test_each_endpoint_is_opened_in_its_own_way(stack):
    """What the desk let in, it knew: by a token, a key and a password; nothing was refused so far."""
    calls = stack.desk.knows()["calls"]
    assert {call["status"] for call in calls} == {200, 202}
    assert all("by=saas-events" in call["target"] for call in calls if "mood" in call["target"])
    assert {call["agent"] for call in calls} == {"Amazon/EventBridge/ApiDestinations"}
    refused, _ = http("PATCH", f"{stack.desk.url}/cases/c-1/orders", {})
    assert refused == 401


def test_secrets_of_the_stack_are_shown_nowhere(stack):
    told = stack.freehold.client("cloudformation").describe_stacks(StackName="saas-events")["Stacks"][0]["Parameters"]
    assert {one["ParameterValue"] for one in told if one["ParameterKey"] in ("ClientSecret", "Password")} == {"****"}
    connection = stack.freehold.client("events").describe_connection(Name=stack.outputs["Token"])
    assert "s+1" not in json.dumps(connection, default=str)


# What goes wrong


def test_a_case_that_cannot_be_enriched_waits_for_a_person(stack):
    stack.open_case("c-lost", customer="")
    told = stack.ended("Enrich", "c-lost")
    assert (told["status"], told["error"]) == ("FAILED", "DynamoDb.DynamoDbException")
    letter = json.loads(stack.letter("Unenriched")["Body"])
    assert (letter["case"], letter["failure"]["Error"]) == ("c-lost", "DynamoDb.DynamoDbException")
    wait_for(lambda: any("c-lost" in line for line in stack.desk.knows()["activity"]))  # it was processed all the same


def test_one_token_serves_until_the_desk_forgets_it(stack):
    given = stack.desk.knows()["tokens"]
    assert given == 1
    stack.desk.revoke()
    stack.open_case("c-token")
    wait_for(lambda: stack.desk.case("c-token").get("orders"))
    assert [call["status"] for call in stack.desk.calls("c-token", "orders")] == [401, 200]
    assert stack.desk.knows()["tokens"] == given + 1


def test_a_desk_in_trouble_is_asked_again(stack):
    stack.desk.trouble("/cases/c-busy/orders", 503, 2)
    stack.desk.trouble("/cases/c-busy/mood", 429, 1, **{"Retry-After": str(PAUSE_S)})
    stack.open_case("c-busy", text="late")
    wait_for(lambda: {"orders", "mood"} <= stack.desk.case("c-busy").keys())
    assert [call["status"] for call in stack.desk.calls("c-busy", "orders")] == [503, 503, 200]
    refused, taken = stack.desk.calls("c-busy", "mood")
    assert (refused["status"], taken["status"]) == (429, 200)
    assert taken["at"] - refused["at"] > 0.9 * PAUSE_S


def test_what_the_desk_will_not_have_is_kept(stack):
    stack.desk.trouble("/cases/c-odd/orders", 422, 1)
    stack.open_case("c-odd")
    letter = stack.letter("Undelivered")
    told = {name: one["StringValue"] for name, one in letter["MessageAttributes"].items()}
    assert json.loads(letter["Body"])["detail"]["case"] == "c-odd"
    assert told["ERROR_MESSAGE"].endswith("responded with a status code 422")
    assert ":rule/saas-events-outbound/" in told["RULE_ARN"] and ":api-destination/" in told["TARGET_ARN"]


def test_the_desk_is_not_asked_more_often_than_it_wants(stack):
    ids = [f"c-many-{number}" for number in range(2 * RATE)]
    stack.tell("Case opened", *({"case": id, "customer": "ann", "text": "hm", "phone": MOBILE} for id in ids))
    wait_for(lambda: len(stack.desk.calls("c-many", "orders")) == len(ids), 120)
    moments = sorted(call["at"] for call in stack.desk.calls("c-many", "orders"))
    within = max(sum(first <= moment < first + 1 for moment in moments) for first in moments)
    assert within <= 1.5 * RATE


def test_nothing_is_lost_when_all_is_killed(stack):
    """The desk is away while cases come in, and the cloud dies twice: once in the middle of the workflows, once while
    it asks again."""
    ids = [f"c-dead-{number}" for number in range(20)]
    stack.desk.down()
    stack.tell("Case opened", *({"case": id, "customer": "ann", "text": "late", "phone": MOBILE} for id in ids))
    stack.freehold.kill()
    stack.freehold.up()
    wait_for(lambda: len({one["body"] for one in stack.texts("c-dead")}) == len(ids), 120)
    stack.freehold.kill()
    stack.desk.up()
    stack.freehold.up()

    def all_there():
        known = stack.desk.knows()["cases"]
        return all({"orders", "mood"} <= known.get(id, {}).keys() for id in ids)

    wait_for(all_there, 150)


# Another bus, another address


def test_the_desk_moves(stack):
    """The stack is given another bus, by its ARN, another pattern, and the desk's new address."""
    stack.desk.down()
    stack.desk.port = 0
    stack.desk.up()
    events, other = stack.freehold.client("events"), f"{SOURCE}/closed"
    stack.partner().create_partner_event_source(Name=other, Account=ACCOUNT)
    bus = events.create_event_bus(Name=other, EventSourceName=other)["EventBusArn"]
    assert bus == f"arn:aws:events:us-east-1:{ACCOUNT}:event-bus/{other}"
    stack.deploy(f"PartnerBus={bus}", r'CasePattern="{\"detail-type\": [\"Case closed\"]}"')
    assert [one["Name"] for one in events.list_event_buses(NamePrefix="aws.partner")["EventBuses"]] == [other]
    told = {"case": "c-new", "customer": "ann", "text": "thanks", "phone": MOBILE}
    stack.tell("Case closed", told, source=other)
    wait_for(lambda: stack.desk.case("c-new").get("mood"))
    stack.tell("Case opened", told, source=other)
    wait_for(lambda: stack.desk.case("c-new").get("orders"))


def test_sam_delete_removes_everything(stack):
    """Last, as it takes the stack away."""
    done = stack.freehold.run("sam", "delete", "--stack-name", "saas-events", "--no-prompts", cwd=stack.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    events = stack.freehold.client("events")
    assert events.list_connections()["Connections"] == events.list_api_destinations()["ApiDestinations"] == []
    buses = [bus["Name"] for bus in events.list_event_buses()["EventBuses"]]
    assert buses == [f"{SOURCE}/closed", "default"]
    assert events.describe_event_source(Name=SOURCE)["State"] == "PENDING"
    manager = stack.freehold.client("secretsmanager")
    wait_for(lambda: [one["Name"] for one in manager.list_secrets()["SecretList"]] == ["saas-events/desk"])
