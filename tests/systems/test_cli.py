"""The command line: what the README shows, and one helpful line for everything that goes wrong."""

import json
import re
import socket
import subprocess
import sys

import boto3
import pytest
from tests.running import BIN, HOME, Freehold


@pytest.fixture
def freehold(tmp_path):
    made = Freehold(tmp_path / "data")
    yield made
    made.down()


def line(done: subprocess.CompletedProcess) -> str:
    """The one line that a failed command says."""
    assert done.returncode != 0
    [said] = done.stderr.strip().splitlines()
    return said


def test_a_day_with_it(freehold):
    freehold.up()
    assert f"http://127.0.0.1:{freehold.port}" in freehold.command("status").stdout
    exports = freehold.command("env").stdout
    assert f"export AWS_ENDPOINT_URL={freehold.url}\n" in exports
    assert "export AWS_DISABLE_HOST_PREFIX_INJECTION=true\n" in exports
    assert re.fullmatch(r"(export [A-Z_]+=\S+\n)+", exports)
    freehold.client("sns").publish(PhoneNumber="+15550100", Message="hello there")
    [letter] = json.loads(freehold.command("outbox", "--json").stdout)
    assert (letter["medium"], letter["to"], letter["body"]) == ("sms", "+15550100", "hello there")
    assert "hello there" in freehold.command("outbox").stdout
    assert freehold.command("logs").returncode == 0
    assert freehold.command("doctor").returncode == 0
    assert "Stopped" in freehold.command("down").stdout
    freehold.up()
    assert json.loads(freehold.command("outbox", "--json").stdout) == [letter]
    freehold.command("down")
    assert "Deleted" in freehold.command("reset", "--yes").stdout
    assert not freehold.data.exists()


def test_tools_that_know_aws_alone_go_by_the_proxy(freehold):
    assert "freehold up" in line(freehold.command("env", "--proxy"))
    freehold.up()
    exports = dict(re.findall(r"export (\w+)=(\S+)", freehold.command("env", "--proxy").stdout))
    assert exports["HTTPS_PROXY"] == freehold.url
    variables = {name: value for name, value in freehold.environment.items() if name != "AWS_ENDPOINT_URL"} | exports
    done = subprocess.run(
        [str(BIN / "aws"), "sqs", "create-queue", "--queue-name", "jobs"],
        env=variables, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert re.search(r"https://\w+\S*\.amazonaws\.com/000000000000/jobs", done.stdout), done.stderr


def test_what_goes_wrong_is_one_line_that_says_what_to_do(freehold, tmp_path):
    for words in (("down",), ("status",), ("outbox",)):
        assert "freehold up" in line(freehold.command(*words))
    assert "nothing of Freehold's" in line(freehold.command("reset", "--yes"))
    freehold.up()
    assert "freehold down" in line(freehold.command("up", "--port", str(freehold.port)))
    assert "freehold down" in line(freehold.command("reset", "--yes"))


def test_a_taken_port_is_said_so(freehold):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = line(freehold.command("up", "--detach", "--port", str(taken.getsockname()[1])))
    assert "--port" in said


def test_a_folder_that_cannot_be_used_is_said_so(tmp_path):
    (tmp_path / "file").write_text("x")
    done = Freehold(tmp_path / "file" / "data").command("up", "--detach")
    assert "--data" in line(done)


@pytest.mark.parametrize("command", ["up", "down", "status", "env", "outbox", "logs", "doctor", "reset"])
def test_help_is_short(command):
    done = subprocess.run([sys.executable, "-m", "freehold", command, "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) < 25


def test_elsewhere_than_on_loopback_only_its_own_keys_are_taken(freehold):
    done = freehold.command("up", "--detach", "--host", "0.0.0.0", "--port", str(freehold.port))
    assert done.returncode == 0, done.stderr
    with pytest.raises(Exception, match="InvalidClientTokenId"):
        freehold.client("sts").get_caller_identity()
    exports = dict(re.findall(r"export (\w+)=(\S+)", freehold.command("env").stdout))
    sts = boto3.client(
        "sts", endpoint_url=exports["AWS_ENDPOINT_URL"], region_name="us-east-1",
        aws_access_key_id=exports["AWS_ACCESS_KEY_ID"], aws_secret_access_key=exports["AWS_SECRET_ACCESS_KEY"],
    )  # fmt: skip
    assert sts.get_caller_identity()["Arn"].endswith(":user/freehold-operator")
    assert (freehold.data / "operator.json").stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_pip_install_gives_the_command(tmp_path):
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(HOME)], check=True, timeout=170)
    done = subprocess.run([str(tmp_path / "venv" / "bin" / "freehold"), "--version"], capture_output=True, text=True)
    assert done.stdout.startswith("freehold, version 0.1")


COUNTING = {
    "StartAt": "Each",
    "States": {
        "Each": {"Type": "Map", "ItemProcessor": {"StartAt": "One", "States": {"One": {"Type": "Pass", "End": True}}},
                 "Next": "Still"},
        "Still": {"Type": "Pass", "Next": "Done"},
        "Done": {"Type": "Succeed"},
    },
}  # fmt: skip


@pytest.fixture
def make(freehold):
    """Makes state machines, whose role may do all with others, in a cloud that runs."""
    freehold.up()
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "states.amazonaws.com"}}
    allow = {"Effect": "Allow", "Action": "states:*", "Resource": "*"}
    trusts, allows = (json.dumps({"Version": "2012-10-17", "Statement": [one]}) for one in (trust, allow))
    iam, states = freehold.client("iam"), freehold.client("stepfunctions")
    role = iam.create_role(RoleName="states", AssumeRolePolicyDocument=trusts)["Role"]["Arn"]
    iam.put_role_policy(RoleName="states", PolicyName="all", PolicyDocument=allows)

    def make(definition, name="m", **more):
        made = states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=role, **more)
        return made["stateMachineArn"]

    return make


