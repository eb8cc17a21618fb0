"""System 8: the orders app, deployed by the real SAM CLI, worked, broken, and removed."""

import re
import shutil
import sys
from contextlib import suppress
from urllib.request import urlopen

import pytest
from tests.running import HOME, Freehold, http, wait_for

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
HIDDEN_S = 12  # the queue's VisibilityTimeout
MAIL = "me@example.com"
PARAMETERS = ("--parameter-overrides", f"Runtime={RUNTIME} NotifyEmail={MAIL}")

pytestmark = pytest.mark.xdist_group("orders")  # deployed once, by one worker


class App:
    """The deployed app: its outputs and its door."""

    def __init__(self, freehold: Freehold):
        self.freehold = freehold
        [stack] = freehold.client("cloudformation").describe_stacks(StackName="orders")["Stacks"]
        self.status = stack["StackStatus"]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        self.endpoint = f"{freehold.url}/_aws/execute-api/{self.outputs['ApiId']}/live/orders"

    def order(self, name: str, quantity: object) -> str:
        status, answer = http("POST", self.endpoint, {"name": name, "quantity": quantity})
        assert status == 200, answer
        return answer["id"]

    def settled(self, id: str) -> dict:
        """The order, once its workflow is done with it."""

        def look():
            status, order = http("GET", f"{self.endpoint}/{id}")
            return order if status == 200 and order["status"] != "PENDING" else None

        return wait_for(look)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("orders")
    freehold = Freehold(folder / "data")
    freehold.up()
    shutil.copytree(HOME / "examples" / "orders", folder / "app", ignore=shutil.ignore_patterns(".aws-sam"))
    freehold.folder = folder / "app"
    for words in (("sam", "build", *PARAMETERS), ("sam", "deploy", *PARAMETERS)):
        done = freehold.run(*words, cwd=freehold.folder)
        assert done.returncode == 0, done.stdout + done.stderr
    yield App(freehold)
    freehold.down()


def confirm(app: App) -> None:
    """Open the link in the confirmation mail."""
    letters = wait_for(lambda: [letter for letter in app.freehold.letters() if "Confirm" in letter["subject"]])
    link = re.search(r"http\S+Action=ConfirmSubscription\S+", letters[0]["body"])[0]
    with urlopen(link) as answer:
        assert b"SubscriptionArn" in answer.read()


def letters_about(app: App, id: str) -> list[dict]:
    return [letter for letter in app.freehold.letters() if id in letter["body"]]


def test_sam_deploys_five_stacks(app):
    assert app.status == "CREATE_COMPLETE"
    stacks = app.freehold.client("cloudformation").describe_stacks()["Stacks"]
    nested = [stack for stack in stacks if stack.get("RootId")]
    assert len(nested) == 4
    assert {stack["StackStatus"] for stack in nested} == {"CREATE_COMPLETE"}


