"""Events: accepted, retried, and told of, under a clock that jumps."""

import json
import re

import pytest
from tests.running import wait_for

LOOKS_MAX = 2_000
QUEUES = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
FAILING = "def handler(event, context): raise ValueError('no')"
TELLING = """
import boto3
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl="{url}", MessageBody="attempt")
    raise ValueError("no")
"""
WORKING = "def handler(event, context): return {'did': event}"


class Inbox:
    """A queue of the workshop's account."""

    def __init__(self, workshop, name="inbox"):
        self.client = workshop.aws("sqs")
        self.url = self.client.create_queue(QueueName=name)["QueueUrl"]
        self.arn = f"arn:aws:sqs:{workshop.aws.region}:{workshop.aws.account}:{name}"

    def read(self, wait_s=10):
        """The next message, taken out of the queue, or None."""
        answer = self.client.receive_message(
            QueueUrl=self.url, WaitTimeSeconds=wait_s, MessageAttributeNames=["All"], MaxNumberOfMessages=1,
            MessageSystemAttributeNames=["SenderId"],
        )  # fmt: skip
        for message in answer.get("Messages", ()):
            self.client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
            return message
        return None


@pytest.fixture
def inbox(workshop):
    return Inbox(workshop)


def send(workshop, event):
    answer = workshop.client.invoke(FunctionName="it", InvocationType="Event", Payload=json.dumps(event))
    assert answer["StatusCode"] == 202


def test_success_is_told(workshop, inbox):
    workshop.make(WORKING, role=workshop.role(QUEUES))
    workshop.client.put_function_event_invoke_config(
        FunctionName="it", DestinationConfig={"OnSuccess": {"Destination": inbox.arn}}
    )
    send(workshop, {"n": 1})
    message = inbox.read()
    told = json.loads(message["Body"])
    assert re.fullmatch(r"AROA\w+:awslambda_\d{1,3}_\d{17}", message["Attributes"]["SenderId"])
    assert told["requestContext"]["condition"] == "Success"
    assert told["requestContext"]["functionArn"].endswith(":function:it:$LATEST")
    assert (told["requestPayload"], told["responsePayload"]) == ({"n": 1}, {"did": {"n": 1}})


def test_failure_is_told_without_retries_if_none_are_wanted(workshop, inbox):
    workshop.make(FAILING, role=workshop.role(QUEUES), DeadLetterConfig={"TargetArn": inbox.arn})
    workshop.client.put_function_event_invoke_config(
        FunctionName="it", MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": inbox.arn}}
    )
    send(workshop, {"n": 1})
    found = [inbox.read(), inbox.read()]
    letter = next(one for one in found if one["Body"] == '{"n": 1}')
    told = json.loads(next(one for one in found if one is not letter)["Body"])
    assert letter["MessageAttributes"]["ErrorMessage"]["StringValue"] == "no"
    assert told["requestContext"]["condition"] == "RetriesExhausted"
    assert told["responseContext"]["functionError"] == "Unhandled"


def test_two_retries_come_after_one_and_two_minutes(own_workshop):
    letters, attempts = Inbox(own_workshop), Inbox(own_workshop, "attempts")
    role = own_workshop.role(QUEUES)
    own_workshop.make(TELLING.replace("{url}", attempts.url), role=role, DeadLetterConfig={"TargetArn": letters.arn})
    send(own_workshop, {"n": 1})
    for pause_s in (60, 120):
        assert attempts.read()
        until_paused(own_workshop)
        own_workshop.aws.advance(pause_s - 1)
        assert attempts.read(0) is None
        own_workshop.aws.advance(1)
    assert attempts.read()
    assert letters.read()["Body"] == '{"n": 1}'


def until_paused(workshop):
    """Look until all that is promised is a retry to come; each look takes a request."""
    promises = (workshop.aws.running.get("/_freehold/status")["promises"] for _ in range(LOOKS_MAX))
    assert any(promised == {"waiting": 1, "under_way": 0} for promised in promises)


def test_zero_concurrency_sends_events_to_the_dead_letter_queue(workshop, inbox):
    workshop.make(FAILING, role=workshop.role(QUEUES), DeadLetterConfig={"TargetArn": inbox.arn})
    workshop.client.put_function_concurrency(FunctionName="it", ReservedConcurrentExecutions=0)
    send(workshop, {"n": 1})
    assert inbox.read()["Body"] == '{"n": 1}'


def test_a_dead_letter_queue_needs_the_roles_permission(workshop, inbox):
    with pytest.raises(workshop.client.exceptions.InvalidParameterValueException, match="call SendMessage on SQS"):
        workshop.make(FAILING, DeadLetterConfig={"TargetArn": inbox.arn})


def test_a_configuration_is_kept_changed_and_removed(workshop):
    workshop.make()
    client = workshop.client
    client.put_function_event_invoke_config(FunctionName="it", MaximumRetryAttempts=1, MaximumEventAgeInSeconds=60)
    changed = client.update_function_event_invoke_config(FunctionName="it", MaximumRetryAttempts=2)
    assert (changed["MaximumRetryAttempts"], changed["MaximumEventAgeInSeconds"]) == (2, 60)
    assert len(client.list_function_event_invoke_configs(FunctionName="it")["FunctionEventInvokeConfigs"]) == 1
    client.delete_function_event_invoke_config(FunctionName="it")
    with pytest.raises(client.exceptions.ResourceNotFoundException, match="doesn't have an EventInvokeConfig"):
        client.get_function_event_invoke_config(FunctionName="it")


def test_a_retry_that_would_come_too_late_is_not_waited_for(workshop, inbox):
    workshop.make(FAILING, role=workshop.role(QUEUES))
    workshop.client.put_function_event_invoke_config(
        FunctionName="it", MaximumEventAgeInSeconds=60, DestinationConfig={"OnFailure": {"Destination": inbox.arn}}
    )
    send(workshop, {"n": 1})
    told = json.loads(inbox.read()["Body"])
    assert told["requestContext"]["condition"] == "EventAgeExceeded"
    assert told["requestContext"]["approximateInvokeCount"] == 1
    assert told["responsePayload"]["errorMessage"] == "no"


def test_a_bucket_takes_failed_events(workshop):
    s3 = workshop.aws("s3")
    bucket = f"failed-{workshop.aws.account}"
    s3.create_bucket(Bucket=bucket)
    workshop.make(FAILING, role=workshop.role({"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}))
    workshop.client.put_function_event_invoke_config(
        FunctionName="it", MaximumRetryAttempts=0,
        DestinationConfig={"OnFailure": {"Destination": f"arn:aws:s3:::{bucket}"}},
    )  # fmt: skip
    send(workshop, {"n": 1})
    key = wait_for(lambda: s3.list_objects_v2(Bucket=bucket).get("Contents"))[0]["Key"]
    assert key.startswith("aws/lambda/async/it/")
    told = json.load(s3.get_object(Bucket=bucket, Key=key)["Body"])
    assert told["requestPayload"] == {"n": 1}


def test_a_destination_must_be_there(workshop):
    arn = workshop.make()["FunctionArn"]
    client = workshop.client
    with pytest.raises(client.exceptions.InvalidParameterValueException, match=f"{arn}x is invalid"):
        client.put_function_event_invoke_config(
            FunctionName="it", DestinationConfig={"OnSuccess": {"Destination": f"{arn}x"}}
        )
