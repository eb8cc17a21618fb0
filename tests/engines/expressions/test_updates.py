"""Updates and projections: what AWS refuses, and what becomes of an item."""

import copy
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from freehold.engines.expressions import Scope, Update, ValidationException, compile_projection, compile_update

KIND = "UpdateExpression"
SAME_PATHS = "must remove or rewrite one of these paths; path one: "
VALUES = {
    ":s": {"S": "a"}, ":n": {"N": "1"}, ":b": {"B": b"a"}, ":bool": {"BOOL": False}, ":null": {"NULL": True},
    ":ss": {"SS": ["a"]}, ":ns": {"NS": ["1"]}, ":m": {"M": {}}, ":l": {"L": [{"S": "z"}]},
}  # fmt: skip


def update(text: str, names: dict | None = None, values: dict | None = None) -> Update:
    return compile_update(KIND, text, Scope(names, VALUES if values is None else values))


def refusal(text: str, names: dict | None = None) -> str:
    with pytest.raises(ValidationException) as refused:
        update(text, names)
    return refused.value.message.removeprefix(f"Invalid {KIND}: ")


def test_a_text_means_what_its_names_and_values_say_each_time() -> None:
    text = "SET #a = if_not_exists(#a, :v) + :v"
    assert update(text, {"#a": "b"}, {":v": {"N": "1"}}).apply({}) == {"b": {"N": "2"}}
    assert update(text, {"#a": "c"}, {":v": {"N": "5"}}).apply({"b": {"N": "2"}}) == {"b": {"N": "2"}, "c": {"N": "10"}}
    with pytest.raises(ValidationException):
        update(text, {"#a": "b"}, {":v": {"S": "1"}})
    with pytest.raises(ValidationException):
        update(text, {"#a": "b"}, {":w": {"N": "1"}})


@pytest.mark.parametrize(
    ("text", "token", "near"),
    [
        ("INVALID SYNTAX HERE", "INVALID", "INVALID SYNTAX"),
        ("ADD hits : incr", ":", "hits : incr"),
        ("set a", "<EOF>", "a"),
        ("set a=set", "set", "=set"),
        ("remove a b", "b", "a b"),
        ("delete a b", "b", "a b"),
        ("remove :a", ":a", "remove :a"),
        ("set a = b / c", "/", "b / c"),
        ("set a[1] = 1", "1", "= 1"),
        ("set (a = (b + c))", "(", "set (a"),
        ("set a = (b.c).d + e", ".", ").d"),
        ("set a = b + c + d", "+", "c + d"),
        ("set a = (b + c) + d", "+", ") + d"),
        ("set a = :n,", "<EOF>", ","),
    ],
)
def test_syntax_errors(text: str, token: str, near: str) -> None:
    assert refusal(text) == f'Syntax error; token: "{token}", near: "{near}"'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("set #c = :c set abOrt = a", "Attribute name is a reserved keyword; reserved keyword: abOrt"),
        ("set #c = if_not_exist(:c) set c = d", "Invalid function name; function: if_not_exist"),
        ("remove #x set a = b remove e", 'The "REMOVE" section can only be used once in an update expression;'),
        (
            "SET #x = if_not_exists(:c)",
            "An expression attribute name used in the document path is not defined; attribute name: #x",
        ),
        (
            "SET #c = if_not_exists(:c)",
            "An expression attribute value used in expression is not defined; attribute value: :c",
        ),
        (
            "set d[1] = a, d.b = a, c[1].a = a, #c = if_not_exists(a)",
            f"Two document paths overlap with each other; {SAME_PATHS}[c, [1], a], path two: [c]",
        ),
        ("set a = :n remove a.b", f"Two document paths overlap with each other; {SAME_PATHS}[a], path two: [a, b]"),
        (
            "set #c[3].#d = a, #c.#d[3] = if_not_exists(a)",
            f"Two document paths conflict with each other; {SAME_PATHS}[c, [3], [3]], path two: [c, [3], [3]]",
        ),
        (
            "remove a.#c set a[1] = #d",
            f"Two document paths conflict with each other; {SAME_PATHS}[a, c], path two: [a, [1]]",
        ),
        (
            "set a = list_append(c)",
            "Incorrect number of operands for operator or function; "
            "operator or function: list_append, number of operands: 1",
        ),
        (
            "set a = if_not_exists(:n, c)",
            "Operator or function requires a document path; operator or function: if_not_exists",
        ),
    ],
)
def test_expressions_refused(text: str, words: str) -> None:
    assert refusal(text, {"#c": "c", "#d": "[3]"}) == words


