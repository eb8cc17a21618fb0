"""Policies that look at what is asked of items: by their keys, attributes and what is told of them."""

import pytest
from botocore.exceptions import ClientError

from .shapes import index

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


def test_statements_and_indexes_are_no_way_around_hash_keys(aws, new_table):
    table = new_table(attributes={"owner": "S"}, GlobalSecondaryIndexes=[index("by-owner", "owner")])
    mine = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["me"]}}
    actions = ("PartiQLSelect", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete", "Query")
    rights = allow(*actions, **mine) | {"Resource": [ANY, f"{ANY}/index/*"]}
    client = aws.as_role("dynamodb", "roundabout", rights)

    def owned_by(who):
        client.query(
            TableName=table, IndexName="by-owner", KeyConditionExpression="#o = :o",
            ExpressionAttributeNames={"#o": "owner"}, ExpressionAttributeValues={":o": {"S": who}},
        )  # fmt: skip

    texts = (
        "INSERT INTO \"{}\" VALUE {{'pk': '{}', 'sk': '1'}}",
        "UPDATE \"{}\" SET a = 1 WHERE pk = '{}' AND sk = '1'",
        "SELECT * FROM \"{}\" WHERE pk = '{}'",
        'SELECT * FROM "{}"."by-owner" WHERE owner = \'{}\'',
        "DELETE FROM \"{}\" WHERE pk = '{}' AND sk = '1'",
    )
    for text in texts:
        client.execute_statement(Statement=text.format(table, "me"))
        with pytest.raises(ClientError, match="is not authorized to perform"):
            client.execute_statement(Statement=text.format(table, "you"))
    with pytest.raises(ClientError, match="is not authorized to perform"):
        client.execute_statement(
            Statement=f'SELECT * FROM "{table}" WHERE pk IN [?, ?]', Parameters=[{"S": "me"}, {"S": "you"}]
        )
    owned_by("me")
    with pytest.raises(ClientError, match="is not authorized to perform"):
        owned_by("you")


def test_statements_are_held_to_open_attributes(aws, table):
    some = {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "sk", "shown"]},
        "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
    }
    client = aws.as_role("dynamodb", "spoken", allow("PartiQLSelect", "PartiQLUpdate", **some))
    client.execute_statement(Statement=f"SELECT shown FROM \"{table}\" WHERE pk = 'a'")
    for text in (
        "SELECT shown, covert FROM \"{}\" WHERE pk = 'a'",
        "SELECT shown FROM \"{}\" WHERE pk = 'a' AND covert = 1",
        "SELECT * FROM \"{}\" WHERE pk = 'a'",
        "UPDATE \"{}\" SET shown = covert WHERE pk = 'a' AND sk = 'b'",
    ):
        with pytest.raises(ClientError, match="is not authorized to perform"):
            client.execute_statement(Statement=text.format(table))


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
