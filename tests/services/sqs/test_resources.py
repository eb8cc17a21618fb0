"""CloudFormation types of SQS, their steps performed by a client."""

import json
from operator import methodcaller

from freehold.kernel.resources import Want
from freehold.kernel.service import snake
from freehold.services.sqs import resources


def perform(aws, steps):
    """Do the calls of a generator; what it made."""
    try:
        ask = next(steps)
        while True:
            ask = steps.send(methodcaller(snake(ask.operation), **ask.request)(aws(ask.service)))
    except StopIteration as end:
        return end.value


def want(aws, properties, **more):
    return Want(aws.account, aws.region, "id", "shop", "Orders", "ABCDEFGHIJKL", properties, **more)


def test_a_queue_is_made_changed_and_removed(aws, line, refused):
    properties = {
        "DelaySeconds": 5,
        "RedrivePolicy": {"deadLetterTargetArn": line("dead").arn, "maxReceiveCount": 3},
        "Tags": [{"Key": "a", "Value": "1"}],
    }
    made = perform(aws, resources.create_queue(want(aws, properties, tags={"stack": "shop"})))
    sqs = aws("sqs")
    assert made.attributes["QueueName"] == "shop-Orders-ABCDEFGHIJKL" and made.attributes["QueueUrl"] == made.id
    known = sqs.get_queue_attributes(QueueUrl=made.id, AttributeNames=["All"])["Attributes"]
    assert (known["DelaySeconds"], known["QueueArn"]) == ("5", made.attributes["Arn"])
    assert json.loads(known["RedrivePolicy"]) == properties["RedrivePolicy"]
    assert sqs.list_queue_tags(QueueUrl=made.id)["Tags"] == {"stack": "shop", "a": "1"}
    changed = want(aws, {"VisibilityTimeout": 9}, old=properties, id=made.id, old_tags={"stack": "shop"})
    assert perform(aws, resources.update_queue(changed)) == made
    known = sqs.get_queue_attributes(QueueUrl=made.id, AttributeNames=["All"])["Attributes"]
    assert (known["DelaySeconds"], known["VisibilityTimeout"], "RedrivePolicy" in known) == ("0", "9", False)
    assert "Tags" not in sqs.list_queue_tags(QueueUrl=made.id)
    perform(aws, resources.delete_queue(want(aws, {}, id=made.id)))
    with refused("AWS.SimpleQueueService.NonExistentQueue"):
        sqs.get_queue_attributes(QueueUrl=made.id)


def test_a_fifo_queue_gets_a_name_that_ends_so(aws):
    made = perform(aws, resources.create_queue(want(aws, {"FifoQueue": True, "ContentBasedDeduplication": True})))
    assert made.attributes["QueueName"].endswith("-ABCDEFGHIJKL.fifo")


def test_policies_are_set_and_cleared(aws, line):
    one, two = line("one"), line("two")
    statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    both = {"Queues": [one.url, two.url], "PolicyDocument": document}
    perform(aws, resources.create_policy(want(aws, both)))
    assert json.loads(two.attributes("Policy")["Policy"]) == document
    perform(aws, resources.update_policy(want(aws, both | {"Queues": [one.url]}, old=both, id="p")))
    assert "Policy" in one.attributes() and "Policy" not in two.attributes()
    perform(aws, resources.create_inline_policy(want(aws, {"Queue": two.url, "PolicyDocument": document})))
    perform(aws, resources.delete_inline_policy(want(aws, {"Queue": two.url}, id=two.url)))
    assert "Policy" not in two.attributes()
