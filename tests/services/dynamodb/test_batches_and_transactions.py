"""Many items at once: batches, each item for itself; transactions, all or none."""

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def table(new_table):
    return new_table(sort=None)


def key(name):
    return {"pk": {"S": name}}


def put(table, name, **more):
    return {"Put": {"TableName": table, "Item": key(name), **more}}


def check(table, name, condition="attribute_exists(pk)"):
    return {"ConditionCheck": {"TableName": table, "Key": key(name), "ConditionExpression": condition}}


def names(dynamodb, table):
    return sorted(item["pk"]["S"] for item in dynamodb.scan(TableName=table)["Items"])


def test_batches_write_and_read(dynamodb, table, new_table):
    other = new_table(sort=None)
    requests = {
        table: [{"PutRequest": {"Item": key(name)}} for name in "ab"],
        other: [{"PutRequest": {"Item": key("c")}}, {"DeleteRequest": {"Key": key("d")}}],
    }
    answer = dynamodb.batch_write_item(RequestItems=requests, ReturnConsumedCapacity="TOTAL")
    assert answer["UnprocessedItems"] == {}
    assert [one["CapacityUnits"] for one in answer["ConsumedCapacity"]] == [2.0, 2.0]
    wanted = {table: {"Keys": [key(name) for name in "abx"]}, other: {"Keys": [key("c")]}}
    found = dynamodb.batch_get_item(RequestItems=wanted)
    assert found["Responses"] == {table: [key("a"), key("b")], other: [key("c")]}
    assert found["UnprocessedKeys"] == {}


def test_wrong_batches_are_refused(dynamodb, table):
    twice = [{"PutRequest": {"Item": key("a")}}, {"DeleteRequest": {"Key": key("a")}}]
    with pytest.raises(ClientError, match="Provided list of item keys contains duplicates"):
        dynamodb.batch_write_item(RequestItems={table: twice})
    with pytest.raises(ClientError, match="Provided list of item keys contains duplicates"):
        dynamodb.batch_get_item(RequestItems={table: {"Keys": [key("a"), key("a")]}})
    with pytest.raises(ClientError, match="Requested resource not found"):
        dynamodb.batch_write_item(RequestItems={"nowhere": [{"PutRequest": {"Item": key("a")}}]})
    assert names(dynamodb, table) == []


def test_a_batch_larger_than_16_mb_leaves_keys_for_later(dynamodb, table):
    for number in range(45):
        dynamodb.put_item(TableName=table, Item=key(f"{number}") | {"x": {"S": "x" * 390_000}})
    wanted = {table: {"Keys": [key(f"{number}") for number in range(45)]}}
    found = dynamodb.batch_get_item(RequestItems=wanted)
    left = found["UnprocessedKeys"][table]["Keys"]
    assert (len(found["Responses"][table]), len(left)) == (44, 1)


def test_a_transaction_does_all(dynamodb, table):
    dynamodb.put_item(TableName=table, Item=key("old"))
    dynamodb.put_item(TableName=table, Item=key("kept"))
    update = {
        "Update": {
            "TableName": table, "Key": key("new"), "UpdateExpression": "SET n = :n",
            "ExpressionAttributeValues": {":n": {"N": "1"}},
        }
    }  # fmt: skip
    delete = {"Delete": {"TableName": table, "Key": key("old")}}
    answer = dynamodb.transact_write_items(
        TransactItems=[put(table, "a"), update, delete, check(table, "kept")], ReturnConsumedCapacity="TOTAL"
    )
    assert answer["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 8.0, "WriteCapacityUnits": 8.0}]
    assert names(dynamodb, table) == ["a", "kept", "new"]


def test_a_transaction_that_fails_does_nothing_and_says_why(dynamodb, table):
    dynamodb.put_item(TableName=table, Item=key("a"))
    new = {"ConditionExpression": "attribute_not_exists(pk)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    actions = [put(table, "b"), put(table, "a", **new), check(table, "none")]
    with pytest.raises(ClientError, match=r"specific reasons \[None, ConditionalCheckFailed, ConditionalCheck") as no:
        dynamodb.transact_write_items(TransactItems=actions)
    failed = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
    assert no.value.response["Error"]["Code"] == "TransactionCanceledException"
    assert no.value.response["CancellationReasons"] == [{"Code": "None"}, failed | {"Item": key("a")}, failed]
    assert names(dynamodb, table) == ["a"]


def test_what_an_item_makes_of_an_action_is_a_reason_too(dynamodb, table):
    wrong = {"Put": {"TableName": table, "Item": {"pk": {"N": "1"}}}}
    with pytest.raises(ClientError, match=r"\[None, ValidationError\]") as refused:
        dynamodb.transact_write_items(TransactItems=[put(table, "a"), wrong])
    assert "Type mismatch for key pk" in refused.value.response["CancellationReasons"][1]["Message"]


def test_one_action_for_an_item(dynamodb, table):
    with pytest.raises(ClientError, match="Transaction request cannot include multiple operations on one item"):
        dynamodb.transact_write_items(TransactItems=[put(table, "a"), check(table, "a")])


def test_a_token_does_a_transaction_once(dynamodb, table):
    add = {
        "Update": {
            "TableName": table, "Key": key("a"), "UpdateExpression": "ADD n :n",
            "ExpressionAttributeValues": {":n": {"N": "1"}},
        }
    }  # fmt: skip
    for _ in range(2):
        dynamodb.transact_write_items(TransactItems=[add], ClientRequestToken="once")
    assert dynamodb.get_item(TableName=table, Key=key("a"))["Item"]["n"] == {"N": "1"}
    with pytest.raises(ClientError) as refused:
        dynamodb.transact_write_items(TransactItems=[put(table, "b")], ClientRequestToken="once")
    assert refused.value.response["Error"]["Code"] == "IdempotentParameterMismatchException"


def test_a_failed_transaction_leaves_its_token_free(dynamodb, table):
    request = {"TransactItems": [check(table, "a")], "ClientRequestToken": "again"}
    with pytest.raises(ClientError):
        dynamodb.transact_write_items(**request)
    dynamodb.put_item(TableName=table, Item=key("a"))
    dynamodb.transact_write_items(**request)


def test_transactions_read(dynamodb, table):
    dynamodb.put_item(TableName=table, Item=key("a") | {"x": {"S": "y"}})
    wanted = [{"Get": {"TableName": table, "Key": key(name), "ProjectionExpression": "x"}} for name in "ab"]
    answer = dynamodb.transact_get_items(TransactItems=wanted, ReturnConsumedCapacity="TOTAL")
    assert answer["Responses"] == [{"Item": {"x": {"S": "y"}}}, {}]
    assert answer["ConsumedCapacity"] == [{"TableName": table, "CapacityUnits": 4.0, "ReadCapacityUnits": 4.0}]
