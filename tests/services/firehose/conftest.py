"""Shorthand for tests of delivery streams: a bucket, a role that may put into it, and the files that came."""

import gzip

import pytest


class River:
    """A stream of a cloud whose time stands still, its bucket, and what arrived there."""

    def __init__(self, aws, **changes):
        self.aws, self.firehose, self.s3 = aws, aws("firehose"), aws("s3")
        self.s3.create_bucket(Bucket="lake")
        may = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::lake/*"}
        self.role = aws.role("deliverer", "firehose.amazonaws.com", may)
        self.to = {"RoleARN": self.role, "BucketARN": "arn:aws:s3:::lake"}
        configuration = {"ExtendedS3DestinationConfiguration": self.to | changes}
        self.arn = self.firehose.create_delivery_stream(DeliveryStreamName="river", **configuration)[
            "DeliveryStreamARN"
        ]

    def put(self, *texts):
        for text in texts:
            self.firehose.put_record(DeliveryStreamName="river", Record={"Data": text.encode()})

    def files(self, count=1):
        """So many files by their keys, once they are there."""
        while len(found := self.s3.list_objects_v2(Bucket="lake").get("Contents", ())) < count:
            pass
        return {one["Key"]: self.s3.get_object(Bucket="lake", Key=one["Key"])["Body"].read() for one in found}

    def described(self):
        return self.firehose.describe_delivery_stream(DeliveryStreamName="river")["DeliveryStreamDescription"]

    def update(self, version="1", **changes):
        self.firehose.update_destination(
            DeliveryStreamName="river", CurrentDeliveryStreamVersionId=version,
            DestinationId=self.described()["Destinations"][0]["DestinationId"], ExtendedS3DestinationUpdate=changes,
        )  # fmt: skip


@pytest.fixture
def river(own_cloud):
    return lambda **changes: River(own_cloud, **changes)


@pytest.fixture
def unzipped():
    return gzip.decompress
