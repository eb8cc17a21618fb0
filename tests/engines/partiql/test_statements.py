"""PartiQL statements: what they are made into, and what is refused without a table."""

import pytest

from freehold.engines.expressions import ValidationException, condition_of, update_of
from freehold.engines.partiql import Bindings, Columns, equalities, exact_key, key_test, only_key, parse

SCHEMA = (("a", "S"), ("b", "N"))
ITEM = {"a": {"S": "x"}, "b": {"N": "2"}, "l": {"L": [{"N": "1"}, {"M": {"z": {"S": "deep"}}}]}, "n": {"NULL": True}}


def holds(where: str, *parameters: dict) -> bool:
    statement = parse(f"SELECT * FROM t WHERE {where}")
    bindings = Bindings(statement, parameters)
    return condition_of("WHERE clause", statement.action.where, bindings).holds(ITEM)


@pytest.mark.parametrize(
    "where",
    [
        "a = 'x'",
        "'x' = a",
        "b > 1 AND b <= 2.0 AND b != -3",
        "b BETWEEN 1 AND 3",
        "b NOT BETWEEN 3 AND 4",
        "a IN ['y', 'x']",
        "a NOT IN ('y', 'z')",
        "c IS MISSING AND a IS NOT MISSING",
        "n IS NULL AND a IS NOT NULL",
        "NOT (a = 'y' OR b = 3)",
        "BEGINS_WITH(a, 'x') and contains(l, 1)",
        "attribute_type(\"b\", 'N')",
        "size(l) = 2",
        "l[1].z = 'deep' AND \"l\"[1]['z'] = 'deep'",
        "l = [1, {'z': 'deep'}]",
        "a = 'y' OR a = 'x' AND b = 2",
    ],
)
def test_conditions_hold(where: str) -> None:
    assert holds(where)


def test_parameters_take_the_place_of_terms() -> None:
    assert holds("a = ? AND b IN [?, ?]", {"S": "x"}, {"N": "9"}, {"N": "2"})
    with pytest.raises(ValidationException, match="Number of parameters in request and statement don't match"):
        holds("a = ?")


def test_items_are_written_out() -> None:
    statement = parse(
        "INSERT INTO \"my-table\" VALUE {'a': 'it''s', \"b\": ?, 's': <<1, 2>>, 'm': {'t': true, 'l': []}}"
    )
    assert statement.table == "my-table"
    assert Bindings(statement, [{"N": "1.0"}]).item(statement.action) == {
        "a": {"S": "it's"},
        "b": {"N": "1"},
        "s": {"NS": ["1", "2"]},
        "m": {"M": {"t": {"BOOL": True}, "l": {"L": []}}},
    }


def test_updates_are_those_of_expressions() -> None:
    statement = parse(
        "UPDATE t SET b = b + 1, l = list_append(l, ['new']) SET s = set_add(s, <<'q'>>) REMOVE n "
        "WHERE a = 'x' AND b = 2 RETURNING MODIFIED NEW *"
    )
    update = update_of("UpdateExpression", statement.action.tree, Bindings(statement, []))
    updated = update.apply(ITEM)
    assert updated["b"] == {"N": "3"}
    assert updated["l"]["L"][2] == {"S": "new"}
    assert updated["s"] == {"SS": ["q"]}
    assert "n" not in updated
    assert statement.action.returning == "UPDATED_NEW"


def test_keys_are_found_in_conditions() -> None:
    statement = parse("SELECT * FROM t.i WHERE a IN ['x', 'y', 'x'] AND (c = 1 OR c = 2) AND b >= 3")
    where, bindings = statement.action.where, Bindings(statement, [])
    assert (statement.table, statement.index_name) == ("t", "i")
    assert equalities(where, "a", bindings) == [{"S": "x"}, {"S": "y"}]
    assert equalities(where, "c", bindings) is None
    assert key_test(where, "b", "N", bindings) == (">=", ({"N": "3"},))
    with pytest.raises(ValidationException, match="mandatory equality on all key attributes"):
        exact_key(where, SCHEMA, bindings)


def test_a_key_may_be_all_that_is_asked_for() -> None:
    for where, only in (("a = 'x' AND b = 2", True), ("a = 'x' AND b = 2 AND c = 3", False)):
        statement = parse(f"DELETE FROM t WHERE {where}")
        bindings = Bindings(statement, [])
        assert exact_key(statement.action.where, SCHEMA, bindings) == {"a": {"S": "x"}, "b": {"N": "2"}}
        assert only_key(statement.action.where, SCHEMA) == only


def test_columns_are_named_by_the_last_of_their_path() -> None:
    columns = Columns(parse("SELECT a, l[1].z, l[0], nothing FROM t").action.columns)
    assert columns.of(ITEM) == {"a": {"S": "x"}, "z": {"S": "deep"}, "l[0]": {"N": "1"}}


def test_orders_are_read() -> None:
    assert parse("SELECT * FROM t WHERE a = 'x' ORDER BY b DESC, a ASC").action.order == (("b", True), ("a", False))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELEC * FROM t", "Unexpected term: SELEC at position 0"),
        ("SELECT * FROM t WHERE", "Unexpected end of statement"),
        ("SELECT * FROM t WHERE a = 'x", "Invalid character at position 26"),
        ("SELECT * FROM t WHERE shout(a)", "No such function: shout"),
        ("UPDATE t WHERE a = 1", "Unexpected term: WHERE at position 9"),
        ("DELETE FROM t WHERE a = 1 RETURNING ALL NEW *", "Unexpected term: ALL at position 36"),
        ("SELECT * FROM t WHERE " + "(" * 101 + "a = 1" + ")" * 101, "Nested more than 100 levels deep"),
        ("SELECT * FROM t WHERE a = 1 " + " " * 8192, "Statement length exceeds maximum allowed size: 8192"),
    ],
)
def test_what_is_no_statement_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValidationException) as refused:
        parse(text)
    assert refused.value.message.endswith(words)


def test_sets_are_of_one_type() -> None:
    statement = parse("INSERT INTO t VALUE {'a': <<1, 'x'>>}")
    with pytest.raises(ValidationException, match="Members of a set"):
        Bindings(statement, []).item(statement.action)
