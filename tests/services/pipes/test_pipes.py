"""Pipes: created, changed, started, stopped, listed, tagged and deleted; and what may not be."""

import json

import pytest


@pytest.fixture
def ends(works):
    """A source and a target."""
    return works.queue("from")[1], works.queue("to")[1]


def test_the_life_of_a_pipe(works, ends, refused):
    pipes, (source, target) = works.pipes, ends
    made = pipes.create_pipe(
        Name="p", RoleArn=works.role, Source=source, Target=target, Description="of things", DesiredState="STOPPED",
        Tags={"a": "1"}, TargetParameters={"InputTemplate": "<$.body>"},
    )  # fmt: skip
    assert (made["CurrentState"], made["DesiredState"]) == ("CREATING", "STOPPED")
    assert made["Arn"] == works.arn("pipes", "pipe/p")
    told = works.settled("p")
    assert told["CurrentState"] == "STOPPED" and told["Description"] == "of things" and told["Tags"] == {"a": "1"}
    assert told["SourceParameters"] == {"SqsQueueParameters": {"BatchSize": 10}}
    assert told["TargetParameters"] == {"InputTemplate": "<$.body>"} and "Enrichment" not in told
    assert pipes.start_pipe(Name="p")["CurrentState"] == "STARTING"
    assert works.settled("p")["CurrentState"] == "RUNNING"
    assert pipes.stop_pipe(Name="p")["CurrentState"] == "STOPPING"
    assert works.settled("p")["CurrentState"] == "STOPPED"
    gone = pipes.delete_pipe(Name="p")
    assert (gone["CurrentState"], gone["DesiredState"]) == ("DELETING", "DELETED")
    assert works.settled("p") is None
    for operation in (pipes.describe_pipe, pipes.delete_pipe, pipes.start_pipe, pipes.stop_pipe):
        assert refused(operation, Name="p") == ("NotFoundException", "Pipe p does not exist.")


def test_an_update_puts_the_parameters_of_a_kind_anew(works, ends):
    source, target = ends
    works.pipe(
        "p", source, target, Description="old",
        SourceParameters={
            "SqsQueueParameters": {"BatchSize": 5, "MaximumBatchingWindowInSeconds": 1},
            "FilterCriteria": {"Filters": [{"Pattern": '{"body": {"a": [1]}}'}]},
        },
    )  # fmt: skip
    works.pipes.update_pipe(
        Name="p", RoleArn=works.role, SourceParameters={"SqsQueueParameters": {"BatchSize": 7}}, Description=""
    )
    told = works.settled("p")
    assert told["SourceParameters"]["SqsQueueParameters"] == {"BatchSize": 7} and "Description" not in told
    assert told["SourceParameters"]["FilterCriteria"]["Filters"] == [{"Pattern": '{"body": {"a": [1]}}'}]
    _, fifo = works.queue("to.fifo")
    group = {"SqsQueueParameters": {"MessageGroupId": "one"}}
    works.pipes.update_pipe(Name="p", RoleArn=works.role, Target=fifo, TargetParameters=group)
    assert works.settled("p")["TargetParameters"] == group
    topic = works.aws("sns").create_topic(Name="t")["TopicArn"]
    works.pipes.update_pipe(Name="p", RoleArn=works.role, Target=topic)
    told = works.settled("p")
    assert told["Target"] == topic and "TargetParameters" not in told and told["CurrentState"] == "RUNNING"


def test_a_stopped_pipe_takes_nothing_until_it_is_started(works, ends):
    source, target = ends
    works.pipe("p", source, target, DesiredState="STOPPED", TargetParameters={"InputTemplate": "<$.body>"})
    url = works.sqs.get_queue_url(QueueName="from")["QueueUrl"]
    works.send(url, "waits")
    assert works.left(url) == 1
    works.pipes.start_pipe(Name="p")
    (heard,) = works.heard(works.sqs.get_queue_url(QueueName="to")["QueueUrl"])
    assert heard["Body"] == "waits"


def test_lists(works, ends):
    (source, target), pipes = ends, works.pipes
    topic = works.aws("sns").create_topic(Name="t")["TopicArn"]
    for name, to, state in (("a1", target, "RUNNING"), ("a2", topic, "STOPPED"), ("b", target, "STOPPED")):
        works.pipe(name, source, to, DesiredState=state)

    def names(**given):
        return [one["Name"] for one in pipes.list_pipes(**given)["Pipes"]]

    assert names() == ["a1", "a2", "b"] and names(NamePrefix="a") == ["a1", "a2"]
    assert names(DesiredState="STOPPED") == ["a2", "b"] and names(CurrentState="RUNNING") == ["a1"]
    assert names(TargetPrefix=topic) == ["a2"] and names(SourcePrefix="arn:aws:kinesis") == []
    pages = pipes.get_paginator("list_pipes").paginate(PaginationConfig={"PageSize": 2})
    assert [[one["Name"] for one in page["Pipes"]] for page in pages] == [["a1", "a2"], ["b"]]
    one = pipes.list_pipes(Limit=1)["Pipes"][0]
    assert {"Arn", "Source", "Target", "CreationTime", "LastModifiedTime"} < set(one)


