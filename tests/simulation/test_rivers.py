"""Delivery streams: what was put is in one file, once."""

from collections import Counter

from tests.simulation.clients import ACCOUNT, REGION, Scenario
from tests.simulation.shapes import document
from tests.simulation.test_objects import body

from freehold.services.firehose import buffers

ROLE = f"arn:aws:iam::{ACCOUNT}:role/deliverer"


class Gathered(Scenario):
    rooms = ("firehose", "s3")

    def __init__(self) -> None:
        self.todo = list(range(40))
        self.acknowledged: set[str] = set()

    async def prepare(self, client):
        await client(
            "s3", "CreateBucket", Bucket="lake", CreateBucketConfiguration={"LocationConstraint": REGION}
        )  # fmt: skip
        trust = document(
            {"Effect": "Allow", "Principal": {"Service": "firehose.amazonaws.com"}, "Action": "sts:AssumeRole"}
        )
        await client("iam", "CreateRole", RoleName="deliverer", AssumeRolePolicyDocument=trust)
        may = document({"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"})
        await client("iam", "PutRolePolicy", RoleName="deliverer", PolicyName="p", PolicyDocument=may)
        hints = {"IntervalInSeconds": 60, "SizeInMBs": 1}
        to = {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::lake", "BufferingHints": hints}
        await client("firehose", "CreateDeliveryStream", DeliveryStreamName="river", S3DestinationConfiguration=to)

    def clients(self, client):
        return [self.put(client) for _ in range(3)]

    async def put(self, client):
        while self.todo:
            line = f"{self.todo.pop(0)}"
            large = f"{line} {'x' * 400_000}\n" if client.chance.random() < 0.3 else f"{line}\n"
            await client("firehose", "PutRecord", DeliveryStreamName="river", Record={"Data": large.encode()})
            self.acknowledged.add(line)
            await client.sleep(client.chance.choice((0, 1, 40)))

    async def check(self, client):
        found: Counter[str] = Counter()
        for file in (await client("s3", "ListObjectsV2", Bucket="lake"))["Contents"]:
            lines = await body(await client("s3", "GetObject", Bucket="lake", Key=file["Key"]))
            found.update(line.split()[0].decode() for line in lines.splitlines())
        assert set(found.values()) == {1}
        assert not self.acknowledged - found.keys()


def test_each_acknowledged_record_is_filed_once(simulate, monkeypatch):
    monkeypatch.setattr(buffers, "PAGE", 3)
    simulate(Gathered())
