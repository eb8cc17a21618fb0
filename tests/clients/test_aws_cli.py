"""The `aws` command line from PyPI, with nothing but AWS_ENDPOINT_URL."""

import json

import pytest
from tests.running import Freehold


@pytest.fixture(scope="module")
def freehold(tmp_path_factory):
    made = Freehold(tmp_path_factory.mktemp("cli") / "data")
    made.up()
    yield made
    made.down()


def aws(freehold: Freehold, *words: str):
    """The first version of the tool overrides AWS_ENDPOINT_URL for SQS, by a table of old host names."""
    endpoint = ("--endpoint-url", freehold.url) if words[0] == "sqs" else ()
    done = freehold.run("aws", *words, *endpoint, "--output", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.strip() else None


def test_who_am_i(freehold):
    assert aws(freehold, "sts", "get-caller-identity")["Account"] == "000000000000"


def test_queues_objects_and_parameters(freehold, tmp_path):
    url = aws(freehold, "sqs", "create-queue", "--queue-name", "hello")["QueueUrl"]
    aws(freehold, "sqs", "send-message", "--queue-url", url, "--message-body", "hi")
    [message] = aws(freehold, "sqs", "receive-message", "--queue-url", url)["Messages"]
    assert message["Body"] == "hi"
    (tmp_path / "a.txt").write_text("content")
    freehold.run("aws", "s3", "mb", "s3://pictures")
    done = freehold.run("aws", "s3", "cp", str(tmp_path / "a.txt"), "s3://pictures/a.txt")
    assert done.returncode == 0, done.stderr
    assert "a.txt" in freehold.run("aws", "s3", "ls", "s3://pictures/").stdout
    freehold.run("aws", "ssm", "put-parameter", "--name", "/app/color", "--value", "green", "--type", "String")
    assert aws(freehold, "ssm", "get-parameter", "--name", "/app/color")["Parameter"]["Value"] == "green"


def test_a_refusal_reads_as_awss(freehold):
    done = freehold.run("aws", "sqs", "get-queue-url", "--queue-name", "nowhere", "--endpoint-url", freehold.url)
    assert done.returncode != 0
    assert "AWS.SimpleQueueService.NonExistentQueue" in done.stderr


def test_what_is_not_there_says_so(freehold):
    done = freehold.run("aws", "ec2", "describe-vpcs")
    assert "NotImplemented" in done.stderr
