"""Schedules: put, looked at, listed, changed, deleted, and what is refused."""

import json

import pytest

CONFLICT, INVALID, NOT_FOUND = "ConflictException", "ValidationException", "ResourceNotFoundException"
EVENTS = {"DetailType": "due", "Source": "clock"}
MISSING_JOB = "Invalid RequestJson provided. Reason Request payload is missing the following field(s): QueueName."


def test_a_schedule_is_shown_with_its_defaults(town):
    scheduler = town.scheduler
    _, queue = town.queue("due")
    arn = town.schedule("s", "rate(1 day)", queue)
    assert arn == town.arn("scheduler", "schedule/default/s")
    found = scheduler.get_schedule(Name="s")
    del found["ResponseMetadata"]
    assert found.pop("CreationDate") == found.pop("LastModificationDate")
    assert found == {
        "ActionAfterCompletion": "NONE",
        "Arn": arn,
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "GroupName": "default",
        "Name": "s",
        "ScheduleExpression": "rate(1 day)",
        "ScheduleExpressionTimezone": "UTC",
        "State": "ENABLED",
        "Target": {
            "Arn": queue,
            "RoleArn": town.role,
            "RetryPolicy": {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185},
        },
    }


def test_an_update_puts_a_schedule_whole(town, refused):
    scheduler = town.scheduler
    _, queue = town.queue("due")
    town.schedule("s", "rate(1 day)", queue, Description="daily", State="DISABLED", KmsKeyArn=town.arn("kms", "key/a"))
    before = scheduler.get_schedule(Name="s")
    window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5}
    zone, target = "Europe/Berlin", town.target(queue, RetryPolicy={"MaximumRetryAttempts": 0})
    changed = {
        "Name": "s", "ScheduleExpression": "cron(0 9 * * ? *)", "FlexibleTimeWindow": window, "Target": target,
        "ScheduleExpressionTimezone": zone,
    }  # fmt: skip
    assert scheduler.update_schedule(**changed)["ScheduleArn"] == before["Arn"]
    after = scheduler.get_schedule(Name="s")
    assert "Description" not in after and "KmsKeyArn" not in after
    assert (after["State"], after["ScheduleExpressionTimezone"]) == ("ENABLED", zone)
    assert after["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 0}
    assert after["CreationDate"] == before["CreationDate"] < after["LastModificationDate"]
    assert refused(scheduler.update_schedule, **{**changed, "Name": "t"}) == (NOT_FOUND, "Schedule t does not exist.")


def test_schedules_are_listed_by_group_state_and_name(town):
    scheduler = town.scheduler
    _, queue = town.queue("due")
    scheduler.create_schedule_group(Name="night")
    for name, group, state in (("a1", "night", "ENABLED"), ("a2", "default", "DISABLED"), ("b", "night", "DISABLED")):
        town.schedule(name, "rate(1 day)", queue, GroupName=group, State=state)

    def names(**filters):
        pages = scheduler.get_paginator("list_schedules").paginate(PaginationConfig={"PageSize": 1}, **filters)
        return [schedule["Name"] for page in pages for schedule in page["Schedules"]]

    assert names() == ["a1", "a2", "b"]
    assert names(GroupName="night") == ["a1", "b"]
    assert names(NamePrefix="a") == ["a1", "a2"]
    assert names(State="DISABLED") == ["a2", "b"]
    assert names(State="DISABLED", GroupName="night", NamePrefix="a") == []
    (first, *_) = scheduler.list_schedules()["Schedules"]
    assert first["Target"] == {"Arn": queue} and first["GroupName"] == "night" and "ScheduleExpression" not in first


def test_names_are_of_their_group(town, refused):
    scheduler = town.scheduler
    _, queue = town.queue("due")
    town.schedule("s", "rate(1 day)", queue)
    scheduler.create_schedule_group(Name="night")
    town.schedule("s", "rate(1 day)", queue, GroupName="night")
    request = {
        "Name": "s", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": town.target(queue),
    }  # fmt: skip
    assert refused(scheduler.create_schedule, **request) == (CONFLICT, "Schedule s already exists.")
    lacking = (NOT_FOUND, "Schedule Group day does not exist.")
    assert refused(scheduler.create_schedule, **request, GroupName="day") == lacking
    scheduler.delete_schedule(Name="s", GroupName="night")
    gone = (NOT_FOUND, "Schedule s does not exist.")
    assert refused(scheduler.get_schedule, Name="s", GroupName="night") == gone
    assert refused(scheduler.delete_schedule, Name="s", GroupName="night") == gone
    assert scheduler.get_schedule(Name="s")


@pytest.fixture
def put(town, refused):
    """The words in which a schedule with these members is refused."""
    _, queue = town.queue("due")

    def ask(target=None, arn=queue, **members):
        request = {
            "Name": "s", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": town.target(arn, **(target or {})), **members,
        }  # fmt: skip
        code, words = refused(town.scheduler.create_schedule, **request)
        assert code == INVALID
        return words

    return ask


def test_times_that_are_refused(town, put):
    assert put(ScheduleExpression="cron(0 1 * * * *)") == "Invalid Schedule Expression cron(0 1 * * * *)."
    assert put(ScheduleExpressionTimezone="Mars/Olympus") == "Invalid Schedule Expression Timezone Mars/Olympus."
    assert put(StartDate=town.now - 400) == "The StartDate you specify cannot be earlier than 5 minutes ago."
    words = "The StartDate you specify must come before the EndDate."
    assert put(StartDate=town.now + 400, EndDate=town.now + 300) == words
    assert put(EndDate=town.now - 1) == "The EndDate you specify must be in the future."
    words = "MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE."
    assert put(FlexibleTimeWindow={"Mode": "FLEXIBLE"}) == words
    words = "MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF."
    assert put(FlexibleTimeWindow={"Mode": "OFF", "MaximumWindowInMinutes": 1}) == words
    assert "Member must have value less than or equal to 1440" in put(
        FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 1_441}
    )


