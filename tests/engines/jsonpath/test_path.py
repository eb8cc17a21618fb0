"""Paths find what Step Functions finds: a value, a list, or nothing; reference paths write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.jsonpath import MISSING, PathSyntaxError, Unwritable, compile_path, compile_reference, same

DOCUMENT = {
    "a": {"b": [1, 2, 3], "c d": None},
    "items": [{"x": 1, "y": "z"}, {"x": 5, "y": "z"}, {"x": 7}],
    "users": [{"status": 0}, {"status": True}],
}

FOUND = [
    ("$", DOCUMENT),
    ("$.a.b", [1, 2, 3]),
    ("$['a']['b'][0]", 1),
    ('$["a"]["c d"]', None),
    ("$.a.b[-1]", 3),
    ("$.a.b[0:2]", [1, 2]),
    ("$.a.b[1:]", [2, 3]),
    ("$.a.b[0,2]", [1, 3]),
    ("$.a.b[*]", [1, 2, 3]),
    ("$.items[*].x", [1, 5, 7]),
    ("$..x", [1, 5, 7]),
    ("$['a','items'][0]", [{"x": 1, "y": "z"}]),
    ("$.items[?(@.x > 1 && @.y == 'z')]", [{"x": 5, "y": "z"}]),
    ("$.items[?(@.x < 2 || !(@.y))].x", [1, 7]),
    ("$.items[?(@.x in [1, 7])].x", [1, 7]),
    ("$.items[?(@.y =~ /Z/i)].x", [1, 5]),
    ("$.items[?(@.x == $.a.b[0])].x", [1]),
    ("$.users[?(@.status == 0)]", [{"status": 0}]),
    ("$.items.[0].x", 1),
    ("$.['a'].b", [1, 2, 3]),
    ("$.a['b','none']", {"b": [1, 2, 3]}),
    ("$.items[*].['x','none']", [{"x": 1}, {"x": 5}, {"x": 7}]),
    ("$.items[?(@.y==z)].x", [1, 5]),
    ("$.items.length()", 3),
    ("$.items[*].x.length()", 3),
    ("$..x.sum()", 13),
    ("$.a.b.max()", 3),
    ("$.none[*].x", []),
    ("$.none[1:5]", []),
    ("$.none", MISSING),
    ("$.a.b[9]", MISSING),
    ("$.a.none.length()", MISSING),
]


@pytest.mark.parametrize(("text", "found"), FOUND)
def test_a_path_finds(text: str, found: object) -> None:
    assert compile_path(text).find(DOCUMENT) == found


@pytest.mark.parametrize("text", ["", "a.b", "$.", "$.a[", "$.a[]", "$[?(@.x >)]", "$.a[1:2:0]", "$.a.nope()", "$ a"])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(PathSyntaxError):
        compile_path(text)


def test_absence_is_worded_by_what_is_missing() -> None:
    assert compile_path("$.none").explain(DOCUMENT) == "No results for path: $['none']"
    assert compile_path("$.no.such.path").explain(DOCUMENT) == "Missing property in path $['no']"


@pytest.mark.parametrize(("text", "root"), [("$.a", "$"), ("$$.Execution.Id", "$$"), ("$orders[0]", "$orders")])
def test_a_path_says_what_it_looks_into(text: str, root: str) -> None:
    assert compile_path(text).root == root


def test_a_reference_path_writes_into_a_copy() -> None:
    document = {"a": [1, 2]}
    assert compile_reference("$.b.c").put(document, 5) == {"a": [1, 2], "b": {"c": 5}}
    assert compile_reference("$.a[1]").put(document, 5) == {"a": [1, 5]}
    assert compile_reference("$").put(document, 5) == 5
    assert document == {"a": [1, 2]}


@pytest.mark.parametrize("text", ["$.a.b", "$.a[2]", "$.a[0].b"])
def test_a_place_that_does_not_fit_is_unwritable(text: str) -> None:
    with pytest.raises(Unwritable):
        compile_reference(text).put({"a": [1, 2]}, 5)


@pytest.mark.parametrize("text", ["$..a", "$.a[*]", "$$.a", "$.a[0:1]", "$x.a", "$.a.length()"])
def test_a_reference_path_names_one_place(text: str) -> None:
    with pytest.raises(PathSyntaxError):
        compile_reference(text)


NAMES = st.text(st.characters(exclude_characters="'\\", codec="utf-8"), min_size=1, max_size=8)


@given(st.lists(NAMES, min_size=1, max_size=4), st.integers())
def test_what_is_put_is_found(names: list[str], value: int) -> None:
    text = "$" + "".join(f"['{name}']" for name in names)
    assert compile_path(text).find(compile_reference(text).put({}, value)) == value


def test_json_equality_tells_true_from_one() -> None:
    assert same([1, {"a": 2.0}], [1.0, {"a": 2}])
    assert not same([True], [1])
    assert not same({"a": 0}, {"a": False})
