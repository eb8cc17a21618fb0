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
