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
    move = {"Effect": "Allow", "Action": "sqs:StartMessageMoveTask", "Resource": dead}
    with pytest.raises(ClientError, match="sqs:SendMessage"):
        aws.as_role("sqs", "mover", move).start_message_move_task(SourceArn=dead, DestinationArn=target)
    send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": target}
    both = aws.as_role("sqs", "sender", move, send)
    assert both.start_message_move_task(SourceArn=dead, DestinationArn=target)["TaskHandle"]
