"""What keeps a hostile expression from holding the process, and what holds for every expression."""

import sys
import threading
from contextlib import suppress
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from freehold.engines.jsonata import UNDEFINED, JsonataError, Setting, compile, is_function, step_functions
from freehold.engines.jsonata.parser import NESTING_MAX

DATA = {"a": {"b": [{"c": 1, "d": "x"}, {"c": 2}, None]}, "e": [1, "y", [2, 3]], "f": True, "g": 1.5, "h": "2024-01-01"}
DATA_AS_IT_WAS = deepcopy(DATA)
PLAIN = {type(None), bool, int, float, str, list, dict}

WORDS = [
    word
    for line in (
        "a b c e f g $ $$ $x $i % * ** . .. [ ] { } ( ) , ; : := ? ?: ?? @ # ^ < > <= >= = != + - / & ~> | and or in",
        "true false null 1 0 -1 2.5 1e9 'x' \"y\" `z` /a+/ /(.)b/i function λ $map $sort $reduce $sum $string $split",
        "$match $replace $formatNumber $fromMillis $eval $spread $zip $each <n:n> '#,##0.00' '[Y]' [0] [] {} (a) $f(",
        "$v ! ~ /* */",
    )
    for word in line.split()
]
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join))
FUNCTIONS = [*(f"${name}" for name in step_functions.FUNCTIONS), "$pad", "$formatInteger", "$toMillis", "$lookup"]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def is_plain(value):
    if type(value) not in PLAIN:
        return False
    return all(map(is_plain, value.values() if type(value) is dict else value if type(value) is list else ()))


@settings(max_examples=600, deadline=None)
@given(TEXTS)
def test_nothing_but_the_two_errors_comes_out(text):
    setting = Setting(random=lambda: 0.5, new_id=lambda: "id", steps_max=100_000)
    with suppress(JsonataError):
        result = compile(text).evaluate(DATA, {"x": [1, {"a": 2}]}, setting)
        assert result is UNDEFINED or is_function(result) or is_plain(result)
    assert DATA == DATA_AS_IT_WAS


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from([*FUNCTIONS, *(word for word in WORDS if word[0] == "$" and word[1:])]),
    st.lists(VALUES, max_size=4),
)
def test_no_arguments_bring_a_function_down(name, arguments):
    names = {f"v{number}": value for number, value in enumerate(arguments)}
    text = f"{name.rstrip('(')}({', '.join(f'${each}' for each in names)})"
    setting = Setting(random=lambda: 0.5, new_id=lambda: "id", steps_max=100_000, functions=step_functions.FUNCTIONS)
    with suppress(JsonataError):
        result = compile(text).evaluate(UNDEFINED, names, setting)
        assert result is UNDEFINED or is_function(result) or is_plain(result)


DOUBLED = "($a := [1..10]; " + "".join(f"$a := [{', '.join(['[$a]'] * 10)}]; " for _ in range(8))

