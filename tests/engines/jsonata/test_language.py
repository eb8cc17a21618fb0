"""The language: paths, predicates, operators, names, functions. Results as https://docs.jsonata.org describes them."""

import pytest

from freehold.engines.jsonata import UNDEFINED, compile, is_function

SHOP = {
    "name": "Corner",
    "open": True,
    "owner": None,
    "orders": [
        {"id": 1, "lines": [{"sku": "hat", "price": 30.5, "quantity": 2}, {"sku": "cap", "price": 20, "quantity": 1}]},
        {
            "id": 2,
            "lines": [{"sku": "hat", "price": 30.5, "quantity": 4}, {"sku": "scarf", "price": 9.5, "quantity": 3}],
        },
        {"id": 3, "lines": []},
    ],
    "tags": {"b": [1, [2, 3]], "a": "x"},
    "single": [7],
    "empty": [],
    "with space": 1,
    "and": "a word",
}

PATHS = {
    "name": "Corner",
    "orders.id": [1, 2, 3],
    "orders.lines.sku": ["hat", "cap", "hat", "scarf"],
    "orders[0].lines[0].sku": "hat",
    "orders.lines[0].sku": ["hat", "hat"],
    "(orders.lines)[0].sku": "hat",
    "orders[-1].id": 3,
    "orders[1.9].id": 2,
    "orders[[0, 2]].id": [1, 3],
    "orders[[0..1]].id": [1, 2],
    "orders.lines[price > 20].price": [30.5, 30.5],
    "orders.lines[sku = 'scarf'].quantity": 3,
    "orders.lines[sku = 'scarf'].quantity[]": [3],
    "nothing": UNDEFINED,
    "nothing.at.all": UNDEFINED,
    "orders.nothing": UNDEFINED,
    "name.nothing": UNDEFINED,
    "owner": None,
    "single": [7],
    "single[0]": 7,
    "empty": [],
    "`with space`": 1,
    "'with space'": "with space",
    "$.'with space'": 1,
    "and": "a word",
    "tags.*": [1, 2, 3, "x"],
    "tags.b": [1, [2, 3]],
    "$count(**)": 34,
    "**.sku": ["hat", "cap", "hat", "scarf"],
    "$$.name": "Corner",
    "orders.(id * 2)": [2, 4, 6],
    "orders.[id]": [[1], [2], [3]],
    "orders.{'n': id}": [{"n": 1}, {"n": 2}, {"n": 3}],
    "orders.[nothing].(id[0])": UNDEFINED,
    "[].a[0]": [],
    "orders.lines.sku[0]": ["hat", "cap", "hat", "scarf"],
}

ORDERS = {
    "orders^(>id).id": [3, 2, 1],
    "orders.lines^(sku, >quantity).quantity": [1, 4, 2, 3],
    "orders.lines.%.id": [1, 1, 2, 2],
    "orders.lines[%.id = 2].sku": ["hat", "scarf"],
    "orders.lines.sku.%.%.id": [1, 1, 2, 2],
    "orders#$i.$i": [0, 1, 2],
    "orders.lines#$i[$i = 1].sku": ["cap", "scarf"],
    "(orders.lines)#$i[$i = 1].sku": "cap",
    "orders@$o.lines.{'id': $o.id}": UNDEFINED,
    "orders@$o.$o.lines.(sku & $o.id)": ["hat1", "cap1", "hat2", "scarf2"],
    "orders.lines{sku: $sum(quantity)}": {"hat": 6, "cap": 1, "scarf": 3},
    "orders.lines{sku: $.price[]}": {"hat": [30.5, 30.5], "cap": [20], "scarf": [9.5]},
    "nothing{'a': 1}": {"a": 1},
}