@pytest.mark.parametrize(
    ("text", "operator", "kind"),
    [
        ("set b = list_append(:s, a) add a.b :s", "operator: ADD", "STRING"),
        ("delete a.b :n", "operator: DELETE", "NUMBER"),
        ("add a.b :null", "operator: ADD", "NULL"),
        ("delete a.b :bool", "operator: DELETE", "BOOLEAN"),
        ("add a.b :b", "operator: ADD", "BINARY"),
        ("add a.b :m", "operator: ADD", "MAP"),
        ("delete a.b :l", "operator: DELETE", "LIST"),
        ("set a = list_append(a, :n)", "operator or function: list_append", "N"),
        ("set a = :s + :b", "operator or function: +", "S"),
        ("set a = a - :ns", "operator or function: -", "NS"),
    ],
)
def test_operand_types_refused(text: str, operator: str, kind: str) -> None:
    assert refusal(text) == f"Incorrect operand type for operator or function; {operator}, operand type: {kind}"


ITEM = {
    "a": {"S": "key"},
    "n": {"N": "10"},
    "m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}},
    "l": {"L": [{"N": "1"}, {"N": "3"}]},
    "ss": {"SS": ["a", "b"]},
}
INVALID_PATH = "The document path provided in the update expression is invalid for update"
WRONG_OPERAND = "An operand in the update expression has an incorrect data type"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("set a.x = :n", INVALID_PATH),
        ("set a[1] = :n", INVALID_PATH),
        ("set gone.x = :n", INVALID_PATH),
        ("set m[1] = :n", INVALID_PATH),
        ("set l.x = :n", INVALID_PATH),
        ("remove gone.x", INVALID_PATH),
        ("delete m.x.y :ss", INVALID_PATH),
        ("set l[7].x = :n", INVALID_PATH),
        ("delete ss :ns", WRONG_OPERAND),
        ("delete m :ss", WRONG_OPERAND),
        ("add ss :n", WRONG_OPERAND),
        ("set z = a + :n", WRONG_OPERAND),
        ("set z = list_append(ss, :l)", WRONG_OPERAND),
        ("set z = gone", "The provided expression refers to an attribute that does not exist in the item"),
    ],
)
def test_updates_an_item_refuses(text: str, words: str) -> None:
    with pytest.raises(ValidationException) as refused:
        update(text).apply(ITEM)
    assert refused.value.message == words


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("SET n = n + :n", {"n": {"N": "11"}}),
        ("set n = :n - n", {"n": {"N": "-9"}}),
        ("set z = if_not_exists(gone, :s), y = if_not_exists(a, :s)", {"z": {"S": "a"}, "y": {"S": "key"}}),
        ("set z = if_not_exists(gone, :n) + :n", {"z": {"N": "2"}}),
        ("set l = list_append(:l, l)", {"l": {"L": [{"S": "z"}, {"N": "1"}, {"N": "3"}]}}),
        ("set z = n, n = a", {"z": {"N": "10"}, "n": {"S": "key"}}),
        ("remove l[0], l[1], l[9]", {"l": {"L": []}}),
        ("set l[9] = :s remove l[0]", {"l": {"L": [{"N": "3"}, {"S": "a"}]}}),
        ("remove m.x, m.gone", {"m": {"M": {"y": {"N": "2"}}}}),
        ("add n :n, z :n, ss :ss, y :ns", {"n": {"N": "11"}, "z": {"N": "1"}, "y": {"NS": ["1"]}}),
        ("delete ss :ss, gone :ss", {"ss": {"SS": ["b"]}}),
    ],
)
def test_updates(text: str, changed: dict) -> None:
    assert update(text).apply(ITEM) == {**ITEM, **changed}


def test_a_set_left_empty_is_removed() -> None:
    assert update("delete s :ss").apply({"s": {"SS": ["a"]}}) == {}


