"""Items through the door: put, got, updated, deleted, under conditions."""

from decimal import Decimal

import boto3
import pytest
from botocore.exceptions import ClientError

KEY = {"pk": {"S": "a"}}


@pytest.fixture
def table(new_table):
    return new_table(sort=None)


def test_an_item_comes_back_as_it_was_put(dynamodb, table):
    item = KEY | {
        "n": {"N": "1.50"},
        "b": {"B": b"\x00\xff"},
        "bs": {"BS": [b"x", b"y"]},
        "m": {"M": {"l": {"L": [{"NULL": True}, {"BOOL": False}, {"S": ""}]}}},
    }
    assert "Attributes" not in dynamodb.put_item(TableName=table, Item=item)
    got = dynamodb.get_item(TableName=table, Key=KEY)["Item"]
    assert got == item | {"n": {"N": "1.5"}}
    assert "Item" not in dynamodb.get_item(TableName=table, Key={"pk": {"S": "b"}})


def test_numbers_that_are_equal_are_one_key(dynamodb, new_table):
    name = new_table(sort="N")
    dynamodb.put_item(TableName=name, Item=KEY | {"sk": {"N": "1.0"}})
    dynamodb.put_item(TableName=name, Item=KEY | {"sk": {"N": "10e-1"}, "x": {"S": "new"}})
    assert dynamodb.scan(TableName=name)["Items"] == [KEY | {"sk": {"N": "1"}, "x": {"S": "new"}}]


def test_projections_of_one_item(dynamodb, table):
    dynamodb.put_item(TableName=table, Item=KEY | {"m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}})
    got = dynamodb.get_item(
        TableName=table, Key=KEY, ProjectionExpression="#m.x", ExpressionAttributeNames={"#m": "m"}
    )  # fmt: skip
    assert got["Item"] == {"m": {"M": {"x": {"N": "1"}}}}
    assert dynamodb.get_item(TableName=table, Key=KEY, AttributesToGet=["pk"])["Item"] == KEY


def test_return_values(dynamodb, table):
    dynamodb.put_item(TableName=table, Item=KEY | {"n": {"N": "1"}})
    update = {
        "TableName": table, "Key": KEY, "UpdateExpression": "SET n = n + :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }  # fmt: skip
    told = {how: dynamodb.update_item(**update, ReturnValues=how).get("Attributes") for how in HOW}
    assert told == {
        "NONE": None,
        "ALL_OLD": KEY | {"n": {"N": "2"}},
        "ALL_NEW": KEY | {"n": {"N": "4"}},
        "UPDATED_OLD": {"n": {"N": "4"}},
        "UPDATED_NEW": {"n": {"N": "6"}},
    }
    old = dynamodb.put_item(TableName=table, Item=KEY, ReturnValues="ALL_OLD")["Attributes"]
    assert old == KEY | {"n": {"N": "6"}}
    assert dynamodb.delete_item(TableName=table, Key=KEY, ReturnValues="ALL_OLD")["Attributes"] == KEY
    assert "Attributes" not in dynamodb.delete_item(TableName=table, Key=KEY, ReturnValues="ALL_OLD")
    with pytest.raises(ClientError, match="ReturnValues can only be ALL_OLD or NONE"):
        dynamodb.put_item(TableName=table, Item=KEY, ReturnValues="ALL_NEW")


HOW = ("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW")


def test_an_update_makes_an_item(dynamodb, table):
    dynamodb.update_item(TableName=table, Key=KEY)
    assert dynamodb.get_item(TableName=table, Key=KEY)["Item"] == KEY
    with pytest.raises(ClientError, match="Cannot update attribute pk"):
        dynamodb.update_item(
            TableName=table, Key=KEY, UpdateExpression="SET pk = :v", ExpressionAttributeValues={":v": {"S": "b"}}
        )


def test_a_condition_that_fails_can_show_the_item(dynamodb, table):
    dynamodb.put_item(TableName=table, Item=KEY | {"x": {"S": "old"}})
    put = {"TableName": table, "Item": KEY, "ConditionExpression": "attribute_not_exists(pk)"}
    with pytest.raises(ClientError, match="The conditional request failed") as refused:
        dynamodb.put_item(**put, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert refused.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert refused.value.response["Item"] == KEY | {"x": {"S": "old"}}
    with pytest.raises(ClientError) as refused:
        dynamodb.delete_item(TableName=table, Key={"pk": {"S": "none"}}, ConditionExpression="attribute_exists(pk)")
    assert "Item" not in refused.value.response


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"x": {"S": "a"}}, "Missing the key pk in the item"),
        ({"pk": {"N": "1"}}, "Type mismatch for key pk expected: S actual: N"),
        ({"pk": {"S": ""}}, "cannot contain an empty string value. Key: pk"),
        (KEY | {"x": {"SS": []}}, "An string set  may not be empty"),
        (KEY | {"x": {"S": "x" * 410_000}}, "Item size has exceeded the maximum allowed size"),
    ],
)
def test_wrong_items_are_refused(dynamodb, table, item, words):
    with pytest.raises(ClientError, match=words) as refused:
        dynamodb.put_item(TableName=table, Item=item)
    assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_a_wrong_key_is_refused(dynamodb, table):
    with pytest.raises(ClientError, match="The provided key element does not match the schema"):
        dynamodb.get_item(TableName=table, Key=KEY | {"sk": {"S": "b"}})


