"""Errors: codes, places and words."""

import pytest

from freehold.engines.jsonata import EvaluationFailed, Function, InvalidExpression, Setting, compile

INVALID = {
    "'abc": ("S0101", 4),
    "1e999": ("S0102", 0),
    "'\\y'": ("S0103", 2),
    "'\\u12'": ("S0104", 2),
    "`abc": ("S0105", 4),
    "1 /* two": ("S0106", 2),
    "1 2": ("S0201", 2),
    "{'a', 1}": ("S0202", 4),
    "(1": ("S0203", 2),
    "a ! b": ("S0204", 2),
    "1 +": ("S0207", 3),
    "": ("S0207", 0),
    "function(a) { 1 }": ("S0208", 9),
    "$x{'a': 1}[0]": ("S0209", 10),
    "a{'a': 1}{'b': 2}": ("S0210", 9),
    "1 + )": ("S0211", 4),
    "a := 1": ("S0212", 0),
    "a.1": ("S0213", 2),
    "a@b": ("S0214", 2),
    "a[0]@$x": ("S0215", 4),
    "a^(b)@$x": ("S0216", 5),
    "%": ("S0217", 0),
    "$x ~> //": ("S0301", 7),
    "$f(/ab": ("S0302", 6),
    "$f(/(/)": ("S0302", 7),
    "$f(/[b-a]/)": ("S0303", 3),
    "function($x)<s<n>>{ 1 }": ("S0401", 14),
    "function($x)<(a<n>)>{ 1 }": ("S0402", 13),
}

FAILED = {
    "1 + 'a'": ("T2002", 2, 'The right side of the "+" operator must evaluate to a number'),
    "true * 2": ("T2001", 5, 'The left side of the "*" operator must evaluate to a number'),
    "-'a'": ("D1002", 0, 'Cannot negate a non-numeric value: "a"'),
    "1 < 'a'": ("T2009", 2, 'The values 1 and "a" either side of operator "<" must be of the same data type'),
    "[] > 1": ("T2010", 3, 'The expressions either side of operator ">" must evaluate to numeric or string values'),
    "[1.5..2]": ("T2003", 4, "The left side of the range operator (..) must evaluate to an integer"),
    "{1: 2}": ("T1003", 0, "Key in object structure must evaluate to a string; got: 1"),
    "{'a': 1, 'a': 2}": ("D1009", 0, 'Multiple key definitions evaluate to same key: "a"'),
    "$nothing()": ("T1006", 8, "Attempted to invoke a non-function"),
    "uppercase('a')": ("T1005", 9, "Attempted to invoke a non-function. Did you mean $uppercase?"),
    "$nothing(?)": ("T1008", 8, "Attempted to partially apply a non-function"),
    "1 ~> 2": ("T2006", 2, "The right side of the function application operator ~> must be a function"),
    "$uppercase(1)": ("T0410", 10, 'Argument 1 of function "uppercase" does not match function signature'),
    "[1].$uppercase()": ("T0411", 14, 'Context value is not a compatible type with argument 1 of function "uppercase"'),
    "$sum(['a'])": ("T0412", 4, 'Argument 1 of function "sum" must be an array of "numbers"'),
    "[{'a': 1}, {'a': 'b'}]^(a)": (
        "T2007",
        22,
        'Type mismatch when comparing values 1 and "b" in order-by clause',
    ),
    "$sort([1, 'a'])": (
        "D3070",
        5,
        "The single argument form of the sort function can only be applied to an array of strings or an array of "
        "numbers.  Use the second argument to specify a comparison function",
    ),
    "$number('x')": ("D3030", 7, 'Unable to cast value to a number: "x"'),
    "$error('Too much')": ("D3137", 6, "Too much"),
    "$assert(false)": ("D3141", 7, "$assert() statement failed"),
    "$single([1, 2])": (
        "D3138",
        7,
        "The $single() function expected exactly 1 matching result.  Instead it matched more.",
    ),
    "$toMillis('x')": (
        "D3110",
        9,
        'The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given "x"',
    ),
    "$match('aa', /x*/)": ("D1004", 6, "Regular expression matches zero length string"),
    "$split('a', $uppercase)": (
        "T1010",
        6,
        'The matcher function argument passed to function "split" does not return the correct object structure',
    ),
    "$decodeUrl('%')": ("D3140", 10, 'Malformed URL passed to $decodeUrl(): "%"'),
    "$eval('1 +')": (
        "D3120",
        5,
        'Syntax error in expression passed to function eval: "Unexpected end of expression"',
    ),
    "$string(1 / 0)": ("D3001", 7, "Attempting to invoke string function on Infinity or NaN"),
    "1 / 0": ("D1001", None, 'Number out of range: "Infinity"'),
    "{'a': [0 / 0]}": ("D1001", None, 'Number out of range: "NaN"'),
}


@pytest.mark.parametrize("text", INVALID)
def test_a_text_that_is_no_expression(text):
    with pytest.raises(InvalidExpression) as caught:
        compile(text)
    assert (caught.value.code, caught.value.position) == INVALID[text]
    assert caught.value.message


@pytest.mark.parametrize("text", FAILED)
def test_an_expression_without_a_value(text):
    with pytest.raises(EvaluationFailed) as caught:
        compile(text).evaluate()
    assert (caught.value.code, caught.value.position, caught.value.message) == FAILED[text]


def test_an_error_says_where_it_came_from_first():
    with pytest.raises(EvaluationFailed) as caught:
        compile("($f := function() { $g() }; $g := function() { 'a' - 1 }; 1 + $f())").evaluate()
    assert (caught.value.code, caught.value.position) == ("T2001", 51)


def test_a_function_can_be_taken_away_and_added():
    setting = Setting(functions={"eval": None, "twice": Function(lambda run, value: value * 2, "<n:n>")})
    assert compile("$twice(21)").evaluate(None, {}, setting) == 42
    with pytest.raises(EvaluationFailed) as caught:
        compile("$eval('1')").evaluate(None, {}, setting)
    assert str(caught.value) == "T1006: Attempted to invoke a non-function"


def test_without_a_source_of_chance_there_is_none():
    with pytest.raises(EvaluationFailed, match="This setting has no source of chance"):
        compile("$random()").evaluate()