def test_an_unchanged_app_deployed_again_changes_nothing(app):
    """CloudFormation looks into nested stacks each time, as their templates may have changed; here they have not."""
    client = app.freehold.client
    before = {each["FunctionName"]: each["LastModified"] for each in client("lambda").list_functions()["Functions"]}
    done = app.freehold.run("sam", "deploy", *PARAMETERS, cwd=app.freehold.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    [stack] = client("cloudformation").describe_stacks(StackName="orders")["Stacks"]
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    after = {each["FunctionName"]: each["LastModified"] for each in client("lambda").list_functions()["Functions"]}
    assert after == before


def test_mail_flows_once_the_subscription_is_confirmed(app):
    early = app.order("Tamales", 2)
    assert app.settled(early)["status"] == "FULFILLED"
    assert letters_about(app, early) == []
    confirm(app)
    later = app.order("Rellenos", 5)
    assert app.settled(later)["status"] == "FULFILLED"
    [letter] = wait_for(lambda: letters_about(app, later))
    assert (letter["to"], letter["subject"]) == (MAIL, "Your order of Rellenos")


def test_a_declined_order_is_rejected_with_the_reason(app):
    order = app.settled(app.order("Gold", 1_000))
    assert (order["status"], order["reason"]) == ("REJECTED", "more than 100 of one thing")


def test_a_busy_processor_is_asked_again_and_then_given_up(app):
    id = app.order("busy", 1)
    assert app.settled(id)["status"] == "REJECTED"
    arn = app.outputs["WorkflowArn"].replace(":stateMachine:", ":execution:") + f":{id}"
    events = app.freehold.client("stepfunctions").get_execution_history(executionArn=arn)["events"]
    assert sum(event["type"] == "LambdaFunctionFailed" for event in events) == 3


def test_orders_are_listed_changed_and_cancelled(app):
    id = app.order("Mole", 3)
    app.settled(id)
    assert id in {order["id"] for order in http("GET", app.endpoint)[1]}
    assert http("PUT", f"{app.endpoint}/{id}", {"quantity": 4})[1]["quantity"] == 4
    assert http("DELETE", f"{app.endpoint}/{id}")[0] == 204
    status, answer = http("GET", f"{app.endpoint}/{id}")
    assert (status, answer) == (404, {"message": f"There is no order {id}."})


def test_malformed_json_is_refused_and_nothing_is_queued(app):
    status, answer = http("POST", app.endpoint, b'{"name": "x", ')
    assert status == 400, answer
    sqs = app.freehold.client("sqs")
    counted = sqs.get_queue_attributes(QueueUrl=app.outputs["QueueUrl"], AttributeNames=["ApproximateNumberOfMessages"])
    assert counted["Attributes"]["ApproximateNumberOfMessages"] == "0"


def test_an_unknown_route_is_api_gateways_403(app):
    base = app.endpoint.removesuffix("/orders")
    assert http("GET", f"{base}/nowhere") == (403, {"message": "Missing Authentication Token"})
    assert http("PATCH", app.endpoint, {})[0] == 403


def test_a_message_that_fails_reaches_the_dead_letter_queue(app):
    id = app.order("Soup", "not a number")
    sqs = app.freehold.client("sqs")

    def dead():
        """Looked for when the message has been hidden long enough to be tried again."""
        http("POST", f"{app.freehold.url}/_freehold/clock", {"advance": HIDDEN_S + 1})
        answer = sqs.receive_message(QueueUrl=app.outputs["DeadLetterQueueUrl"], WaitTimeSeconds=1)
        return [message for message in answer.get("Messages", []) if message["MessageId"] == id]

    assert wait_for(dead, 60)


def test_cors_is_the_apis_own(app):
    status, _ = http("OPTIONS", app.endpoint)
    assert status == 200


def test_logs_and_history_tell_what_happened(app):
    logs = app.freehold.client("logs")

    def written():
        found = logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]
        return len(found) >= 5 and [group["logGroupName"] for group in found]

    groups = wait_for(written)
    texts = [event["message"] for group in groups for event in logs.filter_log_events(logGroupName=group)["events"]]
    assert any(text.startswith("recorded order") for text in texts)
    assert any(text.startswith("REPORT RequestId:") for text in texts)


def test_a_broken_template_rolls_back_with_its_reason(app, tmp_path):
    """A queue whose attribute SQS refuses, beside one that works: the stack goes back, and the events say why."""
    template = tmp_path / "template.yaml"
    template.write_text(
        """
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Good: {Type: AWS::SQS::Queue}
  Bad:
    Type: AWS::SQS::Queue
    DependsOn: Good
    Properties: {VisibilityTimeout: 1000000}
"""
    )
    done = app.freehold.run(
        "sam", "deploy", "--stack-name", "broken", "--template", str(template), "--resolve-s3", cwd=tmp_path
    )
    assert done.returncode != 0
    cloudformation = app.freehold.client("cloudformation")
    [stack] = cloudformation.describe_stacks(StackName="broken")["Stacks"]
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    events = cloudformation.describe_stack_events(StackName="broken")["StackEvents"]
    [failed] = [event for event in events if event["ResourceStatus"] == "CREATE_FAILED"]
    assert failed["LogicalResourceId"] == "Bad"
    assert "VisibilityTimeout" in failed["ResourceStatusReason"]
    with suppress(Exception):
        cloudformation.delete_stack(StackName="broken")


def test_sam_delete_removes_everything_it_made(app):
    """Last, as it takes the app away."""
    done = app.freehold.run("sam", "delete", "--stack-name", "orders", "--no-prompts", cwd=app.freehold.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    client = app.freehold.client
    stacks = client("cloudformation").describe_stacks()["Stacks"]
    assert [stack["StackName"] for stack in stacks if "orders" in stack["StackName"]] == []
    assert client("lambda").list_functions()["Functions"] == []
    assert client("stepfunctions").list_state_machines()["stateMachines"] == []
    assert client("dynamodb").list_tables()["TableNames"] == []
    assert client("apigateway").get_rest_apis()["items"] == []
    assert client("sns").list_topics()["Topics"] == []
    assert [role["RoleName"] for role in client("iam").list_roles()["Roles"] if "orders" in role["RoleName"]] == []