def test_a_missing_table(dynamodb):
    with pytest.raises(ClientError, match=r"Requested resource not found$") as refused:
        dynamodb.get_item(TableName="nowhere", Key=KEY)
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_consumed_capacity(dynamodb, table):
    put = dynamodb.put_item(TableName=table, Item=KEY | {"x": {"S": "x" * 1500}}, ReturnConsumedCapacity="TOTAL")
    assert put["ConsumedCapacity"] == {"TableName": table, "CapacityUnits": 2.0}
    got = dynamodb.get_item(TableName=table, Key=KEY, ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
    assert got == {"TableName": table, "CapacityUnits": 0.5, "Table": {"CapacityUnits": 0.5}}
    got = dynamodb.get_item(TableName=table, Key=KEY, ConsistentRead=True, ReturnConsumedCapacity="TOTAL")
    assert got["ConsumedCapacity"]["CapacityUnits"] == 1.0


def test_a_write_costs_by_the_larger_of_what_was_and_what_is(dynamodb, table):
    large, small = KEY | {"x": {"S": "x" * 2500}}, KEY | {"x": {"S": "x"}}
    dynamodb.put_item(TableName=table, Item=small)
    dynamodb.put_item(TableName=table, Item=large)
    put = dynamodb.put_item(TableName=table, Item=small, ReturnConsumedCapacity="TOTAL", ReturnValues="ALL_OLD")
    assert (put["ConsumedCapacity"]["CapacityUnits"], put["Attributes"]) == (3.0, large)
    entries = {table: [{"PutRequest": {"Item": large}}]}
    dynamodb.batch_write_item(RequestItems=entries)
    actions = [{"Put": {"TableName": table, "Item": small}}]
    done = dynamodb.transact_write_items(TransactItems=actions, ReturnConsumedCapacity="TOTAL")
    assert done["ConsumedCapacity"][0]["CapacityUnits"] == 6.0
    dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": table, "Item": large}}])
    assert dynamodb.get_item(TableName=table, Key=KEY)["Item"] == large


def test_the_resource_interface(aws, table):
    resource = boto3.resource(
        "dynamodb", endpoint_url=aws.url, region_name=aws.region,
        aws_access_key_id=aws.account, aws_secret_access_key="test",
    )  # fmt: skip
    things = resource.Table(table)
    with things.batch_writer() as batch:
        for number in range(30):
            batch.put_item(Item={"pk": f"k{number:02}", "n": Decimal(number), "tags": {"a", "b"}})
    high = things.scan(FilterExpression=boto3.dynamodb.conditions.Attr("n").gte(28))
    assert sorted(item["pk"] for item in high["Items"]) == ["k28", "k29"]
    assert things.item_count == 30


def test_a_name_that_no_table_can_have(dynamodb):
    words = "Value '/x' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern"
    with pytest.raises(ClientError, match=words):
        dynamodb.get_item(TableName="/x", Key={"id": {"S": "1"}})


def test_an_update_that_only_takes_away_makes_no_item(dynamodb, table):
    where = {"TableName": table, "Key": {"pk": {"S": "none"}}}
    for update in (
        {"UpdateExpression": "REMOVE a, b.c, d[0]"},
        {"UpdateExpression": "DELETE a :a", "ExpressionAttributeValues": {":a": {"SS": ["x"]}}},
        {"AttributeUpdates": {"a": {"Action": "DELETE"}}},
    ):
        assert "Attributes" not in dynamodb.update_item(**where, **update, ReturnValues="ALL_NEW")
    assert "Item" not in dynamodb.get_item(**where)


def test_key_attributes_have_no_parts(dynamodb, table):
    where = {"TableName": table, "Key": KEY}
    with pytest.raises(ClientError, match="Key attributes must be scalars.*Key: pk"):  # noqa: RUF043
        dynamodb.get_item(**where, ProjectionExpression="pk.x")


def test_items_are_scanned_in_aws_order(dynamodb, new_table):
    for kind, keys in (
        ("S", ["2", "8", "9", "1", "6", "hello", "0", "5", "4", "äáöü", "aardman", "7", "3", "zapf"]),
        ("N", ["7", "999.9", "8", "3", "2", "-999.9", "9", "4", "-0.09", "6", "1", "0", "0.012345", "5"]),
    ):
        name = new_table(sort=None, attributes={"pk": kind})
        for key in sorted(keys):
            dynamodb.put_item(TableName=name, Item={"pk": {kind: key}})
        assert [item["pk"][kind] for item in dynamodb.scan(TableName=name)["Items"]] == keys
