"""Tables by boto3 as programs use them: the Table resource, conditions of Key and Attr, batches, pages, values."""

from decimal import Decimal
from operator import itemgetter

import pytest
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

SCHEMA = {
    "KeySchema": [{"AttributeName": "shop", "KeyType": "HASH"}, {"AttributeName": "number", "KeyType": "RANGE"}],
    "AttributeDefinitions": [
        {"AttributeName": "shop", "AttributeType": "S"},
        {"AttributeName": "number", "AttributeType": "N"},
        {"AttributeName": "color", "AttributeType": "S"},
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-color",
            "KeySchema": [
                {"AttributeName": "color", "KeyType": "HASH"}, {"AttributeName": "number", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["price"]},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
}  # fmt: skip
COLORS = ("green", "blue", "red")


@pytest.fixture
def table(session, name):
    made = session.resource("dynamodb").create_table(TableName=name, **SCHEMA)
    made.wait_until_exists()
    return made


@pytest.fixture
def hats(table):
    """Thirty hats of two shops."""
    with table.batch_writer() as batch:
        for number in range(30):
            item = {"shop": "ab"[number % 2], "number": number, "color": COLORS[number % 3], "price": number * 10}
            batch.put_item(Item=item)
    return table


def numbers(answer: dict) -> list[int]:
    return [int(item["number"]) for item in answer["Items"]]


def test_a_table_as_a_resource(session, table):
    table.reload()
    assert (table.table_status, table.item_count) == ("ACTIVE", 0)
    assert table.key_schema == SCHEMA["KeySchema"]
    assert table.global_secondary_indexes[0]["IndexStatus"] == "ACTIVE"
    assert table.name in [one.name for one in session.resource("dynamodb").tables.all()]
    assert table.billing_mode_summary["BillingMode"] == "PAY_PER_REQUEST"
    stream = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    table.update(StreamSpecification=stream)
    table.wait_until_exists()
    table.reload()
    assert table.stream_specification == stream
    table.delete()
    table.wait_until_not_exists()
    with pytest.raises(table.meta.client.exceptions.ResourceNotFoundException):
        table.load()


def test_values_of_every_type_come_back_as_they_were(table):
    item = {
        "shop": "a", "number": Decimal("-1.5"), "text": "ü", "true": True, "none": None, "bytes": b"\x00\xff",
        "list": [1, "x", [None, {"deep": Decimal("1E-130")}]], "map": {"a b": {"c.d": False}, "empty": ""},
        "texts": {"a", "b"}, "numbers": {1, Decimal("2.5")}, "blobs": {b"1", b"2"},
        "long": Decimal("1234567890123456789012345678.9012345678"), "least": Decimal("-1E-130"),
    }  # fmt: skip
    table.put_item(Item=item)
    read = table.get_item(Key={"shop": "a", "number": Decimal("-1.50")}, ConsistentRead=True)["Item"]
    assert read == {**item, "bytes": Binary(b"\x00\xff"), "blobs": {Binary(b"1"), Binary(b"2")}}


def test_a_low_level_item_is_read_by_the_serializer(session, table):
    low = session.client("dynamodb")
    item = {"shop": "a", "number": 7, "tags": {"x", "y"}, "map": {"list": [Decimal("0.1"), None]}}
    low.put_item(TableName=table.name, Item={name: TypeSerializer().serialize(value) for name, value in item.items()})
    key = {"shop": {"S": "a"}, "number": {"N": "7.0"}}
    read = low.get_item(TableName=table.name, Key=key)["Item"]
    assert read["number"] == {"N": "7"}
    assert {name: TypeDeserializer().deserialize(value) for name, value in read.items()} == item


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (Key("number").eq(4), [4]),
        (Key("number").lt(4), [0, 2]),
        (Key("number").lte(4), [0, 2, 4]),
        (Key("number").gt(24), [26, 28]),
        (Key("number").gte(24), [24, 26, 28]),
        (Key("number").between(3, 8), [4, 6, 8]),
    ],
)
def test_queries_by_key(hats, condition, found):
    assert numbers(hats.query(KeyConditionExpression=Key("shop").eq("a") & condition)) == found


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (Attr("color").eq("red") & Attr("price").gt(200), [23, 26, 29]),
        (Attr("color").ne("red") & ~Attr("color").eq("blue") & Attr("number").lt(7), [0, 3, 6]),
        (Attr("number").is_in([1, 5, 99]), [1, 5]),
        (Attr("number").between(3, 4) | Attr("color").begins_with("gr") & Attr("number").gte(27), [3, 4, 27]),
        (Attr("color").contains("lu") & Attr("number").lte(4), [1, 4]),
        (Attr("price").exists() & Attr("size").not_exists() & Attr("number").lt(2), [0, 1]),
        (Attr("color").size().eq(3) & Attr("number").lt(6), [2, 5]),
        (Attr("price").attribute_type("N") & Attr("number").lt(1), [0]),
    ],
)
def test_scans_by_condition(hats, condition, found):
    assert sorted(numbers(hats.scan(FilterExpression=condition))) == found


