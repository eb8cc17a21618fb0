"""Who may move messages where."""

import json

import pytest
from botocore.exceptions import ClientError


def test_who_moves_messages_may_not_send_them_everywhere(aws):
    sqs = aws("sqs")

    def made(name, **attributes):
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    dead, target = made("dead"), made("target")
    made("work", RedrivePolicy=json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 1}))
    taking = ["sqs:StartMessageMoveTask", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    move = {"Effect": "Allow", "Action": taking, "Resource": dead}
    with pytest.raises(ClientError, match="sqs:SendMessage"):
        aws.as_role("sqs", "mover", move).start_message_move_task(SourceArn=dead, DestinationArn=target)
    send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": target}
    both = aws.as_role("sqs", "sender", move, send)
    assert both.start_message_move_task(SourceArn=dead, DestinationArn=target)["TaskHandle"]


def test_a_queue_s_policy_lets_its_own_account_in_and_keeps_it_out(aws):
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName="work")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    user = {"AWS": f"arn:aws:iam::{aws.account}:role/worker"}
    worker = aws.as_role("sqs", "worker")
    with pytest.raises(ClientError, match="not authorized"):
        worker.send_message(QueueUrl=url, MessageBody="a")

    def rule(effect, **who):
        statement = {"Effect": effect, **who, "Action": "sqs:SendMessage", "Resource": arn}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})

    rule("Allow", Principal=user)
    worker.send_message(QueueUrl=url, MessageBody="a")
    everything = {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}
    rule("Deny", Principal="*")
    with pytest.raises(ClientError, match="explicit deny"):
        aws.as_role("sqs", "boss", everything).send_message(QueueUrl=url, MessageBody="a")


def test_who_moves_messages_may_take_them(aws):
    """To begin a task is not enough: what it takes from one queue it could read in the other."""
    sqs = aws("sqs")
    place = f"arn:aws:sqs:us-east-1:{aws.account}"
    sqs.create_queue(QueueName="dead")
    redrive = json.dumps({"deadLetterTargetArn": f"{place}:dead", "maxReceiveCount": 1})
    sqs.create_queue(QueueName="own", Attributes={"RedrivePolicy": redrive})
    begin = {"Effect": "Allow", "Action": ["sqs:StartMessageMoveTask", "sqs:SendMessage"], "Resource": "*"}
    mover = aws.as_role("sqs", "mover", begin)
    with pytest.raises(ClientError, match="sqs:ReceiveMessage"):
        mover.start_message_move_task(SourceArn=f"{place}:dead", DestinationArn=f"{place}:own")
