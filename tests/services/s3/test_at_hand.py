"""Buckets at hand: they are what the store holds, whatever becomes of what was written."""

import pytest
from botocore.exceptions import ClientError

from freehold.services.s3.at_hand import look
from freehold.services.s3.buckets import Bucket, put_bucket


@pytest.fixture
def client(own_cloud):
    client = own_cloud("s3")
    client.create_bucket(Bucket="near")
    return client


@pytest.fixture
def call(own_cloud, client):
    """A call in whose account there is a bucket `near`."""
    return own_cloud.running.cloud.door.call(own_cloud.account, own_cloud.region)


def seen(tx, call):
    return look(call, tx, "near")


def version(tx, status):
    """Say that the bucket is versioned, as a writer does: in a record of its own."""
    bucket = tx.get(Bucket, "near")
    bucket.versioning = status
    put_bucket(tx, bucket)


def test_a_bucket_is_read_once_and_again_when_it_was_written(own_cloud, call):
    run, transact = own_cloud.running.run, call.transact
    first = run(transact(seen, call))
    assert run(transact(seen, call)) is first
    run(transact(version, "Enabled"))
    assert run(transact(seen, call)).versioning == "Enabled"


def test_a_bucket_made_again_is_another(client):
    client.put_bucket_versioning(Bucket="near", VersioningConfiguration={"Status": "Enabled"})
    made = client.put_object(Bucket="near", Key="a")["VersionId"]
    client.delete_object(Bucket="near", Key="a", VersionId=made)
    client.delete_bucket(Bucket="near")
    with pytest.raises(ClientError, match="NoSuchBucket"):
        client.put_object(Bucket="near", Key="a")
    client.create_bucket(Bucket="near")
    assert "VersionId" not in client.put_object(Bucket="near", Key="a")


def test_a_write_that_is_undone_leaves_what_was(own_cloud, call):
    def undone(tx):
        version(tx, "Suspended")
        raise KeyError("undone")

    run, transact = own_cloud.running.run, call.transact
    run(transact(version, "Enabled"))
    with pytest.raises(KeyError):
        run(transact(undone))
    assert run(transact(seen, call)).versioning == "Enabled"


def test_what_the_store_loses_is_not_at_hand_either(own_cloud, call):
    store = own_cloud.running.cloud.store

    async def lost():
        store.settle()
        await call.transact(version, "Enabled")
        assert (await call.transact(seen, call)).versioning == "Enabled"
        store.db.execute("ROLLBACK")  # as SQLite may when the disk is full
        store.settle()
        return (await call.transact(seen, call)).versioning

    assert own_cloud.running.run(lost()) == ""
