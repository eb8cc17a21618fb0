"""Secondary indexes through the door: what they hold, in which order, and how they come and go."""

import pytest
from botocore.exceptions import ClientError

from .shapes import index


def item(pk, sk, **more):
    return {"pk": {"S": pk}, "sk": {"S": sk}} | {name: {"S": value} for name, value in more.items()}


@pytest.fixture
def indexed(dynamodb, new_table):
    """A table with a global index of each projection, and a local one of keys only."""
    name = new_table(
        attributes={"g": "S", "h": "S"},
        GlobalSecondaryIndexes=[
            index("all", "g", "h"),
            index("keys", "g", projection="KEYS_ONLY"),
            index("some", "g", projection="INCLUDE", include=["x"]),
        ],
        LocalSecondaryIndexes=[index("local", "pk", "h", projection="KEYS_ONLY")],
    )
    for one in (
        item("a", "1", g="G", h="2", x="X", y="Y"),
        item("b", "1", g="G", h="1"),
        item("a", "2", g="G"),
        item("a", "3", h="1", y="Z"),
    ):
        dynamodb.put_item(TableName=name, Item=one)
    return name


def read(dynamodb, table, name, key="g", value="G", **more):
    return dynamodb.query(
        TableName=table, IndexName=name, KeyConditionExpression=f"{key} = :v",
        ExpressionAttributeValues={":v": {"S": value}}, **more,
    )  # fmt: skip


def keys(answer):
    return [(one["pk"]["S"], one["sk"]["S"]) for one in answer["Items"]]


def test_an_index_holds_the_items_that_have_its_keys_in_its_order(dynamodb, indexed):
    assert keys(read(dynamodb, indexed, "all")) == [("b", "1"), ("a", "1")]
    assert sorted(keys(read(dynamodb, indexed, "keys"))) == [("a", "1"), ("a", "2"), ("b", "1")]
    assert keys(read(dynamodb, indexed, "local", "pk", "a")) == [("a", "3"), ("a", "1")]
    assert dynamodb.scan(TableName=indexed, IndexName="all")["Count"] == 2


def test_an_index_shows_what_it_projects(dynamodb, indexed):
    found = {name: read(dynamodb, indexed, name)["Items"] for name in ("all", "keys", "some")}
    first = {name: next(one for one in items if one["pk"]["S"] == "a") for name, items in found.items()}
    assert first["all"] == item("a", "1", g="G", h="2", x="X", y="Y")
    assert set(first["keys"]) == {"pk", "sk", "g"}
    assert item("a", "1", g="G", x="X") in found["some"]
    with pytest.raises(
        ClientError, match="Select type ALL_ATTRIBUTES is not supported for global secondary index keys"
    ):
        read(dynamodb, indexed, "keys", Select="ALL_ATTRIBUTES")
    with pytest.raises(ClientError, match=r"Global secondary index some does not project \[y\]"):
        read(dynamodb, indexed, "some", ProjectionExpression="x, y")


def test_a_local_index_fetches_what_it_does_not_project(dynamodb, indexed):
    assert read(dynamodb, indexed, "local", "pk", "a", ProjectionExpression="y")["Items"] == [
        {"y": {"S": "Z"}},
        {"y": {"S": "Y"}},
    ]
    whole = read(dynamodb, indexed, "local", "pk", "a", Select="ALL_ATTRIBUTES", ConsistentRead=True)["Items"]
    assert whole[1] == item("a", "1", g="G", h="2", x="X", y="Y")
    with pytest.raises(ClientError, match="Consistent reads are not supported on global secondary indexes"):
        read(dynamodb, indexed, "all", ConsistentRead=True)


def test_pages_of_an_index_with_equal_keys(dynamodb, new_table):
    name = new_table(attributes={"g": "S"}, GlobalSecondaryIndexes=[index("all", "g")])
    expected = {("p", f"{number}") for number in range(7)}
    for pk, sk in expected:
        dynamodb.put_item(TableName=name, Item=item(pk, sk, g="G"))
    request = {
        "TableName": name, "IndexName": "all", "KeyConditionExpression": "g = :g",
        "ExpressionAttributeValues": {":g": {"S": "G"}}, "ScanIndexForward": False,
    }  # fmt: skip
    pages = list(dynamodb.get_paginator("query").paginate(**request, PaginationConfig={"PageSize": 2}))
    assert set(pages[0]["LastEvaluatedKey"]) == {"pk", "sk", "g"}
    found = [key for page in pages for key in keys(page)]
    assert (set(found), len(found)) == (expected, 7)