OPERATORS = {
    "1 + 2 * 3 - 4 / 2": 5,
    "7 % 3": 1,
    "-7 % 3": -1,
    "0.1 + 0.2": 0.30000000000000004,
    "9007199254740992 + 1": 9007199254740992,
    "1 + nothing": UNDEFINED,
    "-nothing": UNDEFINED,
    "-(3)": -3,
    "1 = 1.0": True,
    "1 = true": False,
    "null = null": True,
    "nothing = nothing": False,
    "nothing != 1": False,
    "{'a': [1, 2]} = {'a': [1, 2]}": True,
    "'a' < 'b'": True,
    "1 < nothing": UNDEFINED,
    "'a' & 1 & true & null & nothing & [1, 'b']": 'a1truenull[1,"b"]',
    "2 in [1, 2]": True,
    "true in [1]": False,
    "nothing in [1]": False,
    "true and 'x'": True,
    "[] or {}": False,
    "[0, 1] and true": True,
    "false and $error('not looked at')": False,
    "[1..3]": [1, 2, 3],
    "[1, 3..5, 'x']": [1, 3, 4, 5, "x"],
    "[3..1]": [],
    "[[1, 2], 3]": [[1, 2], 3],
    "true ? 'yes' : 'no'": "yes",
    "false ? 'yes'": UNDEFINED,
    "0 ?: 'other'": "other",
    "nothing ?? 'other'": "other",
    "0 ?? 'other'": 0,
    "/* a comment */ 1": 1,
    "'\\u0041\\n\\ud83d\\ude00'": "A\n\U0001f600",
    "(1; 2; 3)": 3,
    "()": UNDEFINED,
}

NAMES = {
    "($x := 1; ($x := 2); $x)": 1,
    "($f := function($a, $b) { $a & $b }; $f('x'))": "x",
    "($f := λ($n) { $n < 2 ? 1 : $n * $f($n - 1) }; $f(10))": 3628800,
    "($n := 5; $add := function($x) { $x + $n }; [1, 2].$add($))": [6, 7],
    "($plus := function($a, $b) { $a + $b }; $inc := $plus(1, ?); $inc(2))": 3,
    "($up := $uppercase ~> $trim; $up(' a '))": "A",
    "' a ' ~> $trim ~> $uppercase()": "A",
    "'abc' ~> $substring(1)": "bc",
    "function($x) { $x * 2 }(4)": 8,
    "($even := function($n) { $n = 0 ? true : $odd($n - 1) }; $odd := function($n) { $n = 0 ? false : $even($n - 1) }; "
    "$even(5000))": True,
    "$map([1, 2], $string)": ["1", "2"],
    "name ~> $uppercase": "CORNER",
    "tags ~> | $ | {'a': 'y', 'c': 3}, 'b' |": {"a": "y", "c": 3},
    "(tags ~> | $ | {'a': 'y'} |; tags.a)": "x",
    "$sum := 3": 3,
    "($count := 3; $count)": 3,
    "function($x)<n:n>{ $x }(4)": 4,
    "function($x, $y)<a<n>s?:n>{ $x }(4)": [4],
}


@pytest.mark.parametrize(
    ("text", "value"), [each for table in (PATHS, ORDERS, OPERATORS, NAMES) for each in table.items()]
)
def test_value(text, value):
    result = compile(text).evaluate(SHOP)
    assert result is value if value is UNDEFINED else (result == value and type(result) is type(value))


def test_an_input_that_is_an_array_is_one_context():
    assert compile("$count($)").evaluate([1, 2, 3]) == 3
    assert compile("$[0]").evaluate([1, 2, 3]) == 1
    assert compile("a").evaluate([{"a": 1}, {"a": 2}]) == [1, 2]


def test_bindings_are_variables_and_stay_as_they_are():
    bindings = {"x": {"a": [1, {"b": 2}]}}
    expression = compile("($y := $x.a; $x := 1; $y ~> | $ | {'b': 3} |)")
    assert expression.evaluate(UNDEFINED, bindings) == [1, {"b": 3}]
    assert bindings == {"x": {"a": [1, {"b": 2}]}}


def test_a_variable_goes_before_a_function_of_the_same_name():
    assert compile("$count").evaluate(UNDEFINED, {"count": 5}) == 5


def test_a_result_that_is_or_holds_a_function_is_one():
    for text in ("$sum", "function($x) { $x }", "/a/", "{'a': [function() { 1 }]}", "$substring(?, 1)"):
        assert is_function(compile(text).evaluate())
    assert not is_function(compile("{'a': 1}").evaluate())


def test_results_are_plain_json():
    result = compile("{'a': orders.id, 'b': [orders.lines.[sku]], 'c': $keys(tags)}").evaluate(SHOP)
    assert [type(value) for value in result.values()] == [list, list, list]
    assert type(result["b"][0]) is list


def test_parts_of_the_input_are_not_copied():
    assert compile("single").evaluate(SHOP) is SHOP["single"]


def test_an_expression_is_evaluated_often():
    expression = compile("($n := x; $n + 1)")
    assert [expression.evaluate({"x": x}) for x in (1, 2.5, 10**20)] == [2, 3.5, 10**20]
