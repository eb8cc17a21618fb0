"""Any sequence of writes leaves what a dictionary would hold, however it is read."""

from decimal import Decimal

from botocore.exceptions import ClientError
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from .shapes import index

hashes = st.sampled_from(["a", "b", "é"])
sorts = st.sampled_from([Decimal(n) for n in ("-1e20", "-2", "-1.5", "0", "3", "30", "1e-3")])
groups = st.none() | st.sampled_from(["x", "y"])
sizes = st.integers(1, 4)


def wire(pk, sk, **more):
    return {"pk": {"S": pk}, "sk": {"N": str(sk)}} | more


def place(item):
    return item["pk"]["S"], Decimal(item["sk"]["N"])


class Items(RuleBasedStateMachine):
    """`held` is the model: (pk, sk) → (group, count)."""

    def __init__(self, client, table):
        super().__init__()
        self.client, self.table = client, table

    @initialize()
    def begin(self):
        self.held = {}
        for item in self.client.scan(TableName=self.table)["Items"]:
            self.client.delete_item(TableName=self.table, Key=wire(*place(item)))

    @rule(pk=hashes, sk=sorts, group=groups)
    def put(self, pk, sk, group):
        item = wire(pk, sk, **({"g": {"S": group}} if group else {}))
        self.client.put_item(TableName=self.table, Item=item)
        self.held[pk, sk] = (group, None)

    @rule(pk=hashes, sk=sorts, group=groups)
    def update(self, pk, sk, group):
        edit, values = "ADD n :one", {":one": {"N": "1"}}
        if group:
            edit, values = edit + " SET g = :g", values | {":g": {"S": group}}
        self.client.update_item(
            TableName=self.table, Key=wire(pk, sk), UpdateExpression=edit, ExpressionAttributeValues=values
        )
        before, count = self.held.get((pk, sk), (None, None))
        self.held[pk, sk] = (group or before, (count or 0) + 1)

    @rule(pk=hashes, sk=sorts)
    def delete_if_grouped(self, pk, sk):
        wanted = self.held.get((pk, sk), (None, None))[0]
        try:
            self.client.delete_item(
                TableName=self.table, Key=wire(pk, sk), ConditionExpression="attribute_exists(g)"
            )  # fmt: skip
        except ClientError:
            assert wanted is None
        else:
            assert wanted is not None
            del self.held[pk, sk]

    @rule(pk=hashes, moved=st.lists(sorts, min_size=2, max_size=2, unique=True))
    def move_in_a_transaction(self, pk, moved):
        old, new = moved
        actions = [
            {"Delete": {"TableName": self.table, "Key": wire(pk, old), "ConditionExpression": "attribute_exists(pk)"}},
            {"Put": {"TableName": self.table, "Item": wire(pk, new)}},
        ]
        try:
            self.client.transact_write_items(TransactItems=actions)
        except ClientError:
            assert (pk, old) not in self.held
        else:
            del self.held[pk, old]
            self.held[pk, new] = (None, None)

    @rule(pk=hashes, bounds=st.tuples(sorts, sorts), size=sizes, forward=st.booleans())
    def query(self, pk, bounds, size, forward):
        low, high = sorted(bounds)
        found = self.pages(
            "query", size, ScanIndexForward=forward, KeyConditionExpression="pk = :p AND sk BETWEEN :l AND :h",
            ExpressionAttributeValues={":p": {"S": pk}, ":l": {"N": str(low)}, ":h": {"N": str(high)}},
        )  # fmt: skip
        expected = sorted((one for one in self.held if one[0] == pk and low <= one[1] <= high), reverse=not forward)
        assert found == expected

    @rule(group=st.sampled_from(["x", "y"]), size=sizes, forward=st.booleans())
    def query_index(self, group, size, forward):
        found = self.pages(
            "query", size, IndexName="groups", ScanIndexForward=forward, KeyConditionExpression="g = :g",
            ExpressionAttributeValues={":g": {"S": group}},
        )  # fmt: skip
        expected = [place for place, (its, _) in self.held.items() if its == group]
        assert [sk for _, sk in found] == sorted((sk for _, sk in expected), reverse=not forward)
        assert sorted(found) == sorted(expected)

    @rule(size=sizes, total=st.integers(1, 3))
    def scan(self, size, total):
        parts = [self.pages("scan", size, Segment=segment, TotalSegments=total) for segment in range(total)]
        assert sorted(one for part in parts for one in part) == sorted(self.held)

    @invariant()
    def counts_are_kept(self):
        items = self.client.scan(TableName=self.table)["Items"]
        counts = {place(item): int(item["n"]["N"]) if "n" in item else None for item in items}
        assert counts == {place: count for place, (_, count) in self.held.items()}

    def pages(self, operation, size, **request):
        paginator = self.client.get_paginator(operation)
        pages = paginator.paginate(TableName=self.table, PaginationConfig={"PageSize": size}, **request)
        return [place(item) for page in pages for item in page["Items"]]


def test_items_are_those_of_a_dictionary(dynamodb, new_table):
    table = new_table(sort="N", attributes={"g": "S"}, GlobalSecondaryIndexes=[index("groups", "g", "sk", "KEYS_ONLY")])
    run_state_machine_as_test(
        lambda: Items(dynamodb, table), settings=settings(max_examples=15, stateful_step_count=20, deadline=None)
    )
