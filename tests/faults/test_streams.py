"""kill -9 between a stream's batches: the function goes on where it was, and nothing acknowledged is passed over."""

import io
import json
import sys
import zipfile

import pytest
from tests.running import Freehold, wait_for

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
CODE = """
import base64, boto3, json
def handler(event, context):
    numbers = [base64.b64decode(record["kinesis"]["data"]).decode() for record in event["Records"]]
    boto3.client("sqs").send_message(QueueUrl="{url}", MessageBody=json.dumps(numbers))
"""
KILLS, RECORDS = 3, 12
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}

pytestmark = pytest.mark.xdist_group("kill")


def document(statement: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def freehold(tmp_path):
    made = Freehold(tmp_path / "data")
    made.up()
    yield made
    made.down()


@pytest.fixture
def told(freehold):
    """The queue to which the function tells what it was given; the stream is there, and read in pairs."""
    url = freehold.client("sqs").create_queue(QueueName="told")["QueueUrl"]
    iam = freehold.client("iam")
    role = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=document(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName="reader", PolicyName="all", PolicyDocument=document(ALLOW))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.py", CODE.replace("{url}", url))
    functions, kinesis = freehold.client("lambda"), freehold.client("kinesis")
    functions.create_function(
        FunctionName="reader", Runtime=RUNTIME, Handler="index.handler", Role=role, Timeout=30,
        Code={"ZipFile": buffer.getvalue()},
    )  # fmt: skip
    functions.get_waiter("function_active_v2").wait(FunctionName="reader")
    kinesis.create_stream(StreamName="line", ShardCount=1)
    functions.create_event_source_mapping(
        FunctionName="reader", StartingPosition="TRIM_HORIZON", BatchSize=2,
        EventSourceArn="arn:aws:kinesis:us-east-1:000000000000:stream/line",
    )  # fmt: skip
    return url


def test_a_function_goes_on_where_it_was(freehold, told):
    heard: list[int] = []

    def listen(count: int):
        """Whether so many different records have been told of."""
        found = freehold.client("sqs", attempts=5).receive_message(QueueUrl=told, MaxNumberOfMessages=10)
        for message in found.get("Messages", ()):
            heard.extend(map(int, json.loads(message["Body"])))
            freehold.client("sqs", attempts=5).delete_message(QueueUrl=told, ReceiptHandle=message["ReceiptHandle"])
        return len(set(heard)) >= count

    for life in range(KILLS + 1):
        kinesis = freehold.client("kinesis")
        for number in range(RECORDS):
            data = str(life * RECORDS + number).encode()
            kinesis.put_record(StreamName="line", Data=data, PartitionKey="k")
        if life < KILLS:
            wait_for(lambda so_far=life * RECORDS: listen(so_far + 2))
            freehold.kill()
            freehold.up()
    total = RECORDS * (KILLS + 1)
    wait_for(lambda: listen(total))
    assert sorted(set(heard)) == list(range(total))
    assert len(heard) - total <= KILLS * 2, "only what was under way is given again"
