"""Tables at hand: they are what the store holds, whatever becomes of what was written."""

import pytest
from botocore.exceptions import ClientError

from freehold.services.dynamodb.at_hand import look
from freehold.services.dynamodb.tables import put_table


@pytest.fixture
def call(own_cloud, client):
    """A call in whose account there is a table `tab` with the hash key `pk`."""
    return own_cloud.running.cloud.door.call(own_cloud.account, own_cloud.region)


@pytest.fixture
def client(own_cloud):
    client = own_cloud("dynamodb")
    make(client, "pk")
    return client


def make(client, key):
    client.create_table(
        TableName="tab", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
    )  # fmt: skip


def seen(tx, call):
    return look(call, tx, "tab")


def tag(tx, call, value):
    """Give the table a tag, as a writer does: of a record of its own."""
    table = tx.get(type(look(call, tx, "tab")), "tab")
    table.tags = {"tag": value}
    put_table(tx, table)


def test_a_table_is_read_once_and_again_when_it_was_written(own_cloud, call):
    run, transact = own_cloud.running.run, call.transact
    first = run(transact(seen, call))
    assert run(transact(seen, call)) is first
    run(transact(tag, call, "one"))
    assert run(transact(seen, call)).tags == {"tag": "one"}


def test_a_table_made_again_is_another(own_cloud, client):
    client.put_item(TableName="tab", Item={"pk": {"S": "a"}})
    client.delete_table(TableName="tab")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_item(TableName="tab", Key={"pk": {"S": "a"}})
    make(client, "other")
    with pytest.raises(ClientError, match="does not match the schema"):
        client.get_item(TableName="tab", Key={"pk": {"S": "a"}})
    assert client.scan(TableName="tab")["Items"] == []


def test_a_write_that_is_undone_leaves_what_was(own_cloud, call):
    def undone(tx):
        tag(tx, call, "undone")
        raise KeyError("undone")

    run, transact = own_cloud.running.run, call.transact
    run(transact(tag, call, "kept"))
    with pytest.raises(KeyError):
        run(transact(undone))
    assert run(transact(seen, call)).tags == {"tag": "kept"}


def test_what_the_store_loses_is_not_at_hand_either(own_cloud, call):
    store = own_cloud.running.cloud.store

    async def lost():
        store.settle()
        await call.transact(tag, call, "lost")
        assert (await call.transact(seen, call)).tags == {"tag": "lost"}
        store.db.execute("ROLLBACK")  # as SQLite may when the disk is full
        store.settle()
        return (await call.transact(seen, call)).tags

    assert own_cloud.running.run(lost()) == {}
