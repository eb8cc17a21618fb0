"""Exports and imports: each item is told once and taken once, whenever the cloud dies."""

import gzip
import json

import pytest
from tests.simulation.clients import REGION, Scenario
from tests.simulation.shapes import TABLE
from tests.simulation.test_tables import key

from freehold.services.dynamodb.errors import TableExists
from freehold.services.dynamodb.transfers import exporting, exports, importing

ITEMS = [f"item-{number:02}" for number in range(17)]
BUCKET = "transfers"


class Removal(Scenario):
    """A table is exported while it is written to, and imported from what was exported."""

    rooms = ("dynamodb", "s3", "logs")

    def __init__(self) -> None:
        self.moment = 0.0
        self.exported = self.imported = ""
        self.visits = list(range(12))

    async def prepare(self, client):
        await client("s3", "CreateBucket", Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        await client("dynamodb", "CreateTable", TableName="house", **TABLE)
        for name in ITEMS:
            await client("dynamodb", "PutItem", TableName="house", Item=key(name) | {"at": {"S": "home"}})
        recovery = {"PointInTimeRecoveryEnabled": True}
        await client(
            "dynamodb", "UpdateContinuousBackups", TableName="house", PointInTimeRecoverySpecification=recovery
        )

    def clients(self, client):
        return [self.remove(client), self.visit(client)]

    async def remove(self, client):
        if not self.exported:
            table = (await client("dynamodb", "DescribeTable", TableName="house"))["Table"]
            told = await client(
                "dynamodb", "ExportTableToPointInTime", TableArn=table["TableArn"], S3Bucket=BUCKET, ClientToken="out"
            )
            self.exported = told["ExportDescription"]["ExportArn"]
        while (export := await self.export(client))["ExportStatus"] == "IN_PROGRESS":
            await client.sleep(1)
        assert export["ExportStatus"] == "COMPLETED", export
        if not self.imported:
            source = {"S3Bucket": BUCKET, "S3KeyPrefix": export["ExportManifest"].rpartition("/")[0] + "/data/"}
            try:
                told = await client(
                    "dynamodb", "ImportTable", S3BucketSource=source, InputFormat="DYNAMODB_JSON",
                    InputCompressionType="GZIP", TableCreationParameters={"TableName": "flat", **TABLE},
                    ClientToken="in",
                )  # fmt: skip
            except TableExists:  # it was asked for in an earlier life, and is done
                told = {"ImportTableDescription": (await client("dynamodb", "ListImports"))["ImportSummaryList"][0]}
            self.imported = told["ImportTableDescription"]["ImportArn"]

    async def export(self, client):
        return (await client("dynamodb", "DescribeExport", ExportArn=self.exported))["ExportDescription"]

    async def visit(self, client):
        while self.visits:
            name = client.chance.choice(ITEMS)
            await client("dynamodb", "PutItem", TableName="house", Item=key(name) | {"at": {"S": "away"}})
            await client("dynamodb", "DeleteItem", TableName="house", Key=key(client.chance.choice(ITEMS)))
            self.visits.pop()

    async def check(self, client):
        export = await self.export(client)
        told = (await client("dynamodb", "DescribeImport", ImportArn=self.imported))["ImportTableDescription"]
        assert (told["ImportStatus"], told["ErrorCount"]) == ("COMPLETED", 0), told
        assert told["ImportedItemCount"] == export["ItemCount"]
        manifest = await self.read(client, export["ExportManifest"].replace("summary", "files"))
        lines: list[bytes] = []
        for file in manifest.splitlines():
            lines += gzip.decompress(await self.read(client, json.loads(file)["dataFileS3Key"])).splitlines()
        names = [json.loads(line)["Item"]["id"]["S"] for line in lines]
        assert len(names) == len(set(names)) == export["ItemCount"]
        flat = (await client("dynamodb", "Scan", TableName="flat"))["Items"]
        assert sorted(item["id"]["S"] for item in flat) == sorted(names)

    @staticmethod
    async def read(client, key):
        body = (await client("s3", "GetObject", Bucket=BUCKET, Key=key))["Body"]
        return body if isinstance(body, bytes) else b"".join([chunk async for chunk in body])


@pytest.fixture
def small_steps(monkeypatch):
    monkeypatch.setattr(exporting, "FILE_BYTES", 150)
    monkeypatch.setattr(exports, "STRETCH", 3)
    monkeypatch.setattr(importing, "BATCH", 2)


def test_each_item_moves_once(simulate, small_steps):
    simulate(Removal())
