"""Provisioned throughput, in a cloud that holds limits: five minutes' worth are saved, and come back with time."""

import pytest
from botocore.exceptions import ClientError
from tests.conftest import Aws, RunningCloud

ACCOUNT = "111122223333"


@pytest.fixture(scope="module")
def limited(tmp_path_factory):
    running = RunningCloud(tmp_path_factory.mktemp("limited") / "cloud", frozen=True, limits=True)
    yield Aws(running, ACCOUNT)
    running.stop()


@pytest.fixture
def table(limited, request):
    name = request.node.name.replace("_", "-")[:60]
    limited("dynamodb").create_table(
        TableName=name, KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
    )  # fmt: skip
    return name


def put(client, table, name, size=1):
    client.put_item(TableName=table, Item={"pk": {"S": name}, "x": {"S": "x" * size}})


def spend_all(client, table):
    put(client, table, "large", 299_000)


def test_what_was_saved_can_be_spent_and_comes_back(limited, table):
    client = limited("dynamodb")
    spend_all(client, table)
    put(client, table, "b", 9_500)  # the last that is left, and more: what is used beyond is owed
    with pytest.raises(ClientError, match="level of configured provisioned throughput for the table was exceeded"):
        put(client, table, "c")
    limited.advance(60)
    put(client, table, "c")


def test_batches_leave_for_later_what_there_are_no_units_for(limited, table):
    client = limited("dynamodb")
    entries = [
        {"PutRequest": {"Item": {"pk": {"S": name}, "x": {"S": "x" * 200_000}}}} for name in ("a", "b", "c", "d")
    ]
    left = client.batch_write_item(RequestItems={table: entries})["UnprocessedItems"]
    assert [entry["PutRequest"]["Item"]["pk"]["S"] for entry in left[table]] == ["c", "d"]
    with pytest.raises(ClientError, match="ProvisionedThroughputExceeded"):
        client.batch_write_item(RequestItems=left)
    client.batch_execute_statement(Statements=[{"Statement": f"SELECT * FROM \"{table}\" WHERE pk = 'a'"}])
    insert = {"Statement": f"INSERT INTO \"{table}\" VALUE {{'pk': 'e'}}"}
    (refused,) = client.batch_execute_statement(Statements=[insert])["Responses"]
    assert refused["Error"]["Code"] == "ProvisionedThroughputExceeded"


def test_reads_have_units_of_their_own(limited, table):
    client = limited("dynamodb")
    spend_all(client, table)
    wanted = {"TableName": table, "Key": {"pk": {"S": "large"}}, "ConsistentRead": True}
    for _ in range(5):  # 73 units each, of 300
        client.get_item(**wanted)
    with pytest.raises(ClientError, match="ProvisionedThroughputExceeded"):
        client.get_item(**wanted)
    with pytest.raises(ClientError, match="ProvisionedThroughputExceeded"):
        client.scan(TableName=table)
