"""kill -9 at random moments: of a deployment, of orders, of a workflow that waits. Nothing acknowledged is lost.

FREEHOLD_SEED repeats a run; FREEHOLD_KILLS says how often it is killed.
"""

import json
import os
import random
import shutil
import sys
import time
from contextlib import suppress

import pytest
from tests.running import HOME, Freehold, http, wait_for

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
PARAMETERS = {"Runtime": RUNTIME, "NotifyEmail": "me@example.com"}
KILLS = int(os.environ.get("FREEHOLD_KILLS", "2"))
ENDED = {"CREATE_COMPLETE", "ROLLBACK_COMPLETE"}

pytestmark = pytest.mark.xdist_group("kill")  # one cloud, killed by one test after the other


@pytest.fixture(scope="module")
def chance():
    seed = int(os.environ.get("FREEHOLD_SEED") or random.SystemRandom().randrange(10**6))
    print(f"FREEHOLD_SEED={seed}")
    return random.Random(seed)


@pytest.fixture(scope="module")
def freehold(tmp_path_factory):
    """A cloud whose artifact bucket holds the orders app, packaged."""
    folder = tmp_path_factory.mktemp("kill")
    made = Freehold(folder / "data")
    made.up()
    app = folder / "app"
    shutil.copytree(HOME / "examples" / "orders", app, ignore=shutil.ignore_patterns(".aws-sam"))
    overrides = " ".join(f"{name}={value}" for name, value in PARAMETERS.items())
    made.client("s3").create_bucket(Bucket="artifacts")
    for words in (
        ("sam", "build", "--parameter-overrides", overrides),
        ("sam", "package", "--s3-bucket", "artifacts", "--output-template-file", "packaged.yaml"),
    ):
        done = made.run(*words, cwd=app)
        assert done.returncode == 0, done.stdout + done.stderr
    made.template = (app / "packaged.yaml").read_text()
    yield made
    made.down()


def interrupt(freehold: Freehold, chance: random.Random, within_s: float) -> None:
    time.sleep(chance.uniform(0, within_s))
    freehold.kill()
    freehold.up()


def deploy(freehold: Freehold, chance: random.Random, name: str, kills: int) -> dict:
    """The stack, once it has come to an end, killed so many times on its way."""
    cloudformation = freehold.client("cloudformation", attempts=5)
    cloudformation.create_stack(
        StackName=name, TemplateBody=freehold.template, Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in PARAMETERS.items()],
    )  # fmt: skip
    for _ in range(kills):
        interrupt(freehold, chance, 1.0)

    def ended():
        [stack] = cloudformation.describe_stacks(StackName=name)["Stacks"]
        return stack if stack["StackStatus"] in ENDED else None

    return wait_for(ended, 100)


@pytest.fixture(scope="module")
def orders(freehold, chance):
    """The orders stack, deployed in spite of the kills."""
    return deploy(freehold, chance, "orders", KILLS)


def test_a_deployment_goes_on_where_it_was(freehold, orders):
    assert orders["StackStatus"] == "CREATE_COMPLETE", orders.get("StackStatusReason")
    names = [queue.rpartition("/")[2] for queue in freehold.client("sqs").list_queues()["QueueUrls"]]
    assert len(names) == 2, "each resource was made once"
    assert len(freehold.client("lambda").list_functions()["Functions"]) == 9
    assert len(freehold.client("apigateway").get_rest_apis()["items"]) == 1


def test_every_acknowledged_order_arrives(freehold, chance, orders):
    outputs = {output["OutputKey"]: output["OutputValue"] for output in orders["Outputs"]}
    endpoint = f"{freehold.url}/_aws/execute-api/{outputs['ApiId']}/live/orders"
    acknowledged = []
    for round in range(KILLS):
        for number in range(5):
            with suppress(OSError):
                status, answer = http("POST", endpoint, {"name": f"dish {round}.{number}", "quantity": 1})
                if status == 200:
                    acknowledged.append(answer["id"])
        interrupt(freehold, chance, 1.5)
    assert acknowledged

    def all_there():
        with suppress(OSError, TypeError):
            status, orders = http("GET", endpoint)
            done = {order["id"]: order["status"] for order in orders} if status == 200 else {}
            return all(done.get(id) == "FULFILLED" for id in acknowledged)
        return False

    wait_for(all_there, 120)
    stored = [order["id"] for order in http("GET", endpoint)[1]]
    assert len(stored) == len(set(stored))