def test_pages_of_queries_and_scans(session, hats):
    about = {"KeyConditionExpression": Key("color").eq("green"), "IndexName": "by-color", "ScanIndexForward": False}
    read, start = [], {}
    while not read or start:
        page = hats.query(**about, Limit=3, **({"ExclusiveStartKey": start} if start else {}))
        read += numbers(page)
        start = page.get("LastEvaluatedKey")
    assert read == list(range(27, -1, -3))
    only = hats.query(**about, ProjectionExpression="#n, price", ExpressionAttributeNames={"#n": "number"}, Limit=1)
    assert only["Items"] == [{"number": 27, "price": 270}]
    assert hats.query(**about, Select="COUNT")["Count"] == 10
    scans = session.client("dynamodb").get_paginator("scan").paginate(
        TableName=hats.name, PaginationConfig={"PageSize": 7, "MaxItems": 20}
    )  # fmt: skip
    whole = scans.build_full_result()
    assert (len(whole["Items"]), bool(whole["NextToken"])) == (20, True)
    segments = [hats.scan(Segment=segment, TotalSegments=3) for segment in range(3)]
    assert sorted(number for segment in segments for number in numbers(segment)) == list(range(30))


def test_writes_under_conditions(hats):
    key = {"shop": "a", "number": 0}
    told = hats.update_item(
        Key=key, UpdateExpression="SET price = price + :d, #l = list_append(if_not_exists(#l, :no), :s) ADD seen :one",
        ConditionExpression=Attr("color").eq("green") & Attr("sold").not_exists(),
        ExpressionAttributeNames={"#l": "log"}, ExpressionAttributeValues={":d": 5, ":no": [], ":s": ["up"], ":one": 1},
        ReturnValues="UPDATED_NEW",
    )  # fmt: skip
    assert told["Attributes"] == {"price": 5, "log": ["up"], "seen": 1}
    with pytest.raises(hats.meta.client.exceptions.ConditionalCheckFailedException) as refusal:
        hats.put_item(
            Item={**key, "color": "none"}, ConditionExpression=Attr("number").not_exists(),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )  # fmt: skip
    assert refusal.value.response["Error"]["Message"] == "The conditional request failed"
    assert refusal.value.response["Item"]["price"] == {"N": "5"}
    gone = hats.delete_item(Key=key, ConditionExpression=Attr("price").eq(5), ReturnValues="ALL_OLD")
    assert gone["Attributes"]["log"] == ["up"]
    assert "Item" not in hats.get_item(Key=key)


def test_batches(session, hats):
    with hats.batch_writer(overwrite_by_pkeys=["shop", "number"]) as batch:
        for price in (1, 2):
            batch.put_item(Item={"shop": "c", "number": 1, "price": price})
        for number in range(0, 30, 2):
            batch.delete_item(Key={"shop": "a", "number": number})
    whole = hats.scan()["Items"]
    assert len(whole) == 16 and {"shop": "c", "number": 1, "price": 2} in whole
    keys = [{"shop": "b", "number": number} for number in (1, 3, 99)]
    read = session.resource("dynamodb").batch_get_item(RequestItems={hats.name: {"Keys": keys}})
    assert sorted(map(itemgetter("number"), read["Responses"][hats.name])) == [1, 3]
    with pytest.raises(ClientError, match="Provided list of item keys contains duplicates"):
        with hats.batch_writer() as batch:
            batch.put_item(Item={"shop": "c", "number": 1})
            batch.put_item(Item={"shop": "c", "number": 1})


def test_a_transaction_of_resources(session, hats):
    client = session.resource("dynamodb").meta.client
    put = {"Put": {"TableName": hats.name, "Item": {"shop": "t", "number": 1}}}
    check = {"ConditionCheck": {
        "TableName": hats.name, "Key": {"shop": "a", "number": 0}, "ConditionExpression": "color = :red",
        "ExpressionAttributeValues": {":red": "red"},
    }}  # fmt: skip
    with pytest.raises(client.exceptions.TransactionCanceledException) as refusal:
        client.transact_write_items(TransactItems=[put, check])
    assert [one["Code"] for one in refusal.value.response["CancellationReasons"]] == ["None", "ConditionalCheckFailed"]
    client.transact_write_items(TransactItems=[put], ClientRequestToken="once")
    client.transact_write_items(TransactItems=[put], ClientRequestToken="once")
    get = {"Get": {"TableName": hats.name, "Key": {"shop": "t", "number": 1}}}
    assert client.transact_get_items(TransactItems=[get])["Responses"][0]["Item"]["number"] == 1
