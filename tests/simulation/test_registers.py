"""Registers: items that many read and change at once behave as if one had come after the other, in whichever life; and
what indexes hold is what the table holds.
"""

from collections import defaultdict

import pytest
from tests.simulation.clients import Scenario
from tests.simulation.linear import UNKNOWN, Event, linearizable

from freehold.services.dynamodb.errors import ConditionalCheckFailedException

NAMES = ("ann", "bob")
GROUPS = ("even", "odd")
INDEX = {
    "IndexName": "by-group",
    "KeySchema": [{"AttributeName": "group", "KeyType": "HASH"}, {"AttributeName": "n", "KeyType": "RANGE"}],
    "Projection": {"ProjectionType": "KEYS_ONLY"},
}


def step(state: int | None, asked: tuple) -> tuple[int | None, object]:
    """The model: one number, or none."""
    match asked:
        case ("get",):
            return state, state
        case ("put", number):
            return number, state
        case ("swap", seen, number):
            return (number, True) if state == seen else (state, False)
        case ("add", number):
            after = (state or 0) + number
            return after, after
        case ("delete",):
            return None, state
    raise AssertionError(asked)


class Registers(Scenario):
    """Clients that read, put, swap, add and delete; whoever asked when a life ended does not know what became of it."""

    rooms = ("dynamodb",)

    def __init__(self) -> None:
        self.left = 60
        self.moment = 0
        self.histories: dict[str, list[Event]] = defaultdict(list)

    async def prepare(self, client):
        types = {"id": "S", "group": "S", "n": "N"}
        await client(
            "dynamodb", "CreateTable", TableName="numbers", BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}], GlobalSecondaryIndexes=[INDEX],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()],
        )  # fmt: skip

    def clients(self, client):
        for history in self.histories.values():
            for event in history:
                event.ended = self.tick() if event.ended is None else event.ended
        return [self.work(client) for _ in range(3)]

    def tick(self) -> int:
        self.moment += 1
        return self.moment

    async def work(self, client):
        chance = client.chance
        while self.left > 0:
            self.left -= 1
            name, number = chance.choice(NAMES), chance.randint(1, 4)
            asked = chance.choice(
                [("get",), ("put", number), ("swap", chance.randint(1, 4), number), ("add", number), ("delete",)]
            )
            event = Event(asked, self.tick())
            self.histories[name].append(event)
            answer = await self.ask(client, name, asked)
            event.answer, event.ended = answer, self.tick()

    async def ask(self, client, name, asked):
        verb, *numbers = asked
        return await getattr(self, verb)(client, {"TableName": "numbers"}, {"id": {"S": name}}, *numbers)

    async def get(self, client, table, key):
        found = await client("dynamodb", "GetItem", **table, Key=key, ConsistentRead=True)
        return number_in(found.get("Item"))

    async def put(self, client, table, key, number):
        done = await client("dynamodb", "PutItem", **table, Item=key | held(number), ReturnValues="ALL_OLD")
        return number_in(done.get("Attributes"))

    async def swap(self, client, table, key, seen, number):
        condition = {"ConditionExpression": "n = :seen", "ExpressionAttributeValues": {":seen": {"N": str(seen)}}}
        try:
            await client("dynamodb", "PutItem", **table, Item=key | held(number), **condition)
        except ConditionalCheckFailedException:
            return False
        return True

    async def add(self, client, table, key, number):
        update = {"UpdateExpression": "ADD n :n", "ExpressionAttributeValues": {":n": {"N": str(number)}}}
        done = await client("dynamodb", "UpdateItem", **table, Key=key, **update, ReturnValues="ALL_NEW")
        return number_in(done["Attributes"])

    async def delete(self, client, table, key):
        done = await client("dynamodb", "DeleteItem", **table, Key=key, ReturnValues="ALL_OLD")
        return number_in(done.get("Attributes"))

    async def check(self, client):
        for name in NAMES:
            seen = Event(("get",), self.tick())
            seen.answer, seen.ended = await self.ask(client, name, ("get",)), self.tick()
            assert linearizable([*self.histories[name], seen], None, step), f"no order explains what {name} was"
        items = (await client("dynamodb", "Scan", TableName="numbers"))["Items"]
        for group in GROUPS:
            entries = await self.indexed(client, group)
            members = [item for item in items if item.get("group") == {"S": group} and "n" in item]
            assert sorted(entries, key=number_in) == entries
            assert {entry["id"]["S"]: entry["n"] for entry in entries} == {one["id"]["S"]: one["n"] for one in members}

    async def indexed(self, client, group):
        statement = 'SELECT id, n FROM numbers."by-group" WHERE "group" = ?'
        found = await client("dynamodb", "ExecuteStatement", Statement=statement, Parameters=[{"S": group}])
        return found["Items"]


def held(number: int) -> dict:
    return {"n": {"N": str(number)}, "group": {"S": GROUPS[number % 2]}}


def number_in(item: dict | None) -> int | None:
    return int(item["n"]["N"]) if item and "n" in item else None


def test_some_order_explains_what_everybody_saw(simulate):
    simulate(Registers())


def finished(begun: int, ended: int, answer: object, *asked: object) -> Event:
    return Event(asked, begun, ended, answer)


@pytest.mark.parametrize(
    ("history", "possible"),
    [
        ([finished(1, 4, None, "put", 1), finished(2, 3, 1, "get")], True),
        ([finished(1, 2, None, "put", 1), finished(3, 4, None, "get")], False),
        ([finished(1, 2, None, "put", 1), finished(3, 6, 1, "put", 2), finished(4, 5, 2, "get")], True),
        (
            [finished(1, 9, True, "swap", 1, 2), finished(2, 9, None, "put", 1), finished(3, 9, True, "swap", 1, 3)],
            False,
        ),
        ([Event(("put", 1), 1, 2, UNKNOWN), finished(3, 4, None, "get")], True),
        ([Event(("put", 1), 1, 2, UNKNOWN), finished(3, 4, 1, "get"), finished(5, 6, None, "get")], False),
    ],
)
def test_the_search_finds_an_order_where_there_is_one(history: list[Event], possible: bool) -> None:
    assert linearizable(history, None, step) == possible
