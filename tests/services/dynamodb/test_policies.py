"""Resource policies: kept under revisions, and deciding who may come in."""

import itertools
import json

import pytest
from botocore.exceptions import ClientError

numbers = itertools.count(1)


@pytest.fixture
def table(dynamodb, new_table):
    """A table with one item: its name and ARN."""
    name = new_table(sort=None)
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "a"}})
    return name, dynamodb.describe_table(TableName=name)["Table"]["TableArn"]


def policy(arn, principal, *actions, effect="Allow"):
    statement = {
        "Sid": "one", "Effect": effect, "Principal": principal,
        "Action": [f"dynamodb:{action}" for action in actions], "Resource": [arn, f"{arn}/index/*"],
    }  # fmt: skip
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def of(account):
    return {"AWS": f"arn:aws:iam::{account}:root"}


@pytest.fixture
def stranger(aws):
    """Clients of another account."""
    account = f"{555500000000 + next(numbers):012d}"
    return lambda service="dynamodb": aws(service, key=account), account


def test_a_policy_is_kept_under_its_revision(dynamodb, table, aws):
    _, arn = table
    with pytest.raises(dynamodb.exceptions.PolicyNotFoundException, match=f"ResourceArn: {arn}"):
        dynamodb.get_resource_policy(ResourceArn=arn)
    assert "RevisionId" not in dynamodb.delete_resource_policy(ResourceArn=arn)
    text = policy(arn, of(aws.account), "GetItem")
    first = dynamodb.put_resource_policy(ResourceArn=arn, Policy=text)["RevisionId"]
    assert dynamodb.put_resource_policy(ResourceArn=arn, Policy=text)["RevisionId"] == first
    told = dynamodb.get_resource_policy(ResourceArn=arn)
    assert told["RevisionId"] == first
    assert json.loads(told["Policy"])["Statement"][0]["Action"] == "dynamodb:GetItem"
    other = policy(arn, of(aws.account), "Query")
    with pytest.raises(dynamodb.exceptions.PolicyNotFoundException, match="expecting none to be present"):
        dynamodb.put_resource_policy(ResourceArn=arn, Policy=other, ExpectedRevisionId="NO_POLICY")
    with pytest.raises(dynamodb.exceptions.PolicyNotFoundException, match=f"has revision id {first}"):
        dynamodb.put_resource_policy(ResourceArn=arn, Policy=other, ExpectedRevisionId="1")
    second = dynamodb.put_resource_policy(ResourceArn=arn, Policy=other, ExpectedRevisionId=first)["RevisionId"]
    assert int(second) > int(first)
    assert int(dynamodb.delete_resource_policy(ResourceArn=arn)["RevisionId"]) > int(second)


def test_what_is_no_policy_is_refused(dynamodb, table):
    _, arn = table
    for text, words in [
        ("{", "Invalid policy document"),
        (policy(arn, "*", "GetItem"), "grants unbounded access"),
        (policy(arn, of("111111111111"), "GetItem") + " " * 20_480, "Maximum policy size of 20480 bytes exceeded"),
    ]:
        with pytest.raises(ClientError, match=words):
            dynamodb.put_resource_policy(ResourceArn=arn, Policy=text)
    deny = policy(arn, "*", "PutResourcePolicy", effect="Deny")
    with pytest.raises(ClientError, match="will not allow you to update the resource policy"):
        dynamodb.put_resource_policy(ResourceArn=arn, Policy=deny)
    with pytest.raises(ClientError, match="only table or stream is accepted"):
        dynamodb.get_resource_policy(ResourceArn=f"{arn}/index/i")
    with pytest.raises(ClientError, match="match the resource owner"):
        dynamodb.get_resource_policy(ResourceArn="arn:aws:dynamodb:us-east-1:999999999999:table/other")


