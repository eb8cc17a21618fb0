"""Buckets for the tests of S3."""

import itertools

import pytest
from botocore.exceptions import ClientError

from freehold.services.s3 import at_hand
from freehold.services.s3.buckets import Bucket

_numbers = itertools.count()


@pytest.fixture
def s3(aws):
    yield aws("s3")
    call = aws.running.cloud.door.call(aws.account, aws.region)
    assert aws.running.run(call.transact(stale, call)) == []


def stale(tx, call):
    """The names of buckets that are at hand otherwise than the store has them."""
    buckets = tx.range(Bucket, call.account, index="account name")
    return [bucket.name for bucket in buckets if at_hand.look(call, tx, bucket.name) != bucket]


@pytest.fixture
def new_bucket(s3, aws):
    """Make a bucket; its name."""

    def make(client=s3, versioned=False, **more):
        name = f"bucket-{aws.account}-{next(_numbers)}"
        client.create_bucket(Bucket=name, **more)
        if versioned:
            client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return name

    return make


@pytest.fixture
def bucket(new_bucket):
    return new_bucket()


@pytest.fixture
def refusal():
    """What a refused call answers: its code, and the rest of the error."""

    def of(ask, *args, **kwargs):
        with pytest.raises(ClientError) as refused:
            ask(*args, **kwargs)
        error = refused.value.response["Error"]
        return error["Code"], error

    return of
