"""Queues: made, found, changed, tagged, emptied and removed."""

import json

NOT_THERE = "AWS.SimpleQueueService.NonExistentQueue"


def test_a_queue_shows_its_attributes(line):
    known = line("orders", DelaySeconds="5", KmsMasterKeyId="alias/aws/sqs").attributes()
    assert known["DelaySeconds"] == "5"
    assert known["VisibilityTimeout"] == "30"
    assert known["MaximumMessageSize"] == "1048576"
    assert known["SqsManagedSseEnabled"] == "false"
    assert known["KmsDataKeyReusePeriodSeconds"] == "300"
    assert known["QueueArn"].endswith(":orders")
    assert "FifoQueue" not in known and "Policy" not in known


def test_making_a_queue_again_is_harmless_unless_it_differs(line, refused):
    first = line("orders", DelaySeconds="1")
    assert line("orders").url == first.url
    assert line("orders", DelaySeconds="1").url == first.url
    with refused("QueueAlreadyExists", "different value for attribute DelaySeconds"):
        line("orders", DelaySeconds="2")


def test_what_a_queue_may_be(line, aws, refused):
    with refused("InvalidAttributeValue", "VisibilityTimeout"):
        line("orders", VisibilityTimeout="43201")
    with refused("InvalidAttributeName", "Unknown Attribute Colour."):
        line("orders", Colour="red")
    with refused("InvalidAttributeName", "DeduplicationScope only when FifoQueue"):
        line("orders", DeduplicationScope="queue")
    with refused("InvalidParameterValue", "must end with .fifo"):
        line("orders", FifoQueue="true")
    with refused("InvalidParameterValue", "alphanumeric"):
        aws("sqs").create_queue(QueueName="orders.fifo")
    with refused("InvalidAttributeName", "one type of server-side encryption"):
        line("orders", KmsMasterKeyId="key", SqsManagedSseEnabled="true")
    with refused("InvalidAttributeValue", "Policy"):
        line("orders", Policy="{}")


def test_attributes_change_and_go_back_to_their_defaults(line, refused):
    queue = line()
    queue.set(VisibilityTimeout="7", Policy="")
    assert queue.attributes("VisibilityTimeout") == {"VisibilityTimeout": "7"}
    queue.set(VisibilityTimeout="")
    assert queue.attributes("VisibilityTimeout") == {"VisibilityTimeout": "30"}
    with refused("InvalidAttributeName", "FifoQueue"):
        queue.set(FifoQueue="true")
    assert queue.attributes("Policy") == {}


def test_queues_are_listed_by_prefix_and_page(line, aws):
    urls = [line(f"orders-{number}").url for number in range(5)]
    line("parcels")
    sqs = aws("sqs")
    assert sqs.list_queues(QueueNamePrefix="orders-")["QueueUrls"] == urls
    pages = sqs.get_paginator("list_queues").paginate(QueueNamePrefix="orders-", PaginationConfig={"PageSize": 2})
    assert [page["QueueUrls"] for page in pages] == [urls[:2], urls[2:4], urls[4:]]
    assert "QueueUrls" not in sqs.list_queues(QueueNamePrefix="nothing")


def test_a_deleted_queue_is_gone_and_its_name_free(line, aws, refused):
    queue = line()
    queue.send("lost")
    aws("sqs").delete_queue(QueueUrl=queue.url)
    with refused(NOT_THERE, "The specified queue does not exist."):
        queue.send("late")
    assert line().counts() == (0, 0, 0)


def test_purging_drops_everything_once_a_minute(line, aws, refused):
    queue = line()
    queue.send("seen")
    queue.receive()
    queue.send("unseen")
    queue.send("delayed", DelaySeconds=60)
    assert queue.counts() == (1, 1, 1)
    aws("sqs").purge_queue(QueueUrl=queue.url)
    assert queue.counts() == (0, 0, 0)
    with refused("AWS.SimpleQueueService.PurgeQueueInProgress"):
        aws("sqs").purge_queue(QueueUrl=queue.url)


def test_tags(line, aws):
    queue, sqs = line(), aws("sqs")
    assert "Tags" not in sqs.list_queue_tags(QueueUrl=queue.url)
    sqs.tag_queue(QueueUrl=queue.url, Tags={"a": "1", "b": "2"})
    sqs.untag_queue(QueueUrl=queue.url, TagKeys=["a", "c"])
    assert sqs.list_queue_tags(QueueUrl=queue.url)["Tags"] == {"b": "2"}


