"""PartiQL through the door: single statements, batches, transactions, and who may send them."""

import pytest
from botocore.exceptions import ClientError
from tests.services.dynamodb.shapes import index


@pytest.fixture
def table(new_table):
    name = new_table(sort="N", attributes={"g": "S"}, GlobalSecondaryIndexes=[index("by-g", "g", "pk")])
    return f'"{name}"'


@pytest.fixture
def execute(dynamodb):
    def run(text, *parameters, **more):
        given = {"Parameters": list(parameters)} if parameters else {}
        return dynamodb.execute_statement(Statement=text, **given, **more)

    return run


def fill(execute, table, count=5):
    for number in range(count):
        execute(f"INSERT INTO {table} VALUE {{'pk': 'x', 'sk': {number}, 'g': 'g{number % 2}'}}")


def numbers(answer):
    return [int(item["sk"]["N"]) for item in answer["Items"]]


def test_items_are_inserted_once(execute, table):
    assert execute(f"INSERT INTO {table} VALUE {{'pk': 'x', 'sk': ?}}", {"N": "1"})["Items"] == []
    with pytest.raises(ClientError, match="Duplicate primary key exists in table"):
        execute(f"INSERT INTO {table} VALUE {{'pk': 'x', 'sk': 1}}")


def test_items_are_selected(execute, table):
    fill(execute, table)
    assert numbers(execute(f"SELECT * FROM {table}")) == [0, 1, 2, 3, 4]
    assert numbers(execute(f"SELECT * FROM {table} WHERE pk = 'x' AND sk > 2 ORDER BY sk DESC")) == [4, 3]
    assert sorted(numbers(execute(f"SELECT sk FROM {table}.\"by-g\" WHERE g = 'g1'"))) == [1, 3]
    assert numbers(execute(f"SELECT * FROM {table} WHERE pk IN ['a', 'x'] AND g = 'g0'")) == [0, 2, 4]
    assert execute(f"SELECT nothing FROM {table} WHERE pk = 'x' AND sk = 1")["Items"] == [{}]


def test_pages_follow_one_another(execute, table):
    fill(execute, table)
    text = f"SELECT sk FROM {table} WHERE pk IN ['x', 'y']"
    first = execute(text, Limit=2)
    second = execute(text, Limit=2, NextToken=first["NextToken"])
    third = execute(text, Limit=2, NextToken=second["NextToken"])
    assert [numbers(page) for page in (first, second, third)] == [[0, 1], [2, 3], [4]]
    assert "NextToken" not in third
    with pytest.raises(ClientError, match="NextToken"):
        execute(text + " AND sk > 1", NextToken=first["NextToken"])


def test_items_are_updated_and_deleted(execute, table):
    fill(execute, table, 1)
    new = execute(f"UPDATE {table} SET n = 1 SET m = 'q' REMOVE g WHERE pk = 'x' AND sk = 0 RETURNING ALL NEW *")
    assert new["Items"] == [{"pk": {"S": "x"}, "sk": {"N": "0"}, "n": {"N": "1"}, "m": {"S": "q"}}]
    changed = execute(f"UPDATE {table} SET n = n + 1 WHERE pk = 'x' AND sk = 0 AND n = 1 RETURNING MODIFIED OLD *")
    assert changed["Items"] == [{"n": {"N": "1"}}]
    for where in ("pk = 'x' AND sk = 0 AND n = 1", "pk = 'none' AND sk = 0"):
        with pytest.raises(ClientError, match="ConditionalCheckFailedException"):
            execute(f"UPDATE {table} SET n = 9 WHERE {where}")
    with pytest.raises(ClientError, match="mandatory equality on all key attributes"):
        execute(f"DELETE FROM {table} WHERE pk = 'x'")
    assert execute(f"DELETE FROM {table} WHERE pk = 'none' AND sk = 0")["Items"] == []
    gone = execute(f"DELETE FROM {table} WHERE pk = 'x' AND sk = 0 RETURNING ALL OLD *")
    assert gone["Items"][0]["n"] == {"N": "2"}


def test_batches_tell_of_each_statement(dynamodb, execute, table):
    fill(execute, table, 1)
    select = f"SELECT * FROM {table} WHERE pk = 'x'"
    answer = dynamodb.batch_execute_statement(Statements=[{"Statement": select + " AND sk = 0"}, {"Statement": select}])
    found, refused = answer["Responses"]
    assert found["Item"]["g"] == {"S": "g0"}
    assert refused["Error"]["Code"] == "ValidationError"
    insert = f"INSERT INTO {table} VALUE {{'pk': 'x', 'sk': ?}}"
    answer = dynamodb.batch_execute_statement(
        Statements=[{"Statement": insert, "Parameters": [{"N": number}]} for number in ("0", "1")]
    )
    assert [one.get("Error", {}).get("Code") for one in answer["Responses"]] == ["DuplicateItem", None]
    with pytest.raises(ClientError, match="cannot be mixed"):
        dynamodb.batch_execute_statement(Statements=[{"Statement": select}, {"Statement": insert}])


def test_transactions_do_all_or_none(dynamodb, execute, table):
    insert = f"INSERT INTO {table} VALUE {{'pk': 'x', 'sk': ?}}"
    both = [{"Statement": insert, "Parameters": [{"N": number}]} for number in ("0", "1")]
    assert dynamodb.execute_transaction(TransactStatements=both)["Responses"] == []
    check = {"Statement": f"EXISTS(SELECT * FROM {table} WHERE pk = 'x' AND sk = 1 AND g = 'g')"}
    third = {"Statement": insert, "Parameters": [{"N": "2"}]}
    with pytest.raises(ClientError) as refused:
        dynamodb.execute_transaction(TransactStatements=[both[0], check, third])
    codes = [reason["Code"] for reason in refused.value.response["CancellationReasons"]]
    assert codes == ["DuplicateItem", "ConditionalCheckFailed", "None"]
    assert numbers(execute(f"SELECT * FROM {table}")) == [0, 1]
    select = {"Statement": f"SELECT sk FROM {table} WHERE pk = 'x' AND sk = 1"}
    found = dynamodb.execute_transaction(TransactStatements=[select], ReturnConsumedCapacity="TOTAL")
    assert found["Responses"] == [{"Item": {"sk": {"N": "1"}}}]
    assert found["ConsumedCapacity"][0]["ReadCapacityUnits"] == 2.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT * FROM {} ORDER BY sk", "Must have WHERE clause"),
        ("SELECT * FROM {} WHERE sk = 1 ORDER BY sk", "Must have at least one non-optional hash key condition"),
        ("SELECT * FROM {} WHERE pk = 'x' ORDER BY g", "Variable reference g in ORDER BY clause"),
        ("SELECT * FROM {} WHERE pk = 1", "Condition parameter type does not match schema type"),
        ("EXISTS(SELECT * FROM {} WHERE pk = 'x')", "EXISTS can only be used in a transaction"),
        ("SELECT * FROM nowhere", "Requested resource not found"),
    ],
)
def test_statements_refused(execute, table, text, words):
    with pytest.raises(ClientError, match=words):
        execute(text.format(table))