def test_an_index_follows_updates_and_deletes(dynamodb, indexed):
    key = {"pk": {"S": "a"}, "sk": {"S": "1"}}
    dynamodb.update_item(
        TableName=indexed, Key=key, UpdateExpression="SET h = :h REMOVE x", ExpressionAttributeValues={":h": {"S": "0"}}
    )
    assert keys(read(dynamodb, indexed, "all")) == [("a", "1"), ("b", "1")]
    assert "x" not in read(dynamodb, indexed, "some")["Items"][0]
    dynamodb.update_item(TableName=indexed, Key=key, UpdateExpression="REMOVE g")
    assert keys(read(dynamodb, indexed, "all")) == [("b", "1")]
    dynamodb.delete_item(TableName=indexed, Key=key)
    assert keys(read(dynamodb, indexed, "local", "pk", "a")) == [("a", "3")]


def test_wrong_index_keys_are_refused(dynamodb, indexed):
    with pytest.raises(ClientError, match="Type mismatch for Index Key g Expected: S Actual: N IndexName: all"):
        dynamodb.put_item(TableName=indexed, Item=item("a", "9") | {"g": {"N": "1"}})
    with pytest.raises(ClientError, match="cannot contain an empty string value. IndexName: all, IndexKey: g"):  # noqa: RUF043
        dynamodb.put_item(TableName=indexed, Item=item("a", "9", g=""))
    with pytest.raises(ClientError, match="Type mismatch for Index Key g Expected: S Actual: N IndexName: all"):
        dynamodb.update_item(
            TableName=indexed, Key=item("a", "1"), UpdateExpression="SET g = :n",
            ExpressionAttributeValues={":n": {"N": "1"}},
        )  # fmt: skip


def test_an_index_made_later_is_filled(dynamodb, new_table):
    name = new_table(sort=None)
    for start in range(0, 600, 25):
        puts = [{"PutRequest": {"Item": {"pk": {"S": f"{n}"}, "g": {"S": "G"}}}} for n in range(start, start + 25)]
        dynamodb.batch_write_item(RequestItems={name: puts})
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "odd"}, "g": {"N": "1"}})
    dynamodb.update_table(
        TableName=name, AttributeDefinitions=[{"AttributeName": "g", "AttributeType": "S"}],
        GlobalSecondaryIndexUpdates=[{"Create": index("late", "g")}],
    )  # fmt: skip
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    assert read(dynamodb, name, "late", Select="COUNT")["Count"] == 600


def test_an_index_is_deleted(dynamodb, indexed):
    dynamodb.update_table(TableName=indexed, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "all"}}])
    table = dynamodb.describe_table(TableName=indexed)["Table"]
    assert [one["IndexName"] for one in table["GlobalSecondaryIndexes"]] == ["keys", "some"]
    with pytest.raises(ClientError, match="The table does not have the specified index: all"):
        read(dynamodb, indexed, "all")
    with pytest.raises(ClientError, match="Only 1 online index can be created or deleted simultaneously"):
        dynamodb.update_table(
            TableName=indexed,
            GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": name}} for name in ("keys", "some")],
        )


def test_what_a_write_to_indexes_costs(dynamodb, indexed):
    put = {"TableName": indexed, "ReturnConsumedCapacity": "INDEXES", "ReturnItemCollectionMetrics": "SIZE"}
    answer = dynamodb.put_item(**put, Item=item("c", "1", g="G", h="1"))
    one = {"CapacityUnits": 1.0}
    assert answer["ConsumedCapacity"] == {
        "TableName": indexed,
        "CapacityUnits": 5.0,
        "Table": one,
        "GlobalSecondaryIndexes": {"all": one, "keys": one, "some": one},
        "LocalSecondaryIndexes": {"local": one},
    }
    assert answer["ItemCollectionMetrics"] == {
        "ItemCollectionKey": {"pk": {"S": "c"}},
        "SizeEstimateRangeGB": [0.0, 1.0],
    }