def test_permissions_are_statements_of_the_policy(line, aws, refused):
    queue, sqs = line(), aws("sqs")
    given = {"AWSAccountIds": ["222222222222"], "Actions": ["SendMessage"]}
    sqs.add_permission(QueueUrl=queue.url, Label="friends", **given)
    statement = json.loads(queue.attributes("Policy")["Policy"])["Statement"][0]
    assert (statement["Sid"], statement["Action"]) == ("friends", "SQS:SendMessage")
    with refused("InvalidParameterValue", "Already exists."):
        sqs.add_permission(QueueUrl=queue.url, Label="friends", **given)
    sqs.remove_permission(QueueUrl=queue.url, Label="friends")
    assert "Policy" not in queue.attributes()
    with refused("InvalidParameterValue", "can't find label."):
        sqs.remove_permission(QueueUrl=queue.url, Label="friends")


def test_another_account_comes_in_only_by_the_policy(line, aws, refused):
    queue = line()
    stranger = aws("sqs", key="222222222222")
    with refused("AccessDeniedException", "no resource-based policy allows"):
        stranger.send_message(QueueUrl=queue.url, MessageBody="hello")
    aws("sqs").add_permission(
        QueueUrl=queue.url, Label="friends", AWSAccountIds=["222222222222"], Actions=["SendMessage", "GetQueueUrl"]
    )
    stranger.send_message(QueueUrl=queue.url, MessageBody="hello")
    found = stranger.get_queue_url(QueueName=queue.name, QueueOwnerAWSAccountId=aws.account)
    assert found["QueueUrl"] == queue.url
    assert queue.bodies() == ["hello"]


def test_a_role_may_do_what_it_was_given(line, aws, refused):
    queue = line()
    statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue.arn}
    sender = aws.as_role("sqs", "sender", statement)
    sender.send_message(QueueUrl=queue.url, MessageBody="hello")
    with refused("AccessDeniedException", "sqs:ReceiveMessage"):
        sender.receive_message(QueueUrl=queue.url)


def test_only_queues_that_are_there_are_emptied(aws, refused):
    nowhere = f"arn:aws:sqs:us-east-1:{aws.account}:nowhere"
    with refused("ResourceNotFoundException", "SourceArn"):
        aws("sqs").start_message_move_task(SourceArn=nowhere)
    with refused("ResourceNotFoundException", "SourceArn"):
        aws("sqs").list_message_move_tasks(SourceArn=nowhere)


def test_a_queue_s_url_is_of_its_region(aws, refused):
    here, there = aws("sqs"), aws("sqs", region="eu-central-1")
    urls = [sqs.create_queue(QueueName="work")["QueueUrl"] for sqs in (here, there)]
    assert urls[0] == f"{aws.url}/{aws.account}/work"
    assert urls[1] == f"{aws.url}/queue/eu-central-1/{aws.account}/work"
    assert there.get_queue_url(QueueName="work")["QueueUrl"] == urls[1]
    there.send_message(QueueUrl=urls[1], MessageBody="a")
    assert "Messages" not in here.receive_message(QueueUrl=urls[0])
    with refused("AWS.SimpleQueueService.NonExistentQueue"):
        here.receive_message(QueueUrl=urls[1])


def test_sources_of_a_dead_letter_queue_come_by_pages(line, refused):
    dead = line("dead")
    for name in "cab":
        line(name, RedrivePolicy={"deadLetterTargetArn": dead.arn, "maxReceiveCount": 3})
    first = dead.sqs.list_dead_letter_source_queues(QueueUrl=dead.url, MaxResults=2)
    rest = dead.sqs.list_dead_letter_source_queues(QueueUrl=dead.url, MaxResults=2, NextToken=first["NextToken"])
    assert [url.rpartition("/")[2] for url in first["queueUrls"] + rest["queueUrls"]] == ["a", "b", "c"]
    assert "NextToken" not in rest
    with refused("InvalidParameterValue", "MaxResults must be an integer between 1 and 1000."):
        dead.sqs.list_dead_letter_source_queues(QueueUrl=dead.url, MaxResults=1_001)
