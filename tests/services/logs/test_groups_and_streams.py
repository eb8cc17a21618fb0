"""Log groups and streams: made, listed, tagged, removed."""

import json

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def logs(aws):
    return aws("logs")


@pytest.fixture
def group(logs):
    logs.create_log_group(logGroupName="/app/web")
    return "/app/web"


def code(refusal):
    return refusal.value.response["Error"]["Code"]


def test_a_group_is_made_described_and_removed(logs, aws):
    logs.create_log_group(logGroupName="/app/web", tags={"team": "web"})
    [told] = logs.describe_log_groups(logGroupNamePrefix="/app")["logGroups"]
    arn = f"arn:aws:logs:us-east-1:{aws.account}:log-group:/app/web"
    assert (told["arn"], told["logGroupArn"], told["storedBytes"]) == (f"{arn}:*", arn, 0)
    assert told["logGroupClass"] == "STANDARD" and "retentionInDays" not in told
    with pytest.raises(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_group(logGroupName="/app/web")
    logs.delete_log_group(logGroupName="/app/web")
    assert logs.describe_log_groups()["logGroups"] == []
    with pytest.raises(logs.exceptions.ResourceNotFoundException, match="log group does not exist"):
        logs.delete_log_group(logGroupName="/app/web")


def test_groups_are_listed_by_prefix_and_pattern(logs):
    for name in ("a/1", "a/2", "a/Other", "b/1"):
        logs.create_log_group(logGroupName=name)

    def names(**chosen):
        pages = logs.get_paginator("describe_log_groups").paginate(PaginationConfig={"PageSize": 1}, **chosen)
        return [group["logGroupName"] for page in pages for group in page["logGroups"]]

    assert names() == ["a/1", "a/2", "a/Other", "b/1"]
    assert names(logGroupNamePrefix="a/") == ["a/1", "a/2", "a/Other"]
    assert names(logGroupNamePattern="/1") == ["a/1", "b/1"]
    with pytest.raises(logs.exceptions.InvalidParameterException):
        names(logGroupNamePrefix="a", logGroupNamePattern="b")
    with pytest.raises(logs.exceptions.InvalidParameterException):
        logs.describe_log_groups(nextToken="?")


def test_a_protected_group_stays(logs):
    logs.create_log_group(logGroupName="g", deletionProtectionEnabled=True)
    with pytest.raises(ClientError) as refusal:
        logs.delete_log_group(logGroupName="g")
    assert code(refusal) == "ValidationException"
    logs.put_log_group_deletion_protection(logGroupIdentifier="g", deletionProtectionEnabled=False)
    logs.delete_log_group(logGroupName="g")


def test_streams_are_listed_by_name(logs, group):
    for name in ("s1", "s2", "t1"):
        logs.create_log_stream(logGroupName=group, logStreamName=name)

    def names(**chosen):
        pages = logs.get_paginator("describe_log_streams").paginate(
            logGroupName=group, PaginationConfig={"PageSize": 1}, **chosen
        )
        return [stream["logStreamName"] for page in pages for stream in page["logStreams"]]

    assert names() == ["s1", "s2", "t1"]
    assert names(descending=True) == ["t1", "s2", "s1"]
    assert names(logStreamNamePrefix="s", descending=True) == ["s2", "s1"]
    with pytest.raises(logs.exceptions.InvalidParameterException, match="Cannot order by LastEventTime"):
        names(logStreamNamePrefix="s", orderBy="LastEventTime")
    with pytest.raises(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_stream(logGroupName=group, logStreamName="s1")
    logs.delete_log_stream(logGroupName=group, logStreamName="s1")
    with pytest.raises(logs.exceptions.ResourceNotFoundException, match="log stream does not exist"):
        logs.delete_log_stream(logGroupName=group, logStreamName="s1")


def test_tags_in_both_ways(logs, group, aws):
    arn = logs.describe_log_groups()["logGroups"][0]["logGroupArn"]
    logs.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2"})
    logs.tag_log_group(logGroupName=group, tags={"c": "3"})
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"a": "1", "b": "2", "c": "3"}
    logs.untag_resource(resourceArn=arn, tagKeys=["a"])
    logs.untag_log_group(logGroupName=group, tags=["b"])
    assert logs.list_tags_log_group(logGroupName=group)["tags"] == {"c": "3"}
    with pytest.raises(logs.exceptions.TooManyTagsException):
        logs.tag_resource(resourceArn=arn, tags={f"k{n}": "v" for n in range(50)})


def test_retention_is_one_of_those_that_aws_knows(logs, group):
    logs.put_retention_policy(logGroupName=group, retentionInDays=7)
    assert logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 7
    with pytest.raises(logs.exceptions.InvalidParameterException):
        logs.put_retention_policy(logGroupName=group, retentionInDays=8)
    logs.delete_retention_policy(logGroupName=group)
    assert "retentionInDays" not in logs.describe_log_groups()["logGroups"][0]


def test_resource_policies_are_kept_if_they_are_policies(logs):
    allow = {"Effect": "Allow", "Principal": {"Service": "es.amazonaws.com"}, "Action": "logs:Put*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    logs.put_resource_policy(policyName="p", policyDocument=document)
    [told] = logs.describe_resource_policies()["resourcePolicies"]
    assert (told["policyName"], told["policyDocument"]) == ("p", document)
    with pytest.raises(logs.exceptions.InvalidParameterException):
        logs.put_resource_policy(policyName="q", policyDocument='{"Statement": 1}')
    logs.delete_resource_policy(policyName="p")
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.delete_resource_policy(policyName="p")


def test_what_is_not_here_says_so(logs, group):
    with pytest.raises(ClientError) as refusal:
        logs.start_query(logGroupName=group, startTime=0, endTime=1, queryString="fields @message")
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
