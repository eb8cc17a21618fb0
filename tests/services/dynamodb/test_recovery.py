"""Backups, and recovery to points in time."""

import pytest
from botocore.exceptions import ClientError

from .shapes import index

MANY = 620  # more than two stretches of a copy


def recovered(client, name, enabled=True, **more):
    wanted = {"PointInTimeRecoveryEnabled": enabled, **more}
    return client.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=wanted)


def put(client, name, pk, value, **more):
    client.put_item(TableName=name, Item={"pk": {"S": pk}, "v": {"S": value}, **more})


def values(client, name, **source):
    pages = client.get_paginator("scan").paginate(TableName=name, **source)
    return {item["pk"]["S"]: item["v"]["S"] for page in pages for item in page["Items"]}


def now(cloud):
    return cloud.running.get("/_freehold/clock")["now"]


def until_active(client, name):
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 0, "MaxAttempts": 500})


def test_a_table_is_restored_to_each_second_of_its_past(own_cloud, new_table):
    client = own_cloud("dynamodb")
    name = new_table(sort=None, attributes={"v": "S"}, client=client, GlobalSecondaryIndexes=[index("by-v", "v")])
    put(client, name, "always", "0")
    recovered(client, name)
    moments = []
    steps = [("a", "1"), ("a", "2"), ("b", "1"), ("a", None), ("a", "3"), ("c", "1")]
    expected = []
    state = {"always": "0"}
    for pk, value in steps:
        own_cloud.advance(1)
        if value is None:
            client.delete_item(TableName=name, Key={"pk": {"S": pk}})
            state.pop(pk)
        else:
            put(client, name, pk, value)
            state[pk] = value
        own_cloud.advance(1)
        moments.append(now(own_cloud))
        expected.append(dict(state))
    own_cloud.advance(1)
    for number, (moment, was) in enumerate(zip(moments, expected)):
        target = f"restored-{number}"
        told = client.restore_table_to_point_in_time(
            SourceTableName=name, TargetTableName=target, RestoreDateTime=moment
        )["TableDescription"]
        assert (told["TableStatus"], told["RestoreSummary"]["RestoreInProgress"]) == ("CREATING", True)
        until_active(client, target)
        assert values(client, target) == was
        assert values(client, target, IndexName="by-v") == was
    client.restore_table_to_point_in_time(SourceTableName=name, TargetTableName="latest", UseLatestRestorableTime=True)
    until_active(client, "latest")
    assert values(client, "latest") == state


def test_what_may_be_restored_is_told_and_kept_to(own_cloud, new_table):
    client = own_cloud("dynamodb")
    name = new_table(sort=None, client=client)
    told = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    assert told["ContinuousBackupsStatus"] == "ENABLED"
    assert told["PointInTimeRecoveryDescription"] == {"PointInTimeRecoveryStatus": "DISABLED"}
    target = {"SourceTableName": name, "TargetTableName": "target"}
    with pytest.raises(client.exceptions.PointInTimeRecoveryUnavailableException):
        client.restore_table_to_point_in_time(**target, UseLatestRestorableTime=True)
    began = now(own_cloud)
    recovered(client, name, RecoveryPeriodInDays=2)
    own_cloud.advance(86_400)
    told = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    told = told["PointInTimeRecoveryDescription"]
    assert told["RecoveryPeriodInDays"] == 2
    assert told["EarliestRestorableDateTime"].timestamp() == pytest.approx(began, abs=1)
    for moment in (began - 10, now(own_cloud) + 10):
        with pytest.raises(client.exceptions.InvalidRestoreTimeException):
            client.restore_table_to_point_in_time(**target, RestoreDateTime=moment)
    with pytest.raises(ClientError, match="Either one of RestoreDateTime or UseLatestRestorableTime"):
        client.restore_table_to_point_in_time(**target)
    own_cloud.advance(3 * 86_400)
    with pytest.raises(client.exceptions.InvalidRestoreTimeException):
        client.restore_table_to_point_in_time(**target, RestoreDateTime=began + 86_400)
    with pytest.raises(client.exceptions.TableAlreadyExistsException):
        client.restore_table_to_point_in_time(SourceTableName=name, TargetTableName=name, UseLatestRestorableTime=True)
    with pytest.raises(client.exceptions.TableNotFoundException):
        recovered(client, "nowhere")


def test_a_backup_is_the_table_when_it_was_asked_for(dynamodb, new_table):
    name = new_table(sort=None, attributes={"v": "S"}, GlobalSecondaryIndexes=[index("by-v", "v")])
    before = {f"item-{number}": str(number % 7) for number in range(MANY)}
    with_batches(dynamodb, name, before)
    made = dynamodb.create_backup(TableName=name, BackupName="before")["BackupDetails"]
    assert (made["BackupStatus"], made["BackupType"]) == ("CREATING", "USER")
    for number in range(0, MANY, 10):  # while it is copied
        put(dynamodb, name, f"item-{number}", "changed")
        dynamodb.delete_item(TableName=name, Key={"pk": {"S": f"item-{number + 1}"}})
    arn = made["BackupArn"]
    described = until_available(dynamodb, arn)
    assert described["SourceTableDetails"]["ItemCount"] == MANY
    assert [one["IndexName"] for one in described["SourceTableFeatureDetails"]["GlobalSecondaryIndexes"]] == ["by-v"]
    told = dynamodb.restore_table_from_backup(TargetTableName=f"{name}-again", BackupArn=arn)["TableDescription"]
    assert (told["RestoreSummary"]["SourceBackupArn"], told["RestoreSummary"]["RestoreInProgress"]) == (arn, True)
    until_active(dynamodb, f"{name}-again")
    assert values(dynamodb, f"{name}-again") == before
    assert values(dynamodb, f"{name}-again", IndexName="by-v") == before
    assert "RestoreSummary" not in dynamodb.describe_table(TableName=f"{name}-again")["Table"]


