"""Tables for the tests of DynamoDB."""

import itertools

import pytest

from freehold.services.dynamodb.at_hand import look
from freehold.services.dynamodb.tables import Table

_numbers = itertools.count()


@pytest.fixture
def dynamodb(aws):
    yield aws("dynamodb")
    door = aws.running.cloud.door
    call = door.call(aws.account, aws.region)
    assert aws.running.run(call.transact(stale, call)) == []


def stale(tx, call):
    """The names of tables that are at hand otherwise than the store has them."""
    wheres = [where for where in tx.scopes(Table) if where[0] == tx.account]
    tables = [(where, table) for where in wheres for table in tx.within(*where).range(Table)]
    return [table.name for where, table in tables if look(call.within(*where), tx.within(*where), table.name) != table]


@pytest.fixture
def new_table(dynamodb):
    """Make a table with hash key `pk`, range key `sk` (unless None) and more; the name of it."""

    def make(sort="S", attributes=(), client=dynamodb, **more):
        name = f"table-{next(_numbers)}"
        kinds = {"pk": "S"} | ({"sk": sort} if sort else {}) | dict(attributes)
        keys = [{"AttributeName": "pk", "KeyType": "HASH"}]
        keys += [{"AttributeName": "sk", "KeyType": "RANGE"}] if sort else []
        client.create_table(
            TableName=name, KeySchema=keys,
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": kind} for key, kind in kinds.items()],
            **({"BillingMode": "PAY_PER_REQUEST"} | more),
        )  # fmt: skip
        return name

    return make
