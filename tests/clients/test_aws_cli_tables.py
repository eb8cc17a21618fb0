"""`aws dynamodb`: what people type to make, fill, read and drop a table."""

import json

import pytest


@pytest.fixture
def table(freehold, name):
    words = ("--attribute-definitions", "AttributeName=shop,AttributeType=S", "AttributeName=n,AttributeType=N")
    keys = ("--key-schema", "AttributeName=shop,KeyType=HASH", "AttributeName=n,KeyType=RANGE")
    freehold.aws("dynamodb", "create-table", "--table-name", name, *words, *keys, "--billing-mode", "PAY_PER_REQUEST")
    freehold.aws("dynamodb", "wait", "table-exists", "--table-name", name)
    return name


def test_items_are_written_and_read_page_by_page(freehold, table, tmp_path):
    about = ("--table-name", table)
    puts = [{"PutRequest": {"Item": {"shop": {"S": "a"}, "n": {"N": str(n)}, "data": {"B": "hat"}}}} for n in range(9)]
    (tmp_path / "items.json").write_text(json.dumps({table: puts}))
    written = freehold.aws("dynamodb", "batch-write-item", "--request-items", f"file://{tmp_path}/items.json")
    assert written["UnprocessedItems"] == {}
    key = json.dumps({"shop": {"S": "a"}, "n": {"N": "1"}})
    changed = freehold.aws(
        "dynamodb", "update-item", *about, "--key", key, "--update-expression", "SET price = :p", "--return-values",
        "ALL_NEW", "--expression-attribute-values", '{":p": {"N": "12.50"}}',
    )  # fmt: skip
    assert changed["Attributes"]["price"] == {"N": "12.5"}
    assert freehold.aws("dynamodb", "get-item", *about, "--key", key)["Item"]["data"] == {
        "B": "aGF0"
    }  # it takes bytes plain
    values = ("--expression-attribute-values", '{":s": {"S": "a"}, ":n": {"N": "2"}}')
    query = ("dynamodb", "query", *about, "--key-condition-expression", "shop = :s AND n > :n", *values)
    read = freehold.aws(*query, "--no-scan-index-forward", "--page-size", "2", "--query", "Items[].n.N")
    assert read == ["8", "7", "6", "5", "4", "3"]
    few = freehold.aws("dynamodb", "scan", *about, "--max-items", "4")
    assert (len(few["Items"]), few["Count"]) == (4, 9)
    rest = freehold.aws("dynamodb", "scan", *about, "--starting-token", few["NextToken"])
    assert len(rest["Items"]) == 5


def test_a_refusal_and_a_table_that_goes(freehold, table):
    about = ("--table-name", table)
    item = json.dumps({"shop": {"S": "a"}, "n": {"N": "1"}})
    once = ("dynamodb", "put-item", *about, "--item", item, "--condition-expression", "attribute_not_exists(n)")
    freehold.aws(*once)
    assert "(ConditionalCheckFailedException)" in freehold.run("aws", *once).stderr
    freehold.aws("dynamodb", "delete-table", *about)
    freehold.aws("dynamodb", "wait", "table-not-exists", *about)
    assert "(ResourceNotFoundException)" in freehold.run("aws", "dynamodb", "describe-table", *about).stderr