def test_tags(works, ends, refused):
    source, target = ends
    arn = works.pipe("p", source, target, Tags={"a": "1"})["Arn"]
    works.pipes.tag_resource(resourceArn=arn, tags={"b": "2", "a": "3"})
    works.pipes.untag_resource(resourceArn=arn, tagKeys=["b"])
    assert works.pipes.list_tags_for_resource(resourceArn=arn)["tags"] == {"a": "3"}
    assert refused(works.pipes.list_tags_for_resource, resourceArn=f"{arn}x")[0] == "NotFoundException"


def fault(path, message):
    return json.dumps({"ValidationErrorFields": [{"Name": path, "Message": message}]}, separators=(",", ":"))


MISSING, FOREIGN = "Missing required parameter.", "Parameter is not supported for the given ARN."
QUEUE = "SourceParameters.SqsQueueParameters"


@pytest.mark.parametrize(
    "change, path, message",
    [
        ({"Source": "arn:aws:kinesis:us-east-1:111122223333:stream/s"}, "SourceParameters.KinesisStreamParameters",
         MISSING),
        ({"SourceParameters": {"DynamoDBStreamParameters": {"StartingPosition": "LATEST"}}},
         "SourceParameters.DynamoDBStreamParameters", FOREIGN),
        ({"Source": "arn:aws:s3:::bucket"}, "Source", "The given ARN is not a supported source."),
        ({"Target": "arn:aws:s3:::bucket"}, "Target", "The given ARN is not a supported target."),
        ({"Enrichment": "arn:aws:sns:us-east-1:111122223333:t"}, "Enrichment",
         "The given ARN is not a supported enrichment."),
        ({"Target": "arn:aws:kinesis:us-east-1:111122223333:stream/s"}, "TargetParameters.KinesisStreamParameters",
         MISSING),
        ({"Target": "arn:aws:sqs:us-east-1:111122223333:to.fifo"}, "TargetParameters.SqsQueueParameters.MessageGroupId",
         MISSING),
        ({"TargetParameters": {"LambdaFunctionParameters": {}}}, "TargetParameters.LambdaFunctionParameters", FOREIGN),
        ({"SourceParameters": {"SqsQueueParameters": {"BatchSize": 11, "MaximumBatchingWindowInSeconds": 1}}},
         f"{QUEUE}.BatchSize", "Batch size must be less than or equal to 10, which is what "
         "arn:aws:sqs:us-east-1:111122223333:to takes at a time."),
        ({"LogConfiguration": {"Level": "INFO"}}, "LogConfiguration.CloudwatchLogsLogDestination", MISSING),
    ],
)  # fmt: skip
def test_what_a_pipe_may_not_be(works, refused, change, path, message):
    request = {"Source": "arn:aws:sqs:us-east-1:111122223333:from", "Target": "arn:aws:sqs:us-east-1:111122223333:to"}
    code, words = refused(works.pipes.create_pipe, Name="p", RoleArn=works.role, **{**request, **change})
    assert (code, words) == ("ValidationException", fault(path, message))


def test_what_is_not_here_is_said(works, ends, refused):
    source, target = ends
    request = {"Name": "p", "RoleArn": works.role, "Source": source, "Target": target}
    broker = "arn:aws:kafka:us-east-1:111122223333:cluster/c/1"
    cluster = "arn:aws:ecs:us-east-1:111122223333:cluster/c"
    bucket = {"Level": "INFO", "S3LogDestination": {"BucketName": "logs", "BucketOwner": works.aws.account}}
    for change in ({"Source": broker}, {"Target": cluster}, {"LogConfiguration": bucket}):
        assert refused(works.pipes.create_pipe, **{**request, **change})[0] == "NotImplemented"


def test_names_conflicts_and_patterns(works, ends, refused):
    source, target = ends
    works.pipe("p", source, target)
    request = {"RoleArn": works.role, "Source": source, "Target": target}
    assert refused(works.pipes.create_pipe, Name="p", **request) == ("ConflictException", "Pipe p already exists.")
    filters = {"FilterCriteria": {"Filters": [{"Pattern": '{"body": 1}'}]}}
    assert refused(works.pipes.create_pipe, Name="q", SourceParameters=filters, **request)[0] == "ValidationException"
    assert refused(works.pipes.create_pipe, Name="no spaces", **request)[0] == "ValidationException"