HOSTILE = {
    "endless recursion": "($f := function() { 1 + $f() }; $f())",
    "endless tail calls": "($f := function() { $f() }; $f())",
    "endless composition": "($f := function($x) { ($f ~> $f)($x) }; $f(1))",
    "endless mapping": "($f := function($x) { $map([1..1000], $f) }; $f(1))",
    "recursion without end by two": "($f := function($n) { $f($n) & $f($n) }; $f(1))",
    "a huge range": "[1..1e9]",
    "a huge range by step": "$range(1, 1e15, 1)",
    "a range beyond all numbers": "$range(1, 1e308, 1e-300)",
    "a huge pad": "$pad('x', 1e9)",
    "doubling text": "$reduce([1..64], function($s, $i) { $s & $s }, 'ab')",
    "doubling by replace": "$reduce([1..64], function($s, $i) { $replace($s, 'a', 'aa') }, 'a')",
    "doubling by join": "$reduce([1..64], function($s, $i) { $join([$s, $s]) }, 'a')",
    "doubling arrays": "$reduce([1..64], function($a, $i) { $append($a, $a) }, [1, 2])",
    "many large strings": "$map([1..10000], function($i) { $pad('x', 900000 + $i) })",
    "many readings of large strings": "($s := $pad('', 1000000, 'a'); $t := $s & ''; $u := $substring($s, 1) & 'a'; "
    "$map([1..100000], function($i) { $s = $u and $uppercase($s) > $t }))",
    "a doubled array as the result": DOUBLED + "$a)",
    "a doubled array as text": DOUBLED + "$string($a))",
    "doubled arrays compared": DOUBLED + "$a = $a)",
    "the descendants of a doubled array": DOUBLED + "$count($a.**))",
    "a doubled array taken for a condition": DOUBLED.replace("1..10", "0, 0") + "$boolean($a))",
    "sorting with a slow function": "$sort([1..100000], function($a, $b) { $count([1..1000]) > $a })",
    "a Roman number of many letters": "$formatInteger(1e15, 'I')",
    "a large cross product": "[1..2000]@$a.[1..2000]@$b.($a + $b)",
    "a value within itself": "{'a': 1} ~> | $ | {'self': $} |",
    "a regular expression that refers back": "$match($pad('', 60, 'a'), /(a*)*\\1b/)",
    "nested parentheses": "(" * 5_000,
    "nested arrays": "[" * 5_000 + "]" * 5_000,
    "nested minus": "-" * 5_000 + "1",
    "nested functions": "$f(" * 5_000,
    "nested conditions": "a ? " * 5_000,
    "a long chain of comparisons": "1" + " = 1" * 5_000,
    "a long chain of calls": "$f" + "()" * 5_000,
    "nested groups of a pattern": "/" + "(" * 5_000 + ")" * 5_000 + "/",
    "a pattern that counts too far": "/((a{100}){100}){100}/",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.timeout(30)
def test_hostile_expressions_end_with_an_error(text):
    with pytest.raises(JsonataError):
        compile(text).evaluate({"a": {}}, {}, Setting(functions=step_functions.FUNCTIONS))


LINEAR = {
    "(a+)+$": "a" * 5_000 + "b",
    "(a|a)*b": "a" * 5_000,
    "(a*)*b": "a" * 5_000,
    "(.*)(.*)(.*)(.*)x": "a" * 5_000,
    "^(([a-z])+.)+[A-Z]([a-z])+$": "a" * 5_000,
    "(?=(a+)+b)": "a" * 300,
}


@pytest.mark.parametrize("pattern", LINEAR)
@pytest.mark.timeout(30)
def test_patterns_that_backtrack_elsewhere_are_matched(pattern):
    assert compile(f"$contains($s, /{pattern}/)").evaluate(UNDEFINED, {"s": LINEAR[pattern]}) is False


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "piece", ["a.", "1+", "a[0]", "'x'&", "a and ", "[1],", "%.", "/* */", "a^(b)", "{'a':1}.", "a@$x."]
)
def test_long_texts_are_read_in_good_time(piece):
    with suppress(JsonataError):
        compile(piece * (30_000 // len(piece)) + "a")


NESTS = {  # what opens a level, what closes it, and how many levels of the grammar it is
    "parentheses": ("(", ")", 1),
    "paths": ("a.(", ")", 2),
    "predicates": ("a[", "]", 1),
    "calls": ("$string(", ")", 1),
    "chained calls": ("1 ~> $append(", ")", 2),
    "conditions": ("true ? ", " : 2", 1),
    "else": ("false ? 1 : ", "", 1),
    "functions": ("function() { ", " }()", 1),
    "objects": ("{'a': ", "}", 1),
    "groups": ("a{'a': ", "}", 1),
    "arrays": ("[", "]", 1),
    "orders": ("a^(", ")", 1),
    "transforms": ("($ ~> | a | {'b': ", "} |)", 4),
    "streams": ("a@$x.(", ")", 2),
    "operators": ("1 + (", ")", 2),
    "defaults": ("(null ?: ", ")", 2),
}


@pytest.mark.parametrize("opening, closing, levels", NESTS.values(), ids=NESTS.keys())
def test_what_may_be_nested_has_room_on_the_stack(opening, closing, levels):
    """Also under a server, whose own frames take some of the thousand that Python allows."""
    depth = (NESTING_MAX - 2) // levels
    text = opening * depth + "1" + closing * depth

    def under(frames):
        return under(frames - 1) if frames else compile(text).evaluate({"a": [{"b": 1}]})

    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(under(100)))  # a stack of its own, without pytest's frames
    thread.start()
    thread.join()
    assert sys.getrecursionlimit() == 1_000
    assert len(outcomes) == 1


def test_a_long_chain_is_not_a_deep_one():
    assert compile("1" + " + 1" * 20_000).evaluate() == 20_001
    assert compile("''" + " & 'x'" * 5_000).evaluate() == "x" * 5_000


def test_recursion_has_room():
    assert compile("($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(120))").evaluate() == 120


def test_the_purse_is_the_setting_s():
    expression = compile("$sum([1..1000])")
    assert expression.evaluate() == 500_500
    with pytest.raises(JsonataError, match="D1012"):
        expression.evaluate(UNDEFINED, {}, Setting(steps_max=500))
    with pytest.raises(JsonataError, match="D2014"):
        expression.evaluate(UNDEFINED, {}, Setting(range_max=500))
    with pytest.raises(JsonataError, match="D1014"):
        compile("'abc' & 'def'").evaluate(UNDEFINED, {}, Setting(text_max=5))
    with pytest.raises(JsonataError, match="D1011"):
        compile("($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(20))").evaluate(
            UNDEFINED, {}, Setting(depth_max=10)
        )