def test_nested_updates_and_what_they_touched() -> None:
    text = "set b.c=((c[1])+(b.a)),b.a = a,c[1] = a, c[4] = b.a - b.b, c[2] = b.c add c[8] :b, c[6] :a"
    old = {
        "a": {"S": "k"},
        "b": {"M": {"a": {"N": "1"}, "b": {"N": "2"}, "c": {"N": "3"}}},
        "c": {"L": [{"N": "1"}, {"N": "3"}]},
    }
    compiled = update(text, values={":a": {"N": "2"}, ":b": {"SS": ["a"]}})
    new = compiled.apply(old)
    assert new["b"] == {"M": {"a": {"S": "k"}, "b": {"N": "2"}, "c": {"N": "4"}}}
    assert new["c"] == {"L": [{"N": "1"}, {"S": "k"}, {"N": "3"}, {"N": "-1"}, {"N": "2"}, {"SS": ["a"]}]}
    assert compiled.touched(new) == {
        "b": {"M": {"a": {"S": "k"}, "c": {"N": "4"}}},
        "c": {"L": [{"S": "k"}, {"N": "3"}, {"N": "2"}]},
    }
    assert compiled.touched(old) == {"b": {"M": {"a": {"N": "1"}, "c": {"N": "3"}}}, "c": {"L": [{"N": "3"}]}}


@pytest.mark.parametrize("text", ["set n = :big + :small", "add n :big"])
def test_sums_are_exact_or_refused(text: str) -> None:
    values = {":big": {"N": "1e40"}, ":small": {"N": "1e-40"}}
    with pytest.raises(ValidationException, match="Number overflow"):
        update(text, values=values).apply({"n": {"N": "0.1"}})


values = st.recursive(
    st.one_of(
        st.builds(lambda text: {"S": text}, st.text(max_size=3)),
        st.builds(lambda number: {"N": str(number)}, st.integers(-99, 99)),
        st.builds(lambda members: {"SS": members}, st.lists(st.sampled_from("abc"), min_size=1, unique=True)),
    ),
    lambda inner: st.one_of(
        st.builds(lambda elements: {"L": elements}, st.lists(inner, max_size=3)),
        st.builds(lambda entries: {"M": entries}, st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)),
    ),
    max_leaves=8,
)
paths = st.sampled_from(["a", "b", "a.x", "b.y.z", "a[0]", "b[1]", "b[9]", "c.x", "a[0].x"])
actions = {
    "SET": st.builds("{} = {}".format, paths, st.sampled_from([":n", "a", "b + :n", "list_append(c, :l)"])),
    "REMOVE": paths,
    "ADD": st.builds("{} {}".format, paths, st.sampled_from([":n", ":ss"])),
    "DELETE": st.builds("{} :ss".format, paths),
}
sections = st.lists(st.sampled_from(sorted(actions)), min_size=1, unique=True).flatmap(
    lambda chosen: st.tuples(*(st.builds(f"{name} {{}}".format, actions[name]) for name in chosen)).map(" ".join)
)


@given(st.dictionaries(st.sampled_from("abc"), values), sections)
def test_updates_never_change_their_input(item: dict, text: str) -> None:
    before = copy.deepcopy((item, VALUES))
    with suppress(ValidationException):
        update(text).apply(item)
    assert (item, VALUES) == before


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("n, gone", {"n": {"N": "10"}}),
        ("m.x", {"m": {"M": {"x": {"N": "1"}}}}),
        ("l[1], l[0], l[7]", {"l": {"L": [{"N": "1"}, {"N": "3"}]}}),
        ("m.gone, l[0].x, #a", {"a": {"S": "key"}}),
    ],
)
def test_projections(text: str, part: dict) -> None:
    assert compile_projection("ProjectionExpression", text, Scope({"#a": "a"})).of(ITEM) == part


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The expression can not be empty;"),
        ("a,", 'Syntax error; token: "<EOF>", near: ","'),
        ("name", "Attribute name is a reserved keyword; reserved keyword: name"),
        ("a, b, a.c", f"Two document paths overlap with each other; {SAME_PATHS}[a], path two: [a, c]"),
    ],
)
def test_projections_refused(text: str, words: str) -> None:
    with pytest.raises(ValidationException) as refused:
        compile_projection("ProjectionExpression", text, Scope())
    assert refused.value.message == f"Invalid ProjectionExpression: {words}"


def test_updates_may_not_nest_deeper_than_32() -> None:
    value: dict = {"S": "x"}
    for _ in range(32):
        value = {"L": [value]}
    scope = {":deep": value}
    assert update("set a = :deep", values=scope).apply({}) == {"a": value}
    with pytest.raises(ValidationException, match="Nesting Levels have exceeded supported limits"):
        update("set m.x = :deep", values=scope).apply(ITEM)