def test_what_runs_may_finish_before_a_pipe_is_stopped(works, refused):
    (url, source), (told, _) = works.queue("from"), works.queue("to")
    send = f"boto3.client('sqs').send_message(QueueUrl={told!r}, MessageBody='begun')"
    works.pipe("p", source, works.function("slow", f"import boto3, time; {send}; time.sleep(2)"))
    works.send(url, "one")
    assert works.heard(told)
    assert works.pipes.stop_pipe(Name="p")["CurrentState"] == "STOPPING"
    code, words = refused(works.pipes.delete_pipe, Name="p")
    assert code == "ConflictException" and "is in STOPPING state" in words
    assert works.settled("p")["CurrentState"] == "STOPPED" and works.left(url) == 0


def test_a_role_that_may_not_read(works, ends, refused):
    source, target = ends
    iam = works.aws("iam")
    less = works.aws.role("less", "pipes.amazonaws.com", {"Effect": "Allow", "Action": "sqs:Get*", "Resource": "*"})
    works.pipes.create_pipe(Name="p", RoleArn=less, Source=source, Target=target)
    told = works.settled("p")
    assert told["CurrentState"] == "CREATE_FAILED"
    assert told["StateReason"] == (
        "Input parameter is invalid from the request due to : "
        "The provided customer role does not have permissions to call ReceiveMessage on SQS"
    )
    document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": source}}
    iam.put_role_policy(RoleName="less", PolicyName="only", PolicyDocument=json.dumps(document))
    works.pipes.update_pipe(Name="p", RoleArn=less)
    assert works.settled("p")["CurrentState"] == "RUNNING"
    stranger = works.aws.role("stranger", "lambda.amazonaws.com")
    works.pipes.update_pipe(Name="p", RoleArn=stranger)
    assert works.settled("p")["CurrentState"] == "UPDATE_FAILED"


def test_a_source_that_is_not_there(works, ends):
    source, target = ends
    told = works.pipe("p", f"{source}-not", target)
    assert told["CurrentState"] == "CREATE_FAILED" and "AWS.SimpleQueueService.NonExistentQueue" in told["StateReason"]
    stream = works.arn("kinesis", "stream/none")
    told = works.pipe("s", stream, target, SourceParameters={"KinesisStreamParameters": {"StartingPosition": "LATEST"}})
    assert told["StateReason"].endswith(f"Stream not found: {stream}")


def test_a_target_that_the_role_may_not_reach_leaves_all_where_it_was(works, until):
    (source, source_arn), (target, target_arn) = works.queue("from", VisibilityTimeout="0"), works.queue("to")
    allowed = {"Effect": "Allow", "Action": "sqs:*", "Resource": source_arn}
    works.role = works.aws.role("reads", "pipes.amazonaws.com", allowed)
    works.pipe("p", source_arn, target_arn)
    works.send(source, "stays")

    def tried():
        message = works.sqs.receive_message(QueueUrl=source, MessageSystemAttributeNames=["All"]).get("Messages")
        return message and int(message[0]["Attributes"]["ApproximateReceiveCount"]) > 2

    assert until(tried) and works.left(target) == 0


def test_who_may_create_a_pipe(works, ends, refused):
    source, target = ends
    create = {"Effect": "Allow", "Action": "pipes:CreatePipe", "Resource": works.arn("pipes", "pipe/p")}
    request = {"RoleArn": works.role, "Source": source, "Target": target}
    client = works.aws.as_role("pipes", "maker", create)
    assert "iam:PassRole" in refused(client.create_pipe, Name="p", **request)[1]
    assert "pipes:CreatePipe" in refused(client.create_pipe, Name="q", **request)[1]
    passing = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": works.role,
               "Condition": {"StringEquals": {"iam:PassedToService": "pipes.amazonaws.com"}}}  # fmt: skip
    client = works.aws.as_role("pipes", "plumber2", create, passing)
    assert client.create_pipe(Name="p", **request)["CurrentState"] == "CREATING"


def test_tags_are_of_the_pipe_with_that_very_arn(works):
    """What a policy allows for one ARN opens no other pipe."""
    (_, source), (_, target) = works.queue("from"), works.queue("to")
    works.pipe("p", source, target)
    arn = works.arn("pipes", "pipe/p")
    for strange in (arn.replace("pipe/p", "pipe/dev/p"), arn.replace(works.aws.account, "999988887777")):
        with pytest.raises(works.pipes.exceptions.NotFoundException):
            works.pipes.tag_resource(resourceArn=strange, tags={"a": "b"})
    assert works.pipes.list_tags_for_resource(resourceArn=arn)["tags"] == {}
