"""Tables for the tests of DynamoDB."""

import itertools

import pytest

_numbers = itertools.count()


@pytest.fixture
def dynamodb(aws):
    return aws("dynamodb")


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
