"""The `aws` command line from PyPI, with nothing but AWS_ENDPOINT_URL."""

import json
import os
import re
import subprocess

import pytest
from tests.running import Freehold, wait_for


@pytest.fixture(scope="module")
def freehold(tmp_path_factory):
    made = Freehold(tmp_path_factory.mktemp("cli") / "data")
    made.up()
    yield made
    made.down()


def test_who_am_i(freehold):
    assert freehold.aws("sts", "get-caller-identity")["Account"] == "000000000000"


def test_queues_objects_and_parameters(freehold, tmp_path):
    url = freehold.aws("sqs", "create-queue", "--queue-name", "hello")["QueueUrl"]
    freehold.aws("sqs", "send-message", "--queue-url", url, "--message-body", "hi")
    [message] = freehold.aws("sqs", "receive-message", "--queue-url", url)["Messages"]
    assert message["Body"] == "hi"
    (tmp_path / "a.txt").write_text("content")
    freehold.run("aws", "s3", "mb", "s3://pictures")
    done = freehold.run("aws", "s3", "cp", str(tmp_path / "a.txt"), "s3://pictures/a.txt")
    assert done.returncode == 0, done.stderr
    assert "a.txt" in freehold.run("aws", "s3", "ls", "s3://pictures/").stdout
    freehold.run("aws", "ssm", "put-parameter", "--name", "/app/color", "--value", "green", "--type", "String")
    assert freehold.aws("ssm", "get-parameter", "--name", "/app/color")["Parameter"]["Value"] == "green"


def test_trees_of_files(freehold, tmp_path):
    """Up and down again, the larger file in parts and under a key of KMS; what is there is not sent twice."""
    files = {"a b+c.txt": b"small", "deep/er/ä.bin": bytes(range(256)) * 40_000}
    for name, content in files.items():
        (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / name).write_bytes(content)
        os.utime(tmp_path / "tree" / name, (0, 1_700_000_000))  # S3 tells whole seconds: what is as new seems newer
    freehold.run("aws", "s3", "mb", "s3://trees")
    sync = ("aws", "s3", "sync", str(tmp_path / "tree"), "s3://trees/t", "--sse", "aws:kms")
    assert freehold.run(*sync).stdout.count("upload:") == len(files)
    assert freehold.run(*sync).stdout == ""
    freehold.run("aws", "s3", "cp", "--recursive", "s3://trees/t", str(tmp_path / "back"))
    assert {name: (tmp_path / "back" / name).read_bytes() for name in files} == files


def test_a_refusal_reads_as_awss(freehold):
    done = freehold.run("aws", "sqs", "get-queue-url", "--queue-name", "nowhere", "--endpoint-url", freehold.url)
    assert done.returncode != 0
    assert "AWS.SimpleQueueService.NonExistentQueue" in done.stderr


def test_what_is_not_there_says_so(freehold):
    done = freehold.run("aws", "athena", "list-work-groups")
    assert "NotImplemented" in done.stderr


@pytest.fixture(scope="module")
def role(freehold):
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "states.amazonaws.com"}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    return freehold.aws(
        "iam", "create-role", "--role-name", "states", "--assume-role-policy-document", document
    )["Role"]["Arn"]  # fmt: skip


def machine(freehold: Freehold, role: str, name: str, kind: str, **states: dict) -> str:
    definition = json.dumps({"StartAt": next(iter(states)), "States": states})
    words = ("--name", name, "--type", kind, "--role-arn", role, "--definition", definition)
    return freehold.aws("stepfunctions", "create-state-machine", *words)["stateMachineArn"]


def test_a_workflow_is_started_described_and_read_page_by_page(freehold, role):
    arn = machine(freehold, role, "two", "STANDARD", A={"Type": "Pass", "Next": "B"}, B={"Type": "Pass", "End": True})
    started = freehold.aws("stepfunctions", "start-execution", "--state-machine-arn", arn, "--input", '{"a": 1}')
    about = ("--execution-arn", started["executionArn"])

    def look():
        told = freehold.aws("stepfunctions", "describe-execution", *about)
        return told if told["status"] != "RUNNING" else None

    assert wait_for(look)["output"] == '{"a": 1}'
    read = freehold.aws("stepfunctions", "get-execution-history", *about, "--page-size", "2")["events"]
    assert [event["id"] for event in read] == [1, 2, 3, 4, 5, 6]
    few = freehold.aws("stepfunctions", "get-execution-history", *about, "--max-items", "4")
    words = ("--starting-token", few["NextToken"])
    assert len(freehold.aws("stepfunctions", "get-execution-history", *about, *words)["events"]) == 2
    listed = freehold.aws(
        "stepfunctions", "list-executions", "--state-machine-arn", arn, "--status-filter", "SUCCEEDED"
    )
    assert [one["executionArn"] for one in listed["executions"]] == [started["executionArn"]]


