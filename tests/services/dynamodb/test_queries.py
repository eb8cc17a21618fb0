"""Query and Scan through the door: ranges, order, pages, filters, attributes, segments."""

import boto3
import pytest
from boto3.dynamodb.conditions import Key
from boto3.dynamodb.types import TypeSerializer
from botocore.exceptions import ClientError

wire = TypeSerializer().serialize
NUMBERS = [-100, -2.5, -1, 0, 0.5, 3, 20, 1000]


def put(dynamodb, table, **item):
    dynamodb.put_item(TableName=table, Item={name: wire(value) for name, value in item.items()})


def sorts(answer):
    return [item["sk"]["N"] for item in answer["Items"]]


@pytest.fixture
def numbers(dynamodb, new_table):
    """A table of numbers under the hash key "a", and one item under another."""
    name = new_table(sort="N")
    for number in NUMBERS:
        dynamodb.put_item(TableName=name, Item={"pk": {"S": "a"}, "sk": {"N": str(number)}, "x": {"S": "y"}})
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "b"}, "sk": {"N": "1"}})
    return name


def ask(table, condition="pk = :pk", **values):
    given = {":pk": {"S": "a"}} | {f":{name}": {"N": str(value)} for name, value in values.items()}
    return {"TableName": table, "KeyConditionExpression": condition, "ExpressionAttributeValues": given}


@pytest.mark.parametrize(
    ("condition", "values", "found"),
    [
        ("sk = :x", {"x": 3}, [3]),
        ("sk < :x", {"x": 0}, [-100, -2.5, -1]),
        ("sk <= :x", {"x": 0}, [-100, -2.5, -1, 0]),
        ("sk > :x", {"x": 3}, [20, 1000]),
        ("sk >= :x", {"x": 3}, [3, 20, 1000]),
        ("sk BETWEEN :x AND :y", {"x": -1, "y": 3}, [-1, 0, 0.5, 3]),
        ("sk > :x", {"x": 5000}, []),
    ],
)
def test_ranges_in_both_directions(dynamodb, numbers, condition, values, found):
    request = ask(numbers, f"pk = :pk AND {condition}", **values)
    assert sorts(dynamodb.query(**request)) == [str(number) for number in found]
    assert sorts(dynamodb.query(**request, ScanIndexForward=False)) == [str(number) for number in reversed(found)]


def test_prefixes(dynamodb, new_table):
    name = new_table()
    for sort in ("a", "ab", "abc", "b", "é"):
        put(dynamodb, name, pk="a", sk=sort)
    values = {":p": {"S": "a"}, ":s": {"S": "ab"}}
    condition = "pk = :p AND begins_with(sk, :s)"
    answer = dynamodb.query(TableName=name, KeyConditionExpression=condition, ExpressionAttributeValues=values)
    assert [item["sk"]["S"] for item in answer["Items"]] == ["ab", "abc"]


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("size", [1, 3, 8])
def test_pages_join_to_the_whole(dynamodb, numbers, forward, size):
    pages = dynamodb.get_paginator("query").paginate(
        **ask(numbers), ScanIndexForward=forward, PaginationConfig={"PageSize": size}
    )
    expected = [str(number) for number in NUMBERS]
    assert [sort for page in pages for sort in sorts(page)] == (expected if forward else expected[::-1])


def test_a_page_that_meets_its_limit_says_where_it_ended(dynamodb, numbers):
    page = dynamodb.query(**ask(numbers), Limit=len(NUMBERS))
    assert page["LastEvaluatedKey"] == {"pk": {"S": "a"}, "sk": {"N": "1000"}}
    rest = dynamodb.query(**ask(numbers), Limit=5, ExclusiveStartKey=page["LastEvaluatedKey"])
    assert (rest["Count"], "LastEvaluatedKey" in rest) == (0, False)


def test_the_limit_counts_what_was_looked_at(dynamodb, numbers):
    page = dynamodb.query(**ask(numbers, x=0) | {"FilterExpression": "attribute_exists(absent) OR x = :x"}, Limit=3)
    assert (page["Count"], page["ScannedCount"]) == (0, 3)


def test_a_page_ends_at_a_megabyte(dynamodb, new_table):
    name = new_table(sort="N")
    for number in range(4):
        put(dynamodb, name, pk="a", sk=number, x="x" * 390_000)
    page = dynamodb.query(**ask(name))
    assert sorts(page) == ["0", "1", "2"]
    assert sorts(dynamodb.query(**ask(name), ExclusiveStartKey=page["LastEvaluatedKey"])) == ["3"]


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ({"pk": {"S": "a"}}, "The provided starting key is invalid"),
        ({"pk": {"S": "b"}, "sk": {"N": "1"}}, "The query can return at most one row and cannot be restarted"),
        ({"pk": {"S": "a"}, "sk": {"N": "5"}}, "does not match the range key predicate"),
    ],
)
def test_wrong_starts_are_refused(dynamodb, numbers, start, words):
    with pytest.raises(ClientError, match=words):
        dynamodb.query(**ask(numbers, "pk = :pk AND sk < :x", x=3), ExclusiveStartKey=start)


