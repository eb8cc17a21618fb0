"""Loops of functions: seen by their lineage, and stopped."""

import json

import pytest
from tests.running import wait_for

from freehold.engines import lineage

LOOPS = 16
QUEUES = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
SENDING = """
import boto3, os
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody="again")
"""


def passed(arn, times):
    header = lineage.begun(1_700_000_000, "ab" * 20)
    for _ in range(times):
        header = lineage.passed(header, lineage.mark(arn))
    return header


def trace(client, header):
    client.meta.events.register(
        "before-sign.lambda.Invoke", lambda request, **_: request.headers.add_header("X-Amzn-Trace-Id", header)
    )


def test_a_request_that_has_come_too_often_is_stopped(workshop):
    arn = workshop.make()["FunctionArn"]
    client = workshop.aws("lambda")
    trace(client, passed(arn, LOOPS))
    with pytest.raises(client.exceptions.RecursiveInvocationException, match="recursive loop"):
        client.invoke(FunctionName="it")
    client.put_function_recursion_config(FunctionName="it", RecursiveLoop="Allow")
    assert client.invoke(FunctionName="it")["StatusCode"] == 200


def test_a_function_is_told_the_lineage(workshop):
    arn = workshop.make("import os\ndef handler(e, c): return os.environ['_X_AMZN_TRACE_ID']")["FunctionArn"]
    client = workshop.aws("lambda")
    trace(client, passed(arn, 3))
    told = json.load(client.invoke(FunctionName="it")["Payload"])
    assert lineage.times(told, lineage.mark(arn)) == 4


def test_messages_of_functions_carry_the_lineage(workshop):
    queue = workshop.aws("sqs").create_queue(QueueName="q")["QueueUrl"]
    arn = workshop.make(SENDING, role=workshop.role(QUEUES), Environment={"Variables": {"QUEUE": queue}})["FunctionArn"]
    workshop.invoke()
    sqs = workshop.aws("sqs")
    asked = {"QueueUrl": queue, "MessageSystemAttributeNames": ["AWSTraceHeader"]}
    message = wait_for(lambda: sqs.receive_message(**asked).get("Messages"))[0]
    assert lineage.times(message["Attributes"]["AWSTraceHeader"], lineage.mark(arn)) == 1


def test_only_whole_functions_have_the_setting(workshop):
    workshop.make()
    client = workshop.client
    assert client.get_function_recursion_config(FunctionName="it")["RecursiveLoop"] == "Terminate"
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function_recursion_config(FunctionName="none")


ROUND = """
import boto3, os
def handler(event, context):
    sqs = boto3.client("sqs")
    for name in ("LOOP", "SEEN"):
        sqs.send_message(QueueUrl=os.environ[name], MessageBody="again")
"""


def test_a_loop_through_a_queue_is_cut(workshop):
    sqs = workshop.aws("sqs")

    def queue(name, **attributes):
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    lost, lost_arn = queue("lost")
    seen, _ = queue("seen")
    redrive = json.dumps({"deadLetterTargetArn": lost_arn, "maxReceiveCount": 1})
    loop, loop_arn = queue("loop", VisibilityTimeout="3", RedrivePolicy=redrive)
    variables = {"LOOP": loop, "SEEN": seen}
    workshop.make(ROUND, role=workshop.role(QUEUES), Environment={"Variables": variables}, Timeout=3)
    workshop.client.create_event_source_mapping(FunctionName="it", EventSourceArn=loop_arn)
    sqs.send_message(QueueUrl=loop, MessageBody="once")
    asked = {"QueueUrl": lost, "WaitTimeSeconds": 5, "MessageSystemAttributeNames": ["AWSTraceHeader"]}
    message = wait_for(lambda: sqs.receive_message(**asked).get("Messages"))[0]
    arn = workshop.client.get_function_configuration(FunctionName="it")["FunctionArn"]
    assert lineage.times(message["Attributes"]["AWSTraceHeader"], lineage.mark(arn)) == LOOPS
    told = sqs.get_queue_attributes(QueueUrl=seen, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    assert int(told["ApproximateNumberOfMessages"]) == LOOPS
