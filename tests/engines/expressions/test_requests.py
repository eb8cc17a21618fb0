"""Requests: expressions together, placeholders unused, and the legacy parameters."""

import pytest

from freehold.engines.expressions import KeyTest, ValidationException, admit_request, compile_request

INVALID = "One or more parameter values were invalid: "
MIXED = "Can not use both expression and non-expression parameters in the same request: "


@pytest.mark.parametrize(
    ("operation", "request_", "words"),
    [
        (
            "Query",
            {"AttributesToGet": ["a"], "KeyConditions": {}, "FilterExpression": "", "KeyConditionExpression": ""},
            MIXED + "Non-expression parameters: {AttributesToGet, KeyConditions} "
            "Expression parameters: {FilterExpression, KeyConditionExpression}",
        ),
        (
            "UpdateItem",
            {"ExpressionAttributeNames": {}},
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
        (
            "UpdateItem",
            {"ExpressionAttributeValues": {}},
            "ExpressionAttributeValues can only be specified when using expressions: "
            "UpdateExpression and ConditionExpression are null",
        ),
        (
            "Scan",
            {"ProjectionExpression": "a", "ExpressionAttributeValues": {}},
            "ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null",
        ),
        (
            "PutItem",
            {"ConditionExpression": "", "ExpressionAttributeNames": {}},
            "ExpressionAttributeNames must not be empty",
        ),
        (
            "PutItem",
            {"ConditionExpression": "", "ExpressionAttributeValues": {"b": {"S": "a"}}},
            'ExpressionAttributeValues contains invalid key: Syntax error; key: "b"',
        ),
        (
            "PutItem",
            {"ConditionExpression": "", "ExpressionAttributeValues": {":b": {"N": "x"}}},
            "ExpressionAttributeValues contains invalid value: "
            "The parameter cannot be converted to a numeric value: x for key :b",
        ),
        (
            "UpdateItem",
            {"UpdateExpression": "remove a", "ConditionExpression": ""},
            "Invalid ConditionExpression: The expression can not be empty;",
        ),
        (
            "UpdateItem",
            {
                "UpdateExpression": "remove a",
                "ConditionExpression": "a = :b",
                "ExpressionAttributeValues": {":a": {"S": "a"}, ":b": {"S": "a"}},
            },
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}",
        ),
        (
            "GetItem",
            {"ProjectionExpression": "a", "ExpressionAttributeNames": {"#a": "a", "#b": "b"}},
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}",
        ),
        (
            "Query",
            {
                "KeyConditionExpression": "attribute_type(a, :a)",
                "FilterExpression": "",
                "ExpressionAttributeValues": {":a": {"S": "N"}},
            },
            "Invalid FilterExpression: The expression can not be empty;",
        ),
        ("GetItem", {"AttributesToGet": ["a", "a"]}, INVALID + "Duplicate value in attribute name: a"),
        (
            "PutItem",
            {"Expected": {"a": {}}},
            INVALID + "Value must be provided when Exists is null for Attribute: a",
        ),
        (
            "PutItem",
            {"Expected": {"a": {"Exists": False, "Value": {"S": "a"}}}},
            INVALID + "Value cannot be used when Exists is false for Attribute: a",
        ),
        (
            "PutItem",
            {"Expected": {"a": {"ComparisonOperator": "EQ"}}},
            INVALID + "Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a",
        ),
        (
            "PutItem",
            {"Expected": {"a": {"ComparisonOperator": "BETWEEN", "AttributeValueList": [{"S": "b"}, {"S": "a"}]}}},
            "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound",
        ),
        (
            "Scan",
            {"ScanFilter": {"a": {"ComparisonOperator": "LT", "AttributeValueList": [{"BOOL": True}]}}},
            INVALID + "ComparisonOperator LT is not valid for BOOL AttributeValue type",
        ),
        (
            "Scan",
            {"ScanFilter": {"a": {"ComparisonOperator": "NULL", "AttributeValueList": [{"S": "a"}]}}},
            INVALID + "Invalid number of argument(s) for the NULL ComparisonOperator",
        ),
        (
            "UpdateItem",
            {"AttributeUpdates": {"a": {"Action": "PUT"}}},
            INVALID + "Only DELETE action is allowed when no attribute value is specified",
        ),
        (
            "UpdateItem",
            {"AttributeUpdates": {"a": {"Action": "ADD", "Value": {"S": "a"}}}},
            INVALID + "ADD action is not supported for the type S",
        ),
    ],
)
def test_requests_refused(operation: str, request_: dict, words: str) -> None:
    with pytest.raises(ValidationException) as refused:
        admit_request(operation, request_)
        compile_request(operation, request_)
    assert refused.value.message == words


def test_a_query_whole() -> None:
    compiled = compile_request(
        "Query",
        {
            "KeyConditionExpression": "#h = :h and begins_with(r, :p)",
            "FilterExpression": "size(b) > :n",
            "ProjectionExpression": "#h, b",
            "ExpressionAttributeNames": {"#h": "name"},
            "ExpressionAttributeValues": {":h": {"S": "x"}, ":p": {"S": "y"}, ":n": {"N": "2"}},
        },
    )
    assert compiled.keys == {"name": KeyTest("=", ({"S": "x"},)), "r": KeyTest("begins_with", ({"S": "y"},))}
    assert compiled.filter and compiled.filter.holds({"b": {"S": "abc"}})
    assert compiled.projection and compiled.projection.of({"name": {"S": "x"}, "c": {"S": "z"}}) == {"name": {"S": "x"}}


def condition(operator: str, *values: dict) -> dict:
    return {"ComparisonOperator": operator, "AttributeValueList": list(values)}