def test_what_is_selected(dynamodb, numbers):
    counted = dynamodb.query(**ask(numbers), Select="COUNT")
    assert (counted["Count"], "Items" in counted) == (len(NUMBERS), False)
    named = dynamodb.query(**ask(numbers), ProjectionExpression="x", Limit=1)
    assert named["Items"] == [{"x": {"S": "y"}}]
    with pytest.raises(
        ClientError, match="Cannot specify the ProjectionExpression when choosing to get only the Count"
    ):
        dynamodb.query(**ask(numbers), ProjectionExpression="x", Select="COUNT")
    with pytest.raises(ClientError, match="ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"):
        dynamodb.query(**ask(numbers), Select="ALL_PROJECTED_ATTRIBUTES")


@pytest.mark.parametrize(
    ("request_part", "words"),
    [
        ({}, "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request"),
        ({"KeyConditionExpression": Key("sk").eq("1")}, "Query condition missed key schema element: pk"),
        ({"KeyConditionExpression": Key("pk").gt("1")}, "Query key condition not supported"),
        ({"KeyConditionExpression": Key("pk").eq("1"), "FilterExpression": Key("sk").eq(1)}, "non-primary key"),
        ({"KeyConditionExpression": Key("pk").eq("1"), "IndexName": "none"}, "not have the specified index: none"),
    ],
)
def test_wrong_queries_are_refused(aws, numbers, request_part, words):
    resource = boto3.resource(
        "dynamodb", endpoint_url=aws.url, region_name=aws.region,
        aws_access_key_id=aws.account, aws_secret_access_key="test",
    )  # fmt: skip
    with pytest.raises(ClientError, match=words):
        resource.Table(numbers).query(**request_part)


def test_legacy_conditions(dynamodb, numbers):
    conditions = {
        "pk": {"AttributeValueList": [{"S": "a"}], "ComparisonOperator": "EQ"},
        "sk": {"AttributeValueList": [{"N": "0"}], "ComparisonOperator": "LT"},
    }
    assert sorts(dynamodb.query(TableName=numbers, KeyConditions=conditions)) == ["-100", "-2.5", "-1"]


def test_a_scan_sees_everything_once_in_pages(dynamodb, numbers):
    pages = list(dynamodb.get_paginator("scan").paginate(TableName=numbers, PaginationConfig={"PageSize": 2}))
    assert sum(page["Count"] for page in pages) == len(NUMBERS) + 1
    assert dynamodb.scan(TableName=numbers, FilterExpression="pk = :b", ExpressionAttributeValues={":b": {"S": "b"}})[
        "Items"
    ] == [{"pk": {"S": "b"}, "sk": {"N": "1"}}]


def test_segments_share_a_table_out(dynamodb, new_table):
    name = new_table(sort=None)
    for number in range(60):
        put(dynamodb, name, pk=f"key-{number}")
    parts = []
    for segment in range(3):
        pages = dynamodb.get_paginator("scan").paginate(
            TableName=name, Segment=segment, TotalSegments=3, PaginationConfig={"PageSize": 7}
        )
        parts.append({item["pk"]["S"] for page in pages for item in page["Items"]})
    assert set.union(*parts) == {f"key-{number}" for number in range(60)}
    assert sum(map(len, parts)) == 60
    assert all(parts)


def test_wrong_segments_are_refused(dynamodb, numbers):
    with pytest.raises(ClientError, match="The TotalSegments parameter is required"):
        dynamodb.scan(TableName=numbers, Segment=0)
    with pytest.raises(ClientError, match="Segment: 2 is not less than TotalSegments: 2"):
        dynamodb.scan(TableName=numbers, Segment=2, TotalSegments=2)


def test_consumed_capacity_is_of_all_that_was_read(dynamodb, new_table):
    name = new_table(sort="N")
    for number in range(3):
        put(dynamodb, name, pk="a", sk=number, x="x" * 3_000)
    used = dynamodb.query(**ask(name), ConsistentRead=True, ReturnConsumedCapacity="TOTAL")["ConsumedCapacity"]
    assert used == {"TableName": name, "CapacityUnits": 3.0}
