"""Policies that look at what is asked of items: by their keys, attributes and what is told of them."""

import pytest
from botocore.exceptions import ClientError

ANY = "arn:aws:dynamodb:*:*:table/*"


@pytest.fixture
def table(new_table):
    return new_table()


def allow(*actions, **condition):
    return {
        "Effect": "Allow",
        "Action": [f"dynamodb:{action}" for action in actions],
        "Resource": ANY,
        "Condition": condition,
    }


def key(hash, sort="1"):
    return {"pk": {"S": hash}, "sk": {"S": sort}}


def test_items_are_open_to_whom_their_hash_key_names(aws, table):
    mine = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["me"]}}
    actions = ("PutItem", "GetItem", "Query", "BatchGetItem", "BatchWriteItem", "UpdateItem")
    client = aws.as_role("dynamodb", "leading", allow(*actions, **mine))
    client.put_item(TableName=table, Item=key("me"))
    client.query(
        TableName=table, KeyConditionExpression="#h = :h", ExpressionAttributeNames={"#h": "pk"},
        ExpressionAttributeValues={":h": {"S": "me"}},
    )  # fmt: skip
    client.batch_get_item(RequestItems={table: {"Keys": [key("me")]}})
    for refused in (
        lambda: client.put_item(TableName=table, Item=key("you")),
        lambda: client.get_item(TableName=table, Key=key("you")),
        lambda: client.batch_get_item(RequestItems={table: {"Keys": [key("me"), key("you")]}}),
        lambda: client.batch_write_item(RequestItems={table: [{"DeleteRequest": {"Key": key("you")}}]}),
        lambda: client.query(
            TableName=table, KeyConditionExpression="pk = :h", ExpressionAttributeValues={":h": {"S": "you"}}
        ),
        lambda: client.transact_write_items(TransactItems=[{"Put": {"TableName": table, "Item": key("you")}}]),
    ):
        with pytest.raises(ClientError, match="is not authorized to perform"):
            refused()


def test_attributes_can_be_closed(aws, table):
    some = {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "sk", "shown"]},
        "StringEqualsIfExists": {"dynamodb:ReturnValues": ["NONE", "UPDATED_NEW"]},
    }
    client = aws.as_role("dynamodb", "columns", allow("GetItem", "UpdateItem", **some))
    client.get_item(TableName=table, Key=key("a"), ProjectionExpression="shown.part")
    update = {"TableName": table, "Key": key("a"), "ExpressionAttributeValues": {":v": {"S": "v"}}}
    client.update_item(**update, UpdateExpression="SET shown = if_not_exists(shown, :v)", ReturnValues="UPDATED_NEW")
    for refused in (
        lambda: client.get_item(TableName=table, Key=key("a"), ProjectionExpression="shown, covert"),
        lambda: client.update_item(**update, UpdateExpression="SET shown = if_not_exists(covert, :v)"),
        lambda: client.update_item(**update, UpdateExpression="SET shown = :v", ReturnValues="ALL_OLD"),
    ):
        with pytest.raises(ClientError, match="is not authorized to perform"):
            refused()


def test_statements_that_read_whole_tables_can_be_refused(aws, table):
    bound = {"Bool": {"dynamodb:FullTableScan": "false"}}
    client = aws.as_role("dynamodb", "bound", allow("PartiQLSelect", **bound))
    client.execute_statement(Statement=f"SELECT * FROM \"{table}\" WHERE pk = 'a'")
    for text in (f'SELECT * FROM "{table}"', f"DELETE FROM \"{table}\" WHERE pk = 'a' AND sk = 'b'"):
        with pytest.raises(ClientError, match="is not authorized to perform"):
            client.execute_statement(Statement=text)
