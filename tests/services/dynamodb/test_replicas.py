"""Global tables: replicas in other regions, written with the table."""

import pytest
from botocore.exceptions import ClientError

from .shapes import index

THERE = "eu-west-1"
MANY = 620


@pytest.fixture
def there(aws):
    return aws("dynamodb", region=THERE)


def replicate(client, name, region=THERE, action="Create", **more):
    return client.update_table(TableName=name, ReplicaUpdates=[{action: {"RegionName": region, **more}}])


def until_active(client, name):
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 0, "MaxAttempts": 500})


def values(client, name, **source):
    pages = client.get_paginator("scan").paginate(TableName=name, **source)
    return {item["pk"]["S"]: item["v"]["S"] for page in pages for item in page["Items"]}


def put(client, name, pk, value):
    client.put_item(TableName=name, Item={"pk": {"S": pk}, "v": {"S": value}})


def test_a_replica_has_what_the_table_has(dynamodb, there, new_table):
    name = new_table(sort=None, attributes={"v": "S"}, GlobalSecondaryIndexes=[index("by-v", "v")])
    before = {f"item-{number}": "1" for number in range(MANY)}
    for start in range(0, MANY, 20):
        puts = [{"PutRequest": {"Item": {"pk": {"S": pk}, "v": {"S": "1"}}}} for pk in list(before)[start : start + 20]]
        dynamodb.batch_write_item(RequestItems={name: puts})
    told = replicate(dynamodb, name)["TableDescription"]
    assert told["TableStatus"] == "UPDATING"
    put(dynamodb, name, "item-0", "changed")  # while it is filled
    dynamodb.delete_item(TableName=name, Key={"pk": {"S": "item-1"}})
    until_active(there, name)
    expected = before | {"item-0": "changed"}
    del expected["item-1"]
    assert values(there, name) == values(there, name, IndexName="by-v") == expected
    put(there, name, "item-2", "from there")
    assert values(dynamodb, name)["item-2"] == "from there"
    table = dynamodb.describe_table(TableName=name)["Table"]
    assert table["GlobalTableVersion"] == "2019.11.21"
    assert [(one["RegionName"], one["ReplicaStatus"]) for one in table["Replicas"]] == [(THERE, "ACTIVE")]
    other = there.describe_table(TableName=name)["Table"]
    assert [one["RegionName"] for one in other["Replicas"]] == ["us-east-1"]
    assert other["TableId"] != table["TableId"] and THERE in other["TableArn"]


def test_a_replica_has_a_stream_of_its_own(aws, dynamodb, there, new_table):
    name = new_table(sort=None)
    replicate(dynamodb, name)
    put(dynamodb, name, "a", "1")
    for region, client in (("us-east-1", dynamodb), (THERE, there)):
        arn = client.describe_table(TableName=name)["Table"]["LatestStreamArn"]
        reader = aws("dynamodbstreams", region=region)
        (shard,) = reader.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        iterator = reader.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]  # fmt: skip
        (record,) = reader.get_records(ShardIterator=iterator)["Records"]
        assert (record["awsRegion"], record["dynamodb"]["NewImage"]["v"]["S"]) == (region, "1")
    with pytest.raises(ClientError, match="Disabling Stream is not allowed for a Global Table replica"):
        dynamodb.update_table(TableName=name, StreamSpecification={"StreamEnabled": False})


def test_what_is_the_groups_changes_everywhere(dynamodb, there, new_table):
    name = new_table(sort=None)
    replicate(dynamodb, name)
    put(dynamodb, name, "a", "1")
    dynamodb.update_table(
        TableName=name, AttributeDefinitions=[{"AttributeName": "v", "AttributeType": "S"}],
        GlobalSecondaryIndexUpdates=[{"Create": index("by-v", "v")}],
    )  # fmt: skip
    assert values(there, name, IndexName="by-v") == {"a": "1"}
    there.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ends"})
    told = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert told == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ends"}
    dynamodb.update_table(TableName=name, SSESpecification={"Enabled": True})
    key = there.describe_table(TableName=name)["Table"]["SSEDescription"]["KMSMasterKeyArn"]
    assert key.split(":")[3] == THERE
    there.update_table(TableName=name, DeletionProtectionEnabled=True)
    assert not dynamodb.describe_table(TableName=name)["Table"]["DeletionProtectionEnabled"]


def test_a_replica_of_an_encrypted_table_has_a_key_of_its_region(dynamodb, there, new_table):
    name = new_table(sort=None, SSESpecification={"Enabled": True})
    replicate(dynamodb, name)
    key = there.describe_table(TableName=name)["Table"]["SSEDescription"]["KMSMasterKeyArn"]
    assert key.split(":")[3] == THERE


def test_replicas_part(dynamodb, there, new_table):
    name = new_table(sort=None)
    replicate(dynamodb, name)
    there.update_table(TableName=name, DeletionProtectionEnabled=True)
    with pytest.raises(ClientError, match="deletion protection enabled"):
        replicate(dynamodb, name, action="Delete")
    there.update_table(TableName=name, DeletionProtectionEnabled=False)
    replicate(dynamodb, name, action="Delete")
    with pytest.raises(there.exceptions.ResourceNotFoundException):
        there.describe_table(TableName=name)
    assert "Replicas" not in dynamodb.describe_table(TableName=name)["Table"]
    replicate(dynamodb, name)
    dynamodb.delete_table(TableName=name)
    put(there, name, "a", "1")
    assert "Replicas" not in there.describe_table(TableName=name)["Table"]


def test_what_may_not_be_asked_of_replicas(dynamodb, there, new_table):
    name = new_table(sort=None)
    new_table_there = there.create_table(
        TableName=f"{name}-2", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
    )["TableDescription"]["TableName"]  # fmt: skip
    for region, action, words in [
        ("us-east-1", "Create", "Cannot add or delete the local region"),
        ("nowhere", "Create", "Region nowhere is not supported"),
        (THERE, "Delete", r"were not part of the global table.*\[eu-west-1\]"),
        (THERE, "Update", "were not part of the global table"),
    ]:
        with pytest.raises(ClientError, match=words):
            replicate(dynamodb, name, region, action)
    with pytest.raises(ClientError, match="must be the only operation"):
        dynamodb.update_table(
            TableName=name, ReplicaUpdates=[{"Create": {"RegionName": THERE}}], BillingMode="PAY_PER_REQUEST"
        )
    units = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
    scarce = new_table(sort=None, BillingMode="PROVISIONED", ProvisionedThroughput=units)
    with pytest.raises(ClientError, match="Pay-Per-Request or AutoScaled"):
        replicate(dynamodb, scarce)
    assert new_table_there
    replicate(dynamodb, name)
    with pytest.raises(ClientError, match="already existed as tables"):
        replicate(dynamodb, name)
    replicate(dynamodb, name, action="Update", TableClassOverride="STANDARD_INFREQUENT_ACCESS")
    (told,) = dynamodb.describe_table(TableName=name)["Table"]["Replicas"]
    assert told["ReplicaTableClassSummary"] == {"TableClass": "STANDARD_INFREQUENT_ACCESS"}


def test_the_legacy_version_is_refused_as_aws_refuses_it(dynamodb):
    with pytest.raises(ClientError, match=r"version 2017\.11\.29 is not supported"):
        dynamodb.create_global_table(GlobalTableName="worldwide", ReplicationGroup=[{"RegionName": "us-east-1"}])
    with pytest.raises(dynamodb.exceptions.GlobalTableNotFoundException):
        dynamodb.describe_global_table(GlobalTableName="worldwide")
    assert dynamodb.list_global_tables()["GlobalTables"] == []
