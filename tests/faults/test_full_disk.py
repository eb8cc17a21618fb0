"""A full disk: writes are refused and nothing is lost, reads go on, and with room again all goes on."""

import json
import resource
from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError


@contextmanager
def full_disk():
    """No file of this process may grow past what the log has already."""
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, limit[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)


def test_writes_are_refused_and_reads_go_on(own_cloud):
    sqs = own_cloud("sqs")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    for number in range(50):
        sqs.send_message(QueueUrl=url, MessageBody=f"kept {number}")
    with full_disk():
        with pytest.raises(ClientError) as refused:
            sqs.send_message(QueueUrl=url, MessageBody="lost")
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
        assert sqs.get_queue_url(QueueName="orders")["QueueUrl"] == url
    sqs.send_message(QueueUrl=url, MessageBody="kept 50")
    counted = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    assert counted["ApproximateNumberOfMessages"] == "51"


def test_work_promised_before_is_done_after(own_cloud):
    sns, sqs = own_cloud("sns"), own_cloud("sqs")
    topic = sns.create_topic(Name="news")["TopicArn"]
    url = sqs.create_queue(QueueName="readers")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": _open_to_all(arn)})
    with full_disk(), pytest.raises(ClientError):
        sns.publish(TopicArn=topic, Message="lost")
    sns.publish(TopicArn=topic, Message="kept")
    [message] = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10, MaxNumberOfMessages=10)["Messages"]
    assert '"kept"' in message["Body"]


def _open_to_all(arn: str) -> str:
    allowed = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    return json.dumps({"Statement": [allowed]})