def test_templated_targets_that_are_refused(town, put):
    unsupported, strange = "Parameters {} not supported for the target.", {"KinesisParameters": {"PartitionKey": "k"}}
    assert put(arn="nonsense") == "Provided Arn is not in correct format."
    assert put(arn=town.arn("events", "api-destination/saas/1")) == "Provided Arn is not in correct format."
    assert put(arn=town.arn("glue", "job/j")) == "glue is not a supported service for a target."
    elsewhere = f"arn:aws:sqs:eu-north-1:{town.aws.account}:due"
    assert put(arn=elsewhere) == "The target ARN provided does not match the current region us-east-1."
    assert put(target=strange) == unsupported.format("KinesisParameters")
    fifo = town.arn("sqs", "due.fifo")
    assert put(arn=fifo) == "Parameters SqsParameters must be specified."
    group = {"SqsParameters": {"MessageGroupId": "g"}}
    assert put(target=group) == "Parameters MessageGroupId not valid for the target."
    assert put(arn=town.arn("kinesis", "stream/s")) == "Parameters KinesisParameters must be specified."
    function = town.arn("lambda", "function:f")
    assert put(arn=function, target={"Input": "{"}) == "JSON syntax error in input for the target."
    words = put(target={"DeadLetterConfig": {"Arn": "arn:aws:sqs:us-east-1:123456789012:dead.fifo"}})
    assert "failed to satisfy constraint: Member must satisfy regular expression pattern" in words


def test_universal_targets_that_are_refused(town, put):
    sdk = "arn:aws:scheduler:::aws-sdk:"
    assert (
        put(arn=town.arn("scheduler", "aws-sdk:sqs:sendMessage"))
        == "scheduler is not a supported service for a target."
    )
    assert put(arn=f"{sdk}nothing:do") == "nothing is not a supported service for a target."
    for action in ("getQueueUrl", "listQueues", "receiveMessage", "flyAway"):
        assert put(arn=f"{sdk}sqs:{action}", target={"Input": "{}"}) == f"{action} API is not supported."
    assert put(arn=f"{sdk}sqs:createQueue") == "You must provide an input to set this target for your schedule."
    for text in ("{}", '{"queueName": "q"}'):
        assert put(arn=f"{sdk}sqs:createQueue", target={"Input": text}) == MISSING_JOB
    assert put(arn=f"{sdk}sqs:createQueue", target={"Input": "{"}).startswith("Invalid RequestJson provided. Reason ")
    wrong = json.dumps({"QueueName": "q", "Attributes": []})
    assert put(arn=f"{sdk}sqs:createQueue", target={"Input": wrong}).startswith("Invalid RequestJson provided.")
    given = {"Input": '{"QueueName": "q"}', "SqsParameters": {"MessageGroupId": "g"}}
    assert put(arn=f"{sdk}sqs:createQueue", target=given) == "Parameters SqsParameters not supported for the target."


def test_targets_that_are_not_here_are_told_plainly(town, refused):
    request = {"Name": "s", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"}}
    for arn in (town.arn("ecs", "cluster/c"), "arn:aws:scheduler:::aws-sdk:batch:submitJob"):
        text = json.dumps({"JobName": "j", "JobQueue": "q", "JobDefinition": "d"})
        target = town.target(arn, Input=text)
        assert refused(town.scheduler.create_schedule, **request, Target=target)[0] == "NotImplemented"


def test_a_role_must_trust_the_scheduler_and_may_be_passed(town, put):
    words = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
    other = town.aws.role("other", "lambda.amazonaws.com")
    assert put(target={"RoleArn": other}) == words
    assert put(target={"RoleArn": f"arn:aws:iam::{town.aws.account}:role/none"}) == words


def test_a_role_is_of_the_schedules_account(town, refused):
    _, queue = town.queue("due")
    request = {"Name": "s", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"}}
    target = town.target(queue) | {"RoleArn": "arn:aws:iam::999999999999:role/r"}
    told = refused(town.scheduler.create_schedule, **request, Target=target)
    assert told == ("AccessDeniedException", "Cross-account pass role is not allowed.")


def test_a_role_may_trust_the_scheduler_for_one_group_alone(town, refused):
    scheduler, (_, queue) = town.scheduler, town.queue("due")
    scheduler.create_schedule_group(Name="night")
    facts = {"aws:SourceAccount": town.aws.account, "aws:SourceArn": town.arn("scheduler", "schedule-group/night")}
    trust = {
        "Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": facts},
    }  # fmt: skip
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    town.aws("iam").update_assume_role_policy(RoleName="runs", PolicyDocument=document)
    town.schedule("s", "rate(1 day)", queue, GroupName="night")
    request = {"Name": "s", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"}}
    assert refused(scheduler.create_schedule, **request, Target=town.target(queue))[0] == INVALID


def test_who_may_not_pass_the_role_may_not_schedule(town, refused):
    _, queue = town.queue("due")
    client = town.aws.as_role(
        "scheduler", "maker", {"Effect": "Allow", "Action": "scheduler:*", "Resource": "*"}
    )  # fmt: skip
    request = {"Name": "s", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"}}
    code, words = refused(client.create_schedule, **request, Target=town.target(queue))
    assert code == "AccessDeniedException" and "iam:PassRole" in words