def test_an_update_may_not_make_too_many_indexes(dynamodb, new_table):
    indexes = [index(f"by-{number}", "g") for number in range(20)]
    name = new_table(attributes={"g": "S"}, GlobalSecondaryIndexes=indexes)
    with pytest.raises(dynamodb.exceptions.LimitExceededException, match="per-table limit of 20"):
        dynamodb.update_table(
            TableName=name, AttributeDefinitions=[{"AttributeName": "g", "AttributeType": "S"}],
            GlobalSecondaryIndexUpdates=[{"Create": index("one-more", "g")}],
        )  # fmt: skip


@pytest.fixture
def joined(dynamodb, new_table):
    """A table whose index has two attributes for its hash key and two for its range key."""
    keys = [{"AttributeName": name, "KeyType": role} for name, role in zip("ghst", ("HASH", "HASH", "RANGE", "RANGE"))]
    name = new_table(
        attributes=dict.fromkeys("ghs", "S") | {"t": "N"},
        GlobalSecondaryIndexes=[{"IndexName": "joined", "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}],
    )
    for number, (s, t) in enumerate((s, t) for s in ("a", "a\0", "ab") for t in (-1, 2, 10)):
        one = item("p", str(number), g="G", h="H", s=s) | {"t": {"N": str(t)}}
        dynamodb.put_item(TableName=name, Item=one)
    dynamodb.put_item(TableName=name, Item=item("p", "sparse", g="G", h="H", s="a"))
    return name


@pytest.mark.parametrize(
    ("condition", "values", "found"),
    [
        ("", {}, "012345678"),
        ("s = :s", {":s": "a"}, "012"),
        ("s = :s AND t = :t", {":s": "a", ":t": 2}, "1"),
        ("s = :s AND t >= :t", {":s": "a\0", ":t": 2}, "45"),
        ("s = :s AND t BETWEEN :t AND :u", {":s": "ab", ":t": -5, ":u": 5}, "67"),
        ("s > :s", {":s": "a"}, "345678"),
        ("s >= :s", {":s": "a\0"}, "345678"),
        ("s < :s", {":s": "ab"}, "012345"),
        ("s <= :s", {":s": "a\0"}, "012345"),
        ("begins_with(s, :s)", {":s": "a"}, "012345678"),
        ("s BETWEEN :s AND :u", {":s": "a\0", ":u": "ab"}, "345678"),
    ],
)
def test_keys_of_several_attributes(dynamodb, joined, condition, values, found):
    given = {name: {"N": str(value)} if isinstance(value, int) else {"S": value} for name, value in values.items()}
    asked = {
        "TableName": joined, "IndexName": "joined", "Limit": 2,
        "KeyConditionExpression": "g = :g AND h = :h" + (f" AND {condition}" if condition else ""),
        "ExpressionAttributeValues": {":g": {"S": "G"}, ":h": {"S": "H"}} | given,
    }  # fmt: skip
    pages = dynamodb.get_paginator("query").paginate(**asked)
    assert "".join(one["sk"]["S"] for page in pages for one in page["Items"]) == found
    backwards = dynamodb.query(**asked | {"Limit": 100}, ScanIndexForward=False)["Items"]
    assert "".join(one["sk"]["S"] for one in backwards) == found[::-1]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("g = :g", "on HASH key attributes must be an equality"),
        ("g = :g AND h > :g", "on HASH key attributes must be an equality"),
        ("g = :g AND h = :g AND t = :n", "on RANGE key attributes must be from left to right"),
        ("g = :g AND h = :g AND s > :g AND t = :n", "on RANGE key attributes must be from left to right"),
    ],
)
def test_wrong_conditions_on_several_attributes(dynamodb, joined, condition, words):
    values = {":g": {"S": "G"}} | ({":n": {"N": "1"}} if ":n" in condition else {})
    with pytest.raises(ClientError, match=words):
        dynamodb.query(
            TableName=joined, IndexName="joined", KeyConditionExpression=condition, ExpressionAttributeValues=values
        )