def test_a_waiting_workflow_finishes_and_each_step_is_written_once(freehold, chance):
    iam, states = freehold.client("iam"), freehold.client("stepfunctions", attempts=5)
    trust = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="waiter", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    steps = {f"Wait {n}": {"Type": "Wait", "Seconds": 1, "Next": f"Wait {n + 1}"} for n in range(3)}
    definition = {"StartAt": "Wait 0", "States": {**steps, "Wait 3": {"Type": "Succeed"}}}
    machine = states.create_state_machine(name="waits", definition=json.dumps(definition), roleArn=role)
    execution = states.start_execution(stateMachineArn=machine["stateMachineArn"], input='{"n": 1}')["executionArn"]
    for _ in range(KILLS):
        interrupt(freehold, chance, 1.0)
    ended = wait_for(lambda: states.describe_execution(executionArn=execution)["status"] != "RUNNING", 60)
    assert ended
    assert states.describe_execution(executionArn=execution)["status"] == "SUCCEEDED"
    events = states.get_execution_history(executionArn=execution)["events"]
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert sum(event["type"] == "WaitStateEntered" for event in events) == 3


def test_each_item_of_a_map_run_is_done_once(freehold, chance):
    iam, states, sqs = freehold.client("iam"), freehold.client("stepfunctions", attempts=5), freehold.client("sqs")
    trust = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="mapper", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    allow = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    iam.put_role_policy(RoleName="mapper", PolicyName="send", PolicyDocument=policy)
    url = sqs.create_queue(QueueName="items")["QueueUrl"]
    parameters = {"QueueUrl": url, "MessageBody.$": "States.JsonToString($)"}
    send = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": parameters, "End": True}
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    processor = {"ProcessorConfig": config, "StartAt": "Send", "States": {"Send": send}}
    each = {"Type": "Map", "ItemProcessor": processor, "ResultPath": None, "End": True}
    definition = json.dumps({"StartAt": "Each", "States": {"Each": each}})
    machine = states.create_state_machine(name="items", definition=definition, roleArn=role)["stateMachineArn"]
    execution = states.start_execution(stateMachineArn=machine, input=json.dumps(list(range(400))))["executionArn"]
    for _ in range(KILLS):
        interrupt(freehold, chance, 0.5)
    wait_for(lambda: states.describe_execution(executionArn=execution)["status"] != "RUNNING", 60)
    assert states.describe_execution(executionArn=execution)["status"] == "SUCCEEDED"
    counted = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    assert int(counted["ApproximateNumberOfMessages"]) == 400
    [run] = states.list_map_runs(executionArn=execution)["mapRuns"]
    assert states.describe_map_run(mapRunArn=run["mapRunArn"])["executionCounts"]["succeeded"] == 400


def test_acknowledged_writes_are_there_after_each_kill(freehold, chance):
    """Messages and items, written as fast as they go while the process is killed."""
    sqs, dynamodb = freehold.client("sqs"), freehold.client("dynamodb")
    url = sqs.create_queue(QueueName="survivors")["QueueUrl"]
    dynamodb.create_table(
        TableName="survivors", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )  # fmt: skip
    sent, stored = [], []
    for round in range(KILLS):
        until = time.monotonic() + chance.uniform(0.05, 0.5)
        while time.monotonic() < until:
            sent.append(sqs.send_message(QueueUrl=url, MessageBody=f"{round}.{len(sent)}")["MessageId"])
            dynamodb.put_item(TableName="survivors", Item={"id": {"S": f"{round}.{len(stored)}"}})
            stored.append(f"{round}.{len(stored)}")
        freehold.kill()
        freehold.up()
    counted = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    assert int(counted["ApproximateNumberOfMessages"]) == len(sent)
    pages = dynamodb.get_paginator("scan").paginate(TableName="survivors")
    assert {item["id"]["S"] for page in pages for item in page["Items"]} == set(stored)
