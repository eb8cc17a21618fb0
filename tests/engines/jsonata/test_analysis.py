"""What is said of an expression without evaluating it."""

import pytest

from freehold.engines.jsonata import compile

WANTED = {
    "$states.input.a + $x": {"states", "x"},
    "($x := 1; $x + $y)": {"y"},
    "($x := $x; $x)": {"x"},
    "(($x := 1); $x)": {"x"},
    "$map($list, function($v, $i) { $v + $i + $k })": {"list", "k"},
    "function($a) { $a } & $a": {"a"},
    "$list@$item.($item + $other)": {"list", "other"},
    "$list#$i[$i = $at]": {"list", "at"},
    "$list[$x]^(>$y){$z: $w}": {"list", "x", "y", "z", "w"},
    "$ ~> | $ | {'a': $b}, $c |": {"b", "c"},
    "$uuid() & $count($) & $$": set(),
    "$f(?, $x)": {"f", "x"},
    "$x ?: $y ?? $z": {"x", "y", "z"},
    "{$k: [$v, -$n..1]}": {"k", "v", "n"},
}

READING = {
    "$states.input": False,
    "'a' & 1": False,
    "a": True,
    "$": True,
    "$$": True,
    "*": True,
    "**": True,
    "$x + a": True,
    "$x.a[b = 1].c": False,
    "$x[b = $]": False,
    "$x[b = $$.c]": True,
    "$x.{'k': v}": False,
    "{'k': v}": True,
    "$x{k: v}": False,
    "[a]": True,
    "$map($x, function($v) { $v.a })": False,
    "$map($x, function($v) { a })": True,
    "$x^(a)": False,
    "$x ~> | a | {'b': c} |": False,
    "(a).b": True,
    "($y := $x.a; $y.b)": False,
    "$count(a)": True,
    "$x.$count(a)": False,
}


@pytest.mark.parametrize("text", WANTED)
def test_variables(text):
    assert compile(text).variables == WANTED[text]


@pytest.mark.parametrize("text", READING)
def test_paths_from_root(text):
    assert compile(text).paths_from_root is READING[text]