def test_another_account_comes_in_where_the_policy_lets_it(dynamodb, table, stranger):
    name, arn = table
    clients, account = stranger
    client = clients()
    with pytest.raises(ClientError, match="no resource-based policy allows"):
        client.get_item(TableName=arn, Key={"pk": {"S": "a"}})
    text = policy(arn, of(account), "GetItem", "PutItem", "BatchGetItem", "Query", "DescribeTable")
    dynamodb.put_resource_policy(ResourceArn=arn, Policy=text)
    assert client.get_item(TableName=arn, Key={"pk": {"S": "a"}})["Item"]
    client.put_item(TableName=arn, Item={"pk": {"S": "b"}})
    assert dynamodb.get_item(TableName=name, Key={"pk": {"S": "b"}})["Item"]
    assert client.describe_table(TableName=arn)["Table"]["TableArn"] == arn
    assert client.batch_get_item(RequestItems={arn: {"Keys": [{"pk": {"S": "a"}}]}})["Responses"]
    with pytest.raises(ClientError, match="dynamodb:DeleteItem") as refusal:
        client.delete_item(TableName=arn, Key={"pk": {"S": "a"}})
    assert refusal.value.response["Error"]["Code"] == "AccessDeniedException"
    with pytest.raises(ClientError, match="not found"):
        client.get_item(TableName=name, Key={"pk": {"S": "a"}})


def test_a_stranger_needs_its_own_policies_too(dynamodb, table, aws, stranger):
    _, arn = table
    _, account = stranger
    dynamodb.put_resource_policy(ResourceArn=arn, Policy=policy(arn, of(account), "GetItem"))
    others = type(aws)(aws.running, account)
    weak, strong = others.as_role("dynamodb", "weak"), others.as_role(
        "dynamodb", "strong", {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": arn}
    )  # fmt: skip
    assert strong.get_item(TableName=arn, Key={"pk": {"S": "a"}})["Item"]
    with pytest.raises(ClientError, match="not authorized"):
        weak.get_item(TableName=arn, Key={"pk": {"S": "a"}})


def test_at_home_a_policy_allows_and_denies(dynamodb, table, aws):
    name, arn = table
    weak = aws.as_role("dynamodb", "weak")
    with pytest.raises(ClientError, match="not authorized"):
        weak.get_item(TableName=name, Key={"pk": {"S": "a"}})
    role = {"AWS": f"arn:aws:iam::{aws.account}:role/weak"}
    dynamodb.put_resource_policy(ResourceArn=arn, Policy=policy(arn, role, "GetItem"))
    assert weak.get_item(TableName=name, Key={"pk": {"S": "a"}})["Item"]
    dynamodb.put_resource_policy(ResourceArn=arn, Policy=policy(arn, "*", "GetItem", "DeleteTable", effect="Deny"))
    for client in (weak, dynamodb):
        with pytest.raises(ClientError, match="not authorized"):
            client.get_item(TableName=name, Key={"pk": {"S": "a"}})
    with pytest.raises(ClientError, match="not authorized"):
        dynamodb.delete_table(TableName=name)
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "b"}})


def test_a_stream_has_a_policy_of_its_own(dynamodb, new_table, stranger):
    clients, account = stranger
    view = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    name = new_table(sort=None, StreamSpecification=view)
    arn = dynamodb.describe_table(TableName=name)["Table"]["LatestStreamArn"]
    reader = clients("dynamodbstreams")
    with pytest.raises(ClientError, match="not authorized"):
        reader.describe_stream(StreamArn=arn)
    text = policy(arn, of(account), "DescribeStream", "GetShardIterator", "GetRecords")
    dynamodb.put_resource_policy(ResourceArn=arn, Policy=text)
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "a"}})
    (shard,) = reader.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = reader.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]  # fmt: skip
    assert len(reader.get_records(ShardIterator=iterator)["Records"]) == 1


def test_a_table_is_made_with_a_policy(dynamodb, new_table, aws, stranger):
    clients, account = stranger
    arn = f"arn:aws:dynamodb:us-east-1:{aws.account}:table/table-*"
    name = new_table(sort=None, ResourcePolicy=policy(arn, of(account), "DescribeTable"))
    arn = dynamodb.describe_table(TableName=name)["Table"]["TableArn"]
    assert clients().describe_table(TableName=arn)["Table"]["TableName"] == name
