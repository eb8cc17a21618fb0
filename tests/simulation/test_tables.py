"""Tables: money moved by transactions is neither made nor lost, and a transfer asked for twice is done once."""

from contextlib import suppress

from tests.simulation.clients import Scenario
from tests.simulation.shapes import TABLE

from freehold.services.dynamodb.errors import ConditionalCheckFailedException, TransactionCanceledException

ACCOUNTS = ("ann", "bob", "cid")
BEGINNING = 100
BANKS = ("checking", "savings")


def key(name: str) -> dict:
    return {"id": {"S": name}}


def added(bank: str, owner: str, amount: int) -> dict:
    """An update that adds to a balance, which may not fall below nothing."""
    return {
        "TableName": bank, "Key": key(owner), "UpdateExpression": "SET balance = balance + :amount",
        "ConditionExpression": "balance >= :least",
        "ExpressionAttributeValues": {":amount": {"N": str(amount)}, ":least": {"N": str(max(0, -amount))}},
    }  # fmt: skip


class Bank(Scenario):
    """Tellers move money between two tables and write each transfer into a third. A transfer that was not acknowledged
    is asked for again under its token, in whichever life that is."""

    rooms = ("dynamodb",)

    def __init__(self) -> None:
        self.todo = list(range(24))
        self.under_way: dict[int, tuple[str, str, int]] = {}
        self.done: set[int] = set()
        self.visits = 0

    async def prepare(self, client):
        for name in (*BANKS, "ledger", "visits"):
            await client("dynamodb", "CreateTable", TableName=name, **TABLE)
        for bank in BANKS:
            for owner in ACCOUNTS:
                item = key(owner) | {"balance": {"N": str(BEGINNING)}}
                await client("dynamodb", "PutItem", TableName=bank, Item=item)

    def clients(self, client):
        again = [self.transfer(client, number) for number in sorted(self.under_way)]
        return [*again, self.tell(client), self.tell(client), self.visit(client), self.visit(client)]

    async def tell(self, client):
        while self.todo:
            number = self.todo.pop()
            chance = client.chance
            self.under_way[number] = (chance.choice(ACCOUNTS), chance.choice(ACCOUNTS), chance.randint(1, 60))
            await self.transfer(client, number)

    async def transfer(self, client, number):
        giver, taker, amount = self.under_way[number]
        entry = key(str(number)) | {"amount": {"N": str(amount)}}
        once = {"TableName": "ledger", "Item": entry, "ConditionExpression": "attribute_not_exists(id)"}
        moves = [{"Update": added("checking", giver, -amount)}, {"Update": added("savings", taker, amount)}]
        try:
            await client(
                "dynamodb", "TransactWriteItems", TransactItems=[*moves, {"Put": once}],
                ClientRequestToken=f"transfer-{number}",
            )  # fmt: skip
        except TransactionCanceledException as refusal:
            reasons = [reason["Code"] for reason in refusal.values["CancellationReasons"]]
            if reasons[2] == "ConditionalCheckFailed":  # asked for again after its token was forgotten
                self.done.add(number)
        else:
            self.done.add(number)
        del self.under_way[number]

    async def visit(self, client):
        """Count upwards, each time from what was read; whoever was overtaken reads again."""
        for _ in range(6):
            known = self.visits
            found = await client("dynamodb", "GetItem", TableName="visits", Key=key("all"), ConsistentRead=True)
            count = int(found["Item"]["count"]["N"]) if "Item" in found else 0
            assert count >= known, "what was acknowledged was unsaid"
            item = key("all") | {"count": {"N": str(count + 1)}}
            unchanged = {
                "ConditionExpression": "attribute_not_exists(id) OR #count = :seen",
                "ExpressionAttributeNames": {"#count": "count"},
                "ExpressionAttributeValues": {":seen": {"N": str(count)}},
            }
            with suppress(ConditionalCheckFailedException):
                await client("dynamodb", "PutItem", TableName="visits", Item=item, **unchanged)
                self.visits += 1

    async def check(self, client):
        balances = {bank: await self.balances(client, bank) for bank in BANKS}
        assert sum(map(sum, balances.values())) == BEGINNING * len(ACCOUNTS) * len(BANKS)
        assert min(map(min, balances.values())) >= 0
        ledger = (await client("dynamodb", "Scan", TableName="ledger"))["Items"]
        assert {int(entry["id"]["S"]) for entry in ledger} == self.done
        moved = sum(int(entry["amount"]["N"]) for entry in ledger)
        assert sum(balances["savings"]) == BEGINNING * len(ACCOUNTS) + moved

    @staticmethod
    async def balances(client, bank):
        return [int(item["balance"]["N"]) for item in (await client("dynamodb", "Scan", TableName=bank))["Items"]]


def test_money_is_neither_made_nor_lost(simulate):
    simulate(Bank())