def with_batches(client, name, items):
    wanted = [{"PutRequest": {"Item": {"pk": {"S": pk}, "v": {"S": value}}}} for pk, value in items.items()]
    for start in range(0, len(wanted), 25):
        client.batch_write_item(RequestItems={name: wanted[start : start + 25]})


def until_available(client, arn):
    for _ in range(500):
        described = client.describe_backup(BackupArn=arn)["BackupDescription"]
        if described["BackupDetails"]["BackupStatus"] == "AVAILABLE":
            return described
    raise AssertionError("the backup is never there")


def test_backups_are_listed_and_deleted(dynamodb, new_table):
    names = [new_table(sort=None), new_table(sort=None)]
    arns = [
        dynamodb.create_backup(TableName=name, BackupName=f"backup-{number}")["BackupDetails"]["BackupArn"]
        for number, name in enumerate([*names, names[0]])
    ]
    listed = dynamodb.list_backups(TableName=names[0])["BackupSummaries"]
    assert [one["BackupName"] for one in listed] == ["backup-0", "backup-2"]
    pages = dynamodb.get_paginator("list_backups").paginate(PaginationConfig={"PageSize": 1})
    assert sorted(one["BackupArn"] for page in pages for one in page["BackupSummaries"]) == sorted(arns)
    assert dynamodb.list_backups(BackupType="SYSTEM")["BackupSummaries"] == []
    gone = dynamodb.delete_backup(BackupArn=arns[0])["BackupDescription"]
    assert gone["BackupDetails"]["BackupStatus"] == "DELETED"
    with pytest.raises(dynamodb.exceptions.BackupNotFoundException):
        dynamodb.describe_backup(BackupArn=arns[0])
    with pytest.raises(dynamodb.exceptions.TableNotFoundException, match="Table not found: nowhere"):
        dynamodb.create_backup(TableName="nowhere", BackupName="of-nothing")


def test_a_recovered_table_leaves_a_backup_when_it_is_deleted(own_cloud, new_table):
    client = own_cloud("dynamodb")
    name = new_table(sort=None, client=client)
    recovered(client, name)
    put(client, name, "a", "1")
    client.delete_table(TableName=name)
    assert client.list_backups(TableName=name)["BackupSummaries"] == []
    (left,) = client.list_backups(TableName=name, BackupType="ALL")["BackupSummaries"]
    assert (left["BackupType"], left["BackupName"]) == ("SYSTEM", f"{name}$DeletedTableBackup")
    with pytest.raises(ClientError, match="User is not allowed to delete the system backup"):
        client.delete_backup(BackupArn=left["BackupArn"])
    client.restore_table_from_backup(TargetTableName=name, BackupArn=left["BackupArn"])
    assert values(client, name) == {"a": "1"}
    own_cloud.advance(36 * 86_400)
    for _ in range(100):
        if not client.list_backups(BackupType="SYSTEM")["BackupSummaries"]:
            break
    assert client.list_backups(BackupType="SYSTEM")["BackupSummaries"] == []


def test_a_restore_may_be_made_otherwise(dynamodb, new_table):
    indexes = [index("by-v", "v"), index("by-w", "w")]
    name = new_table(sort=None, attributes={"v": "S", "w": "S"}, GlobalSecondaryIndexes=indexes)
    arn = dynamodb.create_backup(TableName=name, BackupName="one")["BackupDetails"]["BackupArn"]
    units = {"ReadCapacityUnits": 3, "WriteCapacityUnits": 4}
    told = dynamodb.restore_table_from_backup(
        TargetTableName=f"{name}-other", BackupArn=arn, BillingModeOverride="PROVISIONED",
        ProvisionedThroughputOverride=units,
        GlobalSecondaryIndexOverride=[index("by-w", "w") | {"ProvisionedThroughput": units}],
    )["TableDescription"]  # fmt: skip
    assert [one["IndexName"] for one in told["GlobalSecondaryIndexes"]] == ["by-w"]
    assert [one["AttributeName"] for one in told["AttributeDefinitions"]] == ["pk", "w"]
    assert told["ProvisionedThroughput"]["WriteCapacityUnits"] == 4
    with pytest.raises(ClientError, match="Index other does not match a secondary index"):
        dynamodb.restore_table_from_backup(
            TargetTableName=f"{name}-more", BackupArn=arn, GlobalSecondaryIndexOverride=[index("other", "pk", "w")]
        )