@pytest.mark.parametrize(
    ("filters", "joint", "holds"),
    [
        ({"s": condition("EQ", {"S": "hello"})}, None, True),
        ({"s": condition("NE", {"S": "hello"})}, None, False),
        ({"gone": condition("NE", {"S": "x"})}, None, True),
        ({"n": condition("BETWEEN", {"N": "1"}, {"N": "1e1"})}, None, True),
        ({"s": condition("IN", {"S": "x"}, {"S": "hello"})}, None, True),
        ({"gone": condition("NULL"), "n": condition("NOT_NULL")}, None, True),
        ({"s": condition("NOT_CONTAINS", {"S": "x"})}, None, True),
        ({"gone": condition("NOT_CONTAINS", {"S": "x"})}, None, False),
        ({"s": condition("BEGINS_WITH", {"S": "x"}), "n": condition("GT", {"N": "4"})}, "OR", True),
        ({"s": condition("BEGINS_WITH", {"S": "x"}), "n": condition("GT", {"N": "4"})}, "AND", False),
    ],
)
def test_legacy_filters(filters: dict, joint: str | None, holds: bool) -> None:
    request = {"ScanFilter": filters, "ConditionalOperator": joint}
    compiled = compile_request("Scan", request)
    assert compiled.filter and compiled.filter.holds({"s": {"S": "hello"}, "n": {"N": "5"}}) is holds


@pytest.mark.parametrize(
    ("expected", "holds"),
    [({"Exists": False}, False), ({"Value": {"N": "5.0"}}, True), ({"Exists": True, "Value": {"N": "6"}}, False)],
)
def test_legacy_expectations(expected: dict, holds: bool) -> None:
    compiled = compile_request("PutItem", {"Expected": {"n": expected}})
    assert compiled.condition and compiled.condition.holds({"n": {"N": "5"}}) is holds


def test_legacy_updates() -> None:
    updates = {
        "a": {"Value": {"S": "new"}},
        "n": {"Action": "ADD", "Value": {"N": "2"}},
        "l": {"Action": "ADD", "Value": {"L": [{"S": "z"}]}},
        "s": {"Action": "DELETE", "Value": {"SS": ["x"]}},
        "gone": {"Action": "DELETE"},
    }
    compiled = compile_request("UpdateItem", {"AttributeUpdates": updates}).update
    assert compiled
    item = {"n": {"N": "1"}, "l": {"L": []}, "s": {"SS": ["x", "y"]}, "gone": {"S": "?"}}
    new = {"a": {"S": "new"}, "n": {"N": "3"}, "l": {"L": [{"S": "z"}]}, "s": {"SS": ["y"]}}
    assert compiled.apply(item) == new
    assert compiled.touched(new) == new
    with pytest.raises(ValidationException, match="Type mismatch for attribute to update"):
        compiled.apply({"n": {"S": "1"}})


CONDITION = "#a BETWEEN :low AND :high AND attribute_type(b, :type)"


def conditional(text: str = CONDITION, names: dict | None = None, **values: dict) -> dict:
    usual = {":low": {"N": "1"}, ":high": {"N": "5"}, ":type": {"S": "S"}}
    given = usual | {f":{name}": value for name, value in values.items()}
    return {
        "ConditionExpression": text, "ExpressionAttributeNames": names or {"#a": "a"},
        "ExpressionAttributeValues": given,
    }  # fmt: skip


def holds(item: dict, **changed: dict) -> bool:
    condition = compile_request("PutItem", conditional(**changed)).condition
    assert condition
    return condition.holds(item)


def test_requests_that_are_alike_have_their_own_values_and_names() -> None:
    item = {"a": {"N": "7"}, "b": {"S": "x"}, "c": {"N": "3"}}
    assert not holds(item)
    assert holds(item, high={"N": "9.0"})
    assert holds(item, names={"#a": "c"})
    assert not holds(item, high={"S": "9"}, low={"S": "1"})
    assert not holds(item)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"low": {"N": "9"}}, "The BETWEEN operator requires upper bound to be greater than or equal to lower bound"),
        ({"type": {"S": "X"}}, "Invalid attribute type name found"),
        ({"low": {"N": "9"}, "type": {"S": "X"}}, "The BETWEEN operator requires upper bound"),
        ({"low": {"S": "1"}}, "The BETWEEN operator requires same data type for lower and upper bounds"),
        ({"high": {"N": "5", "S": "5"}}, "must contain exactly one"),
        ({"high": {"N": "x"}}, "cannot be converted to a numeric value: x for key :high"),
        ({"low": {"L": []}, "high": {"L": []}}, "Incorrect operand type for operator or function"),
        ({"more": {"N": "1"}}, "unused in expressions: keys: {:more}"),
    ],
)
def test_a_request_like_one_that_was_in_order_is_refused_as_if_it_were_the_first(changed: dict, words: str) -> None:
    assert holds({"a": {"N": "1"}, "b": {"S": "x"}})
    for _ in range(2):
        with pytest.raises(ValidationException) as refused:
            holds({}, **changed)
        assert words in refused.value.message


def test_updates_and_key_conditions_that_are_alike_have_their_own_values() -> None:
    for amount in ("1", "2.50"):
        update = compile_request(
            "UpdateItem", {"UpdateExpression": "SET a = a + :n", "ExpressionAttributeValues": {":n": {"N": amount}}}
        ).update
        assert update and update.apply({"a": {"N": "1"}}) == {"a": {"N": str(1 + float(amount)).removesuffix(".0")}}
        keys = compile_request(
            "Query",
            {"KeyConditionExpression": ":n > b AND a = :n", "ExpressionAttributeValues": {":n": {"N": amount}}},
        ).keys
        value = {"N": amount.removesuffix("0")}
        assert keys == {"b": KeyTest("<", (value,)), "a": KeyTest("=", (value,))}
