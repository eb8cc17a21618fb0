"""Streams for the tests of Kinesis."""

import itertools

import pytest

_numbers = itertools.count()


class Line:
    """A stream of one account, and what tests ask of it most."""

    def __init__(self, aws, count=1, **more):
        self.aws, self.client = aws, aws("kinesis")
        self.name = f"line-{next(_numbers)}"
        self.client.create_stream(StreamName=self.name, **({"ShardCount": count} if count else {}), **more)
        self.arn = self.summary["StreamARN"]

    @property
    def summary(self):
        return self.client.describe_stream_summary(StreamName=self.name)["StreamDescriptionSummary"]

    @property
    def shards(self):
        return self.client.describe_stream(StreamName=self.name)["StreamDescription"]["Shards"]

    def put(self, data, key="k", **more):
        return self.client.put_record(StreamName=self.name, Data=data, PartitionKey=key, **more)

    def iterator(self, kind="TRIM_HORIZON", shard="shardId-000000000000", **more):
        asked = {"StreamName": self.name, "ShardId": shard, "ShardIteratorType": kind}
        return self.client.get_shard_iterator(**asked, **more)["ShardIterator"]

    def page(self, iterator, **more):
        return self.client.get_records(ShardIterator=iterator, **more)

    def read(self, kind="TRIM_HORIZON", shard="shardId-000000000000", **more):
        """The data of the first page."""
        return [record["Data"] for record in self.page(self.iterator(kind, shard, **more))["Records"]]


@pytest.fixture
def new_line(aws):
    return lambda count=1, cloud=aws, **more: Line(cloud, count, **more)


@pytest.fixture
def line(new_line):
    return new_line()
