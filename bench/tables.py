"""The cases of DynamoDB: one item, twenty of them in a row, four at once.

It may not know which server answers.
"""

import itertools
from typing import Any

from botocore.handlers import generate_idempotent_uuid

from bench.load import signed
from bench.loads import CLIENT, TEXT, Load, named

COUNTING = {
    "UpdateExpression": "SET #count = if_not_exists(#count, :none) + :one, #text = :text",
    "ExpressionAttributeNames": {"#count": "count", "#text": "text"},
}


def table(client: CLIENT, name: str = "", sort: str = "") -> tuple[Any, str]:
    """A new table with the hash key `id`, and a range key of numbers if one is named."""
    dynamodb, name = client("dynamodb"), name or named("table")
    keys = {"id": ("HASH", "S")} | ({sort: ("RANGE", "N")} if sort else {})
    dynamodb.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, (kind, _) in keys.items()],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": type} for key, (_, type) in keys.items()],
    )  # fmt: skip
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    return dynamodb, name


def put(client: CLIENT) -> Load:
    dynamodb, name = table(client)
    items = [{"id": {"S": f"item-{number}"}, "text": {"S": TEXT}} for number in range(256)]
    pool = [signed(dynamodb, "put_item", TableName=name, Item=item) for item in items]
    return Load(itertools.cycle(pool), lambda body: body.startswith(b"{"))


def get(client: CLIENT) -> Load:
    dynamodb, name = table(client)
    for number in range(32):
        dynamodb.put_item(TableName=name, Item={"id": {"S": f"item-{number}"}, "text": {"S": TEXT}})
    keys = [{"id": {"S": f"item-{number}"}} for number in range(32)]
    pool = [signed(dynamodb, "get_item", TableName=name, Key=key) for key in keys]
    return Load(itertools.cycle(pool), lambda body: TEXT.encode() in body)


def update(client: CLIENT) -> Load:
    """A counter that goes up and a text that changes, in one of 64 items."""
    dynamodb, name = table(client)
    pool = []
    for number in range(64):
        values = {":none": {"N": "0"}, ":one": {"N": "1"}, ":text": {"S": f"{number}{TEXT[:100]}"}}
        wanted = COUNTING | {"ExpressionAttributeValues": values}
        pool.append(signed(dynamodb, "update_item", TableName=name, Key={"id": {"S": f"item-{number}"}}, **wanted))
    return Load(itertools.cycle(pool), lambda body: body.startswith(b"{"))


def query(client: CLIENT) -> Load:
    """Twenty items of 200 bytes under one hash key."""
    dynamodb, name = table(client, sort="number")
    for number in range(20):
        item = {"id": {"S": "row"}, "number": {"N": str(number)}, "text": {"S": TEXT[:200]}}
        dynamodb.put_item(TableName=name, Item=item)
    request = signed(
        dynamodb, "query", TableName=name, KeyConditionExpression="id = :id",
        ExpressionAttributeValues={":id": {"S": "row"}},
    )  # fmt: skip
    return Load(itertools.repeat(request), lambda body: body.count(b'"text"') == 20)


def transact(client: CLIENT) -> Load:
    """Four items of 200 bytes, all or none; without a token, by which a request sent again would do nothing."""
    dynamodb, name = table(client)
    dynamodb.meta.events.unregister("before-parameter-build", generate_idempotent_uuid)
    pool = []
    for group in range(64):
        items = ({"id": {"S": f"item-{group}-{number}"}, "text": {"S": TEXT[:200]}} for number in range(4))
        actions = [{"Put": {"TableName": name, "Item": item}} for item in items]
        pool.append(signed(dynamodb, "transact_write_items", TransactItems=actions))
    return Load(itertools.cycle(pool), lambda body: body.startswith(b"{"))
