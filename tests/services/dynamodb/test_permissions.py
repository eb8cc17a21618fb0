"""What each operation needs permission for."""

import pytest

from freehold.kernel.identity import root
from freehold.kernel.ids import Ids
from freehold.kernel.store import Seat
from freehold.services.dynamodb import dynamodb as catalogue

ACCOUNT = "111122223333"
TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/t"
OTHER = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/u"
CALLER = Seat(ACCOUNT, "us-east-1", 0.0, Ids(1), root(ACCOUNT))


@pytest.mark.parametrize(
    ("operation", "request_part", "needs"),
    [
        ("PutItem", {"TableName": "t"}, [("dynamodb:PutItem", TABLE)]),
        ("GetItem", {"TableName": TABLE}, [("dynamodb:GetItem", TABLE)]),
        ("Query", {"TableName": "t", "IndexName": "i"}, [("dynamodb:Query", TABLE + "/index/i")]),
        ("CreateTable", {"TableName": "t"}, [("dynamodb:CreateTable", TABLE)]),
        ("ListTables", {}, [("dynamodb:ListTables", "*")]),
        (
            "BatchWriteItem",
            {"RequestItems": {"t": [], "u": []}},
            [("dynamodb:BatchWriteItem", TABLE), ("dynamodb:BatchWriteItem", OTHER)],
        ),
        (
            "TransactWriteItems",
            {
                "TransactItems": [
                    {"Put": {"TableName": "t"}},
                    {"Put": {"TableName": "t"}},
                    {"ConditionCheck": {"TableName": "u"}},
                ]
            },
            [("dynamodb:PutItem", TABLE), ("dynamodb:ConditionCheckItem", OTHER)],
        ),
        ("ExecuteStatement", {"Statement": "SELECT * FROM t.i"}, [("dynamodb:PartiQLSelect", TABLE + "/index/i")]),
        (
            "ExecuteTransaction",
            {
                "TransactStatements": [
                    {"Statement": "DELETE FROM u WHERE a = 1"},
                    {"Statement": "INSERT INTO t VALUE {}"},
                ]
            },
            [("dynamodb:PartiQLDelete", OTHER), ("dynamodb:PartiQLInsert", TABLE)],
        ),
        ("TransactGetItems", {"TransactItems": [{"Get": {"TableName": "t"}}]}, [("dynamodb:GetItem", TABLE)]),
    ],
)
def test_operations_need_what_they_need_in_aws(operation, request_part, needs):
    found = catalogue.find(operation).required(CALLER, request_part)
    assert [need[:2] for need in found] == needs
