"""Backups, restores and replicas: each is a table at one moment, whatever is written meanwhile and whenever it dies."""

from contextlib import suppress

import pytest
from tests.simulation.clients import Scenario
from tests.simulation.shapes import TABLE
from tests.simulation.test_tables import added, key

from freehold.services.dynamodb.errors import TransactionCanceledException
from freehold.services.dynamodb.recovery import copies
from freehold.services.dynamodb.recovery.errors import TableAlreadyExistsException, TableInUseException
from freehold.services.dynamodb.replicas import groups
from freehold.services.dynamodb.replicas.errors import ReplicaTaken

OWNERS = [f"owner-{number:02}" for number in range(14)]
BEGINNING = 100
THERE = "us-east-1"


class Archive(Scenario):
    """Money moves within a table while it is backed up, restored and replicated: no picture of it has more or less."""

    rooms = ("dynamodb",)

    def __init__(self) -> None:
        self.moves = list(range(20))
        self.pictures = list(range(5))
        self.replicated = False

    async def prepare(self, client):
        await client("dynamodb", "CreateTable", TableName="bank", **TABLE)
        for owner in OWNERS:
            item = key(owner) | {"balance": {"N": str(BEGINNING)}}
            await client("dynamodb", "PutItem", TableName="bank", Item=item)
        recovery = {"PointInTimeRecoveryEnabled": True}
        await client("dynamodb", "UpdateContinuousBackups", TableName="bank", PointInTimeRecoverySpecification=recovery)

    def clients(self, client):
        return [self.move(client), self.move(client), self.picture(client), self.replicate(client)]

    async def move(self, client):
        while self.moves:
            number = self.moves.pop()
            giver, taker = client.chance.sample(OWNERS, 2)
            amount = client.chance.randint(1, 60)
            moves = [{"Update": added("bank", giver, -amount)}, {"Update": added("bank", taker, amount)}]
            with suppress(TransactionCanceledException):
                await client("dynamodb", "TransactWriteItems", TransactItems=moves, ClientRequestToken=f"move-{number}")

    async def picture(self, client):
        while self.pictures:
            number = self.pictures[-1]
            await client("dynamodb", "CreateBackup", TableName="bank", BackupName=f"backup-{number}")
            with suppress(TableAlreadyExistsException, TableInUseException):
                await client(
                    "dynamodb", "RestoreTableToPointInTime", SourceTableName="bank",
                    TargetTableName=f"restored-{number}", UseLatestRestorableTime=True,
                )  # fmt: skip
            self.pictures.pop()

    async def replicate(self, client):
        if not self.replicated:
            with suppress(ReplicaTaken):
                update = {"Create": {"RegionName": THERE}}
                await client("dynamodb", "UpdateTable", TableName="bank", ReplicaUpdates=[update])
            self.replicated = True

    async def check(self, client):
        bank = await self.balances(client, "bank")
        assert sum(bank.values()) == BEGINNING * len(OWNERS)
        described = (await client("dynamodb", "DescribeTable", TableName="bank"))["Table"]
        assert [one["ReplicaStatus"] for one in described["Replicas"]] == ["ACTIVE"]
        kept = (await client("dynamodb", "ListBackups", TableName="bank"))["BackupSummaries"]
        assert {one["BackupStatus"] for one in kept} == {"AVAILABLE"}
        for number, one in enumerate(kept):
            described = await client("dynamodb", "DescribeBackup", BackupArn=one["BackupArn"])
            assert described["BackupDescription"]["SourceTableDetails"]["ItemCount"] == len(OWNERS)
            await client(
                "dynamodb", "RestoreTableFromBackup", TargetTableName=f"again-{number}", BackupArn=one["BackupArn"]
            )
            await self.until_active(client, f"again-{number}")
            assert sum((await self.balances(client, f"again-{number}")).values()) == BEGINNING * len(OWNERS)
        for number in range(5):
            assert sum((await self.balances(client, f"restored-{number}")).values()) == BEGINNING * len(OWNERS)

    @staticmethod
    async def until_active(client, name):
        while (await client("dynamodb", "DescribeTable", TableName=name))["Table"]["TableStatus"] != "ACTIVE":
            await client.pass_time(1)

    @staticmethod
    async def balances(client, table):
        items = (await client("dynamodb", "Scan", TableName=table))["Items"]
        return {item["id"]["S"]: int(item["balance"]["N"]) for item in items}


@pytest.fixture
def small_steps(monkeypatch):
    """Copies of a few items need many steps."""
    monkeypatch.setattr(copies, "STRETCH", 3)
    monkeypatch.setattr(groups, "STRETCH", 3)


def test_every_picture_of_a_table_is_of_one_moment(simulate, small_steps):
    simulate(Archive())
