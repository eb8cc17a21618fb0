"""Delivery status: outcomes in the topic's log."""

import hashlib
import json

ROLE = "arn:aws:iam::111111111111:role/feedback"


def lines(aws, group):
    """The report in a log group, once it is there."""
    logs = aws("logs")
    while not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        pass
    found = logs.get_log_events(logGroupName=group, logStreamName="delivery-status")["events"]
    return [json.loads(event["message"]) for event in found]


def test_successes_are_logged_as_sampled(aws, talk):
    topic = talk(SQSSuccessFeedbackRoleArn=ROLE, SQSSuccessFeedbackSampleRate="100")
    url = topic.hearer("jobs")
    id = topic.publish("a")["MessageId"]
    assert topic.bodies(url)
    [line] = lines(aws, f"sns/us-east-1/{aws.account}/news")
    assert line["status"] == "SUCCESS"
    assert line["notification"]["messageId"] == id
    assert line["notification"]["messageMD5Sum"] == hashlib.md5(b"a").hexdigest()
    assert line["delivery"]["statusCode"] == 200
    assert json.loads(line["delivery"]["providerResponse"])["sqsMessageId"]


def test_failures_are_logged_and_buried(aws, talk):
    topic = talk(SQSFailureFeedbackRoleArn=ROLE)
    dead, dead_arn = topic.queue("dead")
    _, deaf = topic.queue("deaf", hears=False)
    topic.subscribe("sqs", deaf, RedrivePolicy=json.dumps({"deadLetterTargetArn": dead_arn}))
    topic.publish("a")
    assert topic.bodies(dead)
    [line] = lines(aws, f"sns/us-east-1/{aws.account}/news/Failure")
    assert (line["status"], line["delivery"]["destination"]) == ("FAILURE", deaf)
    assert line["delivery"]["attempts"] == 1