def by_exports(freehold: Freehold, *options: str) -> dict[str, str]:
    """The environment of a shell that has evaluated `freehold env`."""
    exports = dict(re.findall(r"export (\w+)=(\S+)", freehold.command("env", *options).stdout))
    bare = {name: value for name, value in freehold.environment.items() if name != "AWS_ENDPOINT_URL"}
    return bare | exports


@pytest.mark.parametrize("options", [(), ("--proxy",)])
def test_an_express_workflow_is_run_at_once(freehold, role, options):
    """The operation's host begins with `sync-`: left out for an endpoint, as it is at AWS through the proxy."""
    arn = machine(freehold, role, f"express{len(options)}", "EXPRESS", Only={"Type": "Pass", "End": True})
    environment = by_exports(freehold, *options)
    words = ("aws", "stepfunctions", "start-sync-execution", "--state-machine-arn", arn, "--output", "json")
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["status"], told["output"]) == ("SUCCEEDED", "{}")
    assert told["billingDetails"] == {"billedDurationInMilliseconds": 100, "billedMemoryUsedInMB": 64}


def test_an_activity_is_worked(freehold, role):
    activity = freehold.aws("stepfunctions", "create-activity", "--name", "hands")["activityArn"]
    arn = machine(freehold, role, "by-hand", "STANDARD", Work={"Type": "Task", "Resource": activity, "End": True})
    started = freehold.aws("stepfunctions", "start-execution", "--state-machine-arn", arn, "--input", '{"piece": 7}')
    task = freehold.aws("stepfunctions", "get-activity-task", "--activity-arn", activity, "--worker-name", "me")
    assert json.loads(task["input"]) == {"piece": 7}
    token = ("--task-token", task["taskToken"])
    freehold.aws("stepfunctions", "send-task-heartbeat", *token)
    freehold.aws("stepfunctions", "send-task-success", *token, "--task-output", '"done"')
    about = ("--execution-arn", started["executionArn"])
    wait_for(lambda: freehold.aws("stepfunctions", "describe-execution", *about).get("output") == '"done"')
    late = freehold.run("aws", "stepfunctions", "send-task-success", *token, "--task-output", "1")
    assert "TaskTimedOut" in late.stderr


def test_a_schedule_calls_any_operation(freehold):
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "scheduler.amazonaws.com"}}
    allow = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
    documents = [json.dumps({"Version": "2012-10-17", "Statement": [one]}) for one in (trust, allow)]
    words = ("--role-name", "clock")
    made = freehold.aws("iam", "create-role", *words, "--assume-role-policy-document", documents[0])
    freehold.run("aws", "iam", "put-role-policy", *words, "--policy-name", "p", "--policy-document", documents[1])
    target = {
        "Arn": "arn:aws:scheduler:::aws-sdk:sqs:createQueue", "RoleArn": made["Role"]["Arn"],
        "Input": '{"QueueName": "scheduled"}',
    }  # fmt: skip
    freehold.aws(
        "scheduler", "create-schedule", "--name", "s", "--schedule-expression", "rate(1 hour)",
        "--flexible-time-window", "Mode=OFF", "--target", json.dumps(target),
    )  # fmt: skip
    assert wait_for(lambda: freehold.aws("sqs", "list-queues", "--queue-name-prefix", "scheduled"))
    listed = freehold.aws("scheduler", "list-schedules", "--name-prefix", "s")["Schedules"]
    assert [one["Name"] for one in listed] == ["s"]
    freehold.run("aws", "scheduler", "delete-schedule", "--name", "s")
    gone = freehold.run("aws", "scheduler", "get-schedule", "--name", "s")
    assert "(ResourceNotFoundException)" in gone.stderr and "Schedule s does not exist." in gone.stderr