@pytest.fixture
def executions(freehold, make):
    """Starts executions of a definition."""
    states = freehold.client("stepfunctions")

    def start(definition, input="[1,2]"):
        return states.start_execution(stateMachineArn=make(definition), input=input)["executionArn"]

    return start


def test_a_workflow_is_watched_drawn_listed_and_priced(freehold, executions, tmp_path):
    arn = executions(COUNTING)
    watched = freehold.command("workflow", "watch", arn).stdout
    assert re.findall(r"succeeded +(.+)\n", watched) == ["One [0]", "One [1]", "Each", "Still", "Done"]
    assert watched.endswith("SUCCEEDED\n")
    listed = json.loads(freehold.command("workflow", "steps", arn, "--json").stdout)
    assert [step["state"] for step in listed] == ["Each", "One [0]", "One [1]", "Still", "Done"]
    assert "One [1]" in freehold.command("workflow", "steps", arn).stdout
    assert "class s1,s2,s3,s4 succeeded" in freehold.command("workflow", "graph", arn).stdout
    written = freehold.command("workflow", "graph", arn, "--format", "svg", "-o", str(tmp_path / "way.svg"))
    assert "Wrote" in written.stdout and (tmp_path / "way.svg").read_text().startswith("<svg")
    standard, express, nested = json.loads(freehold.command("workflow", "cost", arn, "--json").stdout)
    assert (standard["transitions"], standard["dollars"]) == (5_000, 0.125)
    assert (express["requests"], nested["transitions"]) == (1_000, 1_000)
    assert "$0.12" in freehold.command("workflow", "cost", arn).stdout


def test_express_children_are_priced_too(freehold, make, executions):
    child = make({"StartAt": "One", "States": {"One": {"Type": "Pass", "End": True}}}, "child", type="EXPRESS")
    task = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": True}
    arn = executions({"StartAt": "Child", "States": {"Child": {**task, "Parameters": {"StateMachineArn": child}}}})
    assert freehold.command("workflow", "watch", arn).stdout.endswith("SUCCEEDED\n")
    *_, children = json.loads(freehold.command("workflow", "cost", arn, "--json").stdout)
    assert (children["how"], children["requests"]) == ("and its children", 1_000)
    assert "requests: $0.001" in children["note"]


def test_what_a_workflow_command_cannot_do_it_says_in_one_line(freehold, executions, tmp_path):
    arn = executions({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 600, "End": True}}}, "{}")
    assert "still runs" in line(freehold.command("workflow", "cost", arn))
    assert "Does Not Exist" in line(freehold.command("workflow", "watch", arn + "x"))
    assert "cannot read" in line(freehold.command("workflow", "graph", "nowhere.json"))
    (tmp_path / "bad.json").write_text('{"StartAt": "A", "States": {}}')
    assert "no valid definition" in line(freehold.command("workflow", "graph", str(tmp_path / "bad.json")))
    (tmp_path / "good.yaml").write_text("StartAt: A\nStates: {A: {Type: Succeed}}\n")
    assert freehold.command("workflow", "graph", str(tmp_path / "good.yaml")).stdout.startswith("flowchart TD")


def test_workflow_commands_need_a_cloud(freehold):
    assert "freehold up" in line(freehold.command("workflow", "watch", "arn:aws:states:us-east-1:0:execution:m:x"))
